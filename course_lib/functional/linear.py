"""The fully connected layer."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, Outs, result, results


def linear(x: np.ndarray, w: np.ndarray, b: np.ndarray | None = None, *, out: Out = None) -> np.ndarray:
    """Map features by a matrix: ``y = x w.T + b``.

    Parameters
    ----------
    x : ndarray, shape (*, in)
        Features, float32 or float64.
    w : ndarray, shape (out, in)
        Weights, of the dtype of `x`.
    b : ndarray, shape (out,), optional
        Biases.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (*, out)
        Mapped features.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = x, w, b
    x, w = _checked(x, w)
    if b is not None:
        b = arguments.shaped("b", b, (len(w),), "one value for each row of w", x)
    y = result(out, (*x.shape[:-1], len(w)), x.dtype, inputs)
    operation("linear", "linear", x.dtype)(x.reshape(-1, w.shape[1]), w, b, y.reshape(-1, len(w)))
    return y


def linear_backward(
    dy: np.ndarray, x: np.ndarray, w: np.ndarray, *, out: Outs = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of `linear`.

    Parameters
    ----------
    dy : ndarray, shape (*, out)
        Gradient of the forward's result.
    x, w : ndarray
        As in the forward.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

    Returns
    -------
    dx, dw, db : ndarray
        Gradients, shaped as x, w and b.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    inputs = dy, x, w
    x, w = _checked(x, w)
    dy = arguments.shaped("dy", dy, (*x.shape[:-1], len(w)), "that of the forward's result", x)
    dx, dw, db = results(out, [(shape, x.dtype) for shape in (x.shape, w.shape, w.shape[:1])], inputs)
    rows = x.reshape(-1, w.shape[1])
    operation("linear", "linear_backward", x.dtype)(
        dy.reshape(-1, len(w)), rows, w, (dx.reshape(rows.shape), dw, db)
    )
    return dx, dw, db


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
