"""Whole arrays at once, as short as it goes."""

import numpy as np

from course_lib.data import load_digits

digits = load_digits(dtype=np.float64).images[:100].reshape(100, 64)
digits = (digits - digits.mean()) / digits.std()

VALUES = {
    "sigmoid": lambda x: 0.5 * (1 + np.tanh(x / 2)),
    "tanh": np.tanh,
    "relu": lambda x: x * (x > 0),
    "leaky_relu": lambda x: np.maximum(x, 0.01 * x),
    "elu": lambda x: np.where(x > 0, x, np.expm1(x)),
}


def activate(name, x):
    return VALUES[name](x)


def activate_backward(name, dy, x):
    y = activate(name, x)
    slopes = {
        "sigmoid": lambda: y * (1 - y),
        "tanh": lambda: 1 - y**2,
        "relu": lambda: x >= 0,
        "leaky_relu": lambda: np.where(x >= 0, 1, 0.01),
        "elu": lambda: np.where(x > 0, 1, y + 1),
    }
    return dy * slopes[name]()


def maxout_forward(x, w, b):
    return (x @ w + b[:, None]).max(0)


def maxout_backward(dy, x, w, b):
    pieces = x @ w + b[:, None]
    mask = (pieces == pieces.max(0)) * dy
    return (mask @ w.transpose(0, 2, 1)).sum(0), x.T @ mask, mask.sum(1)


def condition_number(x):
    return np.linalg.cond(np.c_[x, np.ones(len(x))]) ** 2


def standardise(train, x, eps=1e-8):
    return (x - train.mean(0)) * (train.var(0) + eps) ** -0.5


def pca_reconstruct(train, x, k):
    mean = train.mean(0)
    v = np.linalg.svd(train - mean, full_matrices=False)[2][:k]
    return (x - mean) @ v.T @ v + mean


def whiten(train, x, eps=1e-5):
    mean = train.mean(0)
    _, s, vt = np.linalg.svd(train - mean, full_matrices=True)
    variances = np.zeros(len(vt))
    variances[: len(s)] = s**2 / len(train)
    return (x - mean) @ vt.T / np.sqrt(variances + eps) @ vt


def initial_weights(rule, shape, seed):
    fan_out, fan_in = np.array(shape[:2]) * np.prod(shape[2:], dtype=int)
    std = {"zero": 0, "small": 0.01, "xavier": np.sqrt(2 / (fan_in + fan_out)), "he": np.sqrt(2 / fan_in)}
    return np.random.default_rng(seed).normal(0, std[rule], shape)


def depth_profile(rule, activation):
    h, found = digits, []
    for layer in range(10):
        h = activate(activation, h @ initial_weights(rule, (64, 64), layer + 1).T)
        found += [np.std(h)]
    return np.array(found)


def depth_readings():
    small = depth_profile("small", "tanh")

    def kept(rule, activation):
        s = depth_profile(rule, activation)
        return (s[-1] / s[0]) ** (1 / 9)

    first = np.flatnonzero(small < small[0] / 100)[0] + 1
    return [first, kept("xavier", "tanh"), kept("xavier", "relu"), kept("he", "relu")]


def batch_norm_forward(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(0) + eps)
    return gamma * (x - x.mean(0)) / std + beta, (x, gamma, std)


def batch_norm_backward(dy, cache):
    x, gamma, std = cache
    xhat, N = (x - x.mean(0)) / std, len(x)
    dgamma, dbeta = (dy * xhat).sum(0), dy.sum(0)
    return gamma / (N * std) * (N * dy - dbeta - xhat * dgamma), dgamma, dbeta


def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    return (
        running_mean + momentum * (x.mean(0) - running_mean),
        running_var + momentum * (x.var(0, ddof=1) - running_var),
    )


def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return x * scale + (beta - running_mean * scale)


def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    axes = (0, 2, 3)
    xhat = (x - x.mean(axes, keepdims=True)) / np.sqrt(x.var(axes, keepdims=True) + eps)
    return xhat * gamma[None, :, None, None] + beta[None, :, None, None]


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    std = np.sqrt(x.var(1, keepdims=True) + eps)
    xhat = (x - x.mean(1, keepdims=True)) / std
    return gamma * xhat + beta, (xhat, gamma, std)


def layer_norm_backward(dy, cache):
    xhat, gamma, std = cache
    g, D = dy * gamma, dy.shape[1]
    dx = (D * g - g.sum(1, keepdims=True) - xhat * (g * xhat).sum(1, keepdims=True)) / (D * std)
    return dx, (dy * xhat).sum(0), dy.sum(0)


def group_norm(x, gamma, beta, groups, eps=1e-5):
    rows = x.reshape(len(x) * groups, -1)
    rows = (rows - rows.mean(1, keepdims=True)) / np.sqrt(rows.var(1, keepdims=True) + eps)
    return rows.reshape(x.shape) * gamma[:, None, None] + beta[:, None, None]


def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = gamma / np.sqrt(running_var + eps)
    return np.diag(scale) @ w, scale * (b - running_mean) + beta
