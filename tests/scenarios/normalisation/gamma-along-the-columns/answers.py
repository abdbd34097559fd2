# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    return xhat, (xhat, 1 / std, gamma)

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    mean, var = x.mean(axis=(0, 2, 3), keepdims=True), x.var(axis=(0, 2, 3), keepdims=True)
    return gamma * (x - mean) / np.sqrt(var + eps) + beta

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    n, c, h, w = x.shape
    cut = x.reshape(n, groups, c // groups, h, w)
    xhat = (cut - cut.mean(axis=(2, 3, 4), keepdims=True)) / np.sqrt(cut.var(axis=(2, 3, 4), keepdims=True) + eps)
    return gamma * xhat.reshape(x.shape) + beta

# %% fold_batch_norm
def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    return fold_with_bugs(w, b, gamma, beta, running_mean, running_var, eps)
