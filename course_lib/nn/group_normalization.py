"""Normalisation within each example, whatever the batch; the same in training and in evaluation."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.module import Module, as_floats
from course_lib.nn.parameter import Parameter


class LayerNorm(Module):
    """Normalise each example over its trailing axes; every element has its own scale and shift.

    Parameters
    ----------
    normalized_shape : int or tuple of int
        Sizes of the axes to normalise over.
    eps : float
        Added to the variance.
    dtype : type
        float32 or float64.

    Attributes
    ----------
    weight, bias : Parameter, shape normalized_shape
    """

    def __init__(
        self, normalized_shape: int | tuple[int, ...], *, eps: float = 1e-5, dtype: type = np.float32
    ) -> None:
        sizes = normalized_shape if isinstance(normalized_shape, tuple | list) else (normalized_shape,)
        if not sizes:
            raise ValueError("normalized_shape must have at least one axis, got ()")
        self.normalized_shape = tuple(arguments.whole("normalized_shape", size, 1) for size in sizes)
        self.eps = arguments.number("eps", eps, 0)
        self.weight = Parameter(np.ones(self.normalized_shape, dtype))
        self.bias = Parameter(np.zeros(self.normalized_shape, dtype))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        y, cache = F.layer_norm(x, weight, bias, eps=self.eps, out=self.spare("y"))
        self.cache = cache, weight.dtype
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of scale and shift; return dx."""
        cache, dtype = self.cached()
        out = tuple(map(self.spare, ("dx", "dweight", "dbias")))
        dx, dweight, dbias = F.layer_norm_backward(as_floats(dy, dtype), cache, out=out)
        self.weight.add_grad(dweight)
        self.bias.add_grad(dbias)
        return dx

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.normalized_shape}, eps={self.eps}"


class GroupNorm(Module):
    """Normalise groups of consecutive channels of (N, C, *); every channel has its own scale and shift.

    Parameters
    ----------
    num_groups : int
        Number of groups, a divisor of the channels.
    num_channels : int
        C.
    eps : float
        Added to the variance.
    dtype : type
        float32 or float64.

    Attributes
    ----------
    weight, bias : Parameter, shape (num_channels,)
    """

    def __init__(
        self, num_groups: int, num_channels: int, *, eps: float = 1e-5, dtype: type = np.float32
    ) -> None:
        self.num_groups = arguments.whole("num_groups", num_groups, 1)
        self.num_channels = arguments.whole("num_channels", num_channels, 1)
        if self.num_channels % self.num_groups:
            raise ValueError(f"num_groups must divide the {num_channels} channels, got {num_groups}")
        self.eps = arguments.number("eps", eps, 0)
        self.weight = Parameter(np.ones(self.num_channels, dtype))
        self.bias = Parameter(np.zeros(self.num_channels, dtype))

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        y, cache = F.group_norm(x, self.num_groups, weight, bias, eps=self.eps, out=self.spare("y"))
        self.cache = cache, weight.dtype
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of scale and shift; return dx."""
        cache, dtype = self.cached()
        out = tuple(map(self.spare, ("dx", "dweight", "dbias")))
        dx, dweight, dbias = F.group_norm_backward(as_floats(dy, dtype), cache, out=out)
        self.weight.add_grad(dweight)
        self.bias.add_grad(dbias)
        return dx

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}"


class InstanceNorm2d(Module):
    """Normalise each channel of each image (N, C, H, W) on its own.

    Parameters
    ----------
    num_features : int
        C.
    eps : float
        Added to the variance.
    affine : bool
        Give every channel a scale and a shift that are trained; as in PyTorch, there are none by default.
    dtype : type
        float32 or float64; without parameters the input's dtype decides.

    Attributes
    ----------
    weight, bias : Parameter of shape (num_features,), or None
    """

    def __init__(
        self, num_features: int, *, eps: float = 1e-5, affine: bool = False, dtype: type = np.float32
    ) -> None:
        self.num_features = arguments.whole("num_features", num_features, 1)
        self.eps = arguments.number("eps", eps, 0)
        self.weight = Parameter(np.ones(self.num_features, dtype)) if affine else None
        self.bias = Parameter(np.zeros(self.num_features, dtype)) if affine else None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        if self.weight is None:
            x = arguments.tensor("x", x, 4)
            weight, bias = np.ones(self.num_features, x.dtype), np.zeros(self.num_features, x.dtype)
        else:
            x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
            x = arguments.tensor("x", x, 4)
        y, cache = F.instance_norm(x, weight, bias, eps=self.eps, out=self.spare("y"))
        self.cache = cache, weight.dtype
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of scale and shift, if there are any; return dx."""
        cache, dtype = self.cached()
        out = tuple(map(self.spare, ("dx", "dweight", "dbias")))
        dx, dweight, dbias = F.instance_norm_backward(as_floats(dy, dtype), cache, out=out)
        if self.weight is not None:
            self.weight.add_grad(dweight)
            self.bias.add_grad(dbias)
        return dx

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.num_features}, eps={self.eps}" + (", affine=True" if self.weight is not None else "")
