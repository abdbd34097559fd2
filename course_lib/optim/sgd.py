"""Stochastic gradient descent, with momentum in PyTorch's form."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from course_lib.optim.optimizer import Optimizer, Trainable, in_range


class SGD(Optimizer):
    """θ ← θ − lr·g, or with a velocity v ← momentum·v + (1 − dampening)·g first and θ ← θ − lr·v.

    The first velocity is the gradient itself, whatever the dampening. Nesterov's form steps along
    g + momentum·v.

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate.
    momentum : float
        Share of the velocity that is kept; 0 keeps none.
    dampening : float
        Share of the gradient that the velocity leaves out.
    nesterov : bool
        Look ahead along the velocity; needs momentum, and no dampening.
    weight_decay : float
        Adds weight_decay·θ to the gradient.
    """

    option_names = ("lr", "momentum", "dampening", "nesterov", "weight_decay")

    def __init__(
        self,
        params: Iterable[Trainable],
        lr: float,
        *,
        momentum: float = 0,
        dampening: float = 0,
        nesterov: bool = False,
        weight_decay: float = 0,
    ) -> None:
        super().__init__(params, lr)
        self.momentum = in_range("momentum", momentum, low=0)
        self.dampening = in_range("dampening", dampening, low=0)
        self.nesterov = bool(nesterov)
        self.weight_decay = in_range("weight_decay", weight_decay, low=0)
        if self.nesterov and (momentum == 0 or dampening != 0):
            raise ValueError(
                "nesterov must go with a momentum above 0 and no dampening, "
                f"got momentum {momentum} and dampening {dampening}"
            )

    def update(self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any]) -> None:
        """Move one parameter."""
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        if self.momentum:
            if "velocity" not in state:
                state["velocity"] = np.array(grad, dtype=data.dtype)
            else:
                state["velocity"] *= self.momentum
                state["velocity"] += (1 - self.dampening) * grad
            velocity = state["velocity"]
            grad = grad + self.momentum * velocity if self.nesterov else velocity
        data -= self.lr * grad
