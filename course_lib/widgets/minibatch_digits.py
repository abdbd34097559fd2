"""The minibatch lab's least-squares cost: real digits in two features, so that a path can be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.data import load_digits

#: The two digits told apart, the first as −1 and the second as +1.
CLASSES = (5, 9)
#: Examples, half of each class: a power of two, so that every batch size divides it.
COUNT = 256


@dataclass(frozen=True)
class LeastSquares:
    """J(θ) = 1/(2N) Σ (xₙᵀθ − yₙ)² of N examples; everything read-only.

    Attributes
    ----------
    x : ndarray, shape (256, 2)
        Features: the first two principal components, scaled so that the largest eigenvalue of A is 1.
    y : ndarray, shape (256,)
        −1 or 1, sorted: the first half belongs to the first class.
    A : ndarray, shape (2, 2)
        The Hessian, mean of xxᵀ; diagonal, as principal components are uncorrelated.
    optimum : ndarray, shape (2,)
    lowest : float
        The cost at the optimum.
    """

    x: np.ndarray
    y: np.ndarray
    A: np.ndarray
    optimum: np.ndarray
    lowest: float

    def gradients(self, theta: np.ndarray) -> np.ndarray:
        """Return every example's gradient (xₙᵀθ − yₙ)xₙ at a place, shape (256, 2)."""
        return (self.x @ theta - self.y)[:, None] * self.x

    def excess(self, theta: np.ndarray) -> np.ndarray:
        """Return J(θ) − J(optimum) for places (..., 2)."""
        away = theta - self.optimum
        return np.einsum("...i,ij,...j->...", away, self.A, away) / 2


@lru_cache(maxsize=1)
def digits_problem() -> LeastSquares:
    """Return the problem: 128 fives and 128 nines."""
    images, labels = load_digits(dtype=np.float64)
    rows = np.concatenate([np.flatnonzero(labels == digit)[: COUNT // 2] for digit in CLASSES])
    pixels = images[rows].reshape(COUNT, -1)
    pixels = pixels - pixels.mean(axis=0)
    _, _, directions = np.linalg.svd(pixels, full_matrices=False)
    x = pixels @ directions[:2].T
    # The sign of a principal component is arbitrary: fixed here, so that the map is the same everywhere.
    x *= np.where(x[COUNT // 2 :].mean(axis=0) > 0, 1, -1)
    x /= np.sqrt(np.mean(x[:, 0] ** 2))
    y = np.repeat([-1.0, 1.0], COUNT // 2)
    A = x.T @ x / COUNT
    optimum = np.linalg.solve(A, x.T @ y / COUNT)
    lowest = float(np.mean((x @ optimum - y) ** 2) / 2)
    for array in (x, y, A, optimum):
        array.setflags(write=False)
    return LeastSquares(x, y, A, optimum, lowest)
