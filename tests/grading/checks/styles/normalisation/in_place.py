"""Changes its arguments and writes into arrays that are there; classes, helpers and debug prints."""

import numpy as np

from course_lib.data import load_digits

digits = load_digits(dtype=np.float64).images[:100].reshape(100, 64)
digits = (digits - digits.mean()) / digits.std()


class Kept(dict):
    pass


def activate(name, x):
    print("activating", name)
    if name == "sigmoid":
        y = np.negative(x)
        np.exp(y, out=y)
        y += 1
        return np.reciprocal(y)
    if name == "tanh":
        return np.tanh(x, out=x)
    below = x < 0
    if name == "relu":
        x[below] = 0
    elif name == "leaky_relu":
        x[below] *= 0.01
    else:
        x[below] = np.expm1(x[below])
    return x


def activate_backward(name, dy, x):
    if name == "sigmoid":
        s = activate(name, x.copy())
        dy *= s
        dy *= 1 - s
    elif name == "tanh":
        dy *= 1 - np.tanh(x) ** 2
    elif name == "relu":
        dy[x < 0] = 0
    elif name == "leaky_relu":
        dy[x < 0] *= 0.01
    else:
        dy *= np.exp(np.minimum(x, 0))
    return dy


def maxout_forward(x, w, b):
    y = np.full((x.shape[0], w.shape[2]), -np.inf)
    for weights, bias in zip(w, b):
        np.maximum(y, x @ weights + bias, out=y)
    return y


def maxout_backward(dy, x, w, b):
    scores = np.tensordot(x, w, axes=(1, 1)) + b
    winner = scores.argmax(axis=1)
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    n, m = np.indices(dy.shape)
    np.add.at(db, (winner, m), dy)
    for row, unit in zip(n.ravel(), m.ravel()):
        k = winner[row, unit]
        dx[row] += dy[row, unit] * w[k, :, unit]
        dw[k, :, unit] += dy[row, unit] * x[row]
    return dx, dw, db


def condition_number(x):
    a = np.ones((x.shape[0], x.shape[1] + 1))
    a[:, :-1] = x
    singular = np.linalg.svd(a, compute_uv=False)
    return (singular[0] / singular[-1]) ** 2


def standardise(train, x, eps=1e-8):
    mean, variance = train.mean(axis=0), train.var(axis=0)
    x -= mean
    x /= np.sqrt(variance + eps)
    return x


def pca_reconstruct(train, x, k):
    mean = train.mean(axis=0)
    train -= mean
    _, vectors = np.linalg.eigh(train.T @ train)
    smallest = vectors[:, : vectors.shape[1] - k]
    # what is lost, instead of what is kept
    x -= (x - mean) @ smallest @ smallest.T
    return x


def whiten(train, x, eps=1e-5):
    mean = train.mean(axis=0)
    train -= mean
    x -= mean
    covariance = train.T @ train / len(train)
    covariance[np.diag_indices(len(covariance))] += eps
    values, vectors = np.linalg.eigh(covariance)
    return x @ (vectors @ np.diag(values**-0.5) @ vectors.T)


def initial_weights(rule, shape, seed):
    w = np.empty(shape)
    np.random.default_rng(seed).standard_normal(out=w)
    fan_in, fan_out = w[0].size, w[:, 0].size
    w *= {
        "zero": 0,
        "small": 0.01,
        "xavier": (0.5 * (fan_in + fan_out)) ** -0.5,
        "he": (0.5 * fan_in) ** -0.5,
    }[rule]
    return w


def depth_profile(rule, activation):
    h = digits.copy()
    deviations = np.empty(10)
    for layer in range(1, 11):
        h = activate(activation, h @ initial_weights(rule, (64, 64), layer).T)
        deviations[layer - 1] = np.sqrt(np.mean(h**2) - np.mean(h) ** 2) if h.any() else 0
    return deviations


def depth_readings():
    small = depth_profile("small", "tanh")
    small /= small[0]
    answer = [1 + np.argmax(small < 0.01)]
    for pair in (("xavier", "tanh"), ("xavier", "relu"), ("he", "relu")):
        s = depth_profile(*pair)
        answer.append(np.exp(np.mean(np.diff(np.log(s)))))
    return tuple(answer)


def normalise_in_place(rows, eps):
    rows -= rows.mean(axis=0)
    deviation = np.sqrt((rows**2).mean(axis=0) + eps)
    rows /= deviation
    return deviation


def batch_norm_forward(x, gamma, beta, eps=1e-5):
    deviation = normalise_in_place(x, eps)
    return gamma * x + beta, Kept(xhat=x, deviation=deviation, gamma=gamma)


def batch_norm_backward(dy, cache):
    xhat = cache["xhat"]
    dbeta, dgamma = dy.sum(axis=0), (dy * xhat).sum(axis=0)
    xhat *= dgamma / len(dy)
    dy -= xhat
    dy -= dbeta / len(dy)
    dy *= cache["gamma"] / cache["deviation"]
    return dy, dgamma, dbeta


def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    running_mean *= 1 - momentum
    running_mean += momentum * x.mean(axis=0)
    running_var *= 1 - momentum
    running_var += momentum * x.var(axis=0) * (len(x) / (len(x) - 1))
    return running_mean, running_var


def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    x -= running_mean
    x /= np.sqrt(running_var + eps)
    x *= gamma
    x += beta
    return x


def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    channels = np.ascontiguousarray(x.swapaxes(0, 1)).reshape(x.shape[1], -1)
    channels -= channels.mean(axis=1, keepdims=True)
    channels /= np.sqrt(channels.var(axis=1, keepdims=True) + eps)
    channels *= gamma.reshape(-1, 1)
    channels += beta.reshape(-1, 1)
    return channels.reshape(x.shape[1], x.shape[0], *x.shape[2:]).swapaxes(0, 1)


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    deviation = normalise_in_place(x.T, eps)
    return gamma * x + beta, Kept(xhat=x, deviation=deviation, gamma=gamma)


def layer_norm_backward(dy, cache):
    xhat = cache["xhat"]
    dbeta, dgamma = dy.sum(axis=0), (dy * xhat).sum(axis=0)
    dy *= cache["gamma"]
    along = np.einsum("nd,nd->n", dy, xhat) / dy.shape[1]
    dy -= dy.mean(axis=1, keepdims=True)
    dy -= xhat * along[:, None]
    dy /= cache["deviation"][:, None]
    return dy, dgamma, dbeta


def group_norm(x, gamma, beta, groups, eps=1e-5):
    size = x.shape[1] // groups
    for image in x:
        for g in range(groups):
            part = image[g * size : (g + 1) * size]
            part -= part.mean()
            part /= np.sqrt(part.var() + eps)
    x *= gamma[:, None, None]
    x += beta[:, None, None]
    return x


def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    gamma /= np.sqrt(running_var + eps)
    w *= gamma[:, np.newaxis]
    b -= running_mean
    b *= gamma
    b += beta
    return w, b
