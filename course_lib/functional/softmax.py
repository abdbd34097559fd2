"""Softmax and its logarithm along an axis, with their gradients."""

from collections.abc import Callable

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Turn scores into probabilities: ``exp(x) / sum(exp(x))`` along an axis, without overflow.

    Parameters
    ----------
    x : ndarray
        Scores, float32 or float64, any shape.
    axis : int
        Axis along which the results add up to 1.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError, ValueError
        If x is not such an array or has no such axis.
    """
    x = arguments.real("x", x)
    return _along(operation("softmax", "softmax", x.dtype), axis, x)


def softmax_backward(dy: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """Give the gradient of `softmax` from the forward's result y.

    Parameters
    ----------
    dy, y : ndarray
        Gradient of the result, and the result itself.
    axis : int
        As in the forward.

    Returns
    -------
    ndarray
        Gradient of the scores.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    dy, y = _gradient(dy, y)
    return _along(operation("softmax", "softmax_backward", y.dtype), axis, dy, y)


def log_softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """Give the logarithm of `softmax`, exact also where a probability is tiny.

    Parameters
    ----------
    x : ndarray
        Scores, float32 or float64, any shape.
    axis : int
        Axis along which the probabilities add up to 1.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError, ValueError
        If x is not such an array or has no such axis.
    """
    x = arguments.real("x", x)
    return _along(operation("softmax", "log_softmax", x.dtype), axis, x)


def log_softmax_backward(dy: np.ndarray, y: np.ndarray, axis: int = -1) -> np.ndarray:
    """Give the gradient of `log_softmax` from the forward's result y.

    Parameters
    ----------
    dy, y : ndarray
        Gradient of the result, and the result itself.
    axis : int
        As in the forward.

    Returns
    -------
    ndarray
        Gradient of the scores.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    dy, y = _gradient(dy, y)
    return _along(operation("softmax", "log_softmax_backward", y.dtype), axis, dy, y)


def _gradient(dy: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    y = arguments.real("y", y)
    return arguments.shaped("dy", dy, y.shape, "that of y", y), y


def _along(compute: Callable[..., np.ndarray], axis: int, *arrays: np.ndarray) -> np.ndarray:
    """Apply an operation on rows (M, C) along any axis."""
    first = arrays[0]
    if first.ndim == 0:
        raise ValueError("x must have at least one axis, got a single number: use x.reshape(1)")
    axis = arguments.axis_of("axis", axis, first.ndim)
    if first.size == 0:
        return np.empty_like(first)
    if axis == first.ndim - 1:
        return compute(*(array.reshape(-1, array.shape[-1]) for array in arrays)).reshape(first.shape)
    moved = [np.ascontiguousarray(np.moveaxis(array, axis, -1)) for array in arrays]
    y = compute(*(array.reshape(-1, array.shape[-1]) for array in moved)).reshape(moved[0].shape)
    return np.ascontiguousarray(np.moveaxis(y, -1, axis))
