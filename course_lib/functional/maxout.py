"""Maxout: the maximum of groups of channels, with its gradient."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, Outs, result, results


def maxout(x: np.ndarray, pieces: int, axis: int = 1, *, out: Outs = None) -> tuple[np.ndarray, np.ndarray]:
    """Take the maximum of each group of `pieces` consecutive channels.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64; its size along `axis` must be divisible by `pieces`.
    pieces : int
        Size of a group.
    axis : int
        Axis of the channels.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

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
    given = x
    x = arguments.real("x", x)
    axis = _axis(axis, x)
    pieces = arguments.whole("pieces", pieces, 1)
    if x.shape[axis] % pieces:
        raise ValueError(
            f"pieces must divide the {x.shape[axis]} channels of x along axis {axis}, got {pieces}"
        )
    shape = (*x.shape[:axis], x.shape[axis] // pieces, *x.shape[axis + 1 :])
    y, indices = results(out, [(shape, x.dtype), (shape, np.dtype(np.int64))], (given,))
    if x.size:
        before, after = _around(x.shape, axis)
        grouped = (before, shape[axis], after)
        operation("maxout", "maxout", x.dtype)(
            x.reshape(before, shape[axis], pieces, after), (y.reshape(grouped), indices.reshape(grouped))
        )
    return y, indices


def maxout_backward(
    dy: np.ndarray, indices: np.ndarray, pieces: int, axis: int = 1, *, out: Out = None
) -> np.ndarray:
    """Give the gradient of `maxout`: dy for the piece that won, 0 for the others.

    Parameters
    ----------
    dy : ndarray
        Gradient of the maxima.
    indices : ndarray of int
        Which piece won, from the forward; shaped as dy.
    pieces, axis : int
        As in the forward.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of x, `pieces` times longer than dy along `axis`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, indices
    dy = arguments.real("dy", dy)
    axis = _axis(axis, dy)
    pieces = arguments.whole("pieces", pieces, 1)
    indices = arguments.positions("indices", indices, dy.shape, pieces)
    shape = (*dy.shape[:axis], dy.shape[axis] * pieces, *dy.shape[axis + 1 :])
    dx = result(out, shape, dy.dtype, inputs)
    if dy.size:
        before, after = _around(dy.shape, axis)
        grouped = (before, dy.shape[axis], after)
        operation("maxout", "maxout_backward", dy.dtype)(
            dy.reshape(grouped),
            indices.reshape(grouped),
            pieces,
            dx.reshape(before, grouped[1], pieces, after),
        )
    return dx


def _axis(axis: int, x: np.ndarray) -> int:
    if x.ndim == 0:
        raise ValueError("x must have at least one axis, got a single number: use x.reshape(1)")
    return arguments.axis_of("axis", axis, x.ndim)


def _around(shape: tuple[int, ...], axis: int) -> tuple[int, int]:
    return int(np.prod(shape[:axis])), int(np.prod(shape[axis + 1 :]))
