"""LeNet-5: convolutions and pooling in turn, then fully connected layers (LeCun et al. 1998)."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import Tanh
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.linear import Linear
from course_lib.nn.pooling import AvgPool2d
from course_lib.nn.reshaping import Flatten


def lenet5(
    *,
    in_channels: int = 1,
    classes: int = 10,
    size: int = 32,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> Sequential:
    """Return LeNet-5 for square images of side `size` (28 is padded to 32, as the paper does with digits).

    Parameters
    ----------
    in_channels, classes : int
        Channels of the images, and outputs (logits).
    size : int
        32 or 28.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.

    Raises
    ------
    ValueError
        If `size` is another one.

    Notes
    -----
    LeCun, Bottou, Bengio and Haffner, Gradient-based learning applied to document recognition (1998). It
    leaves out some connections of the second convolution, scales its pools by trained numbers, and ends in
    radial basis functions; here, as is usual since, all connections are there and the output is linear.
    """
    if size not in (28, 32):
        raise ValueError(f"size must be 32 or 28, got {size}")
    rng = np.random.default_rng(rng)
    options = {"rng": rng, "dtype": dtype}
    return Sequential(
        Conv2d(in_channels, 6, 5, padding=2 if size == 28 else 0, **options),
        Tanh(),
        AvgPool2d(2),
        Conv2d(6, 16, 5, **options),
        Tanh(),
        AvgPool2d(2),
        Flatten(),
        Linear(16 * 5 * 5, 120, **options),
        Tanh(),
        Linear(120, 84, **options),
        Tanh(),
        Linear(84, classes, **options),
    )
