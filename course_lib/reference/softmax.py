"""Softmax and its logarithm over the last axis of rows (M, C)."""

import numpy as np


def softmax(x: np.ndarray) -> np.ndarray:
    """Turn each row of scores into probabilities."""
    # Subtracting the largest score changes nothing but keeps exp from overflowing.
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def softmax_backward(dy: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Apply the transposed Jacobian, y (dy - sum(dy y)), from the forward's result y."""
    return y * (dy - (dy * y).sum(axis=1, keepdims=True))


def log_softmax(x: np.ndarray) -> np.ndarray:
    """Give the logarithms of the softmax without taking the logarithm of a small number."""
    shifted = x - x.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def log_softmax_backward(dy: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Apply the transposed Jacobian, dy - softmax sum(dy), from the forward's result y."""
    return dy - np.exp(y) * dy.sum(axis=1, keepdims=True)
