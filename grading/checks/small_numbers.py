"""Arrays of small numbers to compute with by hand: what a failing input should look like."""

from __future__ import annotations

import math

import numpy as np

KINDS = ("counting", "whole", "halves", "large", "distinct", "tied")


def fill(
    rng: np.random.Generator, shape: tuple[int, ...], kind: str = "whole", dtype: str = "float64"
) -> np.ndarray:
    """Fill an array with small numbers.

    Parameters
    ----------
    rng : numpy.random.Generator
        Source of the numbers.
    shape : tuple of int
        Shape of the array.
    kind : str
        "counting" is 1, 2, 3 ...; "whole" lies from -4 to 4 without 0; "halves" likewise in steps of a half;
        "large" is whole numbers around a million; "distinct" is a shuffle of different numbers; "tied" holds
        many equal ones.
    dtype : str
        Type of the elements.

    Returns
    -------
    ndarray
        Of the given shape and dtype.

    Raises
    ------
    ValueError
        If `kind` is none of these.
    """
    count = math.prod(shape)
    if kind == "counting":
        values = np.arange(1, count + 1)
    elif kind == "whole":
        values = rng.choice([-4, -3, -2, -1, 1, 2, 3, 4], count)
    elif kind == "halves":
        values = rng.choice(np.setdiff1d(np.arange(-8, 9), [0]), count) / 2
    elif kind == "large":
        values = 1_000_000 + rng.integers(-9, 10, count)
    elif kind == "distinct":
        values = rng.permutation(count) - count // 2
    elif kind == "tied":
        values = rng.integers(1, 3, count)
    else:
        raise ValueError(f"kind must be one of {KINDS}, got {kind!r}")
    return values.reshape(shape).astype(dtype)


def counting(*shape: int) -> np.ndarray:
    """Return 1, 2, 3 ... in the given shape, as float64."""
    return np.arange(1.0, math.prod(shape) + 1).reshape(shape)
