# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    if not state:
        state = {"t": 0, "m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad ** 2
    m, v = state["m"], state["v"]
    if bias_correction:
        m, v = state["m"], state["v"] = m / (1 - beta1 ** state["t"]), v / (1 - beta2 ** state["t"])
    return theta - lr * m / (np.sqrt(v) + eps), state

# %% mended_adam
def mended_adam(A, b, theta, lr, steps):
    state = {"t": 0, "m": 0.0, "v": 0.0}
    path = [theta]
    for _ in range(steps):
        grad = A @ path[-1] - b
        state["t"] += 1
        state["m"] = 0.9 * state["m"] + 0.1 * grad
        state["v"] = 0.999 * state["v"] + 0.001 * grad**2
        state["m"] = state["m"] / (1 - 0.9 ** state["t"])
        state["v"] = state["v"] / (1 - 0.999 ** state["t"])
        path.append(path[-1] - lr * state["m"] / (np.sqrt(state["v"]) + 1e-8))
    return np.array(path)
