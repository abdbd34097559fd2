"""GoogLeNet: kernels of several sizes side by side, kept cheap by 1x1 convolutions (Szegedy et al. 2015)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.blocks import Inception
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module
from course_lib.nn.pooling import GlobalAvgPool2d, MaxPool2d
from course_lib.nn.regularization import Dropout

#: Table 1 of the paper: outputs of 1x1; reduction and outputs of 3x3; of 5x5; outputs behind the pool.
STAGES = (
    ((64, (96, 128), (16, 32), 32), (128, (128, 192), (32, 96), 64)),
    (
        (192, (96, 208), (16, 48), 64),
        (160, (112, 224), (24, 64), 64),
        (128, (128, 256), (24, 64), 64),
        (112, (144, 288), (32, 64), 64),
        (256, (160, 320), (32, 128), 128),
    ),
    ((256, (160, 320), (32, 128), 128), (384, (192, 384), (48, 128), 128)),
)
# The paper's pools keep a last, incomplete window: the same as one more row and column that never win.
KEEP_LAST = ((0, 1), (0, 1))


def googlenet(
    *,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return GoogLeNet for images 224 x 224, without the auxiliary classifiers, which only help training.

    Local response normalisation, which has no parameters, is left out.

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
    layers: list[Module] = [
        Conv2d(in_channels, 64, 7, stride=2, padding=3, **options),
        ReLU(),
        MaxPool2d(3, stride=2, padding=KEEP_LAST),
        Conv2d(64, 64, 1, **options),
        ReLU(),
        Conv2d(64, 192, 3, padding=1, **options),
        ReLU(),
    ]
    channels = 192
    for stage in STAGES:
        layers.append(MaxPool2d(3, stride=2, padding=KEEP_LAST))
        for widths in stage:
            layers.append(Inception(channels, *widths, **options))
            channels = layers[-1].out_channels
    return Sequential(*layers, GlobalAvgPool2d(), Dropout(0.4, rng=rng), Linear(channels, classes, **options))


def small_googlenet(
    *,
    in_channels: int = 1,
    classes: int = 10,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return a stem and four Inception modules for small images; parameters as for `googlenet`."""
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    first = Inception(16, 8, (8, 16), (4, 8), 8, **options)
    second = Inception(first.out_channels, 12, (12, 24), (6, 12), 12, **options)
    third = Inception(second.out_channels, 16, (16, 32), (8, 16), 16, **options)
    fourth = Inception(third.out_channels, 24, (16, 48), (8, 24), 24, **options)
    return Sequential(
        Conv2d(in_channels, 16, 3, padding=1, **options),
        ReLU(),
        MaxPool2d(2),
        first,
        second,
        MaxPool2d(2),
        third,
        fourth,
        GlobalAvgPool2d(),
        Linear(fourth.out_channels, classes, **options),
    )
