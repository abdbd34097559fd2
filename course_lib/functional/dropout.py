"""Dropping units or connections at random while training."""

import numpy as np

from course_lib.functional import arguments


def dropout(
    x: np.ndarray, p: float, *, training: bool = True, rng: np.random.Generator
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
        Source of the draws.

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
    return _drop("x", x, p, training, rng)


def drop_connect(
    w: np.ndarray, p: float, *, training: bool = True, rng: np.random.Generator
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
        Source of the draws.

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
    return _drop("w", w, p, training, rng)


def _drop(
    name: str, values: np.ndarray, p: float, training: bool, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    values = arguments.real(name, values)
    p = arguments.number("p", p, 0, 1)
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a np.random.Generator, got {type(rng).__name__}: use np.random.default_rng(seed)"
        )
    if not training or p == 0:
        return values.copy(), np.ones_like(values)
    if p == 1:
        return np.zeros_like(values), np.zeros_like(values)
    draws = rng.random(values.shape, np.float32 if values.dtype.char == "f" else np.float64)
    mask = np.where(draws >= p, 1 / (1 - p), 0).astype(values.dtype)
    return values * mask, mask
