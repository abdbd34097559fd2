"""The fully connected layer: a matrix product and a bias."""

import numpy as np


def linear(x: np.ndarray, w: np.ndarray, b: np.ndarray | None) -> np.ndarray:
    """Map rows x (M, in) by w (out, in) and b (out,) to (M, out)."""
    y = x @ w.T
    return y if b is None else y + b


def linear_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of x, w and b from dy (M, out)."""
    return dy @ w, dy.T @ x, dy.sum(axis=0)
