"""AlexNet: LeNet's plan, larger and deeper, with ReLU and dropout (Krizhevsky, Sutskever and Hinton 2012)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module
from course_lib.nn.pooling import MaxPool2d
from course_lib.nn.regularization import Dropout
from course_lib.nn.reshaping import Flatten


def alexnet(
    *,
    in_channels: int = 3,
    classes: int = 1000,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return AlexNet for images 227 x 227.

    Groups of two in the second, fourth and fifth convolution are the halves that ran on two processors. Local
    response normalisation, which has no parameters, is left out.

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
        Conv2d(in_channels, 96, 11, stride=4, **options),
        ReLU(),
        MaxPool2d(3, stride=2),
        Conv2d(96, 256, 5, padding=2, groups=2, **options),
        ReLU(),
        MaxPool2d(3, stride=2),
        Conv2d(256, 384, 3, padding=1, **options),
        ReLU(),
        Conv2d(384, 384, 3, padding=1, groups=2, **options),
        ReLU(),
        Conv2d(384, 256, 3, padding=1, groups=2, **options),
        ReLU(),
        MaxPool2d(3, stride=2),
        Flatten(),
        *classifier(256 * 6 * 6, 4096, classes, options),
    )


def small_alexnet(
    *,
    in_channels: int = 1,
    classes: int = 10,
    size: int = 28,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return the same plan for images of side 28 or 32: smaller kernels and strides, fewer channels.

    Parameters as for `alexnet`; `size` must be a multiple of 4.
    """
    if size < 8 or size % 4:
        raise ValueError(f"size must be a multiple of 4, at least 8, got {size}")
    options = {"rng": np.random.default_rng(rng), "dtype": dtype}
    return Sequential(
        Conv2d(in_channels, 16, 5, padding=2, **options),
        ReLU(),
        MaxPool2d(2),
        Conv2d(16, 32, 5, padding=2, groups=2, **options),
        ReLU(),
        MaxPool2d(2),
        Conv2d(32, 48, 3, padding=1, **options),
        ReLU(),
        Conv2d(48, 48, 3, padding=1, groups=2, **options),
        ReLU(),
        Conv2d(48, 32, 3, padding=1, groups=2, **options),
        ReLU(),
        Flatten(),
        *classifier(32 * (size // 4) ** 2, 128, classes, options),
    )


def classifier(inputs: int, width: int, classes: int, options: dict) -> list[Module]:
    """Return three fully connected layers with dropout before the first two, as AlexNet and ZFNet end."""
    rng = options["rng"]
    return [
        Dropout(0.5, rng=rng),
        Linear(inputs, width, **options),
        ReLU(),
        Dropout(0.5, rng=rng),
        Linear(width, width, **options),
        ReLU(),
        Linear(width, classes, **options),
    ]
