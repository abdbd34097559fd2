"""Descent along noisy gradients on ½Σλθ²: what each direction's cost is expected to be, in closed form.

Every step sees λθ + σξ with independent ξ of mean 0 and variance 1. Along an eigenvector of eigenvalue λ the
mean of θ² then obeys m ← (1 − αλ)² m + α²σ², whatever the distribution of ξ.
"""

from __future__ import annotations

import numpy as np


def sampling_variance(gradients: np.ndarray, size: int, *, replacement: bool) -> float:
    """Return E‖ĝ − ḡ‖² of the mean ĝ of `size` rows drawn at random, ḡ being the mean of all rows.

    Parameters
    ----------
    gradients : ndarray, shape (N, D)
        One example's gradient a row.
    size : int
        S, rows a draw.
    replacement : bool
        With: V/S, V being the mean squared distance of a row from ḡ. Without, all rows of a draw differ:
        V/S·(N − S)/(N − 1), which is 0 for S = N.

    Returns
    -------
    float
        The sum over the D components.

    Raises
    ------
    ValueError
        If there are no rows, or `size` is not from 1 to N (with replacement: at least 1).
    """
    gradients = np.asarray(gradients, dtype=np.float64)
    if gradients.ndim != 2 or len(gradients) == 0:
        raise ValueError(f"gradients must have shape (N, D) with N of at least 1, got {gradients.shape}")
    count = len(gradients)
    if size < 1 or (size > count and not replacement):
        raise ValueError(f"size must be from 1 to the {count} rows there are, got {size}")
    one = float(((gradients - gradients.mean(axis=0)) ** 2).sum() / count)
    if replacement:
        return one / size
    return one / size * (count - size) / max(count - 1, 1)


def noise_floor(eigenvalue: float | np.ndarray, lr: float, noise: float) -> np.ndarray:
    """Return where the expected cost along an eigenvector settles at a constant rate: ασ²/(2(2 − αλ)).

    Parameters
    ----------
    eigenvalue : float or ndarray (...)
        λ, above 0.
    lr : float
        α; infinite is the answer from αλ = 2 on.
    noise : float
        σ, standard deviation of the gradient's noise along this direction.

    Returns
    -------
    ndarray (...)
        For small αλ it is ασ²/4: proportional to the rate, and the same for steep and flat directions.
    """
    x = lr * np.asarray(eigenvalue, dtype=np.float64)
    if np.any(x <= 0):
        raise ValueError("eigenvalue and lr must be above 0: a level direction has no floor")
    with np.errstate(divide="ignore"):
        return np.where(x < 2, lr * noise**2 / (2 * np.maximum(2 - x, 0)), np.inf)


def expected_costs(
    eigenvalues: np.ndarray, theta0: np.ndarray, rates: np.ndarray, noise: float
) -> np.ndarray:
    """Return ½λE[θ²] along every eigenvector before each step and after the last.

    Parameters
    ----------
    eigenvalues, theta0 : ndarray, shape (n,)
        λ, and the start in the basis of the eigenvectors.
    rates : ndarray, shape (T,)
        α of every step.
    noise : float
        σ of every component.

    Returns
    -------
    ndarray, shape (T + 1, n)
        Its sum over the last axis is the expected cost.
    """
    lam, start, rates = _checked(eigenvalues, theta0, rates)
    kept = (1 - np.outer(rates, lam)) ** 2
    added = (rates * noise) ** 2
    found = np.empty((len(rates) + 1, len(lam)))
    # Plain numbers: for so few directions an array operation a step would cost more than all arithmetic.
    for column, (value, first) in enumerate(zip(lam.tolist(), start.tolist())):
        second = first * first
        seconds = [second]
        for share, more in zip(kept[:, column].tolist(), added.tolist()):
            second = share * second + more
            seconds.append(second)
        found[:, column] = np.multiply(seconds, value / 2)
    return found


def noisy_descent(
    eigenvalues: np.ndarray,
    theta0: np.ndarray,
    rates: np.ndarray,
    noise: float,
    rng: np.random.Generator | int,
) -> np.ndarray:
    """Run descent with one draw of Gaussian noise.

    Parameters
    ----------
    eigenvalues, theta0, rates, noise
        As for `expected_costs`.
    rng : Generator or int
        Draws ξ; runs with the same seed see the same noise, whatever the rates.

    Returns
    -------
    ndarray, shape (T + 1, n)
        The path, the start first.
    """
    lam, start, rates = _checked(eigenvalues, theta0, rates)
    draws = noise * np.random.default_rng(rng).standard_normal((len(rates), len(lam)))
    kept, pushed = 1 - np.outer(rates, lam), rates[:, None] * draws
    path = np.empty((len(rates) + 1, len(lam)))
    for column, place in enumerate(start.tolist()):
        places = [place]
        for share, push in zip(kept[:, column].tolist(), pushed[:, column].tolist()):
            place = share * place - push
            places.append(place)
        path[:, column] = places
    return path


def _checked(
    eigenvalues: np.ndarray, theta0: np.ndarray, rates: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    lam, start = (np.asarray(a, dtype=np.float64) for a in (eigenvalues, theta0))
    rates = np.asarray(rates, dtype=np.float64)
    if lam.ndim != 1 or lam.shape != start.shape:
        raise ValueError(f"theta0 must have an entry an eigenvalue, got shapes {start.shape} and {lam.shape}")
    if rates.ndim != 1:
        raise ValueError(f"rates must have shape (T,), one a step, got {rates.shape}")
    return lam, start, rates
