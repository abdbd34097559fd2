"""Losses: called with outputs and targets, then asked for the gradient."""

from __future__ import annotations

import numpy as np

from course_lib import functional as F
from course_lib.nn.reuse import ReusesArrays


class Loss(ReusesArrays):
    """`loss = criterion(outputs, targets)`, then `criterion.backward()` is the gradient by the outputs."""

    _gradient: np.ndarray | None = None

    def forward(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return the loss and its gradient by the outputs."""
        raise NotImplementedError(f"{type(self).__name__} has no forward")

    def __call__(self, outputs: np.ndarray, targets: np.ndarray) -> float:
        """Return the loss as a float."""
        loss, self._gradient = self.forward(outputs, targets)
        return float(loss)

    def backward(self) -> np.ndarray:
        """Return the gradient of the latest loss by its outputs, a fresh array in their dtype.

        Raises
        ------
        RuntimeError
            If there was no loss yet.
        """
        if self._gradient is None:
            raise RuntimeError(
                f"{type(self).__name__}.backward before any loss: call it on outputs and targets first"
            )
        gradient = self.fresh("gradient", self._gradient.shape, self._gradient.dtype)
        gradient[...] = self._gradient
        return gradient

    def __repr__(self) -> str:
        return f"{type(self).__name__}()"


class CrossEntropyLoss(Loss):
    """Softmax and negative log-likelihood, mean over the batch: logits (N, C), integer targets (N,)."""

    def forward(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return loss and gradient (N, C)."""
        return F.cross_entropy(outputs, targets, out=self.spare("own gradient"))


class MSELoss(Loss):
    """Mean of squared differences over all elements: outputs and targets of one shape."""

    def forward(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return loss and gradient."""
        return F.mse_loss(outputs, targets, out=self.spare("own gradient"))


class BCEWithLogitsLoss(Loss):
    """Logistic loss of logits, mean over all elements: targets from 0 to 1, of the outputs' shape."""

    def forward(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return loss and gradient."""
        return F.binary_cross_entropy_with_logits(outputs, targets, out=self.spare("own gradient"))


class HingeLoss(Loss):
    """Multi-class SVM loss with margin 1, summed over classes, mean over the batch: integer targets (N,)."""

    def forward(self, outputs: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
        """Return loss and gradient (N, C)."""
        return F.hinge_loss(outputs, targets, out=self.spare("own gradient"))
