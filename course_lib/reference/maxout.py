"""Maxout: the maximum of groups of channels."""

import numpy as np


def maxout(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Take the maximum over the pieces (axis 2) of (A, groups, pieces, B).

    Gives y and which piece won (int64). The first maximum wins a tie, and NaN beats every number.
    """
    indices = x.argmax(axis=2)
    return np.take_along_axis(x, indices[:, :, None], axis=2)[:, :, 0], indices


def maxout_backward(dy: np.ndarray, indices: np.ndarray, pieces: int) -> np.ndarray:
    """Send the gradient (A, groups, B) to the piece that won, the others get 0."""
    a, groups, b = dy.shape
    dx = np.zeros((a, groups, pieces, b), dy.dtype)
    np.put_along_axis(dx, indices[:, :, None], dy[:, :, None], axis=2)
    return dx
