"""Lists and comprehensions, example by example; what is returned is often a list."""

import numpy as np

from course_lib.data import load_digits

digits = load_digits(dtype=np.float64).images[:100].reshape(100, 64)
digits = (digits - digits.mean()) / digits.std()


def activate(name, x):
    functions = {
        "sigmoid": lambda v: 1 / (1 + np.exp(-v)),
        "tanh": lambda v: np.tanh(v),
        "relu": lambda v: max(v, 0),
        "leaky_relu": lambda v: v if v > 0 else v / 100,
        "elu": lambda v: v if v >= 0 else np.exp(v) - 1,
    }
    f = functions[name]
    return np.reshape([f(float(v)) for v in x.flatten()], x.shape)


def activate_backward(name, dy, x):
    def slope(v):
        y = float(activate(name, np.array([v]))[0])
        if name == "sigmoid":
            return y - y**2
        if name == "tanh":
            return 1 - y**2
        if v > 0:
            return 1
        return {"relu": 0, "leaky_relu": 1 / 100, "elu": y + 1}[name]

    return np.reshape([g * slope(v) for g, v in zip(dy.flatten(), x.flatten())], x.shape)


def maxout_forward(x, w, b):
    return [list(np.max([row @ w[k] + b[k] for k in range(len(w))], axis=0)) for row in x]


def maxout_backward(dy, x, w, b):
    dx, dw, db = [], np.zeros(w.shape), np.zeros(b.shape)
    for row, g in zip(x, dy):
        pieces = [row @ w[k] + b[k] for k in range(len(w))]
        winners = np.argmax(pieces, axis=0)
        dx.append(sum(g[m] * w[k, :, m] for m, k in enumerate(winners)))
        for m, k in enumerate(winners):
            dw[k, :, m] += g[m] * row
            db[k, m] += g[m]
    return dx, dw.tolist(), db.tolist()


def condition_number(x):
    rows = [np.append(row, 1) for row in x]
    hessian = sum(np.outer(row, row) for row in rows)
    values = np.linalg.svd(hessian, compute_uv=False)
    return values[0] / values[-1]


def standardise(train, x, eps=1e-8):
    columns = [
        (column - np.average(known)) / np.sqrt(np.average(np.square(known - np.average(known))) + eps)
        for known, column in zip(train.T, x.T)
    ]
    return np.transpose(columns).tolist()


def pca_reconstruct(train, x, k):
    mean = np.mean(train, axis=0)
    values, vectors = np.linalg.eigh(np.cov(train, rowvar=False))
    pairs = sorted(zip(values, vectors.T), key=lambda pair: pair[0], reverse=True)[:k]
    return [mean + sum(np.dot(row - mean, v) * v for _, v in pairs) for row in x]


def whiten(train, x, eps=1e-5):
    mean = np.mean(train, axis=0)
    covariance = sum(np.outer(t - mean, t - mean) for t in train) / len(train)
    values, vectors = np.linalg.eigh(covariance + eps * np.eye(len(mean)))
    root = sum(np.outer(v, v) / np.sqrt(l) for l, v in zip(values, vectors.T))
    return [root @ (row - mean) for row in x]


def initial_weights(rule, shape, seed):
    window = int(np.prod(shape[2:])) if len(shape) > 2 else 1
    fan_in, fan_out = shape[1] * window, shape[0] * window
    std = [0, 0.01, np.sqrt(2 / (fan_in + fan_out)), np.sqrt(2 / fan_in)][
        ["zero", "small", "xavier", "he"].index(rule)
    ]
    return (std * np.random.default_rng(seed).standard_normal(shape)).tolist()


def depth_profile(rule, activation):
    functions = {
        "tanh": np.tanh,
        "relu": lambda s: np.maximum(s, 0),
        "sigmoid": lambda s: 1 / (1 + np.exp(-s)),
    }
    layers = [digits]
    for layer in range(1, 11):
        weights = np.array(initial_weights(rule, (64, 64), layer))
        layers.append(functions[activation](layers[-1] @ weights.T))
    return [float(np.std(h)) for h in layers[1:]]


def depth_readings():
    small = depth_profile("small", "tanh")
    first = next(number for number, s in enumerate(small, start=1) if s < 0.01 * small[0])
    profiles = [depth_profile("xavier", "tanh"), depth_profile("xavier", "relu"), depth_profile("he", "relu")]
    return [first] + [float((p[-1] / p[0]) ** (1 / 9)) for p in profiles]


def batch_norm_forward(x, gamma, beta, eps=1e-5):
    columns = [(c - c.mean()) / np.sqrt(c.var() + eps) for c in x.T]
    y = np.transpose([g * c + b for g, c, b in zip(gamma, columns, beta)])
    return y, [x, gamma, eps]


def batch_norm_backward(dy, cache):
    x, gamma, eps = cache
    result = []
    for c, g, scale in zip(x.T, dy.T, gamma):
        root = np.sqrt(c.var() + eps)
        normal = (c - c.mean()) / root
        n = len(c)
        jacobian = (np.eye(n) - 1 / n - np.outer(normal, normal) / n) / root
        result.append((scale * jacobian @ g, g @ normal, g.sum()))
    dx, dgamma, dbeta = zip(*result)
    return np.transpose(dx), list(dgamma), list(dbeta)


def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    means = [(1 - momentum) * old + momentum * np.mean(c) for old, c in zip(running_mean, x.T)]
    variances = [(1 - momentum) * old + momentum * np.var(c, ddof=1) for old, c in zip(running_var, x.T)]
    return means, variances


def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return [list(gamma * (row - running_mean) / np.sqrt(running_var + eps) + beta) for row in x]


def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    channels = []
    for c in range(x.shape[1]):
        plane = x[:, c]
        channels.append(gamma[c] * (plane - np.mean(plane)) / np.sqrt(np.var(plane) + eps) + beta[c])
    return np.stack(channels, axis=1)


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    rows = [(row - row.mean()) / np.sqrt(row.var() + eps) for row in x]
    return [gamma * row + beta for row in rows], (x, gamma, eps)


def layer_norm_backward(dy, cache):
    x, gamma, eps = cache
    dx, dgamma = [], 0
    for row, g in zip(x, dy):
        root = np.sqrt(row.var() + eps)
        normal = (row - row.mean()) / root
        d = len(row)
        dx.append((np.eye(d) - 1 / d - np.outer(normal, normal) / d) @ (g * gamma) / root)
        dgamma = dgamma + g * normal
    return dx, list(dgamma), list(sum(dy))


def group_norm(x, gamma, beta, groups, eps=1e-5):
    images = []
    for image in x:
        parts = [(part - part.mean()) / np.sqrt(part.var() + eps) for part in np.split(image, groups)]
        images.append(np.concatenate(parts) * gamma[:, None, None] + beta[:, None, None])
    return np.array(images)


def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    rows, biases = [], []
    for row, bias, g, shift, mean, variance in zip(w, b, gamma, beta, running_mean, running_var):
        rows.append(row * g / np.sqrt(variance + eps))
        biases.append((bias - mean) * g / np.sqrt(variance + eps) + shift)
    return rows, biases
