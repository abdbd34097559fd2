"""ResNeXt: bottlenecks split into groups, more of them rather than wider or deeper ones (Xie et al. 2017)."""

from __future__ import annotations

from typing import Any

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.blocks import Bottleneck
from course_lib.nn.blocks.residual import conv_norm
from course_lib.nn.containers import Sequential
from course_lib.nn.linear import Linear
from course_lib.nn.models.resnet import resnet
from course_lib.nn.models.stages import stage_blocks
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d


def resnext(depth: int = 50, *, groups: int = 32, group_width: int = 4, **options: Any) -> Sequential:
    """Return a ResNeXt for images 224 x 224, such as 50 (32x4d) and 101 (32x8d); options as for `resnet`."""
    return resnet(depth, groups=groups, group_width=group_width, **options)


def small_resnext(
    blocks: int = 2,
    *,
    groups: int = 8,
    in_channels: int = 1,
    classes: int = 10,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return three stages of grouped bottlenecks for small images.

    Parameters
    ----------
    blocks : int
        A stage.
    groups : int
        Of each 3x3 convolution; 32, 64 and 128 channels must be multiples of it.
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    layers: list[Module] = [*conv_norm(in_channels, 32, 3, padding=1, **options), ReLU()]
    for channels, width, stride in stage_blocks([blocks] * 3, (64, 128, 256), 32):
        layers.append(Bottleneck(channels, width, width=width // 2, stride=stride, groups=groups, **options))
    return Sequential(*layers, GlobalAvgPool2d(), Linear(256, classes, **options))
