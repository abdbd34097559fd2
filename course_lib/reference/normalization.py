"""Normalisation: subtract a mean, divide by a standard deviation, then scale and shift.

Batch norm takes the statistics of a channel over the batch, group norm those of a group of channels in one
example; layer norm and instance norm are group norms of one group and of one channel a group. Which axes are
averaged over is all that differs, so one backward serves both.
"""

import numpy as np


def batch_norm(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray | None,
    var: np.ndarray | None,
    eps: float,
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Normalise each channel of (N, C, M), with its own statistics where none are given.

    Gives y, the mean and the biased variance that were used, and 1 / sqrt(variance + eps), each (C,).
    """
    if mean is None:
        mean, var = x.mean(axis=(0, 2)), x.var(axis=(0, 2))
    inv_std = 1 / np.sqrt(var + x.dtype.type(eps))
    y = (x - mean[:, None]) * (inv_std * gamma)[:, None] + beta[:, None]
    return y, mean, var, inv_std


def batch_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, mean: np.ndarray, inv_std: np.ndarray, constant: bool
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of x, gamma and beta; `constant` statistics did not depend on x."""
    standard = (x - mean[:, None]) * inv_std[:, None]
    dstandard = dy * gamma[:, None]
    dgamma, dbeta = (dy * standard).sum(axis=(0, 2)), dy.sum(axis=(0, 2))
    if constant:
        return dstandard * inv_std[:, None], dgamma, dbeta
    return _through_statistics(dstandard, standard, inv_std[:, None], (0, 2)), dgamma, dbeta


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
    dx = _through_statistics(dy * gamma[:, :, None], standard, inv_std, (2, 3))
    return dx, (dy * standard).sum(axis=(0, 3)), dy.sum(axis=(0, 3))


def _through_statistics(
    dstandard: np.ndarray, standard: np.ndarray, inv_std: np.ndarray, axes: tuple[int, int]
) -> np.ndarray:
    # Moving x by a constant or scaling it leaves its standardised form alone, so those two parts of the
    # gradient vanish.
    along_shift = dstandard.mean(axis=axes, keepdims=True)
    along_scale = (dstandard * standard).mean(axis=axes, keepdims=True)
    return inv_std * (dstandard - along_shift - standard * along_scale)
