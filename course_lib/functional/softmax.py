"""Softmax and its logarithm along an axis, with their gradients."""

from collections.abc import Callable

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, result


def softmax(x: np.ndarray, axis: int = -1, *, out: Out = None) -> np.ndarray:
    """Turn scores into probabilities: ``exp(x) / sum(exp(x))`` along an axis, without overflow.

    Parameters
    ----------
    x : ndarray
        Scores, float32 or float64, any shape.
    axis : int
        Axis along which the results add up to 1.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError, ValueError
        If x is not such an array or has no such axis.
    """
    given = x
    x = arguments.real("x", x)
    return _along(operation("softmax", "softmax", x.dtype), axis, (given,), out, x)


def softmax_backward(dy: np.ndarray, y: np.ndarray, axis: int = -1, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `softmax` from the forward's result y.

    Parameters
    ----------
    dy, y : ndarray
        Gradient of the result, and the result itself.
    axis : int
        As in the forward.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of the scores.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, y
    dy, y = _gradient(dy, y)
    return _along(operation("softmax", "softmax_backward", y.dtype), axis, inputs, out, dy, y)


def log_softmax(x: np.ndarray, axis: int = -1, *, out: Out = None) -> np.ndarray:
    """Give the logarithm of `softmax`, exact also where a probability is tiny.

    Parameters
    ----------
    x : ndarray
        Scores, float32 or float64, any shape.
    axis : int
        Axis along which the probabilities add up to 1.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError, ValueError
        If x is not such an array or has no such axis.
    """
    given = x
    x = arguments.real("x", x)
    return _along(operation("softmax", "log_softmax", x.dtype), axis, (given,), out, x)


def log_softmax_backward(dy: np.ndarray, y: np.ndarray, axis: int = -1, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `log_softmax` from the forward's result y.

    Parameters
    ----------
    dy, y : ndarray
        Gradient of the result, and the result itself.
    axis : int
        As in the forward.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of the scores.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, y
    dy, y = _gradient(dy, y)
    return _along(operation("softmax", "log_softmax_backward", y.dtype), axis, inputs, out, dy, y)


def _gradient(dy: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y = arguments.real("y", y)
    return arguments.shaped("dy", dy, y.shape, "that of y", y), y


def _along(
    compute: Callable[..., np.ndarray], axis: int, inputs: tuple, out: Out, *arrays: np.ndarray
) -> np.ndarray:
    """Apply an operation on rows (M, C) along any axis."""
    first = arrays[0]
    if first.ndim == 0:
        raise ValueError("x must have at least one axis, got a single number: use x.reshape(1)")
    axis = arguments.axis_of("axis", axis, first.ndim)
    y = result(out, first.shape, first.dtype, inputs)
    if y.size == 0:
        return y
    if axis == first.ndim - 1:
        compute(*(array.reshape(-1, array.shape[-1]) for array in (*arrays, y)))
        return y
    moved = [np.ascontiguousarray(np.moveaxis(array, axis, -1)) for array in arrays]
    moved.append(np.empty_like(moved[0]))
    compute(*(array.reshape(-1, array.shape[-1]) for array in moved))
    y[...] = np.moveaxis(moved[-1], -1, axis)
    return y
