# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    if not state:
        state = {"t": 0, "m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad ** 2
    m, v = state["m"], state["v"]
    if bias_correction:
        pass
    return theta - lr * m / (np.sqrt(v) + eps), state

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    cache = state.get("cache", 0) + rho + (1 - rho) * grad ** 2
    return theta - lr * grad / (np.sqrt(cache) + eps), {"cache": cache}
