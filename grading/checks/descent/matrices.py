"""Symmetric matrices whose eigenvalues are known, and small enough to compute with by hand."""

from __future__ import annotations

import numpy as np

# A right angle's 3-4-5: turned matrices keep short decimals.
COSINE, SINE = 0.8, 0.6


def with_eigenvalues(*values: float, turned: bool = True) -> np.ndarray:
    """Return a symmetric matrix with these eigenvalues.

    Parameters
    ----------
    *values : float
        In any order; of a matrix that is not turned they are the diagonal.
    turned : bool
        True for eigenvectors that are not the axes.

    Returns
    -------
    ndarray
        Of shape (n, n).
    """
    matrix = np.diag(np.array(values, dtype=np.float64))
    if not turned:
        return matrix
    for first in range(len(values) - 1):
        turn = np.eye(len(values))
        pair = [first, first + 1]
        turn[np.ix_(pair, pair)] = [[COSINE, -SINE], [SINE, COSINE]]
        matrix = turn @ matrix @ turn.T
    # Short decimals in the text are the very numbers that are handed over.
    matrix = matrix.round(10)
    return (matrix + matrix.T) / 2


def drawn_bowl(rng: np.random.Generator, size: int, turned: bool) -> np.ndarray:
    """Return a positive definite matrix with different eigenvalues, whole numbers from 1 to 6."""
    return with_eigenvalues(*rng.permutation(np.arange(1, 7))[:size], turned=turned)
