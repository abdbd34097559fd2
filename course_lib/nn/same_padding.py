"""A convolution whose output has one value a step of the window, wherever the image ends."""

from __future__ import annotations

import numpy as np

from course_lib.functional import arguments
from course_lib.nn.convolution import Conv2d


class SamePaddedConv2d(Conv2d):
    """A `Conv2d` padded so that an axis of n values gives ⌈n / stride⌉, as TensorFlow's "SAME" does.

    How many zeros that takes depends on the image: with kernel 3 and stride 2 an even side gets one zero
    after it, an odd side one before and one after. `padding` is that of the latest image.

    Parameters
    ----------
    in_channels, out_channels, kernel_size, stride, dilation, groups, bias, rng, dtype
        As for `Conv2d`.

    Attributes
    ----------
    weight, bias : Parameter
        As for `Conv2d`.
    """

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] = 1,
        dilation: int | tuple[int, int] = 1,
        groups: int = 1,
        bias: bool = True,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        options = {"stride": stride, "dilation": dilation, "groups": groups, "bias": bias}
        super().__init__(in_channels, out_channels, kernel_size, **options, rng=rng, dtype=dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, out_channels, ⌈H/stride⌉, ⌈W/stride⌉) for x (N, in_channels, H, W)."""
        x = arguments.tensor("x", x, 4)
        self.padding = tuple(
            _around(size, kernel, stride, dilation)
            for size, kernel, stride, dilation in zip(
                x.shape[2:], self.kernel_size, self.stride, self.dilation, strict=True
            )
        )
        return super().forward(x)


def _around(size: int, kernel: int, stride: int, dilation: int) -> tuple[int, int]:
    """Return the zeros before and after an axis; of an odd number the one left over comes after."""
    steps = -(-size // stride)
    total = max(0, (steps - 1) * stride + dilation * (kernel - 1) + 1 - size)
    return total // 2, total - total // 2
