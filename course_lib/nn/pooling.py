"""Pooling layers."""

from __future__ import annotations

import math

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.module import Module, Window


class MaxPool2d(Module):
    """Largest value of each window of (N, C, H, W).

    Parameters
    ----------
    kernel_size : int or (int, int)
        Size of the window.
    stride : int, (int, int) or None
        Step of the window; None is the window's own size.
    padding : int, (int, int) or ((before, after), (before, after))
        Width of the border, which never wins.
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple = 0,
    ) -> None:
        self.kernel_size = arguments.spatial("kernel_size", kernel_size, 2)
        self.stride = self.kernel_size if stride is None else arguments.spatial("stride", stride, 2)
        arguments.paddings(padding, self.kernel_size, self.stride, (1, 1))
        self.padding = padding

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, C, OH, OW) for x (N, C, H, W); windows that do not fit are left out."""
        out = self.spare("y"), self.spare("indices")
        y, indices = F.max_pool2d(x, self.kernel_size, stride=self.stride, padding=self.padding, out=out)
        self.cache = indices, x.shape
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx (N, C, H, W): each element of dy goes to the position that won."""
        indices, x_shape = self.cached()
        return F.max_pool2d_backward(dy, indices, x_shape, out=self.spare("dx"))

    def window(self) -> Window:
        """Return the window and the stride."""
        return Window(self.kernel_size, self.stride)

    def extra_repr(self) -> str:
        """Return the window."""
        return f"{self.kernel_size}, stride={self.stride}, padding={self.padding}"


class AvgPool2d(Module):
    """Mean of each window of (N, C, H, W).

    Parameters
    ----------
    kernel_size : int or (int, int)
        Size of the window.
    stride : int, (int, int) or None
        Step of the window; None is the window's own size.
    padding : int, (int, int) or ((before, after), (before, after))
        Zeros around the image.
    count_include_pad : bool
        Divide by the size of the window; otherwise by the number of its elements that lie in the image.
    """

    def __init__(
        self,
        kernel_size: int | tuple[int, int],
        *,
        stride: int | tuple[int, int] | None = None,
        padding: int | tuple = 0,
        count_include_pad: bool = True,
    ) -> None:
        self.kernel_size = arguments.spatial("kernel_size", kernel_size, 2)
        self.stride = self.kernel_size if stride is None else arguments.spatial("stride", stride, 2)
        arguments.paddings(padding, self.kernel_size, self.stride, (1, 1))
        self.padding = padding
        self.count_include_pad = bool(count_include_pad)

    def _window(self) -> dict:
        return {"stride": self.stride, "padding": self.padding, "count_include_pad": self.count_include_pad}

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, C, OH, OW) for x (N, C, H, W); windows that do not fit are left out."""
        y = F.avg_pool2d(x, self.kernel_size, **self._window(), out=self.spare("y"))
        self.cache = x.shape
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx (N, C, H, W): each element of dy is shared evenly by its window."""
        out = self.spare("dx")
        return F.avg_pool2d_backward(dy, self.cached(), self.kernel_size, **self._window(), out=out)

    def window(self) -> Window:
        """Return the window and the stride."""
        return Window(self.kernel_size, self.stride)

    def extra_repr(self) -> str:
        """Return the window."""
        return f"{self.kernel_size}, stride={self.stride}, padding={self.padding}"


class GlobalAvgPool2d(Module):
    """Mean of each channel: (N, C, H, W) to (N, C)."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (N, C) for x (N, C, H, W)."""
        y = F.global_avg_pool2d(x, out=self.spare("y"))
        self.cache = x.shape
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx (N, C, H, W) for dy (N, C)."""
        return F.global_avg_pool2d_backward(dy, self.cached(), out=self.spare("dx"))

    def window(self) -> Window:
        """Return that every output sees a whole channel."""
        return Window((math.inf, math.inf), (1, 1))
