"""The fully connected layer."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments


def linear(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None) -> np.ndarray:
    """Map features by a matrix: ``y = x w.T + b``.

    Parameters
    ----------
    x : ndarray, shape (*, in)
        Features, float32 or float64.
    w : ndarray, shape (out, in)
        Weights, of the dtype of `x`.
    b : ndarray, shape (out,), optional
        Biases.

    Returns
    -------
    ndarray, shape (*, out)
        Mapped features.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    x, w = _checked(x, w)
    if b is not None:
        b = arguments.shaped("b", b, (len(w),), "one value for each row of w", x)
    y = operation("linear", "linear", x.dtype)(x.reshape(-1, w.shape[1]), w, b)
    return y.reshape(*x.shape[:-1], len(w))


def linear_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of `linear`.

    Parameters
    ----------
    dy : ndarray, shape (*, out)
        Gradient of the forward's result.
    x, w : ndarray
        As in the forward.

    Returns
    -------
    dx, dw, db : ndarray
        Gradients, shaped as x, w and b.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    x, w = _checked(x, w)
    dy = arguments.shaped("dy", dy, (*x.shape[:-1], len(w)), "that of the forward's result", x)
    dx, dw, db = operation("linear", "linear_backward", x.dtype)(
        dy.reshape(-1, len(w)), x.reshape(-1, w.shape[1]), w
    )
    return dx.reshape(x.shape), dw, db


def _checked(x: np.ndarray, w: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x = arguments.real("x", x)
    w = arguments.tensor("w", w, 2, "(out, in)", like=x)
    if 0 in w.shape:
        raise ValueError(f"w must hold at least one element, got shape {w.shape}")
    if x.ndim == 0 or x.shape[-1] != w.shape[1]:
        raise ValueError(
            f"x must have {w.shape[1]} features on its last axis, as w of shape {w.shape} takes, got shape "
            f"{x.shape}: flatten images first, or transpose w"
        )
    return x, w
