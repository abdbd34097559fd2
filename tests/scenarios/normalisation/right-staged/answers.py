# %% [extra before activate]
def sigmoid(x):
    out = np.empty(x.shape)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    e = np.exp(x[~positive])
    out[~positive] = e / (1 + e)
    return out

# %% activate
def activate(name, x):
    if name == "sigmoid":
        out = sigmoid(x)
    elif name == "tanh":
        out = 2 * sigmoid(2 * x) - 1
    else:
        out = x.copy()
        negative = x < 0
        if name == "relu":
            out[negative] = 0
        elif name == "leaky_relu":
            out[negative] = out[negative] * 0.01
        elif name == "elu":
            out[negative] = np.exp(x[negative]) - 1
        else:
            raise ValueError(name)
    return out

# %% activate_backward
def activate_backward(name, dy, x):
    dx = dy.astype(float)
    if name == "sigmoid":
        dx = dx * sigmoid(x) * sigmoid(-x)
    elif name == "tanh":
        t = activate("tanh", x)
        dx = dx * (1 + t) * (1 - t)
    elif name == "relu":
        dx[x <= 0] = 0
    elif name == "leaky_relu":
        dx[x <= 0] *= 0.01
    else:
        dx[x < 0] *= np.exp(x[x < 0])
    return dx

# %% maxout_forward
def maxout_forward(x, w, b):
    best = x.dot(w[0]) + b[0]
    for k in range(1, w.shape[0]):
        best = np.maximum(best, x.dot(w[k]) + b[k])
    return best

# %% maxout_backward
def maxout_backward(dy, x, w, b):
    pieces = np.stack([x.dot(w[k]) + b[k] for k in range(w.shape[0])], axis=-1)
    largest = pieces == pieces.max(axis=-1, keepdims=True)
    share = largest / largest.sum(axis=-1, keepdims=True)
    dpieces = dy[..., None] * share
    dx = np.zeros_like(x, dtype=float)
    dw = np.zeros_like(w, dtype=float)
    db = np.zeros_like(b, dtype=float)
    for k in range(w.shape[0]):
        dx += dpieces[..., k].dot(w[k].T)
        dw[k] += x.T.dot(dpieces[..., k])
        db[k] += np.sum(dpieces[..., k], axis=0)
    return dx, dw, db

# %% condition_number
def condition_number(x):
    N = x.shape[0]
    A = np.concatenate((x, np.ones((N, 1))), axis=1)
    H = np.dot(A.T, A) / N
    eigenvalues, _ = np.linalg.eigh(H)
    return eigenvalues.max() / eigenvalues.min()

# %% standardise
def standardise(train, x, eps=1e-8):
    mu = np.mean(train, axis=0)
    var = np.mean((train - mu) ** 2, axis=0)
    std = np.sqrt(var + eps)
    centred = x - mu
    return centred / std

# %% pca_reconstruct
def pca_reconstruct(train, x, k):
    mu = np.mean(train, axis=0)
    centred = train - mu
    covariance = np.dot(centred.T, centred) / train.shape[0]
    U, S, V = np.linalg.svd(covariance)
    codes = np.dot(x - mu, U[:, :k])
    return np.dot(codes, U[:, :k].T) + mu

# %% whiten
def whiten(train, x, eps=1e-5):
    mu = np.mean(train, axis=0)
    centred = train - mu
    covariance = np.dot(centred.T, centred) / train.shape[0]
    U, S, V = np.linalg.svd(covariance)
    rotated = np.dot(x - mu, U)
    white = rotated / np.sqrt(S + eps)
    return np.dot(white, U.T)

# %% initial_weights
def initial_weights(rule, shape, seed):
    rng = np.random.default_rng(seed)
    w = rng.standard_normal(shape)
    if len(shape) == 4:
        fan_in = shape[1] * shape[2] * shape[3]
        fan_out = shape[0] * shape[2] * shape[3]
    else:
        fan_out, fan_in = shape
    if rule == "zero":
        w = w * 0
    elif rule == "small":
        w = w * 0.01
    elif rule == "xavier":
        w = w * np.sqrt(2.0 / (fan_in + fan_out))
    elif rule == "he":
        w = w / np.sqrt(fan_in / 2.0)
    return w

# %% depth_profile
def depth_profile(rule, activation):
    outputs = {0: digits}
    for l in range(1, 11):
        outputs[l] = activate(activation, outputs[l - 1].dot(initial_weights(rule, (64, 64), seed=l).T))
    return np.array([outputs[l].std() for l in range(1, 11)])

