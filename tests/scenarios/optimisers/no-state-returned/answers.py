# %% momentum_step
def momentum_step(theta, grad, state, lr, rho=0.9):
    state["v"] = rho * state.get("v", 0) - lr * grad
    return theta + state["v"]

# %% rmsprop_step
def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    state["s"] = rho * state.get("s", 0) + (1 - rho) * grad ** 2
    theta -= lr * grad / (np.sqrt(state["s"]) + eps)
