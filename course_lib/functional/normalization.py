"""Normalisation over the batch, over channels and over groups of them, with their gradients.

A forward that can be trained gives a cache beside its result; hand it to the backward. A cache keeps the
input itself, not a copy: do not overwrite the input before the backward.
"""

from typing import NamedTuple

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, Outs, result, results
from course_lib.functional.statistics import cache_of, constant, running, update, with_channels


class BatchNormCache(NamedTuple):
    """What `batch_norm` leaves for its backward."""

    x: np.ndarray
    gamma: np.ndarray
    mean: np.ndarray
    inv_std: np.ndarray
    training: bool


class GroupNormCache(NamedTuple):
    """What `layer_norm`, `group_norm` and `instance_norm` leave for their backwards."""

    x: np.ndarray
    shape: tuple[int, ...]
    gamma: np.ndarray
    gamma_shape: tuple[int, ...]
    mean: np.ndarray
    inv_std: np.ndarray


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
    gamma, beta = _scales(gamma, beta, (x.shape[1],), "one value for each channel", x)
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
    _, mean, var, inv_std = operation("normalization", "batch_norm", x.dtype)(
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
    operation("normalization", "batch_norm_backward", x.dtype)(
        dy.reshape(flat.shape),
        flat,
        gamma,
        mean,
        inv_std,
        not training,
        (dx.reshape(flat.shape), dgamma, dbeta),
    )
    return gradients


def layer_norm(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5, out: Out = None
) -> tuple[np.ndarray, GroupNormCache]:
    """Normalise each example over the trailing axes that `gamma` has.

    Parameters
    ----------
    x : ndarray, shape (*, *gamma.shape)
        Float32 or float64.
    gamma, beta : ndarray
        Scale and shift of each element.
    eps : float
        Added to the variance.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    y : ndarray
        Normalised x.
    cache : GroupNormCache
        For `layer_norm_backward`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    J. L. Ba, J. R. Kiros and G. E. Hinton, arXiv:1607.06450.
    """
    inputs = x, gamma, beta
    x = arguments.real("x", x)
    gamma = arguments.real("gamma", gamma, x)
    if gamma.ndim == 0 or x.shape[-gamma.ndim :] != gamma.shape:
        raise ValueError(
            f"gamma must have the shape of trailing axes of x, whose shape is {x.shape}, got {gamma.shape}"
        )
    gamma, beta = _scales(gamma, beta, gamma.shape, "that of gamma", x)
    rows = int(np.prod(x.shape[: -gamma.ndim]))
    return _normalise_groups(x, (rows, 1, gamma.size, 1), gamma, beta, eps, out, inputs)


def group_norm(
    x: np.ndarray,
    num_groups: int,
    gamma: np.ndarray,
    beta: np.ndarray,
    *,
    eps: float = 1e-5,
    out: Out = None,
) -> tuple[np.ndarray, GroupNormCache]:
    """Normalise each group of channels of each example; a channel has its own scale and shift.

    Parameters
    ----------
    x : ndarray, shape (N, C, *)
        Float32 or float64.
    num_groups : int
        Number of groups of consecutive channels; C must be divisible by it.
    gamma, beta : ndarray, shape (C,)
        Scale and shift.
    eps : float
        Added to the variance.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    y : ndarray, shape (N, C, *)
        Normalised x.
    cache : GroupNormCache
        For `group_norm_backward`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    Y. Wu and K. He, arXiv:1803.08494.
    """
    inputs = x, gamma, beta
    x = with_channels(x)
    n, c = x.shape[:2]
    groups = arguments.whole("num_groups", num_groups, 1)
    if c % groups:
        raise ValueError(f"num_groups must divide the {c} channels of x, got {groups}: take a divisor of {c}")
    gamma, beta = _scales(gamma, beta, (c,), "one value for each channel", x)
    layout = n, groups, c // groups, int(np.prod(x.shape[2:]))
    return _normalise_groups(x, layout, gamma, beta, eps, out, inputs)


def instance_norm(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, *, eps: float = 1e-5, out: Out = None
) -> tuple[np.ndarray, GroupNormCache]:
    """Normalise each channel of each example on its own: `group_norm` with as many groups as channels.

    Parameters
    ----------
    x : ndarray, shape (N, C, *)
        Float32 or float64, with at least two elements a channel.
    gamma, beta : ndarray, shape (C,)
        Scale and shift.
    eps : float
        Added to the variance.
    out : ndarray or callable, optional
        Where the result goes; see `course_lib.functional`.

    Returns
    -------
    y : ndarray, shape (N, C, *)
        Normalised x.
    cache : GroupNormCache
        For `instance_norm_backward`.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    D. Ulyanov, A. Vedaldi and V. Lempitsky, arXiv:1607.08022.
    """
    given = x
    x = with_channels(x)
    if x.size and int(np.prod(x.shape[2:])) == 1:
        raise ValueError(f"x must have at least two elements a channel to normalise, got shape {x.shape}")
    return group_norm(given, max(1, x.shape[1]), gamma, beta, eps=eps, out=out)


def layer_norm_backward(
    dy: np.ndarray, cache: GroupNormCache, *, out: Outs = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of `layer_norm`.

    Parameters
    ----------
    dy : ndarray
        Gradient of the forward's result.
    cache : GroupNormCache
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
    return group_norm_backward(dy, cache, out=out)


def instance_norm_backward(
    dy: np.ndarray, cache: GroupNormCache, *, out: Outs = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of `instance_norm`.

    Parameters
    ----------
    dy : ndarray
        Gradient of the forward's result.
    cache : GroupNormCache
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
    return group_norm_backward(dy, cache, out=out)


def group_norm_backward(
    dy: np.ndarray, cache: GroupNormCache, *, out: Outs = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the gradients of `group_norm`.

    Parameters
    ----------
    dy : ndarray
        Gradient of the forward's result.
    cache : GroupNormCache
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
    cache_of(cache, GroupNormCache, "layer_norm, group_norm or instance_norm")
    inputs = dy, *cache
    dy = arguments.shaped("dy", dy, cache.shape, "that of the forward's result", cache.x)
    shapes = cache.shape, cache.gamma_shape, cache.gamma_shape
    gradients = results(out, [(shape, dy.dtype) for shape in shapes], inputs)
    dx, dgamma, dbeta = gradients
    if dy.size == 0:
        dgamma.fill(0)
        dbeta.fill(0)
        return gradients
    layout, per_group = cache.x.shape, cache.gamma.shape
    operation("normalization", "group_norm_backward", dy.dtype)(
        dy.reshape(layout),
        cache.x,
        cache.gamma,
        cache.mean,
        cache.inv_std,
        (dx.reshape(layout), dgamma.reshape(per_group), dbeta.reshape(per_group)),
    )
    return gradients


def _scales(
    gamma: np.ndarray, beta: np.ndarray, shape: tuple[int, ...], why: str, x: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    return arguments.shaped("gamma", gamma, shape, why, x), arguments.shaped("beta", beta, shape, why, x)


def _normalise_groups(
    x: np.ndarray,
    layout: tuple[int, int, int, int],
    gamma: np.ndarray,
    beta: np.ndarray,
    eps: float,
    out: Out,
    inputs: tuple,
) -> tuple[np.ndarray, GroupNormCache]:
    eps = arguments.number("eps", eps, 0)
    per_group = layout[1:3]
    grouped, scale, shift = x.reshape(layout), gamma.reshape(per_group), beta.reshape(per_group)
    y = result(out, x.shape, x.dtype, inputs)
    mean = inv_std = np.zeros(layout[:2], x.dtype)
    if x.size:
        _, mean, inv_std = operation("normalization", "group_norm", x.dtype)(
            grouped, scale, shift, eps, (y.reshape(layout),)
        )
    return y, GroupNormCache(grouped, x.shape, scale, gamma.shape, mean, inv_std)
