"""Other ways to the same numbers: by classes, by derivatives of squares, by solving instead of stepping."""

import itertools
import math

import numpy as np


class _Penalty:
    def __init__(self, name, strength, share):
        self.l1 = strength * {"l1": 1, "l2": 0, "elastic": share}[name]
        self.l2 = strength * {"l1": 0, "l2": 1, "elastic": 1 - share}[name]

    def cost(self, w):
        return np.sum(np.abs(w) * (self.l1 + self.l2 / 2 * np.abs(w)))

    def gradient(self, w):
        return np.sign(w) * (self.l1 + self.l2 * np.abs(w))

    def minimum(self, target, curvature):
        length = np.abs(target) - (self.l1 + self.l2 * np.abs(target)) / (curvature + self.l2)
        return np.copysign(np.where(length > 0, length, 0), target)


def penalty(name, w, strength, share=0.5):
    return _Penalty(name, strength, share).cost(w)


def penalty_gradient(name, w, strength, share=0.5):
    return _Penalty(name, strength, share).gradient(w)


def penalised_loss(x, y, w, b, l1, l2):
    # From the moments of the data: no error of a single example is ever computed.
    n = len(x)
    A, B, C = x.T @ x / n, x.T @ (y - b) / n, (y - b) @ (y - b) / n
    cost = (w @ A @ w - 2 * B @ w + C) / 2 + np.sum(np.abs(w) * (l1 + l2 / 2 * np.abs(w)))
    return cost, A @ w - B + np.sign(w) * (l1 + l2 * np.abs(w)), x.mean(axis=0) @ w + b - y.mean()


def penalised_minimum(name, target, curvature, strength, share=0.5):
    return _Penalty(name, strength, share).minimum(target, curvature)


def adam_decay_step(theta, grad, state, lr, decay=0.01, decoupled=True, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v, left1, left2 = state.get("all", (0, 0 * theta, 0 * theta, 1.0, 1.0))
    u = grad + (not decoupled) * decay * theta
    m = m + (1 - beta1) * (u - m)
    v = v + (1 - beta2) * (u * u - v)
    left1, left2 = left1 * beta1, left2 * beta2
    step = (m / (1 - left1)) / (np.sqrt(v / (1 - left2)) + eps) + decoupled * decay * theta
    return theta - lr * step, {"all": (t + 1, m, v, left1, left2)}


def max_norm(w, limit):
    norms = np.linalg.norm(w.reshape(len(w), -1), axis=1)
    scale = np.ones(len(w))
    long = norms > limit
    scale[long] = limit / norms[long]
    return (w.T * scale).T


def dropout_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return rng.binomial(1, 1 - p, size=shape)


def dropout_forward(kind, x, mask, p, train):
    keep = 1 - p
    scale = keep if kind == "classic" and not train else 1 / keep if kind == "inverted" and train else 1
    kept = np.where(np.asarray(mask, bool), x, 0) if train else x
    return scale * kept


def dropout_backward(kind, dy, mask, p, train):
    # The forward is linear: what it makes of ones are the slopes.
    return dy * dropout_forward(kind, np.ones(dy.shape), mask, p, train)


def dropout_ensemble(x, w, b, p):
    count, ensemble = len(x), 0.0
    for kept in range(count + 1):
        for chosen in itertools.combinations(range(count), kept):
            chosen = list(chosen)
            answer = b + x[chosen] @ w[chosen]
            ensemble = (
                ensemble + math.pow(1 - p, kept) * math.pow(p, count - kept) * (answer + np.abs(answer)) / 2
            )
    scaled = b + x @ ((1 - p) * w)
    return ensemble, (scaled + np.abs(scaled)) / 2


def dropconnect_forward(x, w, b, mask, p, train):
    if not train:
        return np.add(np.dot(x, w), b)
    return np.dot(x, np.where(mask, w, 0)) / (1 - p) + b


def dropconnect_backward(dy, x, w, mask, p):
    kept = np.where(mask, w, 0)
    dx = np.dot(dy, kept.T) / (1 - p)
    dw = np.where(mask, np.tensordot(x, dy, axes=(0, 0)), 0) / (1 - p)
    return dx, dw, np.ones(len(dy)) @ dy


def _mirror(images, amount):
    return images[:, :, np.arange(images.shape[2])[::-1]]


def _shift(images, amount):
    matrix = np.eye(images.shape[2], k=amount)
    return np.einsum("nhwc,wv->nhvc", images, matrix)


def _turn(images, amount):
    return np.moveaxis(np.rot90(np.moveaxis(images, 0, -1), amount), -1, 0)


def _stretch(images, amount):
    flat = images.reshape(len(images), -1)
    mean = flat.mean(axis=1, keepdims=True)
    return (mean + (flat - mean) * amount).reshape(images.shape)


WAYS = {
    "mirror": _mirror,
    "shift": _shift,
    "turn": _turn,
    "brightness": lambda images, amount: np.clip(images + amount, 0, 1),
    "contrast": lambda images, amount: np.clip(_stretch(images, amount), 0, 1),
    "cast": lambda images, amount: np.clip(
        np.concatenate([images[..., :1] * amount, images[..., 1:]], axis=-1), 0, 1
    ),
}


def augment(name, images, amount):
    return WAYS[name](images, amount)


def random_crops(images, size, seed):
    rng = np.random.default_rng(seed)
    count, height, width = images.shape
    rows = rng.choice(height - size + 1, count)[:, None, None] + np.arange(size)[:, None]
    columns = rng.choice(width - size + 1, count)[:, None, None] + np.arange(size)
    return images[np.arange(count)[:, None, None], rows, columns]


def flip_batch(images, labels, chosen, partner):
    def one(n):
        other = partner[labels[n]]
        return (images[n, :, ::-1], other) if chosen[n] and other + 1 else (images[n], labels[n])

    results = list(map(one, range(len(images))))
    return tuple(np.stack(column) for column in zip(*results))


def gap_by_strength(x, t, x_held, t_held, strengths, steps, lr):
    def log_probabilities(rows, net):
        scores = rows @ net["w"] + net["b"]
        return scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)

    def trained(strength):
        net = {"w": np.zeros((x.shape[1], t.shape[1])), "b": np.zeros(t.shape[1])}
        for _ in itertools.repeat(None, steps):
            error = np.exp(log_probabilities(x, net)) - t
            change = {"w": x.T @ error / len(x) + strength * net["w"], "b": error.mean(axis=0)}
            net = {name: net[name] - lr * change[name] for name in net}
        return net

    nets = [trained(strength) for strength in strengths]
    return tuple(
        np.array([-np.sum(log_probabilities(rows, net) * targets) / len(rows) for net in nets])
        for rows, targets in ((x, t), (x_held, t_held))
    )


def close_the_gap(x, y, seed):
    # Random features, never trained, and a ridge regression on them.
    rng = np.random.default_rng(seed)
    w1 = rng.standard_normal((200, 64)) / 8
    h = np.maximum(x @ w1.T, 0)
    gram = h @ h.T + 10 * np.eye(len(h))
    w2 = (h.T @ np.linalg.solve(gram, np.eye(10)[y] - 0.1)).T
    return w1, np.zeros(200), w2, np.full(10, 0.1)
