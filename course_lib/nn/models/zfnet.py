"""ZFNet: AlexNet with a finer first layer, found by looking at its filters (Zeiler and Fergus 2014)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.models.alexnet import classifier
from course_lib.nn.pooling import MaxPool2d
from course_lib.nn.reshaping import Flatten


def zfnet(
    *,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return ZFNet for images 224 x 224: 7x7 kernels of stride 2 where AlexNet has 11x11 of stride 4.

    Parameters
    ----------
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    return Sequential(
        Conv2d(in_channels, 96, 7, stride=2, padding=1, **options),
        ReLU(),
        MaxPool2d(3, stride=2, padding=1),
        Conv2d(96, 256, 5, stride=2, **options),
        ReLU(),
        MaxPool2d(3, stride=2, padding=1),
        Conv2d(256, 384, 3, padding=1, **options),
        ReLU(),
        Conv2d(384, 384, 3, padding=1, **options),
        ReLU(),
        Conv2d(384, 256, 3, padding=1, **options),
        ReLU(),
        MaxPool2d(3, stride=2),
        Flatten(),
        *classifier(256 * 6 * 6, 4096, classes, options),
    )
