"""Checks of the sizes that layers are made with; arrays are checked by the functional layer."""

from __future__ import annotations

import numpy as np


def count(value: int, argument: str) -> int:
    """Return `value` as an int of 1 or more.

    Raises
    ------
    TypeError
        If it is no integer.
    ValueError
        If it is below 1.
    """
    if not isinstance(value, int | np.integer) or isinstance(value, bool):
        raise TypeError(f"{argument}: {value!r} is a {type(value).__name__}, expected an integer")
    if value < 1:
        raise ValueError(f"{argument}: {value}, expected 1 or more")
    return int(value)


def pair(value: int | tuple[int, int], argument: str) -> tuple[int, int]:
    """Return (height, width) of 1 or more each, from a pair or from one integer for both.

    Raises
    ------
    TypeError
        If it is neither an integer nor a pair of integers.
    ValueError
        If an element is below 1.
    """
    if not isinstance(value, tuple | list):
        side = count(value, argument)
        return side, side
    if len(value) != 2:
        raise ValueError(f"{argument}: {value!r} has {len(value)} elements, expected (height, width)")
    return count(value[0], argument), count(value[1], argument)
