# The right answers that a scenario uses for every function it does not write itself.
# %% activate
def activate(name, x):
    """Apply "sigmoid", "tanh", "relu", "leaky_relu" or "elu" to every element of x."""
    if name == "sigmoid":
        return 1 / (1 + np.exp(-x))
    if name == "tanh":
        return np.tanh(x)
    if name == "relu":
        return np.maximum(x, 0)
    below = {"leaky_relu": 0.01 * x, "elu": np.exp(np.minimum(x, 0)) - 1}[name]
    return np.where(x > 0, x, below)

# %% activate_backward
def activate_backward(name, dy, x):
    """Return the gradient by x of the activation of that name, for dy, the gradient by its value."""
    if name == "sigmoid":
        s = activate("sigmoid", x)
        return dy * s * (1 - s)
    if name == "tanh":
        return dy * (1 - np.tanh(x) ** 2)
    slope_below = {"relu": 0, "leaky_relu": 0.01, "elu": np.exp(np.minimum(x, 0))}[name]
    return np.where(x > 0, dy, slope_below * dy)

# %% maxout_forward
def maxout_forward(x, w, b):
    """Return the largest of the pieces x w[k] + b[k]; x (N, D), w (K, D, M), b (K, M), result (N, M)."""
    return np.max([x @ w[k] + b[k] for k in range(len(w))], axis=0)

# %% maxout_backward
def maxout_backward(dy, x, w, b):
    """Return dx, dw, db for dy (N, M), x (N, D), w (K, D, M) and b (K, M)."""
    pieces = np.array([x @ w[k] + b[k] for k in range(len(w))])
    winner = pieces.argmax(axis=0)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for k in range(len(w)):
        dpiece = dy * (winner == k)
        dx += dpiece @ w[k].T
        dw[k] = x.T @ dpiece
        db[k] = dpiece.sum(axis=0)
    return dx, dw, db

# %% condition_number
def condition_number(x):
    """Return the largest eigenvalue of the Hessian of linear regression on x (N, D) over its smallest."""
    a = np.hstack([x, np.ones((len(x), 1))])
    eigenvalues = np.linalg.eigvalsh(a.T @ a / len(x))
    return eigenvalues[-1] / eigenvalues[0]

# %% standardise
def standardise(train, x, eps=1e-8):
    """Centre and scale x (M, D) by the mean and variance of every feature of train (N, D)."""
    return (x - train.mean(axis=0)) / np.sqrt(train.var(axis=0) + eps)

# %% pca_reconstruct
def pca_reconstruct(train, x, k):
    """Project x (M, D) on the first k principal components of train (N, D), and turn it back."""
    mean = train.mean(axis=0)
    covariance = (train - mean).T @ (train - mean) / len(train)
    eigenvalues, eigenvectors = np.linalg.eigh(covariance)
    largest = eigenvectors[:, np.argsort(eigenvalues)[::-1][:k]]
    return mean + (x - mean) @ largest @ largest.T

# %% whiten
def whiten(train, x, eps=1e-5):
    """Take correlation and scale out of x (M, D), as measured on train (N, D)."""
    mean = train.mean(axis=0)
    covariance = (train - mean).T @ (train - mean) / len(train)
    eigenvalues, eigenvectors = np.linalg.eigh(covariance)
    rotated = (x - mean) @ eigenvectors
    return rotated / np.sqrt(eigenvalues + eps) @ eigenvectors.T

# %% initial_weights
def initial_weights(rule, shape, seed):
    """Draw weights of shape (out, in) or (out, in, KH, KW) by "zero", "small", "xavier" or "he"."""
    window = np.prod(shape[2:])
    fan_in, fan_out = shape[1] * window, shape[0] * window
    variance = {"zero": 0, "small": 0.01**2, "xavier": 2 / (fan_in + fan_out), "he": 2 / fan_in}[rule]
    rng = np.random.default_rng(seed)
    return np.sqrt(variance) * rng.standard_normal(shape)

