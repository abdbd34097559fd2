"""Layers that disturb a network while it trains, so that it does not lean on any one unit."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.module import Module


class Dropout(Module):
    """In training set each element to 0 with probability p and divide the others by 1 − p; else do nothing.

    Parameters
    ----------
    p : float
        Probability of dropping.
    rng : Generator, int or None
        Draws the masks; an int is a seed, None is unseeded.
    """

    def __init__(self, p: float = 0.5, *, rng: np.random.Generator | int | None = None) -> None:
        self.p = arguments.number("p", p, 0, 1)
        self.rng = np.random.default_rng(rng)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return a fresh array of the shape of x."""
        y, mask = F.dropout(x, self.p, training=self.training, rng=self.rng)
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
        return arguments.shaped("dy", dy, mask.shape, "that of the output", mask) * mask

    def extra_repr(self) -> str:
        """Return the probability."""
        return f"{self.p}"
