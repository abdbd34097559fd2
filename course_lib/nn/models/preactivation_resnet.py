"""Pre-activation ResNet: only additions on the way from the first block to the last (He et al. 2016)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.blocks import PreActivationBlock
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.models.stages import stage_blocks, three_stages
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d


def preactivation_resnet(
    depth: int = 20,
    *,
    widths: tuple[int, int, int] = (16, 32, 64),
    in_channels: int = 1,
    classes: int = 10,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return the net of "Identity mappings in deep residual networks" for small images: 6n + 2 layers.

    Parameters
    ----------
    depth : int
        8, 14, 20, … 110.
    widths : (int, int, int)
        Channels of the stages.
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.

    Raises
    ------
    ValueError
        If `depth` is not 6n + 2.
    """
    counts = three_stages(depth)
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    layers: list[Module] = [Conv2d(in_channels, widths[0], 3, padding=1, bias=False, **options)]
    for channels, width, stride in stage_blocks(counts, widths, widths[0]):
        layers.append(PreActivationBlock(channels, width, stride=stride, **options))
    # What the blocks leave undone: the sum that comes out of them was never activated.
    layers += [BatchNorm2d(widths[-1], dtype=dtype), ReLU()]
    return Sequential(*layers, GlobalAvgPool2d(), Linear(widths[-1], classes, **options))
