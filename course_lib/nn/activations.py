"""Non-linearities."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.functional import arguments
from course_lib.nn.module import Module


class ReLU(Module):
    """max(x, 0); the gradient at 0 is 0, as in PyTorch."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.relu(x, out=self.spare("y"))
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy where the input was positive, else 0."""
        return F.relu_backward(dy, self.cached(), out=self.spare("dx"))


class ReLU6(Module):
    """min(max(x, 0), 6): bounded, so that few bits hold it (Howard et al. 2017); flat at both bounds."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.relu(x, out=self.spare("y"))
        np.minimum(y, 6, out=y)
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy where the input was between 0 and 6, else 0."""
        x = self.cached()
        dx = F.relu_backward(dy, x, out=self.spare("dx"))
        np.multiply(dx, x < 6, out=dx)
        return dx


class LeakyReLU(Module):
    """x where it is positive, else negative_slope·x.

    Parameters
    ----------
    negative_slope : float
        Slope on the left, which keeps a gradient alive there.
    """

    def __init__(self, negative_slope: float = 0.01) -> None:
        self.negative_slope = arguments.number("negative_slope", negative_slope)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.leaky_relu(x, self.negative_slope, out=self.spare("y"))
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy times the slope at the input."""
        return F.leaky_relu_backward(dy, self.cached(), self.negative_slope, out=self.spare("dx"))

    def extra_repr(self) -> str:
        """Return the slope."""
        return f"{self.negative_slope}"


class ELU(Module):
    """x where it is positive, else alpha·(eˣ − 1).

    Parameters
    ----------
    alpha : float
        Minus the value that is approached on the left.
    """

    def __init__(self, alpha: float = 1.0) -> None:
        self.alpha = arguments.number("alpha", alpha)

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.elu(x, self.alpha, out=self.spare("y"))
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy times the slope at the input."""
        return F.elu_backward(dy, self.cached(), self.alpha, out=self.spare("dx"))

    def extra_repr(self) -> str:
        """Return alpha."""
        return f"{self.alpha}"


class Sigmoid(Module):
    """1/(1 + e⁻ˣ)."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.sigmoid(x, out=self.spare("y"))
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy times the slope at the input, at most 1/4."""
        return F.sigmoid_backward(dy, self.cached(), out=self.spare("dx"))


class Tanh(Module):
    """Hyperbolic tangent."""

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array of the shape of x."""
        y = F.tanh(x, out=self.spare("y"))
        self.cache = x
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy times the slope at the input, at most 1."""
        return F.tanh_backward(dy, self.cached(), out=self.spare("dx"))


class Maxout(Module):
    """Maximum over each group of consecutive channels: the pieces come from the layer before.

    Parameters
    ----------
    pieces : int
        Channels a group.
    axis : int
        Axis of the channels.
    """

    def __init__(self, pieces: int, *, axis: int = 1) -> None:
        self.pieces = arguments.whole("pieces", pieces, 1)
        self.axis = axis

    def forward(self, x: np.ndarray) -> np.ndarray:
        """Return an array with `pieces` times fewer channels."""
        y, indices = F.maxout(x, self.pieces, self.axis, out=(self.spare("y"), self.spare("indices")))
        self.cache = indices
        return y

    def backward(self, dy: np.ndarray) -> np.ndarray:
        """Return dy at the channel that won, 0 at the others of its group."""
        return F.maxout_backward(dy, self.cached(), self.pieces, self.axis, out=self.spare("dx"))

    def extra_repr(self) -> str:
        """Return the number of pieces."""
        return f"{self.pieces}"
