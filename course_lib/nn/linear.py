"""The fully connected layer."""

from __future__ import annotations

import math

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.initialisers import fan_in_bound, uniform
from course_lib.nn.module import Module, Window, as_floats
from course_lib.nn.parameter import Parameter


class Linear(Module):
    """y = x wᵀ + b over the last axis.

    Parameters
    ----------
    in_features, out_features : int
        Sizes of the last axis of input and output.
    bias : bool
        Whether there is a b.
    rng : Generator, int or None
        Draws the initial values, uniform on ±1/√in_features as in PyTorch; an int is a seed, None
        is unseeded.
    dtype : type
        float32 or float64.

    Attributes
    ----------
    weight : Parameter, shape (out_features, in_features)
    bias : Parameter of shape (out_features,), or None
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        *,
        bias: bool = True,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        self.in_features = arguments.whole("in_features", in_features, 1)
        self.out_features = arguments.whole("out_features", out_features, 1)
        rng = np.random.default_rng(rng)
        bound = fan_in_bound(self.in_features)
        shape = (self.out_features, self.in_features)
        self.weight = Parameter(uniform(shape, bound=bound, rng=rng, dtype=dtype))
        self.bias = Parameter(uniform(shape[:1], bound=bound, rng=rng, dtype=dtype)) if bias else None

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (*, out_features) for x (*, in_features)."""
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        y = F.linear(x, weight, bias, out=self.spare("y"))
        self.cache = x, weight
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of weight and bias; return dx (*, in_features) for dy (*, out_features)."""
        x, weight = self.cached()
        out = tuple(map(self.spare, ("dx", "dw", "db")))
        dx, dw, db = F.linear_backward(as_floats(dy, x.dtype), x, weight, out=out)
        self.weight.add_grad(dw)
        if self.bias is not None:
            self.bias.add_grad(db)
        return dx

    def multiply_adds(self, input_shape: tuple[int, ...], output_shape: tuple[int, ...]) -> int:
        """Return in_features for each output."""
        return math.prod(output_shape) * self.in_features

    def window(self) -> Window:
        """Return that every output sees everything."""
        return Window((math.inf, math.inf), (1, 1))

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.in_features}, {self.out_features}" + (", bias=False" if self.bias is None else "")
