"""RMSprop: steps scaled by a fading average of squared gradients (Hinton, lecture 6 of 2012)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from course_lib.optim.optimizer import Optimizer, Trainable, in_range


class RMSprop(Optimizer):
    """v ← αv + (1−α)g², θ ← θ − lr·g/(√v + eps).

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate.
    alpha : float
        Share of the old value in the average.
    eps : float
        Added to the root.
    weight_decay : float
        Adds weight_decay·θ to the gradient.
    momentum : float
        With it the scaled gradients feed a velocity u ← momentum·u + g/(√v + eps), and θ ← θ − lr·u.
    centered : bool
        Subtract the square of the gradient's own average from v, which makes it a variance.
    """

    option_names = ("lr", "alpha", "eps", "weight_decay", "momentum", "centered")

    def __init__(
        self,
        params: Iterable[Trainable],
        lr: float = 0.01,
        *,
        alpha: float = 0.99,
        eps: float = 1e-8,
        weight_decay: float = 0,
        momentum: float = 0,
        centered: bool = False,
    ) -> None:
        super().__init__(params, lr)
        self.alpha = in_range("alpha", alpha, low=0)
        self.eps = in_range("eps", eps, low=0)
        self.weight_decay = in_range("weight_decay", weight_decay, low=0)
        self.momentum = in_range("momentum", momentum, low=0)
        self.centered = bool(centered)

    def update(self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any]) -> None:
        """Move one parameter."""
        if not state:
            names = ["square", *(["mean"] if self.centered else []), *(["velocity"] if self.momentum else [])]
            state.update({name: np.zeros_like(data) for name in names})
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        square = state["square"]
        square *= self.alpha
        square += (1 - self.alpha) * grad * grad
        if self.centered:
            state["mean"] *= self.alpha
            state["mean"] += (1 - self.alpha) * grad
            square = square - state["mean"] ** 2
        scaled = grad / (np.sqrt(square) + self.eps)
        if self.momentum:
            state["velocity"] *= self.momentum
            state["velocity"] += scaled
            scaled = state["velocity"]
        data -= self.lr * scaled
