"""Depthwise separable convolution: space and channels one after the other."""

from __future__ import annotations

import numpy as np

from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d


class DepthwiseSeparableConv2d(Sequential):
    """One kernel a channel, then a 1×1 convolution over the channels, without anything in between.

    Against a full convolution of k×k kernels it takes 1/out_channels + 1/k² of the weights and multiply-adds.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    kernel_size : int or (int, int)
        Size of the depthwise kernels.
    stride, padding, dilation
        Of the depthwise convolution, as in `Conv2d`.
    bias : bool
        Whether the 1×1 convolution adds a number to every output channel; the depthwise one has none.
    rng : Generator, int or None
        Draws the initial values.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        padding: int | tuple | str = 0,
        dilation: int | tuple[int, int] = 1,
        bias: bool = True,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        depthwise = {"stride": stride, "padding": padding, "dilation": dilation, "groups": in_channels}
        super().__init__(
            Conv2d(in_channels, in_channels, kernel_size, **depthwise, bias=False, rng=rng, dtype=dtype),
            Conv2d(in_channels, out_channels, 1, bias=bias, rng=rng, dtype=dtype),
        )
        self.out_channels = out_channels
