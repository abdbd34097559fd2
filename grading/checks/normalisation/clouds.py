"""Clouds of examples whose principal components can be told apart: the input of questions about data."""

from __future__ import annotations

import numpy as np

from grading.checks.normalisation.preparation import principal_components
from grading.checks.small_numbers import fill

# Eigenvalues closer than this, as a share of the largest, leave it open which direction comes first.
LEAST_GAP = 0.05


def cloud(
    rng: np.random.Generator, examples: int, features: int, numbers: str, offset: float, units: float
) -> np.ndarray:
    """Draw examples (N, D) with well separated principal components.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    examples, features : int
        N and D; N is at least D + 2.
    numbers : str
        Kind of small numbers.
    offset : float
        Added to all features: how far the cloud is from the origin.
    units : float
        The last feature is measured in units so many times smaller.

    Returns
    -------
    ndarray of float64, shape (N, D)
    """
    while True:
        x = fill(rng, (examples, features), numbers) + offset
        x[:, -1] *= units
        values = principal_components(x)[1]
        if np.diff(values, prepend=0.0).min() > LEAST_GAP * values[-1] / units**2:
            return x


def others(rng: np.random.Generator, examples: int, features: int, offset: float) -> np.ndarray:
    """Draw further examples (M, D), which nothing may be fitted on."""
    return fill(rng, (examples, features), "halves") + offset
