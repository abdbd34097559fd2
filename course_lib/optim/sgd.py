"""Stochastic gradient descent, with momentum in PyTorch's form."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
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
        super().__init__(
            params,
            lr=lr,
            momentum=momentum,
            dampening=dampening,
            nesterov=nesterov,
            weight_decay=weight_decay,
        )

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        in_range("momentum", options.momentum, low=0)
        in_range("dampening", options.dampening, low=0)
        in_range("weight_decay", options.weight_decay, low=0)
        if options.nesterov and (options.momentum == 0 or options.dampening != 0):
            raise ValueError(
                "nesterov must go with a momentum above 0 and no dampening, "
                f"got momentum {options.momentum} and dampening {options.dampening}"
            )

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter."""
        direction = grad = self.decayed(data, grad, options)
        move = self.scratch.like(data, "move")
        if options.momentum:
            if "velocity" not in state:
                state["velocity"] = np.array(grad, dtype=data.dtype)
            else:
                state["velocity"] *= options.momentum
                state["velocity"] += np.multiply(grad, 1 - options.dampening, out=move)
            direction = state["velocity"]
            if options.nesterov:
                direction = np.multiply(direction, options.momentum, out=move)
                direction += grad
        data -= np.multiply(direction, options.lr, out=move)
