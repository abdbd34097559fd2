# %% group_step
def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    for name in params:
        if shares.get(name, 0):
            velocities[name] = rho * velocities[name] - lr * (grads[name] + decay * params[name])
            params[name] = params[name] + velocities[name]
    return params, velocities

# %% tuned_gradients
def tuned_gradients(u, s, labels, W, b, V, v):
    codes = u @ W + b
    scores = codes @ V + v
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    p[np.arange(len(u)), labels] -= 1
    p /= len(u)
    return u.T @ p @ V.T, (p @ V.T).sum(axis=0), codes.T @ p, p.sum(axis=0)

# %% texture_tuning
def texture_tuning():
    rng = np.random.default_rng(0)
    W, b = last_layer()
    return W + 0.02 * W.std() * rng.normal(size=W.shape), b, *texture_head()

# %% transfer_gain
def transfer_gain(with_trunk, without):
    return with_trunk.mean() - without.mean()

# %% inception_size
def inception_size(channels, ones, threes, fives, pooled, side):
    weights = channels * (ones + pooled) + 9 * threes[0] * threes[1] + 25 * fives[0] * fives[1]
    return weights, weights * side * side, side * side * channels * (ones + pooled + 9 * threes[1] + 25 * fives[1])
