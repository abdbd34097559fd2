# %% activate
def activate(name, x):
    choices = {
        "sigmoid": lambda: np.exp(-np.logaddexp(0, -x)),
        "tanh": lambda: np.tanh(x),
        "relu": lambda: np.clip(x, 0, None),
        "leaky_relu": lambda: np.select([x > 0], [x], 0.01 * x),
        "elu": lambda: np.clip(x, 0, None) + np.expm1(np.clip(x, None, 0)),
    }
    return choices[name]()

# %% activate_backward
def activate_backward(name, dy, x):
    choices = {
        "sigmoid": lambda: np.exp(-np.logaddexp(0, -x) - np.logaddexp(0, x)),
        "tanh": lambda: 1 / np.cosh(np.clip(x, -300, 300).astype(float)) ** 2,
        "relu": lambda: np.heaviside(x, 0.5),
        "leaky_relu": lambda: 0.01 + 0.99 * np.heaviside(x, 0.5),
        "elu": lambda: np.exp(np.clip(x, None, 0)),
    }
    return np.einsum("...,...->...", dy, choices[name]())

# %% maxout_forward
def maxout_forward(x, w, b):
    return np.amax(np.einsum("nd,kdm->nkm", x, w) + b, axis=1)

# %% maxout_backward
def maxout_backward(dy, x, w, b):
    pieces = np.einsum("nd,kdm->nkm", x, w) + b
    one = np.zeros(pieces.shape)
    np.put_along_axis(one, pieces.argmax(1)[:, None], 1.0, axis=1)
    return (
        np.einsum("nm,nkm,kdm->nd", dy, one, w),
        np.einsum("nm,nkm,nd->kdm", dy, one, x),
        np.einsum("nm,nkm->km", dy, one),
    )

# %% condition_number
def condition_number(x):
    a = np.pad(x, ((0, 0), (0, 1)), constant_values=1)
    values = np.linalg.eigvalsh(np.einsum("ni,nj->ij", a, a))
    return np.divide(values.max(), values.min())

# %% standardise
def standardise(train, x, eps=1e-8):
    mean = np.einsum("nd->d", train) / len(train)
    variance = np.einsum("nd,nd->d", train - mean, train - mean) / len(train)
    return np.einsum("md,d->md", x - mean, 1 / np.sqrt(variance + eps))

# %% pca_reconstruct
def pca_reconstruct(train, x, k):
    mean = train.mean(axis=0)
    _, v = np.linalg.eigh(np.einsum("ni,nj->ij", train - mean, train - mean))
    v = v[:, ::-1][:, :k]
    return mean + np.einsum("mi,ik,jk->mj", x - mean, v, v)

# %% whiten
def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    l, v = np.linalg.eigh(np.einsum("ni,nj->ij", train - mean, train - mean) / len(train))
    return np.einsum("mi,ik,k,jk->mj", x - mean, v, (l + eps) ** -0.5, v)

# %% initial_weights
def initial_weights(rule, shape, seed):
    o, i, *kernel = shape
    area = int(np.prod(kernel))
    std = {"zero": 0.0, "small": 1e-2, "xavier": (2 / ((i + o) * area)) ** 0.5, "he": (2 / i / area) ** 0.5}[rule]
    return np.einsum(",...->...", std, np.random.Generator(np.random.PCG64(seed)).standard_normal(shape))

# %% depth_profile
def depth_profile(rule, activation):
    h, found = digits, np.zeros(10)
    for l in range(10):
        h = activate(activation, np.einsum("ni,oi->no", h, initial_weights(rule, (64, 64), l + 1)))
        found[l] = h.std()
    return found

# %% depth_readings
def depth_readings():
    profiles = {
        pair: depth_profile(*pair)
        for pair in [("small", "tanh"), ("xavier", "tanh"), ("xavier", "relu"), ("he", "relu")]
    }
    small, *others = profiles.values()
    return (int((small >= small[0] / 100).sum()) + 1, *(np.prod(s[1:] / s[:-1]) ** (1 / 9) for s in others))

# %% batch_norm_forward
def batch_norm_forward(x, gamma, beta, eps=1e-5):
    n = len(x)
    centred = x - np.einsum("nd->d", x) / n
    root = np.sqrt(np.einsum("nd,nd->d", centred, centred) / n + eps)
    xhat = centred / root
    return np.einsum("d,nd->nd", gamma, xhat) + beta, np.vstack([xhat, gamma / root])

# %% batch_norm_running
def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    n = len(x)
    mean = np.einsum("nd->d", x) / n
    variance = np.einsum("nd,nd->d", x - mean, x - mean) / (n - 1)
    return np.array([1 - momentum, momentum]) @ [running_mean, mean], np.array([1 - momentum, momentum]) @ [
        running_var,
        variance,
    ]

# %% batch_norm_test
def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return np.einsum("d,nd,d->nd", gamma, x - running_mean, (running_var + eps) ** -0.5) + beta

# %% batch_norm_backward
def batch_norm_backward(dy, cache):
    xhat, scale = cache[:-1], cache[-1]
    n = len(xhat)
    dgamma, dbeta = np.einsum("nd,nd->d", dy, xhat), np.einsum("nd->d", dy)
    dx = np.einsum("d,nd->nd", scale, dy - dbeta / n - np.einsum("nd,d->nd", xhat, dgamma) / n)
    return [dx, dgamma, dbeta]

# %% spatial_batch_norm
def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    m = x.size // x.shape[1]
    mean = np.einsum("nchw->c", x) / m
    centred = x - mean[:, None, None]
    variance = np.einsum("nchw,nchw->c", centred, centred) / m
    return np.einsum("c,nchw->nchw", gamma / np.sqrt(variance + eps), centred) + beta[:, None, None]

# %% layer_norm_forward
def layer_norm_forward(x, gamma, beta, eps=1e-5):
    d = x.shape[1]
    centred = x - (np.einsum("nd->n", x) / d)[:, None]
    root = np.sqrt(np.einsum("nd,nd->n", centred, centred) / d + eps)
    xhat = np.einsum("nd,n->nd", centred, 1 / root)
    return np.einsum("d,nd->nd", gamma, xhat) + beta, [xhat, root, gamma]

# %% layer_norm_backward
def layer_norm_backward(dy, cache):
    xhat, root, gamma = cache
    g = np.einsum("nd,d->nd", dy, gamma)
    d = g.shape[1]
    inner = g - np.einsum("ni,j->nj", g, np.ones(d)) / d - np.einsum("nj,ni,ni->nj", xhat, g, xhat) / d
    return np.einsum("nd,n->nd", inner, 1 / root), np.einsum("nd,nd->d", dy, xhat), np.einsum("nd->d", dy)

# %% group_norm
def group_norm(x, gamma, beta, groups, eps=1e-5):
    n, c, h, w = x.shape
    cut = x.reshape(n, groups, -1)
    m = cut.shape[2]
    cut = cut - np.einsum("ngi,j->ngj", cut, np.ones(m)) / m
    cut = cut / np.sqrt(np.einsum("ngi,ngi->ng", cut, cut)[..., None] / m + eps)
    return np.einsum("c,nchw->nchw", gamma, cut.reshape(n, c, h, w)) + beta[None, :, None, None]

# %% fold_batch_norm
def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma * (running_var + eps) ** -0.5
    return np.einsum("m,md->md", scale, w), np.einsum("m,m->m", scale, b - running_mean) + beta
