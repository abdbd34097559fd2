"""Whitening over the batch (ZCA): channels without correlation, as close as possible to the old ones."""

import numpy as np


def decorrelated_batch_norm(
    x: np.ndarray, mean: np.ndarray | None, whitening: np.ndarray | None, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Whiten the channels of (C, M) by ZCA: y = S^(-1/2) (x - mean), S the covariance plus eps on its
    diagonal.

    Gives y, the mean (C,), the whitening matrix S^(-1/2) (C, C), and the eigenvectors (columns) and
    eigenvalues of S.
    """
    vectors, values = np.eye(len(x), dtype=x.dtype), np.ones(len(x), x.dtype)
    if mean is None:
        mean = x.mean(axis=1)
        centred = x - mean[:, None]
        covariance = centred @ centred.T / x.dtype.type(x.shape[1]) + x.dtype.type(eps) * vectors
        values, vectors = eigensystem(covariance)
        whitening = (vectors / np.sqrt(values)) @ vectors.T
    return whitening @ (x - mean[:, None]), mean, whitening, vectors, values


def eigensystem(matrix: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give eigenvalues and eigenvectors (columns) of a symmetric matrix; NaN where one holds NaN or infinity.

    LAPACK would not come to an end there.
    """
    if np.isfinite(matrix).all():
        return np.linalg.eigh(matrix)
    return np.full_like(matrix[0], np.nan), np.full_like(matrix, np.nan)


def decorrelated_batch_norm_backward(
    dy: np.ndarray,
    x: np.ndarray,
    mean: np.ndarray,
    whitening: np.ndarray,
    vectors: np.ndarray,
    values: np.ndarray,
    constant: bool,
) -> np.ndarray:
    """Give the gradient of x (C, M); `constant` statistics did not depend on x."""
    if constant:
        return whitening.T @ dy
    m = x.dtype.type(x.shape[1])
    centred = x - mean[:, None]
    dwhitening = dy @ centred.T
    # In the eigenbasis the derivative of S^(-1/2) multiplies entry (i, j) by the divided difference of
    # t^(-1/2).
    roots = np.sqrt(values)
    quotient = -1 / (np.outer(roots, roots) * (roots[:, None] + roots))
    dcovariance = vectors @ (quotient * (vectors.T @ (dwhitening + dwhitening.T) @ vectors)) @ vectors.T / 2
    dcentred = whitening.T @ dy + 2 / m * dcovariance @ centred
    return dcentred - dcentred.mean(axis=1, keepdims=True)
