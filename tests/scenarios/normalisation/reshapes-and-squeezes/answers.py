# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    y, _ = batch_norm_forward(x.reshape(-1, x.shape[1]), gamma, beta, eps)
    return y.reshape(x.shape)

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    inverse = 1 / np.sqrt(x.var(axis=1) + eps)
    xhat = (x - x.mean(axis=1)) * inverse
    return gamma * xhat + beta, (xhat, inverse, gamma)

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    cut = x.reshape(len(x), groups, -1)
    mean = np.mean(cut, axis=2, keepdims=True).squeeze()
    std = np.sqrt(np.var(cut, axis=2, keepdims=True).squeeze() + eps)
    xhat = (cut - mean[:, :, None]) / std[:, :, None]
    return xhat.reshape(x.shape) * gamma[:, None, None] + beta[:, None, None]