# %% depth_profile
def depth_profile(rule, activation):
    """Return the standard deviation of the activations of the digits after each of ten layers."""
    h = digits
    deviations = []
    for layer in range(1, 11):
        w = initial_weights(rule, (64, 64), layer)
        h = activate(activation, h @ w.T)
        deviations.append(h.std())
    return np.array(deviations)

# %% depth_readings
def depth_readings():
    """Return the layer where small weights lose the signal, and three factors kept by a layer."""
    small = depth_profile("small", "tanh")
    lost = np.argmax(small < 0.01 * small[0]) + 1
    kept = []
    for rule, activation in [("xavier", "tanh"), ("xavier", "relu"), ("he", "relu")]:
        s = depth_profile(rule, activation)
        kept.append((s[9] / s[0]) ** (1 / 9))
    return lost, *kept

# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    """Normalise x (N, D) over the batch, scale by gamma (D,) and shift by beta (D,); returns y, cache."""
    mean = x.mean(axis=0)
    inverse = 1 / np.sqrt(x.var(axis=0) + eps)
    xhat = (x - mean) * inverse
    return gamma * xhat + beta, (xhat, inverse, gamma)

# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    """Move the running averages (D,) towards the statistics of the batch x (N, D); returns both."""
    new_mean = (1 - momentum) * running_mean + momentum * x.mean(axis=0)
    new_var = (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1)
    return new_mean, new_var

# %% batch_norm_test
def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    """Normalise x (N, D) by the running averages (D,), then scale and shift; returns y."""
    xhat = (x - running_mean) / np.sqrt(running_var + eps)
    return gamma * xhat + beta

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    """Return dx, dgamma, dbeta for dy (N, D) and the cache of batch_norm_forward."""
    xhat, inverse, gamma = cache
    dxhat = dy * gamma
    dx = inverse * (dxhat - dxhat.mean(axis=0) - xhat * (dxhat * xhat).mean(axis=0))
    return dx, (dy * xhat).sum(axis=0), dy.sum(axis=0)

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    """Normalise every channel of x (N, C, H, W) over images, rows and columns; returns y."""
    count, channels, height, width = x.shape
    rows = x.transpose(0, 2, 3, 1).reshape(-1, channels)
    y, _ = batch_norm_forward(rows, gamma, beta, eps)
    return y.reshape(count, height, width, channels).transpose(0, 3, 1, 2)

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    """Normalise every example of x (N, D) over its features, scale and shift these; returns y, cache."""
    mean = x.mean(axis=1, keepdims=True)
    inverse = 1 / np.sqrt(x.var(axis=1, keepdims=True) + eps)
    xhat = (x - mean) * inverse
    return gamma * xhat + beta, (xhat, inverse, gamma)

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    """Return dx, dgamma, dbeta for dy (N, D) and the cache of layer_norm_forward."""
    xhat, inverse, gamma = cache
    dxhat = dy * gamma
    mean = dxhat.mean(axis=1, keepdims=True)
    along = (dxhat * xhat).mean(axis=1, keepdims=True)
    return inverse * (dxhat - mean - xhat * along), (dy * xhat).sum(axis=0), dy.sum(axis=0)

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    """Normalise every group of channels of every image of x (N, C, H, W) by itself; returns y."""
    count, channels, height, width = x.shape
    cut = x.reshape(count, groups, channels // groups, height, width)
    mean = cut.mean(axis=(2, 3, 4), keepdims=True)
    var = cut.var(axis=(2, 3, 4), keepdims=True)
    xhat = ((cut - mean) / np.sqrt(var + eps)).reshape(x.shape)
    return gamma.reshape(1, channels, 1, 1) * xhat + beta.reshape(1, channels, 1, 1)

# %% fold_batch_norm
def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    """Fold batch normalisation in use into the layer x @ w.T + b before it; returns new_w, new_b."""
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale[:, None], (b - running_mean) * scale + beta
