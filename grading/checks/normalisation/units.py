"""The right answers for units and their gradients."""

from __future__ import annotations

import numpy as np

NAMES = ("sigmoid", "tanh", "relu", "leaky_relu", "elu")
SLOPE = 0.01


def activate(name: str, x: np.ndarray) -> np.ndarray:
    """Apply the activation of that name to every element."""
    if name == "sigmoid":
        decay = np.exp(-np.abs(x))
        return np.where(x >= 0, 1.0, decay) / (1.0 + decay)
    if name == "tanh":
        return np.tanh(x)
    below = {"relu": 0.0, "leaky_relu": SLOPE * x, "elu": np.expm1(np.minimum(x, 0.0))}[name]
    return np.where(x > 0, x, below)


def activate_backward(name: str, dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Multiply dy by the slope at x; where x = 0 is a kink, by the slope on its left."""
    return dy * _slope(name, x, 0.0)


def activate_backward_from_the_right(name: str, dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Take the slope on the right where x = 0 is a kink: as good an answer."""
    return dy * _slope(name, x, 1.0)


def activate_backward_between(name: str, dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Take the mean of both slopes where x = 0 is a kink: as good an answer, too."""
    return dy * _slope(name, x, 0.5)


def _slope(name: str, x: np.ndarray, share: float) -> np.ndarray:
    """Give the slope at x; at a kink `share` of the right one, and the rest of the left one."""
    if name == "sigmoid":
        return activate("sigmoid", x) * activate("sigmoid", -x)
    if name == "tanh":
        return 1.0 - np.tanh(x) ** 2
    if name == "elu":
        return np.exp(np.minimum(x, 0.0))
    left = {"relu": 0.0, "leaky_relu": SLOPE}[name]
    return np.where(x > 0, 1.0, np.where(x < 0, left, share + (1 - share) * left))


def maxout_forward(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Take the largest of the affine pieces x w[k] + b[k]; x (N, D), w (K, D, M), b (K, M)."""
    return _pieces(x, w, b).max(axis=0)


def maxout_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the gradients by x, w and b; the first of several largest pieces gets everything."""
    pieces = _pieces(x, w, b)
    return _through(dy, x, w, pieces.argmax(axis=0) == np.arange(len(w))[:, None, None])


def maxout_backward_to_all(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give every one of several largest pieces the whole gradient: as good an answer."""
    pieces = _pieces(x, w, b)
    return _through(dy, x, w, pieces == pieces.max(axis=0))


def maxout_backward_shared(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Split the gradient among several largest pieces: as good an answer, too."""
    pieces = _pieces(x, w, b)
    largest = pieces == pieces.max(axis=0)
    return _through(dy, x, w, largest / largest.sum(axis=0))


def _pieces(x: np.ndarray, w: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.einsum("nd,kdm->knm", x, w) + b[:, None]


def _through(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, winners: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    dpieces = winners * dy
    return (
        np.einsum("knm,kdm->nd", dpieces, w),
        np.einsum("nd,knm->kdm", x, dpieces),
        dpieces.sum(axis=1),
    )
