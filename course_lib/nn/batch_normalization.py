"""Batch normalisation."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.module import Module, as_floats
from course_lib.nn.parameter import Parameter


class BatchNorm(Module):
    """Normalise each channel over the batch, then scale and shift it: what 1d and 2d share.

    In training the batch's own mean and biased variance are used, and the running averages move towards the
    batch's (momentum weighs the new value, the variance is the unbiased one, as in PyTorch). In evaluation
    the running averages are used and stay as they are.

    Parameters
    ----------
    num_features : int
        Number of channels, the second axis.
    eps : float
        Added to the variance, so that a constant channel does not divide by zero.
    momentum : float
        Weight of the new value in the running averages.
    dtype : type
        float32 or float64.

    Attributes
    ----------
    weight, bias : Parameter, shape (num_features,)
        Scale, starting at 1, and shift, starting at 0.
    running_mean, running_var : ndarray, shape (num_features,)
        Starting at 0 and 1.
    """

    buffer_names = ("running_mean", "running_var")
    axes: dict[int, str] = {}

    def __init__(
        self, num_features: int, *, eps: float = 1e-5, momentum: float = 0.1, dtype: type = np.float32
    ) -> None:
        self.num_features = arguments.whole("num_features", num_features, 1)
        self.eps = arguments.number("eps", eps, 0)
        self.momentum = arguments.number("momentum", momentum, 0, 1)
        self.weight = Parameter(np.ones(self.num_features, dtype))
        self.bias = Parameter(np.zeros(self.num_features, dtype))
        self.running_mean = np.zeros(self.num_features, dtype)
        self.running_var = np.ones(self.num_features, dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x.

        Raises
        ------
        ValueError
            If x has not the axes of this layer, or in training only one value a channel.
        """
        if np.ndim(x) not in self.axes:
            raise ValueError(f"x must have axes {' or '.join(self.axes.values())}, got shape {np.shape(x)}")
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        self.running_mean = self.running_mean.astype(weight.dtype, copy=False)
        self.running_var = self.running_var.astype(weight.dtype, copy=False)
        y, cache = F.batch_norm(
            x,
            weight,
            bias,
            self.running_mean,
            self.running_var,
            training=self.training,
            momentum=self.momentum,
            eps=self.eps,
            out=self.spare("y"),
        )
        self.cache = cache, weight.dtype
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of scale and shift; return dx (in training through the statistics too)."""
        cache, dtype = self.cached()
        out = tuple(map(self.spare, ("dx", "dweight", "dbias")))
        dx, dweight, dbias = F.batch_norm_backward(as_floats(dy, dtype), cache, out=out)
        self.weight.add_grad(dweight)
        self.bias.add_grad(dbias)
        return dx

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.num_features}, eps={self.eps}, momentum={self.momentum}"


class BatchNorm1d(BatchNorm):
    """Batch normalisation of (N, C) or (N, C, L); arguments and attributes as `BatchNorm` has them."""

    axes = {2: "(N, C)", 3: "(N, C, L)"}


class BatchNorm2d(BatchNorm):
    """Batch normalisation of images (N, C, H, W); arguments and attributes as `BatchNorm` has them."""

    axes = {4: "(N, C, H, W)"}
