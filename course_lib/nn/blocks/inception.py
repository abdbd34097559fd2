"""The Inception module: several sizes of kernels on the same input."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.branches import Concatenate
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.module import Module
from course_lib.nn.pooling import MaxPool2d


class Inception(Concatenate):
    """1×1, 3×3 and 5×5 convolutions and a max-pool, joined (Szegedy et al. 2015, with reductions).

    1×1 convolutions cut the channels before the large kernels, and after the pool. Every convolution is
    followed by a ReLU.

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    ones : int
        Outputs of the 1×1 convolution.
    threes, fives : (int, int)
        Channels that the input is cut to, and outputs, of the 3×3 and 5×5 convolutions.
    pooled : int
        Outputs of the 1×1 convolution behind the pool.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        ones: int,
        threes: tuple[int, int],
        fives: tuple[int, int],
        pooled: int,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)

        def convolution(inputs: int, outputs: int, size: int) -> list[Module]:
            return [Conv2d(inputs, outputs, size, padding=size // 2, rng=rng, dtype=dtype), ReLU()]

        super().__init__(
            Sequential(*convolution(in_channels, ones, 1)),
            Sequential(*convolution(in_channels, threes[0], 1), *convolution(*threes, 3)),
            Sequential(*convolution(in_channels, fives[0], 1), *convolution(*fives, 5)),
            Sequential(MaxPool2d(3, stride=1, padding=1), *convolution(in_channels, pooled, 1)),
        )
        self.out_channels = ones + threes[1] + fives[1] + pooled
