"""Network in Network: 1x1 convolutions instead of fully connected layers (Lin, Chen and Yan 2014)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d, MaxPool2d
from course_lib.nn.regularization import Dropout


def nin(
    *,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return the ImageNet net of the authors, for images 224 x 224.

    Each block is a convolution and two 1x1 convolutions: a small fully connected net at every place. The last
    block has a channel a class, whose global average is the logit.

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
        *_block(in_channels, (96, 96, 96), 11, {"stride": 4}, options),
        MaxPool2d(3, stride=2),
        *_block(96, (256, 256, 256), 5, {"padding": 2}, options),
        MaxPool2d(3, stride=2),
        *_block(256, (384, 384, 384), 3, {"padding": 1}, options),
        MaxPool2d(3, stride=2),
        Dropout(0.5, rng=rng),
        *_block(384, (1024, 1024, classes), 3, {"padding": 1}, options),
        GlobalAvgPool2d(),
    )


def small_nin(
    *,
    in_channels: int = 1,
    classes: int = 10,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return three blocks for small images; parameters as for `nin`."""
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    return Sequential(
        *_block(in_channels, (32, 24, 24), 5, {"padding": 2}, options),
        MaxPool2d(2),
        *_block(24, (48, 48, 48), 5, {"padding": 2}, options),
        MaxPool2d(2),
        *_block(48, (48, 48, classes), 3, {"padding": 1}, options),
        GlobalAvgPool2d(),
    )


def _block(
    in_channels: int, widths: tuple[int, int, int], kernel_size: int, place: dict, options: dict
) -> list[Module]:
    first, second, third = widths
    return [
        Conv2d(in_channels, first, kernel_size, **place, **options),
        ReLU(),
        Conv2d(first, second, 1, **options),
        ReLU(),
        Conv2d(second, third, 1, **options),
        ReLU(),
    ]
