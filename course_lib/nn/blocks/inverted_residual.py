"""Inverted residual blocks: wide inside and narrow outside, with a depthwise convolution in the middle."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU6
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.branches import Residual
from course_lib.nn.containers import Sequential
from course_lib.nn.module import Module
from course_lib.nn.same_padding import SamePaddedConv2d

#: Of TensorFlow's nets of this family, whose weights need the same eps; their momentum 0.99 weighs the old.
NORM = {"eps": 1e-3, "momentum": 0.01}


class InvertedResidual(Sequential):
    """1×1 convolution to more channels, a k×k one on each, 1×1 back without activation (Sandler et al. 2018).

    Where stride and channels stay as they are, the input is added. All convolutions are padded as
    `SamePaddedConv2d` does; ReLU6 follows the first two.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    kernel_size : int
        Side of the depthwise kernels.
    stride : int
        Step of the depthwise convolution.
    expansion : int
        How many times more channels there are inside; with 1 the first convolution is left out.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int = 3,
        *,
        stride: int = 1,
        expansion: int = 6,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        options = {"rng": np.random.default_rng(rng), "dtype": dtype}
        inside = expansion * in_channels
        body: list[Module] = []
        if expansion != 1:
            body += [*same_conv_norm(in_channels, inside, 1, **options), ReLU6()]
        body += [
            *same_conv_norm(inside, inside, kernel_size, stride=stride, groups=inside, **options),
            ReLU6(),
            *same_conv_norm(inside, out_channels, 1, **options),
        ]
        if stride == 1 and in_channels == out_channels:
            super().__init__(Residual(Sequential(*body)))
        else:
            super().__init__(*body)
        self.out_channels = out_channels


def same_conv_norm(in_channels: int, out_channels: int, kernel_size: int, **options) -> list[Module]:
    """Return a convolution padded to keep the size, and its batch normalisation."""
    convolution = SamePaddedConv2d(in_channels, out_channels, kernel_size, bias=False, **options)
    return [convolution, BatchNorm2d(out_channels, **NORM, dtype=options.get("dtype", np.float32))]
