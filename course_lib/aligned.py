"""New arrays that begin at a cache line: vectors that straddle two of them take up to three times as long."""

import math
from itertools import cycle

import numpy as np

__all__ = ["copy", "empty", "owns", "zeros"]

LINE = 64
#: Bytes below which the few microseconds of aligning would cost more than they save.
SMALL = 64 * 1024
#: Bytes from which an array has memory pages of its own. Where a loop reads some arrays and writes others,
#: those that begin alike in their pages get in each other's way, so they begin at several places.
LARGE = 128 * 1024

_spread = cycle(range(0, 64, 9))


class Memory(np.ndarray):
    """What an aligned array lies in.

    Of a type of its own, so that a view of the array refers to the array, which then is known to be in use.
    NumPy would otherwise let the view refer to the memory at once.
    """


def empty(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make an array with any content.

    Parameters
    ----------
    shape : tuple of int
        Its shape.
    dtype : numpy.dtype
        Its dtype.

    Returns
    -------
    ndarray
        C-contiguous; from `SMALL` bytes on its first element lies at a multiple of `LINE` bytes.
    """
    dtype = np.dtype(dtype)
    size = math.prod(shape) * dtype.itemsize
    if size < SMALL:
        return np.empty(shape, dtype)
    spread = LINE * next(_spread) if size >= LARGE else 0
    memory = Memory(size + spread + LINE, np.uint8)
    start = spread + -memory.__array_interface__["data"][0] % LINE
    return np.ndarray(shape, dtype, memory, start)


def zeros(shape: tuple[int, ...], dtype: np.dtype) -> np.ndarray:
    """Make an array of zeros, otherwise as `empty` does."""
    array = empty(shape, dtype)
    array.fill(0)
    return array


def copy(array: np.ndarray) -> np.ndarray:
    """Copy an array into one that `empty` makes."""
    twin = empty(array.shape, array.dtype)
    twin[...] = array
    return twin


def owns(array: np.ndarray) -> bool:
    """Tell whether an array is no view of another one that somebody may hold."""
    return array.base is None or type(array.base) is Memory
