# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    mean = x.mean(axis=0, keepdims=True)
    var = x.var(axis=0, ddof=1, keepdims=True)
    return (1 - momentum) * running_mean + momentum * mean, (1 - momentum) * running_var + momentum * var

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    xhat, inverse, gamma = cache
    g = dy * gamma
    dx = inverse * (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0))
    return dx, np.sum(dy * xhat, axis=0, keepdims=True), np.sum(dy, axis=0, keepdims=True)

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    xhat, inverse, gamma = cache
    g = dy * gamma
    dx = inverse * (g - g.mean(axis=1, keepdims=True) - xhat * (g * xhat).mean(axis=1, keepdims=True))
    return dx, np.sum(dy * xhat, axis=0, keepdims=True), np.sum(dy, axis=0, keepdims=True)
