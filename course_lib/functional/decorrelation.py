"""Normalisation that also removes the correlations between channels, with its gradient."""

from typing import NamedTuple

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, result
from course_lib.functional.statistics import cache_of, constant, running, update, with_channels


class WhiteningCache(NamedTuple):
    """What `decorrelated_batch_norm` leaves for its backward."""

    x: np.ndarray
    shape: tuple[int, ...]
    mean: np.ndarray
    whitening: np.ndarray
    vectors: np.ndarray
    values: np.ndarray
    training: bool


def decorrelated_batch_norm(
    x: np.ndarray,
    running_mean: np.ndarray | None = None,
    running_whitening: np.ndarray | None = None,
    *,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
    out: Out = None,
) -> tuple[np.ndarray, WhiteningCache]:
    """Whiten the channels over the batch by ZCA: covariance 1, and as close as possible to what they were.

    Parameters
    ----------
    x : ndarray, shape (N, C, *)
        Float32 or float64.
    running_mean : ndarray, shape (C,), optional
        Running average of the mean. Training updates it in place; evaluation needs it.
    running_whitening : ndarray, shape (C, C), optional
        Running average of the whitening matrix, likewise.
    training : bool
        Whether to use the batch's statistics.
    momentum : float
        Weight of the new value in the running averages.
    eps : float
        Added to the diagonal of the covariance.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    y : ndarray, shape (N, C, *)
        Whitened x.
    cache : WhiteningCache
        For `decorrelated_batch_norm_backward`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; if training meets one single value a channel.

    References
    ----------
    L. Huang, D. Yang, B. Lang and J. Deng, Decorrelated batch normalization, CVPR 2018.
    """
    inputs = x, running_mean, running_whitening
    x = with_channels(x)
    if x.dtype.char == "g":
        raise TypeError(
            f"x must have dtype float32 or float64, got {x.dtype}: convert it with x.astype(np.float64)"
        )
    c = x.shape[1]
    eps, momentum = arguments.number("eps", eps, 0), arguments.number("momentum", momentum, 0, 1)
    averages = running(
        ("running_mean", running_mean, (c,)), ("running_whitening", running_whitening, (c, c)), x
    )
    mean, whitening = constant(averages, x, training, "running_mean and running_whitening")
    rows = _channels_first(x)
    y = result(out, x.shape, x.dtype, inputs)
    if x.size == 0:
        identity = np.eye(c, dtype=x.dtype)
        zeros = np.zeros(c, x.dtype)
        return y, WhiteningCache(rows, x.shape, zeros, identity, identity, zeros, bool(training))
    white, mean, whitening, vectors, values = operation("decorrelation", "decorrelated_batch_norm", x.dtype)(
        rows, mean, whitening, eps, (np.empty_like(rows),)
    )
    if training and averages is not None:
        update(averages[0], mean, momentum)
        update(averages[1], whitening, momentum)
    cache = WhiteningCache(rows, x.shape, mean, whitening, vectors, values, bool(training))
    y[...] = _channels_second(white, x.shape)
    return y, cache


def decorrelated_batch_norm_backward(dy: np.ndarray, cache: WhiteningCache, *, out: Out = None) -> np.ndarray:
    """Give the gradient of `decorrelated_batch_norm`; after evaluation the statistics count as constants.

    Parameters
    ----------
    dy : ndarray, shape (N, C, *)
        Gradient of the forward's result.
    cache : WhiteningCache
        From the forward.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    ndarray, shape (N, C, *)
        Gradient of x.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    cache_of(cache, WhiteningCache, "decorrelated_batch_norm")
    inputs = dy, *cache
    rows, shape, mean, whitening, vectors, values, training = cache
    dy = arguments.shaped("dy", dy, shape, "that of the forward's result", rows)
    dx = result(out, shape, rows.dtype, inputs)
    if dy.size == 0:
        return dx
    columns = np.empty_like(rows)
    operation("decorrelation", "decorrelated_batch_norm_backward", dy.dtype)(
        _channels_first(dy), rows, mean, whitening, vectors, values, not training, columns
    )
    dx[...] = _channels_second(columns, shape)
    return dx


def _channels_first(x: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(np.moveaxis(x, 1, 0)).reshape(
        x.shape[1], x.size // x.shape[1] if x.shape[1] else 0
    )


def _channels_second(rows: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    return np.moveaxis(rows.reshape(shape[1], shape[0], *shape[2:]), 0, 1)
