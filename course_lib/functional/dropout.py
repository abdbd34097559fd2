"""Dropping units or connections at random while training."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Outs, results


def dropout(
    x: np.ndarray, p: float, *, training: bool = True, rng: np.random.Generator, out: Outs = None
) -> tuple[np.ndarray, np.ndarray]:
    """Set elements to 0 with probability `p`, and scale the others up so that the expectation stays.

    Parameters
    ----------
    x : ndarray
        Any shape, float32 or float64.
    p : float
        Probability of dropping, from 0 to 1.
    training : bool
        Without, nothing is dropped.
    rng : numpy.random.Generator
        Source of the draws; a call takes one number from it, whatever the size, where anything is drawn.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

    Returns
    -------
    y : ndarray
        ``x * mask``.
    mask : ndarray
        0 or 1 / (1 - p), of x's dtype; the gradient is ``dy * mask``.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    N. Srivastava et al., Dropout: a simple way to prevent neural networks from overfitting, JMLR 15, 2014.
    """
    return _drop("x", x, p, training, rng, out)


def drop_connect(
    w: np.ndarray, p: float, *, training: bool = True, rng: np.random.Generator, out: Outs = None
) -> tuple[np.ndarray, np.ndarray]:
    """Set weights to 0 with probability `p`, and scale the others up so that the expectation stays.

    Parameters
    ----------
    w : ndarray
        Weights, float32 or float64.
    p : float
        Probability of dropping, from 0 to 1.
    training : bool
        Without, nothing is dropped.
    rng : numpy.random.Generator
        Source of the draws; a call takes one number from it, whatever the size, where anything is drawn.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

    Returns
    -------
    w_dropped : ndarray
        ``w * mask``.
    mask : ndarray
        0 or 1 / (1 - p), of w's dtype; the gradient is ``dw_dropped * mask``.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    L. Wan et al., Regularization of neural networks using DropConnect, ICML 2013.
    """
    return _drop("w", w, p, training, rng, out)


def _drop(
    name: str, given: np.ndarray, p: float, training: bool, rng: np.random.Generator, out: Outs
) -> tuple[np.ndarray, np.ndarray]:
    values = arguments.real(name, given)
    p = arguments.number("p", p, 0, 1)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a np.random.Generator, got {type(rng).__name__}: use np.random.default_rng(seed)"
        )
    y, mask = results(out, [(values.shape, values.dtype)] * 2, (given,))
    if not training or p == 0:
        mask.fill(1)
        np.copyto(y, values)
    elif p == 1:
        mask.fill(0)
        np.multiply(values, mask, out=y)  # not zeros: what is NaN stays NaN, as below p = 1
    else:
        # One draw decides the whole mask, so that both backends, on any number of threads, find the same.
        key = int(rng.integers(2**63))
        operation("dropout", "dropout", values.dtype)(
            values.reshape(-1), p, key, (y.reshape(-1), mask.reshape(-1))
        )
    return y, mask
