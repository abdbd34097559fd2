# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    xmu = x - x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    return gamma * xmu / std + beta, [xmu, std, gamma]

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    xmu, std, gamma = cache
    N = len(xmu)
    dxhat = dy * gamma
    dvar = -0.5 * dxhat * xmu * std ** -3
    dmu = -dxhat / std
    dx = dxhat / std + dvar * 2 * xmu / N + dmu / N
    var = (xmu ** 2).mean(axis=0)
    return dx, np.sum(dy * xmu / np.sqrt(var), axis=0), np.sum(dy, axis=0)

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    xhat, inverse, gamma = cache
    mean = dy.mean(axis=1, keepdims=True)
    along = (dy * xhat).mean(axis=1, keepdims=True)
    return gamma * inverse * (dy - mean - xhat * along), (dy * xhat).sum(axis=0), dy.sum(axis=0)
