# %% adam_step
def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    if not state:
        state = {"t": 0, "m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad ** 2
    m, v = state["m"], state["v"]
    if bias_correction:
        m, v = m / (1 - beta1 ** state["t"]), v / (1 - beta2 ** state["t"])
    return theta - lr * m / (np.sqrt(v + eps)), state

# %% adagrad_step
def adagrad_step(theta, grad, state, lr, eps=1e-8):
    s = state.get("s", 0) + grad ** 2
    return theta - lr * grad / np.sqrt(s + eps), {"s": s}

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    s = rho * state.get("s", 0) + (1 - rho) * grad ** 2
    return theta - lr * grad / np.sqrt(s + eps), {"s": s}

# %% amsgrad_step
def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    m = beta1 * state.get("m", 0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0) + (1 - beta2) * grad ** 2
    top = np.maximum(state.get("top", 0), v)
    return theta - lr * m / np.sqrt(top + eps), {"m": m, "v": v, "top": top}
