"""One loop for every index, and plain Python numbers."""

import math

import numpy as np

from course_lib.data import load_digits

digits = load_digits(dtype=np.float64).images[:100].reshape(100, 64)
digits = (digits - digits.mean()) / digits.std()


def value_of(name, v):
    if name == "sigmoid":
        return 1 / (1 + math.exp(-v)) if v > -700 else 0.0
    if name == "tanh":
        return math.tanh(v)
    if name == "relu":
        return v if v > 0 else 0.0
    if name == "leaky_relu":
        return v if v > 0 else 0.01 * v
    return v if v > 0 else math.exp(v) - 1


def activate(name, x):
    y = np.zeros(x.shape)
    for where in np.ndindex(x.shape):
        y[where] = value_of(name, float(x[where]))
    return y


def activate_backward(name, dy, x):
    dx = np.zeros(x.shape)
    for where in np.ndindex(x.shape):
        v = float(x[where])
        y = value_of(name, v)
        if name == "sigmoid":
            slope = y * (1 - y)
        elif name == "tanh":
            slope = 1 - y * y
        elif v > 0:
            slope = 1.0
        else:
            slope = {"relu": 0.0, "leaky_relu": 0.01, "elu": y + 1}[name]
        dx[where] = dy[where] * slope
    return dx


def maxout_forward(x, w, b):
    N, K, M = len(x), len(w), b.shape[1]
    y = np.zeros((N, M))
    for n in range(N):
        for m in range(M):
            best = -float("inf")
            for k in range(K):
                total = float(b[k, m])
                for d in range(x.shape[1]):
                    total += float(x[n, d]) * float(w[k, d, m])
                best = max(best, total)
            y[n, m] = best
    return y


def maxout_backward(dy, x, w, b):
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(b.shape)
    for n in range(len(x)):
        for m in range(b.shape[1]):
            scores = [
                float(b[k, m] + sum(x[n, d] * w[k, d, m] for d in range(x.shape[1]))) for k in range(len(w))
            ]
            k = scores.index(max(scores))
            for d in range(x.shape[1]):
                dx[n, d] += dy[n, m] * w[k, d, m]
                dw[k, d, m] += dy[n, m] * x[n, d]
            db[k, m] += dy[n, m]
    return dx, dw, db


def condition_number(x):
    D = x.shape[1]
    H = np.zeros((D + 1, D + 1))
    for row in x:
        a = [*row, 1.0]
        for i in range(D + 1):
            for j in range(D + 1):
                H[i, j] += a[i] * a[j] / len(x)
    values = sorted(np.linalg.eig(H)[0].real)
    return float(values[-1] / values[0])


def mean_and_variance(column):
    mean = sum(float(v) for v in column) / len(column)
    return mean, sum((float(v) - mean) ** 2 for v in column) / len(column)


def standardise(train, x, eps=1e-8):
    y = np.zeros(x.shape)
    for d in range(x.shape[1]):
        mean, variance = mean_and_variance(train[:, d])
        for m in range(len(x)):
            y[m, d] = (x[m, d] - mean) / (variance + eps) ** 0.5
    return y


def pca_reconstruct(train, x, k):
    mean = train.mean(0)
    covariance = np.zeros((len(mean), len(mean)))
    for t in train:
        covariance += np.outer(t - mean, t - mean) / len(train)
    values, vectors = np.linalg.eigh(covariance)
    order = sorted(range(len(values)), key=lambda i: -values[i])[:k]
    result = []
    for row in x:
        total = mean.copy()
        for i in order:
            total += (row - mean) @ vectors[:, i] * vectors[:, i]
        result.append(total)
    return np.array(result)


def whiten(train, x, eps=1e-5):
    mean = train.mean(0)
    values, vectors = np.linalg.eigh(np.cov(train.T, bias=True).reshape(len(mean), -1))
    result = np.zeros(x.shape)
    for m in range(len(x)):
        for i in range(len(values)):
            result[m] += (x[m] - mean) @ vectors[:, i] / math.sqrt(values[i] + eps) * vectors[:, i]
    return result


def initial_weights(rule, shape, seed):
    window = 1
    for size in shape[2:]:
        window *= size
    if rule == "zero":
        return np.zeros(shape)
    if rule == "small":
        std = 0.01
    elif rule == "xavier":
        std = (2 / (shape[0] * window + shape[1] * window)) ** 0.5
    else:
        std = (2 / (shape[1] * window)) ** 0.5
    w = np.random.default_rng(seed).standard_normal(shape)
    for where in np.ndindex(*shape):
        w[where] *= std
    return w


def depth_profile(rule, activation):
    h = digits
    result = []
    for layer in range(1, 11):
        scores = h @ initial_weights(rule, (64, 64), layer).T
        h = np.array([[value_of(activation, v) for v in row] for row in scores])
        _, variance = mean_and_variance(h.ravel())
        result.append(variance**0.5)
    return result


