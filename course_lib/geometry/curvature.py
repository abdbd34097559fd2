"""Curvature along a direction, the spectrum of a Hessian, the second-order model."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


def as_symmetric(matrix: np.ndarray, name: str = "H") -> np.ndarray:
    """Return `matrix` as float64.

    Raises
    ------
    ValueError
        If it is not square, not finite, or not symmetric to 1e-6 of its largest entry.
    """
    h = np.asarray(matrix, dtype=np.float64)
    if h.ndim != 2 or h.shape[0] != h.shape[1] or h.size == 0:
        raise ValueError(f"{name} must be a square matrix (n, n), got shape {h.shape}")
    if not np.isfinite(h).all():
        raise ValueError(f"{name} must be finite, got {h}")
    off = np.abs(h - h.T).max()
    if off > 1e-6 * max(1.0, np.abs(h).max()):
        raise ValueError(
            f"{name} must be symmetric, its halves differ by {off:.3g}; use ({name} + {name}.T) / 2"
        )
    return h


@dataclass(frozen=True)
class Spectrum:
    """H = Q diag(λ) Qᵀ.

    Attributes
    ----------
    eigenvalues : array (n,)
        λ, ascending.
    eigenvectors : array (n, n)
        Q; column i belongs to eigenvalue i, columns are orthonormal.
    """

    eigenvalues: np.ndarray
    eigenvectors: np.ndarray


def spectrum(H: np.ndarray) -> Spectrum:
    """Spectral decomposition of a symmetric matrix (n, n)."""
    return Spectrum(*np.linalg.eigh(as_symmetric(H)))


def curvature(H: np.ndarray, v: np.ndarray) -> float:
    """Second derivative along the unit vector of `v`: vᵀHv / vᵀv.

    A weighted mean of the eigenvalues: it lies between the smallest and the largest.

    Raises
    ------
    ValueError
        If `v` is zero or does not fit `H`.
    """
    h, direction = as_symmetric(H), np.asarray(v, dtype=np.float64)
    if direction.shape != h.shape[:1]:
        raise ValueError(f"v must have shape {h.shape[:1]}, got {direction.shape}")
    square = direction @ direction
    if square == 0:
        raise ValueError("v must not be zero: it names a direction")
    return float(direction @ h @ direction / square)


def condition_number(H: np.ndarray) -> float:
    """λmax / λmin of a positive definite matrix; inf where the smallest eigenvalue is zero.

    Raises
    ------
    ValueError
        If an eigenvalue is negative: the surface is no bowl there and the number would mean nothing.
    """
    values = spectrum(H).eigenvalues
    tiny = 1e-12 * max(abs(values[-1]), np.finfo(np.float64).tiny)
    if values[0] < -tiny:
        raise ValueError(f"H must be positive semidefinite, its smallest eigenvalue is {values[0]:.3g}")
    return float(values[-1] / values[0]) if values[0] > tiny else np.inf


def taylor2(
    value: float, gradient: np.ndarray, H: np.ndarray, centre: np.ndarray
) -> Callable[[np.ndarray], np.ndarray | float]:
    """Second-order Taylor model of a cost around `centre`.

    m(θ) = J + gᵀ(θ−θ₀) + ½ (θ−θ₀)ᵀ H (θ−θ₀). At a critical point g = 0 and only the curvature speaks.

    Parameters
    ----------
    value : float
        J at the centre.
    gradient : array (n,)
    H : array (n, n)
    centre : array (n,)

    Returns
    -------
    callable
        Takes one point (n,) or many (..., n), returns a number or an array (...).
    """
    g, h, origin = np.asarray(gradient, dtype=np.float64), as_symmetric(H), np.asarray(centre, np.float64)
    for name, array in (("gradient", g), ("centre", origin)):
        if array.shape != h.shape[:1]:
            raise ValueError(f"{name} must have shape {h.shape[:1]}, got {array.shape}")

    def model(theta: np.ndarray) -> np.ndarray | float:
        d = np.asarray(theta, dtype=np.float64) - origin
        return value + d @ g + 0.5 * np.einsum("...i,ij,...j->...", d, h, d)

    return model
