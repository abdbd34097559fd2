"""Batch normalisation: subtract the mean of a channel over the batch, divide by its standard deviation, then
scale and shift.
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
    return through_statistics(dstandard, standard, inv_std[:, None], (0, 2)), dgamma, dbeta


def through_statistics(
    dstandard: np.ndarray, standard: np.ndarray, inv_std: np.ndarray, axes: tuple[int, int]
) -> np.ndarray:
    """Give the gradient of x from that of its standardised form, whose statistics were taken over `axes`.

    Moving x by a constant or scaling it leaves its standardised form alone, so those two parts vanish.
    """
    along_shift = dstandard.mean(axis=axes, keepdims=True)
    along_scale = (dstandard * standard).mean(axis=axes, keepdims=True)
    return inv_std * (dstandard - along_shift - standard * along_scale)
