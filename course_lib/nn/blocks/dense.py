"""Dense blocks: every layer sees the outputs of all layers before it."""

from __future__ import annotations

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.branches import Concatenate, Identity
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d
from course_lib.nn.pooling import AvgPool2d


class DenseLayer(Concatenate):
    """x with `growth` new channels behind: norm, ReLU, 1×1 convolution, norm, ReLU, 3×3 (Huang et al. 2017).

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    growth : int
        Channels that are added.
    bottleneck : int or None
        Channels after the 1×1 convolution as a multiple of growth; None leaves it out, with norm and ReLU.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        growth: int,
        *,
        bottleneck: int | None = 4,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        options = {"bias": False, "rng": rng, "dtype": dtype}
        new = [BatchNorm2d(in_channels, dtype=dtype), ReLU()]
        channels = in_channels
        if bottleneck is not None:
            channels = growth * arguments.whole("bottleneck", bottleneck, 1)
            new += [Conv2d(in_channels, channels, 1, **options), BatchNorm2d(channels, dtype=dtype), ReLU()]
        new += [Conv2d(channels, growth, 3, padding=1, **options)]
        super().__init__(Identity(), Sequential(*new))
        self.out_channels = in_channels + growth


class DenseBlock(Sequential):
    """Dense layers one after the other: the channels grow by `growth` with each.

    Parameters
    ----------
    in_channels : int
        Channels of the input.
    growth : int
        Channels that each layer adds.
    layers : int
        How many.
    bottleneck : int or None
        As in `DenseLayer`.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        growth: int,
        layers: int,
        *,
        bottleneck: int | None = 4,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        options = {"bottleneck": bottleneck, "rng": rng, "dtype": dtype}
        count = arguments.whole("layers", layers, 1)
        super().__init__(*(DenseLayer(in_channels + n * growth, growth, **options) for n in range(count)))
        self.out_channels = in_channels + count * growth


class Transition(Sequential):
    """Between dense blocks: norm, ReLU, 1×1 convolution to fewer channels, mean over 2×2.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        *,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        super().__init__(
            BatchNorm2d(in_channels, dtype=dtype),
            ReLU(),
            Conv2d(in_channels, out_channels, 1, bias=False, rng=rng, dtype=dtype),
            AvgPool2d(2),
        )
        self.out_channels = out_channels
