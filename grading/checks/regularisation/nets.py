"""The nets of the experiments: softmax regression with a penalty, and a net with one hidden layer."""

from __future__ import annotations

import numpy as np

from grading.checks.regularisation.dropping import dropout_backward, dropout_forward, dropout_mask
from grading.checks.regularisation.penalties import max_norm, penalty_gradient
from grading.checks.regularisation.pictures import random_crops

Array = np.ndarray
Net = tuple[Array, Array, Array, Array]


def softmax(scores: Array) -> Array:
    """Return probabilities, row by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(x: Array, t: Array, w: Array, b: Array) -> float:
    """Return the mean of -log of the probability of the right class; t is one-hot."""
    scores = x @ w + b
    scores = scores - scores.max(axis=1, keepdims=True)
    return float((np.log(np.exp(scores).sum(axis=1)) - (scores * t).sum(axis=1)).mean())


def gap_by_strength(
    x: Array, t: Array, x_held: Array, t_held: Array, strengths: list[float], steps: int, lr: float
) -> tuple[Array, Array]:
    """Train softmax regression with every strength, and return training losses and held-out losses."""
    nets = [_regression(x, t, strength, steps, lr) for strength in strengths]
    return (
        np.array([cross_entropy(x, t, *net) for net in nets]),
        np.array([cross_entropy(x_held, t_held, *net) for net in nets]),
    )


def _regression(x: Array, t: Array, strength: float, steps: int, lr: float) -> tuple[Array, Array]:
    w, b = np.zeros((x.shape[1], t.shape[1])), np.zeros(t.shape[1])
    for _ in range(steps):
        error = (softmax(x @ w + b) - t) / len(x)
        w, b = w - lr * (x.T @ error + strength * w), b - lr * error.sum(axis=0)
    return w, b


def train_net(
    x: Array,
    y: Array,
    seed: int,
    strength: float = 0.0,
    name: str = "l2",
    drop: float = 0.0,
    limit: float | None = None,
    shift: int = 0,
    steps: int = 300,
    lr: float = 0.5,
    hidden: int = 64,
) -> Net:
    """Train as the notebook's own function does, with the right answers in the place of a student's."""
    rng = np.random.default_rng(seed)
    w1, b1 = rng.standard_normal((hidden, 64)) * np.sqrt(2 / 64), np.zeros(hidden)
    w2, b2 = rng.standard_normal((10, hidden)) * np.sqrt(2 / hidden), np.zeros(10)
    targets = np.eye(10)[y]
    for step in range(steps):
        batch = x
        if shift:
            padded = np.pad(x.reshape(-1, 8, 8), ((0, 0), (shift, shift), (shift, shift)))
            batch = np.asarray(random_crops(padded, 8, seed + step)).reshape(-1, 64)
        scores = batch @ w1.T + b1
        h = np.maximum(scores, 0)
        if drop:
            mask = dropout_mask(h.shape, drop, seed + step)
            h = dropout_forward("inverted", h, mask, drop, True)
        error = (softmax(h @ w2.T + b2) - targets) / len(x)
        dh = error @ w2
        if drop:
            dh = dropout_backward("inverted", dh, mask, drop, True)
        dscores = dh * (scores > 0)
        dw1, dw2 = dscores.T @ batch, error.T @ h
        if strength:
            dw1 = dw1 + penalty_gradient(name, w1, strength)
            dw2 = dw2 + penalty_gradient(name, w2, strength)
        w1, b1 = w1 - lr * dw1, b1 - lr * dscores.sum(axis=0)
        w2, b2 = w2 - lr * dw2, b2 - lr * error.sum(axis=0)
        if limit is not None:
            w1 = max_norm(w1, limit)
    return w1, b1, w2, b2


def error_of(net: Net, x: Array, y: Array) -> float:
    """Return the share of pictures that a net gets wrong."""
    w1, b1, w2, b2 = net
    scores = np.maximum(x @ w1.T + b1, 0) @ w2.T + b2
    return float(np.mean(scores.argmax(axis=1) != y))
