"""Normalisation over the batch, with its gradient.

A forward that can be trained gives a cache beside its result; hand it to the backward. A cache keeps the
input itself, not a copy: do not overwrite the input before the backward.
"""

from typing import NamedTuple

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, Outs, result, results
from course_lib.functional.statistics import cache_of, constant, running, scales, update, with_channels


class BatchNormCache(NamedTuple):
    """What `batch_norm` leaves for its backward."""

    x: np.ndarray
    gamma: np.ndarray
    mean: np.ndarray
    inv_std: np.ndarray
    training: bool


def batch_norm(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray | None = None,
    running_var: np.ndarray | None = None,
    *,
    training: bool,
    momentum: float = 0.1,
    eps: float = 1e-5,
    out: Out = None,
) -> tuple[np.ndarray, BatchNormCache]:
    """Normalise each channel over the batch: ``gamma (x - mean) / sqrt(var + eps) + beta``.

    Parameters
    ----------
    x : ndarray, shape (N, C, *)
        Float32 or float64.
    gamma, beta : ndarray, shape (C,)
        Scale and shift.
    running_mean, running_var : ndarray, shape (C,), optional
        Running averages of the mean and of the unbiased variance. Training updates them in place,
        ``running += momentum (batch - running)``; evaluation normalises with them and needs them.
    training : bool
        Whether to use the batch's statistics.
    momentum : float
        Weight of the new value in the running averages.
    eps : float
        Added to the variance.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    y : ndarray, shape (N, C, *)
        Normalised x.
    cache : BatchNormCache
        For `batch_norm_backward`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; if training meets one single value a channel.

    References
    ----------
    S. Ioffe and C. Szegedy, arXiv:1502.03167.
    """
    inputs = x, gamma, beta, running_mean, running_var
    x = with_channels(x)
    gamma, beta = scales(gamma, beta, (x.shape[1],), "one value for each channel", x)
    eps, momentum = arguments.number("eps", eps, 0), arguments.number("momentum", momentum, 0, 1)
    averages = running(
        ("running_mean", running_mean, (x.shape[1],)), ("running_var", running_var, (x.shape[1],)), x
    )
    mean, var = constant(averages, x, training, "running_mean and running_var")
    y = result(out, x.shape, x.dtype, inputs)
    if x.size == 0:
        empty = np.zeros(x.shape[1], x.dtype)
        return y, BatchNormCache(x, gamma, empty, empty, bool(training))
    n, c = x.shape[:2]
    _, mean, var, inv_std = operation("batch_normalization", "batch_norm", x.dtype)(
        x.reshape(n, c, -1), gamma, beta, mean, var, eps, (y.reshape(n, c, -1),)
    )
    if training and averages is not None:
        count = x.size // c
        update(averages[0], mean, momentum)
        update(averages[1], var * x.dtype.type(count / (count - 1)), momentum)
    return y, BatchNormCache(x, gamma, mean, inv_std, bool(training))


def batch_norm_backward(
    dy: np.ndarray, cache: BatchNormCache, *, out: Outs = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of `batch_norm`; after evaluation the statistics count as constants.

    Parameters
    ----------
    dy : ndarray, shape (N, C, *)
        Gradient of the forward's result.
    cache : BatchNormCache
        From the forward.
    out : tuple, optional
        Where the results go, None for a new array; see `course_lib.functional`.

    Returns
    -------
    dx, dgamma, dbeta : ndarray
        Gradients.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    cache_of(cache, BatchNormCache, "batch_norm")
    inputs = dy, *cache
    x, gamma, mean, inv_std, training = cache
    dy = arguments.shaped("dy", dy, x.shape, "that of the forward's result", x)
    gradients = results(out, [(shape, x.dtype) for shape in (x.shape, gamma.shape, gamma.shape)], inputs)
    dx, dgamma, dbeta = gradients
    if x.size == 0:
        dgamma.fill(0)
        dbeta.fill(0)
        return gradients
    n, c = x.shape[:2]
    flat = x.reshape(n, c, -1)
    operation("batch_normalization", "batch_norm_backward", x.dtype)(
        dy.reshape(flat.shape),
        flat,
        gamma,
        mean,
        inv_std,
        not training,
        (dx.reshape(flat.shape), dgamma, dbeta),
    )
    return gradients
