"""Activation functions of arrays of any shape, with their gradients from the forward's input."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments


def relu(x: np.ndarray) -> np.ndarray:
    """Keep what is positive: ``max(x, 0)``.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.

    Returns
    -------
    ndarray
        Shaped as x; NaN stays NaN.

    Raises
    ------
    TypeError
        If x is not such an array.
    """
    return _forward("relu", x)


def relu_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Give the gradient of `relu`: dy where x was positive, 0 elsewhere (also at 0).

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("relu_backward", dy, x)


def leaky_relu(x: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Keep what is positive, and scale the rest by `negative_slope`.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    negative_slope : float
        Slope below 0.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If an argument does not fit; the message names it.
    """
    return _forward("leaky_relu", x, arguments.number("negative_slope", negative_slope))


def leaky_relu_backward(dy: np.ndarray, x: np.ndarray, negative_slope: float = 0.01) -> np.ndarray:
    """Give the gradient of `leaky_relu`; at 0 the slope counts as `negative_slope`.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    negative_slope : float
        As in the forward.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("leaky_relu_backward", dy, x, arguments.number("negative_slope", negative_slope))


def elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Keep what is positive, and let the rest level off at -alpha: ``alpha (exp(x) - 1)``.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    alpha : float
        Depth at which it levels off.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If an argument does not fit; the message names it.

    References
    ----------
    D.-A. Clevert, T. Unterthiner and S. Hochreiter, arXiv:1511.07289.
    """
    return _forward("elu", x, arguments.number("alpha", alpha))


def elu_backward(dy: np.ndarray, x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    """Give the gradient of `elu`: dy where x was positive, ``dy alpha exp(x)`` elsewhere.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    alpha : float
        As in the forward.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("elu_backward", dy, x, arguments.number("alpha", alpha))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Squash to (0, 1): ``1 / (1 + exp(-x))``.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If x is not such an array.
    """
    return _forward("sigmoid", x)


def sigmoid_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Give the gradient of `sigmoid`: ``dy s (1 - s)``, s the sigmoid of x.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("sigmoid_backward", dy, x)


def tanh(x: np.ndarray) -> np.ndarray:
    """Squash to (-1, 1) by the hyperbolic tangent.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If x is not such an array.
    """
    return _forward("tanh", x)


def tanh_backward(dy: np.ndarray, x: np.ndarray) -> np.ndarray:
    """Give the gradient of `tanh`: ``dy (1 - tanh(x)**2)``.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("tanh_backward", dy, x)


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
    y, indices = operation("activations", "maxout", x.dtype)(x.reshape(before, shape[axis], pieces, after))
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
    dx = operation("activations", "maxout_backward", dy.dtype)(
        dy.reshape(grouped), indices.reshape(grouped), pieces
    )
    return dx.reshape(shape)


def _axis(axis: int, x: np.ndarray) -> int:
    if x.ndim == 0:
        raise ValueError("x must have at least one axis, got a single number: use x.reshape(1)")
    return arguments.axis_of("axis", axis, x.ndim)


def _around(shape: tuple[int, ...], axis: int) -> tuple[int, int]:
    return int(np.prod(shape[:axis])), int(np.prod(shape[axis + 1 :]))


def _forward(name: str, x: np.ndarray, *options: float) -> np.ndarray:
    x = arguments.real("x", x)
    return operation("activations", name, x.dtype)(x.reshape(-1), *options).reshape(x.shape)


def _backward(name: str, dy: np.ndarray, x: np.ndarray, *options: float) -> np.ndarray:
    x = arguments.real("x", x)
    dy = arguments.shaped("dy", dy, x.shape, "that of x", x)
    return operation("activations", name, x.dtype)(dy.reshape(-1), x.reshape(-1), *options).reshape(x.shape)
