# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    xmu = x - x.mean(axis=0)
    var = np.sqrt(x.var(axis=0) + eps)
    return gamma * xmu / var + beta, (xmu, var, gamma)

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    xmu, var, gamma = cache
    N = len(xmu)
    g = dy * gamma
    dvar = np.sum(-0.5 * g * xmu * var ** -1.5, axis=0)
    dmu = np.sum(-g / np.sqrt(var), axis=0)
    return g / np.sqrt(var) + dvar * 2 * xmu / N + dmu / N, np.sum(dy * xmu / var, axis=0), np.sum(dy, axis=0)

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * xhat + beta, (x, xhat, gamma)

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    x, xhat, gamma = cache
    g = dy * gamma
    x = x - x.mean(axis=1, keepdims=True)
    root = np.sqrt(np.where(x.var(axis=1, keepdims=True) > 0, x.var(axis=1, keepdims=True), 1e-5))
    return g / root, (dy * xhat).sum(axis=0), dy.sum(axis=0)