def depth_readings():
    small = depth_profile("small", "tanh")
    for layer in range(10):
        if small[layer] < 0.01 * small[0]:
            break
    kept = []
    for rule, activation in (("xavier", "tanh"), ("xavier", "relu"), ("he", "relu")):
        product, profile = 1.0, depth_profile(rule, activation)
        for a, b in zip(profile, profile[1:]):
            product *= b / a
        kept.append(product ** (1 / 9))
    return layer + 1, kept[0], kept[1], kept[2]


def batch_norm_forward(x, gamma, beta, eps=1e-5):
    N, D = x.shape
    y, xhat, roots = np.zeros((N, D)), np.zeros((N, D)), []
    for d in range(D):
        mean, variance = mean_and_variance(x[:, d])
        roots.append(math.sqrt(variance + eps))
        for n in range(N):
            xhat[n, d] = (float(x[n, d]) - mean) / roots[d]
            y[n, d] = gamma[d] * xhat[n, d] + beta[d]
    return y, [xhat, roots, list(gamma)]


def batch_norm_backward(dy, cache):
    xhat, roots, gamma = cache
    N, D = xhat.shape
    dx, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for d in range(D):
        first = second = 0.0
        for n in range(N):
            dgamma[d] += dy[n, d] * xhat[n, d]
            dbeta[d] += dy[n, d]
            first += float(dy[n, d] * gamma[d])
            second += float(dy[n, d] * gamma[d] * xhat[n, d])
        for n in range(N):
            dx[n, d] = (dy[n, d] * gamma[d] - first / N - xhat[n, d] * second / N) / roots[d]
    return dx, dgamma, dbeta


def batch_norm_running(x, running_mean, running_var, momentum=0.1):
    N, D = x.shape
    new_mean, new_var = np.zeros(D), np.zeros(D)
    for d in range(D):
        mean, variance = mean_and_variance(x[:, d])
        new_mean[d] = (1 - momentum) * running_mean[d] + momentum * mean
        new_var[d] = (1 - momentum) * running_var[d] + momentum * variance * N / (N - 1)
    return new_mean, new_var


def batch_norm_test(x, gamma, beta, running_mean, running_var, eps=1e-5):
    y = np.zeros(x.shape)
    for n, d in np.ndindex(x.shape):
        y[n, d] = gamma[d] * (x[n, d] - running_mean[d]) / math.sqrt(running_var[d] + eps) + beta[d]
    return y


def spatial_batch_norm(x, gamma, beta, eps=1e-5):
    y = np.zeros(x.shape)
    for c in range(x.shape[1]):
        mean, variance = mean_and_variance(x[:, c].ravel())
        for n, i, j in np.ndindex(x[:, c].shape):
            y[n, c, i, j] = gamma[c] * (x[n, c, i, j] - mean) / math.sqrt(variance + eps) + beta[c]
    return y


def layer_norm_forward(x, gamma, beta, eps=1e-5):
    y, rows = np.zeros(x.shape), []
    for n in range(len(x)):
        mean, variance = mean_and_variance(x[n])
        root = math.sqrt(variance + eps)
        normalised = [(float(v) - mean) / root for v in x[n]]
        rows.append({"xhat": normalised, "root": root})
        for d, v in enumerate(normalised):
            y[n, d] = gamma[d] * v + beta[d]
    return y, {"rows": rows, "gamma": gamma}


def layer_norm_backward(dy, cache):
    gamma = cache["gamma"]
    N, D = dy.shape
    dx, dgamma, dbeta = np.zeros((N, D)), np.zeros(D), np.zeros(D)
    for n, row in enumerate(cache["rows"]):
        xhat, root = row["xhat"], row["root"]
        g = [float(dy[n, d]) * float(gamma[d]) for d in range(D)]
        first, second = sum(g) / D, sum(g[d] * xhat[d] for d in range(D)) / D
        for d in range(D):
            dgamma[d] += dy[n, d] * xhat[d]
            dbeta[d] += dy[n, d]
            dx[n, d] = (g[d] - first - xhat[d] * second) / root
    return dx, dgamma, dbeta


def group_norm(x, gamma, beta, groups, eps=1e-5):
    N, C, H, W = x.shape
    size = C // groups
    y = np.zeros(x.shape)
    for n in range(N):
        for g in range(groups):
            mean, variance = mean_and_variance(x[n, g * size : (g + 1) * size].ravel())
            for c in range(g * size, (g + 1) * size):
                for i in range(H):
                    for j in range(W):
                        y[n, c, i, j] = (
                            gamma[c] * (x[n, c, i, j] - mean) / math.sqrt(variance + eps) + beta[c]
                        )
    return y


def fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps=1e-5):
    new_w, new_b = np.zeros(w.shape), np.zeros(len(b))
    for m in range(len(w)):
        scale = gamma[m] / math.sqrt(running_var[m] + eps)
        for d in range(w.shape[1]):
            new_w[m, d] = scale * w[m, d]
        new_b[m] = scale * b[m] - scale * running_mean[m] + beta[m]
    return new_w, new_b
