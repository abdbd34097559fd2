"""Layers that disturb a network while it trains, so that it does not lean on any one unit or connection."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.linear import Linear
from course_lib.nn.module import Module, as_floats


class Dropout(Module):
    """In training set each element to 0 with probability p; make the expectation the same in evaluation.

    Either the elements that stay are divided by 1 − p in training and evaluation does nothing ("inverted",
    what everybody does), or they stay as they are and evaluation multiplies by 1 − p (as first published).

    Parameters
    ----------
    p : float
        Probability of dropping.
    inverted : bool
        Scale in training; otherwise in evaluation.
    rng : Generator, int or None
        Draws the masks; an int is a seed, None is unseeded.
    """

    def __init__(
        self, p: float = 0.5, *, inverted: bool = True, rng: np.random.Generator | int | None = None
    ) -> None:
        self.p = arguments.number("p", p, 0, 1)
        self.inverted = bool(inverted)
        self.rng = np.random.default_rng(rng)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x, none that is in use elsewhere."""
        out = self.spare("y"), self.spare("mask")
        y, mask = F.dropout(x, self.p, training=self.training, rng=self.rng, out=out)
        if not self.inverted:
            if self.training:
                np.not_equal(mask, 0, out=mask, casting="unsafe")
            else:
                mask *= 1 - self.p
            np.multiply(x, mask, out=y)
        self.cache = mask
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy times the mask of the latest forward.

        Raises
        ------
        ValueError
            If dy has not the shape of the output.
        """
        mask = self.cached()
        dy = arguments.shaped("dy", dy, mask.shape, "that of the output", mask)
        return np.multiply(dy, mask, out=self.fresh("dx", mask.shape, mask.dtype))

    def extra_repr(self) -> str:
        """Return the probability."""
        return f"{self.p}" + ("" if self.inverted else ", inverted=False")


class DropConnect(Linear):
    """A fully connected layer that in training sets each weight to 0 with probability p.

    The weights that stay are divided by 1 − p, so that evaluation uses all of them as they are. One mask
    serves a whole minibatch, where Wan et al. (2013) draw one for every example and approximate
    evaluation by sampling; biases are not dropped.

    Parameters
    ----------
    in_features, out_features : int
        Sizes of the last axis of input and output.
    p : float
        Probability of dropping.
    bias : bool
        Whether there is a b.
    rng : Generator, int or None
        Draws the initial values and then the masks; an int is a seed, None is unseeded.
    dtype : type
        float32 or float64.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        p: float = 0.5,
        *,
        bias: bool = True,
        rng: np.random.Generator | int | None = None,
        dtype: type = np.float32,
    ) -> None:
        self.p = arguments.number("p", p, 0, 1)
        self.rng = np.random.default_rng(rng)
        super().__init__(in_features, out_features, bias=bias, rng=self.rng, dtype=dtype)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return (*, out_features) for x (*, in_features)."""
        x, weight, bias = self.in_compute_dtype(x, self.weight, self.bias)
        out = self.spare("weight"), self.spare("mask")
        weight, mask = F.drop_connect(weight, self.p, training=self.training, rng=self.rng, out=out)
        y = F.linear(x, weight, bias, out=self.spare("y"))
        self.cache = x, weight, mask
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Add the gradients of the weights that were not dropped, and of the bias; return dx."""
        x, weight, mask = self.cached()
        out = tuple(map(self.spare, ("dx", "dw", "db")))
        dx, dw, db = F.linear_backward(as_floats(dy, x.dtype), x, weight, out=out)
        dw *= mask
        self.weight.add_grad(dw)
        if self.bias is not None:
            self.bias.add_grad(db)
        return dx

    def extra_repr(self) -> str:
        """Return the sizes and the probability."""
        return f"{super().extra_repr()}, p={self.p}"
