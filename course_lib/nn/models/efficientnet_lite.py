"""EfficientNet-Lite0: inverted residuals without squeeze and excitation (after Tan and Le 2019)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU6
from course_lib.nn.blocks.inverted_residual import InvertedResidual, same_conv_norm
from course_lib.nn.containers import Sequential
from course_lib.nn.linear import Linear
from course_lib.nn.pooling import GlobalAvgPool2d
from course_lib.nn.regularization import Dropout

#: (blocks, kernel side, stride of the first block, expansion, output channels) of each stage.
STAGES = (
    (1, 3, 1, 1, 16),
    (2, 3, 2, 6, 24),
    (2, 5, 2, 6, 40),
    (3, 3, 2, 6, 80),
    (3, 5, 1, 6, 112),
    (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)
STEM_CHANNELS, HEAD_CHANNELS = 32, 1280
BLOCKS = sum(stage[0] for stage in STAGES)


def efficientnet_lite0_trunk(
    blocks: int = 5,
    *,
    in_channels: int = 3,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return the stem and the first blocks of EfficientNet-Lite0, one module each, without a head.

    Parameters
    ----------
    blocks : int
        How many, 1 to 16. Five turn images (N, 3, H, W) into maps (N, 40, ⌈H/8⌉, ⌈W/8⌉).
    in_channels : int
        Channels of the images.
    rng : Generator, int or None
        Draws the initial values. `course_lib.training.pretrained_trunk` gives trained ones.
    dtype : type
        float32 or float64.

    Raises
    ------
    ValueError
        If the net has not so many blocks.

    Notes
    -----
    Tan and Le, EfficientNet: rethinking model scaling for convolutional neural networks (2019); the Lite nets
    are the same authors' later variant for small devices.
    """
    if not 1 <= blocks <= BLOCKS:
        raise ValueError(f"blocks must be from 1 to {BLOCKS}, got {blocks}")
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    layers = [Sequential(*same_conv_norm(in_channels, STEM_CHANNELS, 3, stride=2, **options), ReLU6())]
    channels = STEM_CHANNELS
    for count, kernel, stride, expansion, width in STAGES:
        for number in range(count):
            step = 1 if number else stride
            block = InvertedResidual(channels, width, kernel, stride=step, expansion=expansion, **options)
            layers.append(block)
            channels = width
    return Sequential(*layers[: blocks + 1])


def efficientnet_lite0(
    *,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return EfficientNet-Lite0 for images 224 x 224.

    Parameters
    ----------
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """
    rng = np.random.default_rng(rng)
    options = {"rng": rng, "dtype": dtype}
    return Sequential(
        *efficientnet_lite0_trunk(BLOCKS, in_channels=in_channels, **options),
        *same_conv_norm(STAGES[-1][-1], HEAD_CHANNELS, 1, **options),
        ReLU6(),
        GlobalAvgPool2d(),
        Dropout(0.2, rng=rng),
        Linear(HEAD_CHANNELS, classes, **options),
    )
