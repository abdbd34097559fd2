# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    root = np.sqrt(x.var(axis=0, ddof=1) + eps)
    y = gamma * (x - x.mean(axis=0)) / root + beta
    right = np.sqrt(x.var(axis=0) + eps)
    return y, ((x - x.mean(axis=0)) / right, 1 / right, gamma)

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    xhat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma[:, None, None] * xhat + beta[:, None, None]

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    y = gamma * (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps) + beta
    root = np.sqrt(x.var(axis=1, keepdims=True) + eps)
    return y, ((x - x.mean(axis=1, keepdims=True)) / root, 1 / root, gamma)

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    n, c, h, w = x.shape
    cut = x.reshape(n, groups, c // groups, h, w)
    xhat = (cut - cut.mean(axis=(0, 2, 3, 4), keepdims=True)) / np.sqrt(cut.var(axis=(0, 2, 3, 4), keepdims=True) + eps)
    return gamma.reshape(1, c, 1, 1) * xhat.reshape(x.shape) + beta.reshape(1, c, 1, 1)
