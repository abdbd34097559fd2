"""SENet: each block learns from the whole image how much each of its channels matters (Hu et al. 2018)."""

from __future__ import annotations

from typing import Any

from course_lib.nn.containers import Sequential
from course_lib.nn.models.resnet import resnet, small_resnet


def se_resnet(depth: int = 50, *, reduction: int = 16, **options: Any) -> Sequential:
    """Return a ResNet with a squeeze and excitation at the end of every block's body.

    Parameters
    ----------
    depth : int
        As for `resnet`.
    reduction : int
        Factor by which the excitation narrows the channels in between.
    **options
        As for `resnet`.
    """
    return resnet(depth, reduction=reduction, **options)


def small_se_resnet(depth: int = 20, *, reduction: int = 4, **options: Any) -> Sequential:
    """Return `small_resnet` with a squeeze and excitation in every block."""
    return small_resnet(depth, reduction=reduction, **options)
