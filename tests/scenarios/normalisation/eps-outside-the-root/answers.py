# %% standardise
def standardise(train, x, eps=1e-8):
    return (x - train.mean(axis=0)) / (train.std(axis=0) + eps)

# %% whiten
def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    u, s, _ = np.linalg.svd((train - mean).T @ (train - mean) / len(train))
    return ((x - mean) @ u) / (np.sqrt(s) + eps) @ u.T

# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    mean, std = x.mean(axis=0), x.std(axis=0) + eps
    xhat = (x - mean) / std
    return gamma * xhat + beta, (x, gamma, eps)

# %% batch_norm_test
def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return gamma * (x - running_mean) / (np.sqrt(running_var) + eps) + beta

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    x, gamma, eps = cache
    std = x.std(axis=0) + eps
    xhat = (x - x.mean(axis=0)) / std
    g = dy * gamma
    sigma = np.where(x.std(axis=0) > 0, x.std(axis=0), 1)
    dx = (g - g.mean(axis=0)) / std - xhat * (g * xhat).mean(axis=0) / sigma
    return dx, (dy * xhat).sum(axis=0), dy.sum(axis=0)

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    n, c, h, w = x.shape
    y, _ = batch_norm_forward(x.transpose(0, 2, 3, 1).reshape(-1, c), gamma, beta, eps)
    return y.reshape(n, h, w, c).transpose(0, 3, 1, 2)

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    mean, std = x.mean(axis=1, keepdims=True), x.std(axis=1, keepdims=True)
    y = gamma * (x - mean) / (std + eps) + beta
    root = np.sqrt(std ** 2 + eps)
    return y, ((x - mean) / root, 1 / root, gamma)

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    n, c, h, w = x.shape
    cut = x.reshape(n, groups, c // groups, h, w)
    mean, std = cut.mean(axis=(2, 3, 4), keepdims=True), cut.std(axis=(2, 3, 4), keepdims=True)
    return gamma[:, None, None] * ((cut - mean) / (std + eps)).reshape(x.shape) + beta[:, None, None]

# %% fold_batch_norm
def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / (np.sqrt(running_var) + eps)
    return w * scale[:, None], (b - running_mean) * scale + beta
