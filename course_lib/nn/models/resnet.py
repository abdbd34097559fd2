"""ResNet: blocks learn what to add to their input, so that depth does no harm (He et al. 2016)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.blocks import BasicBlock, Bottleneck
from course_lib.nn.blocks.residual import conv_norm
from course_lib.nn.containers import Sequential
from course_lib.nn.linear import Linear
from course_lib.nn.models.stages import stage_blocks, three_stages
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d, MaxPool2d

#: Blocks in each of the four stages, by depth; from 50 on they are bottlenecks.
STAGES = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3), 50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3)}


def resnet(
    depth: int = 50,
    *,
    groups: int = 1,
    group_width: int = 64,
    reduction: int | None = None,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return a ResNet for images 224 x 224.

    Parameters
    ----------
    depth : int
        18 or 34 (basic blocks), 50, 101 or 152 (bottlenecks).
    groups, group_width : int
        Groups of the bottlenecks' 3x3 convolutions and channels of a group in the first stage: ResNeXt.
    reduction : int or None
        Of a squeeze and excitation in every block: SENet.
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.

    Raises
    ------
    ValueError
        If the paper has no net of that depth, or groups are asked of basic blocks.
    """
    if depth not in STAGES:
        raise ValueError(f"depth must be one of {', '.join(map(str, STAGES))}, got {depth!r}")
    if depth < 50 and (groups, group_width) != (1, 64):
        raise ValueError(f"groups need bottlenecks, that is a depth of 50 or more, got {depth}")
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    layers: list[Module] = [
        *conv_norm(in_channels, 64, 7, stride=2, padding=3, **options),
        ReLU(),
        MaxPool2d(3, stride=2, padding=1),
    ]
    expansion = 1 if depth < 50 else 4
    widths = [64 * expansion * 2**stage for stage in range(4)]
    for channels, width, stride in stage_blocks(STAGES[depth], widths, 64):
        if depth < 50:
            block = BasicBlock(channels, width, stride=stride, reduction=reduction, **options)
        else:
            inside = groups * group_width * width // widths[0]
            shape = {"width": inside, "stride": stride, "groups": groups, "reduction": reduction}
            block = Bottleneck(channels, width, **shape, **options)
        layers.append(block)
    return Sequential(*layers, GlobalAvgPool2d(), Linear(widths[-1], classes, **options))


def small_resnet(
    depth: int = 20,
    *,
    widths: tuple[int, int, int] = (16, 32, 64),
    skip: bool = True,
    reduction: int | None = None,
    in_channels: int = 1,
    classes: int = 10,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return the paper's net for images 32 x 32 (or 28 x 28): three stages of basic blocks, 6n + 2 layers.

    Parameters
    ----------
    depth : int
        8, 14, 20, 32, 44, 56, 110 …
    widths : (int, int, int)
        Channels of the stages.
    skip : bool
        Without skip connections it is the plain net that the paper compares with: the same layers in a row.
    reduction, in_channels, classes, rng, dtype
        As for `resnet`.

    Raises
    ------
    ValueError
        If `depth` is not 6n + 2.
    """
    counts = three_stages(depth)
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    layers: list[Module] = [*conv_norm(in_channels, widths[0], 3, padding=1, **options), ReLU()]
    for channels, width, stride in stage_blocks(counts, widths, widths[0]):
        if skip:
            layers.append(BasicBlock(channels, width, stride=stride, reduction=reduction, **options))
        else:
            layers += [
                *conv_norm(channels, width, 3, stride=stride, padding=1, **options),
                ReLU(),
                *conv_norm(width, width, 3, padding=1, **options),
                ReLU(),
            ]
    return Sequential(*layers, GlobalAvgPool2d(), Linear(widths[-1], classes, **options))
