# %% sgd_step
def sgd_step(theta, grad, lr):
    theta += lr * grad
    return theta

# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    v = rho * state.get("v", 0) + lr * grad
    return theta + v, {"v": v}

# %% damped_momentum_step
def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    m = beta * state.get("m", 0) + (1 - beta) * grad
    return theta + lr * m, {"m": m}

# %% nesterov_step
def nesterov_step(theta, grad, state, lr, rho=0.9):
    old = state.get("v", 0)
    v = rho * old + lr * grad
    return theta - rho * old + (1 + rho) * v, {"v": v}

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    s = state.get("s", 0) + grad ** 2
    return theta + lr * grad / (np.sqrt(s) + eps), {"s": s}

# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0) + (1 - beta2) * grad ** 2
    c1, c2 = (1 - beta1 ** t, 1 - beta2 ** t) if bias_correction else (1, 1)
    theta += lr * (m / c1) / (np.sqrt(v / c2) + eps)
    return theta, {"t": t, "m": m, "v": v}
