"""The convolution layer (cross-correlation, as in every network library)."""

from __future__ import annotations

import math

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.initialisers import fan_in_bound, uniform
from course_lib.nn.module import Module, Window, as_floats
from course_lib.nn.parameter import Parameter


class Conv2d(Module):
    """Slide `out_channels` kernels over images (N, in_channels, H, W).

    Parameters
    ----------
    in_channels, out_channels : int
        Channels of input and output; both divisible by `groups`.
    kernel_size : int or (int, int)
        Height and width of the kernels.
    stride, dilation : int or (int, int)
        Step of the window, and distance between its elements.
    padding : int, (int, int), ((before, after), (before, after)), "same" or "valid"
        Zeros around the image.
    groups : int
        Independent groups of channels; `groups=in_channels` is depthwise.
    bias : bool
        Whether a number is added to every output channel.
    rng : Generator, int or None
        Draws the initial values, uniform on ±1/√fan_in as in PyTorch; an int is a seed, None is unseeded.
    dtype : type
        float32 or float64.

    Attributes
    ----------
    weight : Parameter, shape (out_channels, in_channels/groups, KH, KW)
    bias : Parameter of shape (out_channels,), or None
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
        groups: int = 1,
        bias: bool = True,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        self.in_channels = arguments.whole("in_channels", in_channels, 1)
        self.out_channels = arguments.whole("out_channels", out_channels, 1)
        self.kernel_size = arguments.spatial("kernel_size", kernel_size, 2)
        self.stride = arguments.spatial("stride", stride, 2)
        self.dilation = arguments.spatial("dilation", dilation, 2)
        arguments.paddings(padding, self.kernel_size, self.stride, self.dilation)
        self.padding = padding
        self.groups = arguments.whole("groups", groups, 1)
        if self.in_channels % self.groups or self.out_channels % self.groups:
            raise ValueError(
                f"groups must divide in_channels {in_channels} and out_channels {out_channels}, got {groups}"
            )
        rng = np.random.default_rng(rng)
        shape = (self.out_channels, self.in_channels // self.groups, *self.kernel_size)
        bound = fan_in_bound(shape[1] * shape[2] * shape[3])
        self.weight = Parameter(uniform(shape, bound=bound, rng=rng, dtype=dtype))
        self.bias = Parameter(uniform(shape[:1], bound=bound, rng=rng, dtype=dtype)) if bias else None

    def _window(self) -> dict:
        return {
            "stride": self.stride,
            "padding": self.padding,
            "dilation": self.dilation,
            "groups": self.groups,
        }

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, out_channels, OH, OW) for x (N, in_channels, H, W)."""
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        y = F.conv2d(x, weight, bias, **self._window(), out=self.spare("y"))
        self.cache = x, weight
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of weight and bias; return dx in the shape of the input."""
        return self._backward(dy, "x")

    def backward_to_parameters(self, dy: np.ndarray) -> None:
        """Add the gradients of weight and bias alone."""
        if "backward" in vars(self):
            # Somebody, such as a monitor, has put a method of their own before this layer's.
            self.backward(dy)
        else:
            self._backward(dy)

    def _backward(self, dy: np.ndarray, *needs: str) -> np.ndarray | None:
        x, weight = self.cached()
        needs += ("w",) if self.bias is None else ("w", "b")
        out = tuple(map(self.spare, ("dx", "dw", "db")))
        dx, dw, db = F.conv2d_backward(
            as_floats(dy, x.dtype), x, weight, **self._window(), needs=needs, out=out
        )
        self.weight.add_grad(dw)
        if self.bias is not None:
            self.bias.add_grad(db)
        return dx

    def multiply_adds(self, input_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> int:
        """Return the size of a kernel for each output."""
        return math.prod(output_shape) * (self.weight.size // self.out_channels)

    def window(self) -> Window:
        """Return the extent of the dilated kernel, and the stride."""
        extent = tuple(d * (k - 1) + 1 for k, d in zip(self.kernel_size, self.dilation))
        return Window(extent, self.stride)

    def extra_repr(self) -> str:
        """Return the sizes, and what differs from the defaults."""
        text = f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}"
        defaults = {"stride": (1, 1), "padding": 0, "dilation": (1, 1), "groups": 1}
        text += "".join(
            f", {name}={value}" for name, value in self._window().items() if value != defaults[name]
        )
        return text + (", bias=False" if self.bias is None else "")
