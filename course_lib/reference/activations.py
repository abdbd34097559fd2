"""Activation functions, element by element, each beside its gradient.

Every backward takes the forward's input x. NaN goes through, as any number does.
"""

import numpy as np


def relu(x: np.ndarray) -> np.ndarray:
    """Keep what is positive: max(x, 0)."""
    return np.maximum(x, 0)


def relu_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Pass the gradient where x was positive; at 0 the slope counts as 0."""
    return np.where(x <= 0, dy.dtype.type(0), dy)


def leaky_relu(x: np.ndarray, negative_slope: float) -> np.ndarray:
    """Keep what is positive, and scale the rest by the negative slope."""
    return np.where(x > 0, x, x.dtype.type(negative_slope) * x)


def leaky_relu_backward(dy: np.ndarray, x: np.ndarray, negative_slope: float) -> np.ndarray:
    """Pass the gradient where x was positive, and scale the rest."""
    return np.where(x > 0, dy, dy.dtype.type(negative_slope) * dy)


def elu(x: np.ndarray, alpha: float) -> np.ndarray:
    """Keep what is positive, and let the rest level off: alpha (exp(x) - 1)."""
    return np.where(x > 0, x, x.dtype.type(alpha) * np.expm1(np.minimum(x, 0)))


def elu_backward(dy: np.ndarray, x: np.ndarray, alpha: float) -> np.ndarray:
    """Multiply by the slope: 1 where x was positive, else alpha exp(x)."""
    return np.where(x > 0, dy, dy * (dy.dtype.type(alpha) * np.exp(np.minimum(x, 0))))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Squash to (0, 1): 1 / (1 + exp(-x)), without overflow on either side."""
    decay = np.exp(-np.abs(x))
    return np.where(x >= 0, 1, decay) / (1 + decay)


def sigmoid_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Multiply by the slope s (1 - s)."""
    s = sigmoid(x)
    return dy * s * (1 - s)


def tanh(x: np.ndarray) -> np.ndarray:
    """Squash to (-1, 1)."""
    return np.tanh(x)


def tanh_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Multiply by the slope 1 - tanh(x)^2."""
    return dy * (1 - np.tanh(x) ** 2)
