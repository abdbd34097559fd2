"""Residual blocks with nothing on the identity branch: normalise and activate before each convolution."""

from __future__ import annotations

import numpy as np

from course_lib.nn.activations import ReLU
from course_lib.nn.batch_normalization import BatchNorm2d
from course_lib.nn.branches import Residual
from course_lib.nn.containers import Sequential
from course_lib.nn.convolution import Conv2d


class PreActivationBlock(Sequential):
    """x + conv(ReLU(norm(conv(ReLU(norm(x)))))) (He et al. 2016, "Identity mappings").

    From block to block the sum passes unchanged, and so does the gradient. Where stride or channels change,
    the first norm and ReLU serve both branches, and the shortcut is a 1×1 convolution.

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output.
    stride : int
        Step of the first convolution.
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
        stride: int = 1,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        rng = np.random.default_rng(rng)
        options = {"bias": False, "rng": rng, "dtype": dtype}
        first = [BatchNorm2d(in_channels, dtype=dtype), ReLU()]
        rest = [
            Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, **options),
            BatchNorm2d(out_channels, dtype=dtype),
            ReLU(),
            Conv2d(out_channels, out_channels, 3, padding=1, **options),
        ]
        if stride == 1 and in_channels == out_channels:
            super().__init__(Residual(Sequential(*first, *rest)))
        else:
            shortcut = Conv2d(in_channels, out_channels, 1, stride=stride, **options)
            super().__init__(*first, Residual(Sequential(*rest), shortcut))
        self.out_channels = out_channels
