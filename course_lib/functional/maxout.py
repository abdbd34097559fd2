"""Maxout: the maximum of groups of channels, with its gradient."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments


def maxout(x: np.ndarray, pieces: int, axis: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Take the maximum of each group of `pieces` consecutive channels.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64; its size along `axis` must be divisible by `pieces`.
    pieces : int
        Size of a group.
    axis : int
        Axis of the channels.

    Returns
    -------
    y : ndarray
        Shaped as x, but `pieces` times shorter along `axis`.
    indices : ndarray of int64
        Which piece won, from 0 to pieces - 1; the first one on a tie, NaN before any number.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    I. Goodfellow et al., Maxout networks, ICML 2013.
    """
    x = arguments.real("x", x)
    axis = _axis(axis, x)
    pieces = arguments.whole("pieces", pieces, 1)
    if x.shape[axis] % pieces:
        raise ValueError(
            f"pieces must divide the {x.shape[axis]} channels of x along axis {axis}, got {pieces}"
        )
    shape = (*x.shape[:axis], x.shape[axis] // pieces, *x.shape[axis + 1 :])
    if x.size == 0:
        return np.empty(shape, x.dtype), np.empty(shape, np.int64)
    before, after = _around(x.shape, axis)
    y, indices = operation("maxout", "maxout", x.dtype)(x.reshape(before, shape[axis], pieces, after))
    return y.reshape(shape), indices.reshape(shape)


def maxout_backward(dy: np.ndarray, indices: np.ndarray, pieces: int, axis: int = 1) -> np.ndarray:
    """Give the gradient of `maxout`: dy for the piece that won, 0 for the others.

    Parameters
    ----------
    dy : ndarray
        Gradient of the maxima.
    indices : ndarray of int
        Which piece won, from the forward; shaped as dy.
    pieces, axis : int
        As in the forward.

    Returns
    -------
    ndarray
        Gradient of x, `pieces` times longer than dy along `axis`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    dy = arguments.real("dy", dy)
    axis = _axis(axis, dy)
    pieces = arguments.whole("pieces", pieces, 1)
    indices = arguments.positions("indices", indices, dy.shape, pieces)
    shape = (*dy.shape[:axis], dy.shape[axis] * pieces, *dy.shape[axis + 1 :])
    if dy.size == 0:
        return np.empty(shape, dy.dtype)
    before, after = _around(dy.shape, axis)
    grouped = (before, dy.shape[axis], after)
    dx = operation("maxout", "maxout_backward", dy.dtype)(
        dy.reshape(grouped), indices.reshape(grouped), pieces
    )
    return dx.reshape(shape)


def _axis(axis: int, x: np.ndarray) -> int:
    if x.ndim == 0:
        raise ValueError("x must have at least one axis, got a single number: use x.reshape(1)")
    return arguments.axis_of("axis", axis, x.ndim)


def _around(shape: tuple[int, ...], axis: int) -> tuple[int, int]:
    return int(np.prod(shape[:axis])), int(np.prod(shape[axis + 1 :]))
