# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    v = np.zeros_like(theta)
    v = rho * v - lr * grad
    return theta + v, state

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    old = 0
    new = rho * old - lr * grad
    return theta - rho * old + (1 + rho) * new, state

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    s = np.zeros_like(theta)
    s += grad ** 2
    return theta - lr * grad / (np.sqrt(s) + eps), state

# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    m, v, t = 0, 0, 1
    m = beta1 * m + (1 - beta1) * grad
    v = beta2 * v + (1 - beta2) * grad ** 2
    if bias_correction:
        m, v = m / (1 - beta1 ** t), v / (1 - beta2 ** t)
    return theta - lr * m / (np.sqrt(v) + eps), state
