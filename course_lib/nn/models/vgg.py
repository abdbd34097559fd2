"""VGG: only 3x3 convolutions; two see as far as one of 5x5 with fewer weights (Simonyan, Zisserman 2015)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d, MaxPool2d
from course_lib.nn.regularization import Dropout
from course_lib.nn.reshaping import Flatten

#: Convolutions in each of the five stages, by the number of layers with weights.
STAGES = {11: (1, 1, 2, 2, 2), 13: (2, 2, 2, 2, 2), 16: (2, 2, 3, 3, 3), 19: (2, 2, 4, 4, 4)}


def vgg(
    depth: int = 16,
    *,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return VGG with `depth` layers that have weights (11, 13, 16 or 19), for images 224 x 224.

    Parameters
    ----------
    depth : int
        Configuration A, B, D or E of the paper.
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
    if depth not in STAGES:
        raise ValueError(f"depth must be one of {', '.join(map(str, STAGES))}, got {depth!r}")
    rng = np.random.default_rng(rng)
    options = {"rng": rng, "dtype": dtype}
    layers: list[Module] = []
    for count, channels in zip(STAGES[depth], (64, 128, 256, 512, 512), strict=True):
        for _ in range(count):
            layers += [Conv2d(in_channels, channels, 3, padding=1, **options), ReLU()]
            in_channels = channels
        layers.append(MaxPool2d(2))
    return Sequential(
        *layers,
        Flatten(),
        Linear(512 * 7 * 7, 4096, **options),
        ReLU(),
        Dropout(0.5, rng=rng),
        Linear(4096, 4096, **options),
        ReLU(),
        Dropout(0.5, rng=rng),
        Linear(4096, classes, **options),
    )


def small_vgg(
    *,
    in_channels: int = 1,
    classes: int = 10,
    widths: tuple[int, ...] = (16, 32, 64),
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return two normalised 3x3 convolutions a stage for small images, and a global average for a head.

    Parameters as for `vgg`; `widths` are the channels of the stages, with max pools between them.
    """
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    layers: list[Module] = []
    for stage, channels in enumerate(widths):
        layers += [MaxPool2d(2)] if stage else []
        for _ in range(2):
            layers += [
                Conv2d(in_channels, channels, 3, padding=1, bias=False, **options),
                BatchNorm2d(channels, dtype=dtype),
                ReLU(),
            ]
            in_channels = channels
    return Sequential(*layers, GlobalAvgPool2d(), Linear(in_channels, classes, **options))
