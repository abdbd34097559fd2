# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    mu, var = x.mean(axis=0), x.var(axis=0)
    xhat = (x - mu) / np.sqrt(var + eps)
    return gamma * xhat + beta, dict(x=x, mu=mu, var=var, gamma=gamma, xhat=xhat, eps=eps)

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    x, mu, var, gamma, xhat, eps = (cache[key] for key in ("x", "mu", "var", "gamma", "xhat", "eps"))
    N = len(x)
    dxhat = dy * gamma
    dvar = np.sum(dxhat * (x - mu) * -0.5 * (var + eps) ** -1.5)
    dmu = np.sum(-dxhat / np.sqrt(var + eps), axis=0) + dvar * np.sum(-2 * (x - mu), axis=0) / N
    dx = dxhat / np.sqrt(var + eps) + dvar * 2 * (x - mu) / N + dmu / N
    return dx, np.sum(dy * xhat, axis=0), np.sum(dy, axis=0)

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    xhat, inverse, gamma = cache
    N = len(dy)
    g = dy * gamma
    dx = inverse / N * (N * g - g.sum(axis=0) - xhat * (g * xhat).sum(axis=0))
    return dx, (dy * xhat).sum(axis=0), dy.sum(axis=0)
