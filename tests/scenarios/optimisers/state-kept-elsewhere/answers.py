# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9, config={}):
    config["v"] = rho * config.get("v", 0.0) - lr * grad
    return theta + config["v"], state

# %% adam_step
count = 0


def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    global count
    count += 1
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0) + (1 - beta2) * grad ** 2
    state = {"m": m, "v": v}
    if bias_correction:
        m, v = m / (1 - beta1 ** count), v / (1 - beta2 ** count)
    return theta - lr * m / (np.sqrt(v) + eps), state

# %% mended_adam
def mended_adam(A, b, theta, lr, steps, state={"t": 0, "m": 0.0, "v": 0.0}):
    path = [theta]
    for _ in range(steps):
        grad = A @ path[-1] - b
        state["t"] += 1
        state["m"] = 0.9 * state["m"] + 0.1 * grad
        state["v"] = 0.999 * state["v"] + 0.001 * grad**2
        m_hat = state["m"] / (1 - 0.9 ** state["t"])
        v_hat = state["v"] / (1 - 0.999 ** state["t"])
        path.append(path[-1] - lr * m_hat / (np.sqrt(v_hat) + 1e-8))
    return np.array(path)
