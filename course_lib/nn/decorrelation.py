"""Batch normalisation that also takes the correlations between channels away."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.module import Module, as_floats
from course_lib.nn.parameter import Parameter


class DecorrelatedBatchNorm(Module):
    """Whiten the channels of (N, C, *) over the batch by ZCA, then scale and shift each.

    In training the batch's own mean and covariance are used, and the running averages of the mean and of the
    whitening matrix move towards the batch's (momentum weighs the new value). In evaluation the running
    averages are used and stay as they are.

    Parameters
    ----------
    num_features : int
        C. A batch should hold several times as many values of each channel: the covariance of fewer values
        than channels has no inverse, and `eps` alone decides.
    eps : float
        Added to the diagonal of the covariance.
    momentum : float
        Weight of the new value in the running averages.
    dtype : type
        float32 or float64.

    Attributes
    ----------
    weight, bias : Parameter, shape (num_features,)
        Scale, starting at 1, and shift, starting at 0.
    running_mean : ndarray, shape (num_features,)
        Starting at 0.
    running_whitening : ndarray, shape (num_features, num_features)
        Starting at the identity.

    References
    ----------
    L. Huang, D. Yang, B. Lang and J. Deng, Decorrelated batch normalization (2018), arXiv:1804.08450.
    """

    buffer_names = ("running_mean", "running_whitening")

    def __init__(
        self, num_features: int, *, eps: float = 1e-3, momentum: float = 0.1, dtype: type = np.float32
    ) -> None:
        self.num_features = arguments.whole("num_features", num_features, 1)
        self.eps = arguments.number("eps", eps, 0)
        self.momentum = arguments.number("momentum", momentum, 0, 1)
        self.weight = Parameter(np.ones(self.num_features, dtype))
        self.bias = Parameter(np.zeros(self.num_features, dtype))
        self.running_mean = np.zeros(self.num_features, dtype)
        self.running_whitening = np.eye(self.num_features, dtype=dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x.

        Raises
        ------
        ValueError
            If x has not this layer's channels.
        """
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        self.running_mean = self.running_mean.astype(weight.dtype, copy=False)
        self.running_whitening = self.running_whitening.astype(weight.dtype, copy=False)
        white, cache = F.decorrelated_batch_norm(
            x,
            self.running_mean,
            self.running_whitening,
            training=self.training,
            momentum=self.momentum,
            eps=self.eps,
        )
        self.cache = white, cache, weight
        return white * _along(weight, white) + _along(bias, white)

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of scale and shift; return dx (in training through the statistics too)."""
        white, cache, weight = self.cached()
        dy = arguments.shaped(
            "dy", as_floats(dy, weight.dtype), white.shape, "that of the forward's result", white
        )
        others = (0, *range(2, white.ndim))
        self.weight.add_grad((dy * white).sum(axis=others))
        self.bias.add_grad(dy.sum(axis=others))
        return F.decorrelated_batch_norm_backward(dy * _along(weight, white), cache)

    def extra_repr(self) -> str:
        """Return the sizes."""
        return f"{self.num_features}, eps={self.eps}, momentum={self.momentum}"


def _along(values: np.ndarray, x: np.ndarray) -> np.ndarray:
    return values.reshape(-1, *(1,) * (x.ndim - 2))
