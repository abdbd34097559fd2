"""What goes wrong in group_norm, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.normalisation import sections
from grading.checks.normalisation.norms import by_channel
from grading.checks.normalisation.norms import group_norm as right
from grading.checks.normalisation.statistics_mistakes import Normalisation, along_the_columns, xhat

Array = np.ndarray


def _grouped(divisor: str, x: Array, groups: int, eps: float) -> Array:
    return xhat(x.reshape(len(x), groups, -1), 2, eps, divisor).reshape(x.shape)


GROUP_NORM = Normalisation("group-norm", "the group", sections.OTHERS, _grouped, by_channel)


def _over(axes: tuple[int, ...], *, in_groups: bool) -> object:
    """Normalise over other axes of x, or of x cut into groups (N, G, C/G, H, W)."""

    def compute(x: Array, gamma: Array, beta: Array, groups: int, eps: float = 1e-5) -> Array:
        shape = (len(x), groups, x.shape[1] // groups, *x.shape[2:]) if in_groups else x.shape
        return by_channel(xhat(x.reshape(shape), axes, eps).reshape(x.shape), gamma, beta)

    return compute


def _interleaved(x: Array, gamma: Array, beta: Array, groups: int, eps: float = 1e-5) -> Array:
    cut = x.reshape(len(x), x.shape[1] // groups, groups, *x.shape[2:])
    return by_channel(xhat(cut, (1, 3, 4), eps).reshape(x.shape), gamma, beta)


def _groups_are_sizes(x: Array, gamma: Array, beta: Array, groups: int, eps: float = 1e-5) -> Array:
    """Take the number of groups for the number of channels in each."""
    return right(x, gamma, beta, x.shape[1] // groups, eps)


def _squeezed(x: Array, gamma: Array, beta: Array, groups: int, eps: float = 1e-5) -> Array:
    """Lose every axis of length one with np.squeeze, and index what is no longer there."""
    cut = x.reshape(len(x), groups, -1)
    mean = cut.mean(axis=2, keepdims=True).squeeze()[:, :, None]
    deviation = np.sqrt(cut.var(axis=2, keepdims=True).squeeze() + eps)[:, :, None]
    return by_channel(((cut - mean) / deviation).reshape(x.shape), gamma, beta)


def _squeezed_groups(x: Array, gamma: Array, beta: Array, groups: int, eps: float = 1e-5) -> Array:
    if groups == 1:
        raise ValueError("the axis of the groups is gone")
    return right(x, gamma, beta, groups, eps)


MISCONCEPTIONS = (
    GROUP_NORM.mistake(
        "over-the-batch",
        "the statistics run over the batch",
        "Every image has statistics of its own in every group: the batch axis is not averaged over.",
        _over((0, 2, 3, 4), in_groups=True),
        _over((0, 2, 3), in_groups=False),
    ),
    GROUP_NORM.mistake(
        "squeezed-at-one-group",
        "an axis of length one is lost",
        "np.squeeze removes every axis of length one, also that of a single group or a single image. Keep "
        "the axes, with keepdims=True.",
        _squeezed,
        _squeezed_groups,
    ),
    GROUP_NORM.mistake(
        "every-channel-by-itself",
        "every channel is normalised by itself",
        "That is instance normalisation. The channels of a group share one mean and one variance.",
        _over((2, 3), in_groups=False),
    ),
    GROUP_NORM.mistake(
        "all-channels-together",
        "all channels are normalised together",
        "That is layer normalisation. Each of the groups has a mean and a variance of its own.",
        _over((1, 2, 3), in_groups=False),
    ),
    GROUP_NORM.mistake(
        "only-the-channels",
        "rows and columns have statistics of their own",
        "A group's mean and variance are taken over its channels, rows and columns together.",
        _over((2,), in_groups=True),
    ),
    GROUP_NORM.mistake(
        "groups-interleaved",
        "every G-th channel is in the same group",
        "Groups are neighbouring channels: reshape to (N, G, C/G, H, W), the group axis before the channels "
        "in it.",
        _interleaved,
    ),
    GROUP_NORM.mistake(
        "groups-taken-for-their-size",
        "groups is taken for the number of channels in a group",
        "groups is how many groups there are; each holds C // groups channels.",
        _groups_are_sizes,
    ),
    GROUP_NORM.mistake(
        "gamma-along-the-columns",
        "γ and β meet the columns instead of the channels",
        "Broadcasting matches the last axes. Give γ and β the shape (C, 1, 1), or (1, C, 1, 1).",
        GROUP_NORM.with_scale(along_the_columns),
    ),
    *GROUP_NORM.usual(),
)
