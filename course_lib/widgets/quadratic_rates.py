"""How fast each pair of rate and momentum is, as a map, and which pair is the best."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course_lib.geometry import best_learning_rate, best_momentum, best_nesterov, momentum_rate

WIDEST = 4.0  # the map ends at α = 4 / largest |λ|
_COLUMNS, _ROWS = 200, 100


class Settings(NamedTuple):
    """A rate and a momentum, and what a step leaves of the slowest component with them."""

    lr: float
    momentum: float
    factor: float


@lru_cache(maxsize=64)
def rate_map(first: float, second: float, nesterov: bool) -> np.ndarray:
    """What a step leaves of the slower of two components, for every rate and momentum.

    Parameters
    ----------
    first, second : float
        Eigenvalues in units of the larger size.
    nesterov : bool
        Of Nesterov's form, not of momentum.

    Returns
    -------
    ndarray
        Shape (100, 200), read-only: rows are μ from 0 to 1, columns α from 0 to 4, taken in the middle of
        each.
    """
    slower = np.maximum(_one_direction(first, nesterov), _one_direction(second, nesterov))
    slower.setflags(write=False)
    return slower


@lru_cache(maxsize=64)
def _one_direction(eigenvalue: float, nesterov: bool) -> np.ndarray:
    momenta = (np.arange(_ROWS)[:, None] + 0.5) / _ROWS
    return momentum_rate(eigenvalue, _rates(), momenta, nesterov=nesterov)


def _rates() -> np.ndarray:
    return WIDEST * (np.arange(_COLUMNS) + 0.5) / _COLUMNS


@lru_cache(maxsize=1)
def newton_map() -> np.ndarray:
    """What a share α of Newton's step leaves of every component, |1 − α|; in the shape of `rate_map`."""
    return np.broadcast_to(np.abs(1.0 - _rates()), (_ROWS, _COLUMNS))


def best_settings(A: np.ndarray, method: str, *, plain: bool) -> Settings | None:
    """Return the fastest rate without momentum (`plain`), or the fastest pair of a method.

    Parameters
    ----------
    A : ndarray
        Hessian, shape (n, n).
    method : str
        "Nesterov" for its own best pair; every other method gets that of momentum.
    plain : bool
        Without momentum.

    Returns
    -------
    Settings or None
        None where A is not positive definite: no setting converges.
    """
    if np.linalg.eigvalsh(A)[0] <= 1e-12 * max(1.0, np.abs(A).max()):
        return None
    if plain:
        lr, factor = best_learning_rate(A)
        return Settings(lr, 0.0, factor)
    return Settings(*(best_nesterov(A) if method == "Nesterov" else best_momentum(A)))
