"""Normalisation over groups of channels of one example, over all of them or over one, with its gradient.

A forward that can be trained gives a cache beside its result; hand it to the backward. A cache keeps the
input itself, not a copy: do not overwrite the input before the backward.
"""

from typing import NamedTuple

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, Outs, result, results
from course_lib.functional.statistics import cache_of, scales, with_channels


class GroupNormCache(NamedTuple):
    """What `layer_norm`, `group_norm` and `instance_norm` leave for their backwards."""

    x: np.ndarray
    shape: tuple[int, ...]
    gamma: np.ndarray
    gamma_shape: tuple[int, ...]
    mean: np.ndarray
    inv_std: np.ndarray


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
    gamma, beta = scales(gamma, beta, gamma.shape, "that of gamma", x)
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
    gamma, beta = scales(gamma, beta, (c,), "one value for each channel", x)
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
    operation("group_normalization", "group_norm_backward", dy.dtype)(
        dy.reshape(layout),
        cache.x,
        cache.gamma,
        cache.mean,
        cache.inv_std,
        (dx.reshape(layout), dgamma.reshape(per_group), dbeta.reshape(per_group)),
    )
    return gradients


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
        _, mean, inv_std = operation("group_normalization", "group_norm", x.dtype)(
            grouped, scale, shift, eps, (y.reshape(layout),)
        )
    return y, GroupNormCache(grouped, x.shape, scale, gamma.shape, mean, inv_std)