# %% depth_readings
def depth_readings():
    small = depth_profile("small", "tanh")
    first = 1
    while small[first - 1] / small[0] >= 0.01:
        first += 1
    s = depth_profile("xavier", "tanh")
    xavier_tanh = np.exp(np.log(s[9] / s[0]) / 9)
    s = depth_profile("xavier", "relu")
    xavier_relu = np.exp(np.log(s[9] / s[0]) / 9)
    s = depth_profile("he", "relu")
    he_relu = np.exp(np.log(s[9] / s[0]) / 9)
    return float(first), xavier_tanh, xavier_relu, he_relu

# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    N, D = x.shape
    mu = 1.0 / N * np.sum(x, axis=0)
    xmu = x - mu
    sq = xmu**2
    var = 1.0 / N * np.sum(sq, axis=0)
    sqrtvar = np.sqrt(var + eps)
    ivar = 1.0 / sqrtvar
    xhat = xmu * ivar
    out = gamma * xhat + beta
    return out, {"xhat": xhat, "gamma": gamma, "xmu": xmu, "ivar": ivar, "sqrtvar": sqrtvar, "var": var, "eps": eps}

# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    sample_mean = np.mean(x, axis=0)
    sample_var = np.sum((x - sample_mean) ** 2, axis=0) / (x.shape[0] - 1)
    running_mean = momentum * sample_mean + (1 - momentum) * running_mean
    running_var = momentum * sample_var + (1 - momentum) * running_var
    return running_mean, running_var

# %% batch_norm_test
def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    std = np.sqrt(running_var + eps)
    xn = (x - running_mean) / std
    return np.multiply(gamma, xn) + beta

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    N, D = dy.shape
    dbeta = np.sum(dy, axis=0)
    dgamma = np.sum(dy * cache["xhat"], axis=0)
    dxhat = dy * cache["gamma"]
    divar = np.sum(dxhat * cache["xmu"], axis=0)
    dxmu1 = dxhat * cache["ivar"]
    dsqrtvar = -1.0 / (cache["sqrtvar"] ** 2) * divar
    dvar = 0.5 / np.sqrt(cache["var"] + cache["eps"]) * dsqrtvar
    dsq = 1.0 / N * np.ones((N, D)) * dvar
    dxmu2 = 2 * cache["xmu"] * dsq
    dx1 = dxmu1 + dxmu2
    dmu = -1 * np.sum(dxmu1 + dxmu2, axis=0)
    dx2 = 1.0 / N * np.ones((N, D)) * dmu
    return dx1 + dx2, dgamma, dbeta

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    N, C, H, W = x.shape
    flat = np.transpose(x, (0, 2, 3, 1)).reshape(N * H * W, C)
    out, _ = batch_norm_forward(flat, gamma, beta, eps)
    return np.transpose(out.reshape(N, H, W, C), (0, 3, 1, 2))

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    xT = x.T
    mu = np.mean(xT, axis=0)
    xmu = xT - mu
    var = np.mean(xmu**2, axis=0)
    sqrtvar = np.sqrt(var + eps)
    xhat = (xmu / sqrtvar).T
    return gamma * xhat + beta, (xhat, gamma, xmu, sqrtvar)

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    xhat, gamma, xmu, sqrtvar = cache
    dbeta = np.sum(dy, axis=0)
    dgamma = np.sum(dy * xhat, axis=0)
    dxhat = (dy * gamma).T
    D = dxhat.shape[0]
    dvar = np.sum(dxhat * xmu, axis=0) * -0.5 * sqrtvar**-3
    dmu = np.sum(-dxhat / sqrtvar, axis=0) + dvar * np.sum(-2 * xmu, axis=0) / D
    dxT = dxhat / sqrtvar + dvar * 2 * xmu / D + dmu / D
    return dxT.T, dgamma, dbeta

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    N, C, H, W = x.shape
    xg = x.reshape((N, groups, C // groups, H, W))
    mean = np.mean(xg, axis=(2, 3, 4), keepdims=True)
    var = np.mean((xg - mean) ** 2, axis=(2, 3, 4), keepdims=True)
    xhat = (xg - mean) / np.sqrt(var + eps)
    return xhat.reshape((N, C, H, W)) * gamma.reshape((1, C, 1, 1)) + beta.reshape((1, C, 1, 1))

# %% fold_batch_norm
def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    std = np.sqrt(running_var + eps)
    new_w = (w.T * gamma / std).T
    new_b = gamma * (b - running_mean) / std + beta
    return new_w, new_b
