"""Activation functions of arrays of any shape, with their gradients from the forward's input."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, result


def relu(x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Keep what is positive: ``max(x, 0)``.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Shaped as x; NaN stays NaN.

    Raises
    ------
    TypeError
        If x is not such an array.
    """
    return _forward("relu", x, out)


def relu_backward(dy: np.ndarray, x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `relu`: dy where x was positive, 0 elsewhere (also at 0).

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("relu_backward", dy, x, out)


def leaky_relu(x: np.ndarray, negative_slope: float = 0.01, *, out: Out = None) -> np.ndarray:
    """Keep what is positive, and scale the rest by `negative_slope`.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    negative_slope : float
        Slope below 0.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If an argument does not fit; the message names it.
    """
    return _forward("leaky_relu", x, out, arguments.number("negative_slope", negative_slope))


def leaky_relu_backward(
    dy: np.ndarray, x: np.ndarray, negative_slope: float = 0.01, *, out: Out = None
) -> np.ndarray:
    """Give the gradient of `leaky_relu`; at 0 the slope counts as `negative_slope`.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    negative_slope : float
        As in the forward.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("leaky_relu_backward", dy, x, out, arguments.number("negative_slope", negative_slope))


def elu(x: np.ndarray, alpha: float = 1.0, *, out: Out = None) -> np.ndarray:
    """Keep what is positive, and let the rest level off at -alpha: ``alpha (exp(x) - 1)``.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    alpha : float
        Depth at which it levels off.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

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
    return _forward("elu", x, out, arguments.number("alpha", alpha))


def elu_backward(dy: np.ndarray, x: np.ndarray, alpha: float = 1.0, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `elu`: dy where x was positive, ``dy alpha exp(x)`` elsewhere.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    alpha : float
        As in the forward.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("elu_backward", dy, x, out, arguments.number("alpha", alpha))


def sigmoid(x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Squash to (0, 1): ``1 / (1 + exp(-x))``.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If x is not such an array.
    """
    return _forward("sigmoid", x, out)


def sigmoid_backward(dy: np.ndarray, x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `sigmoid`: ``dy s (1 - s)``, s the sigmoid of x.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("sigmoid_backward", dy, x, out)


def tanh(x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Squash to (-1, 1) by the hyperbolic tangent.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Shaped as x.

    Raises
    ------
    TypeError
        If x is not such an array.
    """
    return _forward("tanh", x, out)


def tanh_backward(dy: np.ndarray, x: np.ndarray, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `tanh`: ``dy (1 - tanh(x)**2)``.

    Parameters
    ----------
    dy, x : ndarray
        Gradient of the result, and the forward's input.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _backward("tanh_backward", dy, x, out)


def _forward(name: str, given: np.ndarray, out: Out, *options: float) -> np.ndarray:
    x = arguments.real("x", given)
    y = result(out, x.shape, x.dtype, (given,))
    operation("activations", name, x.dtype)(x.reshape(-1), *options, y.reshape(-1))
    return y


def _backward(name: str, dy: np.ndarray, x: np.ndarray, out: Out, *options: float) -> np.ndarray:
    inputs = dy, x
    x = arguments.real("x", x)
    dy = arguments.shaped("dy", dy, x.shape, "that of x", x)
    dx = result(out, x.shape, x.dtype, inputs)
    operation("activations", name, x.dtype)(dy.reshape(-1), x.reshape(-1), *options, dx.reshape(-1))
    return dx
