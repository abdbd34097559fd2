"""Group normalisation: the statistics of a group of channels in one example.

Layer norm and instance norm are group norms of one group and of one channel a group. Which axes are averaged
over is all that differs from batch norm, so one backward serves both.
"""

import numpy as np

from course_lib.reference.batch_normalization import through_statistics


def group_norm(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalise each group of (N, G, P, M) over its P channels of M elements; gamma and beta are (G, P).

    Gives y, the mean and 1 / sqrt(variance + eps), each (N, G).
    """
    mean = x.mean(axis=(2, 3))
    inv_std = 1 / np.sqrt(x.var(axis=(2, 3)) + x.dtype.type(eps))
    standard = (x - mean[:, :, None, None]) * inv_std[:, :, None, None]
    return standard * gamma[:, :, None] + beta[:, :, None], mean, inv_std


def group_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, mean: np.ndarray, inv_std: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of x, gamma and beta."""
    inv_std = inv_std[:, :, None, None]
    standard = (x - mean[:, :, None, None]) * inv_std
    dx = through_statistics(dy * gamma[:, :, None], standard, inv_std, (2, 3))
    return dx, (dy * standard).sum(axis=(0, 3)), dy.sum(axis=(0, 3))
