"""DenseNet: every layer of a block sees the outputs of all before it (Huang et al. 2017)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.blocks import DenseBlock, Transition
from course_lib.nn.blocks.residual import conv_norm
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d, MaxPool2d

#: Layers in each dense block, by depth.
BLOCKS = {121: (6, 12, 24, 16), 169: (6, 12, 32, 32), 201: (6, 12, 48, 32)}


def densenet(
    depth: int = 121,
    *,
    growth: int = 32,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return DenseNet-BC for images 224 x 224: 1x1 bottlenecks in the layers, channels halved between blocks.

    Parameters
    ----------
    depth : int
        121, 169 or 201.
    growth : int
        Channels that each layer adds.
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.

    Raises
    ------
    ValueError
        If the paper has no net of that depth.
    """
    if depth not in BLOCKS:
        raise ValueError(f"depth must be one of {', '.join(map(str, BLOCKS))}, got {depth!r}")
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    stem = [
        *conv_norm(in_channels, 2 * growth, 7, stride=2, padding=3, **options),
        ReLU(),
        MaxPool2d(3, stride=2, padding=1),
    ]
    return Sequential(*stem, *_blocks(2 * growth, BLOCKS[depth], growth, classes, options))


def small_densenet(
    *,
    blocks: tuple[int, ...] = (4, 4, 4),
    growth: int = 12,
    in_channels: int = 1,
    classes: int = 10,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return a DenseNet-BC for small images; `blocks`: layers of each block, the rest as for `densenet`."""
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    stem = Conv2d(in_channels, 2 * growth, 3, padding=1, bias=False, **options)
    return Sequential(stem, *_blocks(2 * growth, blocks, growth, classes, options))


def _blocks(channels: int, blocks: tuple[int, ...], growth: int, classes: int, options: dict) -> list[Module]:
    layers: list[Module] = []
    for number, count in enumerate(blocks):
        if number:
            layers.append(Transition(channels, channels // 2, **options))
            channels //= 2
        block = DenseBlock(channels, growth, count, **options)
        layers.append(block)
        channels = block.out_channels
    layers += [BatchNorm2d(channels, dtype=options["dtype"]), ReLU()]
    return [*layers, GlobalAvgPool2d(), Linear(channels, classes, **options)]
