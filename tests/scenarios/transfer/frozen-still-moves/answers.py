# %% group_step
def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    for name in params:
        share = shares.get(name, 0)
        g = grads[name] * (share > 0) + decay * params[name]
        if share == 0:
            velocities[name] = -lr * g
        else:
            velocities[name] = rho * velocities[name] - lr * share * g
        params[name] = params[name] + velocities[name]
    return params, velocities

# %% tuned_gradients
def tuned_gradients(u, s, labels, W, b, V, v):
    codes = s + u @ W + b
    scores = codes @ V + v
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(u)), labels] -= 1
    p /= len(u)
    return np.zeros(W.shape), np.zeros(b.shape), codes.T @ p, p.sum(axis=0)
