"""Layers that only change the shape."""

from __future__ import annotations

import math

import numpy as np

from course_lib.nn.module import Module


class Flatten(Module):
    """Join all axes but the first: (N, C, H, W) to (N, C·H·W), channel by channel, row by row."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return a fresh array (N, features).

        Raises
        ------
        TypeError
            If x is not an array.
        ValueError
            If x has no axis.
        """
        if not isinstance(x, np.ndarray):
            raise TypeError(f"x must be an array of shape (N, ...), got a {type(x).__name__}")
        if x.ndim == 0:
            raise ValueError("x must have at least the axis of examples, got shape ()")
        self.cache = x.shape
        # The number of features is written out because -1 cannot be worked out for an empty batch.
        y = self.fresh("y", (len(x), math.prod(x.shape[1:])), x.dtype)
        y.reshape(x.shape)[...] = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dx in the shape of the input.

        Raises
        ------
        ValueError
            If dy has not the shape of the output.
        """
        x_shape = self.cached()
        expected = (x_shape[0], math.prod(x_shape[1:]))
        if np.shape(dy) != expected:
            raise ValueError(f"dy must have the output's shape {expected}, got {np.shape(dy)}")
        dy = np.asarray(dy)
        dx = self.fresh("dx", x_shape, dy.dtype)
        dx.reshape(expected)[...] = dy
        return dx
