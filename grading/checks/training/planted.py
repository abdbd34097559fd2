"""Six costs with gradients that somebody derived by hand: the notebook shows them, three are wrong."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Array = np.ndarray
# The notebook's locked cell holds this text; a test compares what the two compute.
X = np.array([[1.0, 2.0], [0.5, -1.0], [-1.5, 1.0], [2.0, 0.5]])
Y = np.array([1.0, -1.0, 1.0, 1.0])
W = np.array([0.3, -0.7])
# Three classes: scores X @ M, and which is right.
M = np.array([[0.2, -0.4, 0.1], [0.5, 0.3, -0.6]])
CLASSES = np.array([0, 2, 1, 0])


def mean_squares(w: Array) -> float:
    """½ of the mean squared error."""
    return 0.5 * np.mean((X @ w - Y) ** 2)


def logistic(w: Array) -> float:
    """Mean logistic cost of the signs Y."""
    return np.mean(np.log1p(np.exp(-Y * (X @ w))))


def rectified(w: Array) -> float:
    """Sum of rectified outputs; w = (0, 1) puts none on the kink, (2, −1) the first."""
    return np.sum(np.maximum(X @ w, 0))


def penalised(w: Array) -> float:
    """Mean squared error with a small L2 penalty."""
    return 0.5 * np.mean((X @ w - Y) ** 2) + 0.001 * np.sum(w**2)


def softmax_cost(m: Array) -> float:
    """Mean cross-entropy of three classes."""
    scores = X @ m
    return np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[np.arange(4), CLASSES])


def bounded(w: Array) -> float:
    """Sum of squared tanh outputs."""
    return np.sum(np.tanh(X @ w) ** 2)


def _softmax_gradient(m: Array) -> Array:
    scores = np.exp(X @ m)
    probabilities = scores / scores.sum(axis=1, keepdims=True)
    probabilities[np.arange(4), CLASSES] -= 1
    return X.T @ probabilities / 4


# Number: cost, gradient by hand, where it is to be checked.
PARTS: dict[int, tuple[Callable[[Array], float], Callable[[Array], Array], Array]] = {
    1: (mean_squares, lambda w: X.T @ (X @ w - Y), W),
    2: (logistic, lambda w: X.T @ (-Y / (1 + np.exp(Y * (X @ w)))) / 4, W),
    3: (rectified, lambda w: X.T @ (X @ w > 0), np.array([2.0, -1.0])),
    4: (bounded, lambda w: X.T @ (2 * np.tanh(X @ w) * (1 - np.tanh(X @ w))), W),
    5: (penalised, lambda w: X.T @ (X @ w - Y) / 4 + 0.001 * w, W),
    6: (softmax_cost, _softmax_gradient, M),
}
WRONG = (1, 4, 5)
