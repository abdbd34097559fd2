"""Non-linearities, each element on its own."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.nn.module import Module


class ReLU(Module):
    """max(x, 0); the gradient at 0 is 0, as in PyTorch."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.relu(x)
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy where the input was positive, else 0."""
        return F.relu_backward(dy, self.cached())
