# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    inverse = 1 / np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) * inverse
    return gamma * xhat + beta, lambda: (xhat, inverse, gamma)

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    xhat, inverse, gamma = cache()
    g = dy * gamma
    return inverse * (g - g.mean(axis=0) - xhat * (g * xhat).mean(axis=0)), (dy * xhat).sum(axis=0), dy.sum(axis=0)

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=(0, 2, 3), keepdims=True)) / np.sqrt(x.var(axis=(0, 2, 3), keepdims=True) + eps)
    return gamma[:, None, None] * xhat + beta[:, None, None]

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=1, keepdims=True)) / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return gamma * xhat + beta
