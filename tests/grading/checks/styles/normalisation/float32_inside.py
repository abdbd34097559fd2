"""Single precision wherever it is precise enough."""

import numpy as np

from course_lib.data import load_digits

digits = load_digits(dtype=np.float64).images[:100].reshape(100, 64)
digits = (digits - digits.mean()) / digits.std()


def activate(name, x):
    x = x.astype(np.float32)
    if name == "sigmoid":
        return 1 / (1 + np.exp(-x))
    if name == "tanh":
        return np.tanh(x)
    return {"relu": np.maximum(x, 0), "leaky_relu": np.maximum(x, np.float32(0.01) * x)}.get(
        name, np.where(x > 0, x, np.expm1(x))
    )


def activate_backward(name, dy, x):
    y = activate(name, x)
    slope = {
        "sigmoid": y * (1 - y),
        "tanh": (1 - y) * (1 + y),
        "relu": y > 0,
        "leaky_relu": np.where(y > 0, 1, 0.01),
        "elu": np.minimum(y, 0) + 1,
    }[name]
    return (dy * slope).astype(np.float32)


def maxout_forward(x, w, b):
    pieces = [np.float32(x) @ np.float32(piece) + np.float32(bias) for piece, bias in zip(w, b)]
    return np.max(np.stack(pieces), axis=0)


def maxout_backward(dy, x, w, b):
    x, w, b, dy = (np.float32(array) for array in (x, w, b, dy))
    winner = np.argmax(np.stack([x @ w[k] + b[k] for k in range(len(w))]), axis=0)
    masked = [np.where(winner == k, dy, 0) for k in range(len(w))]
    return (
        sum(masked[k] @ w[k].T for k in range(len(w))),
        np.stack([x.T @ masked[k] for k in range(len(w))]),
        np.stack([masked[k].sum(0) for k in range(len(w))]),
    )


def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    return ((x - running_mean) * (gamma / np.sqrt(running_var + eps)) + beta).astype(np.float32)


def initial_weights(rule, shape, seed):
    w = np.random.default_rng(seed).standard_normal(shape)
    field = w[0, 0].size
    scale = {"zero": 0.0, "small": 1e-4, "xavier": 2 / (field * sum(shape[:2])), "he": 2 / (field * shape[1])}
    return (w * np.sqrt(scale[rule])).astype(np.float32)


def group_norm(x, gamma, beta, groups, eps=1e-5):
    cut = np.float32(x).reshape(x.shape[0], groups, -1)
    cut = (cut - cut.mean(axis=-1)[..., None]) / np.sqrt(cut.var(axis=-1)[..., None] + np.float32(eps))
    shape = (-1, 1, 1)
    return cut.reshape(x.shape) * np.float32(gamma).reshape(shape) + np.float32(beta).reshape(shape)


def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    scale = (gamma / np.sqrt(running_var + eps)).astype(np.float32)
    return scale.reshape(-1, 1) * w, scale * np.float32(b - running_mean) + beta
