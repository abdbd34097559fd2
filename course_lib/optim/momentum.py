"""Momentum as textbooks write it, in two forms; `SGD(momentum=...)` is a third, PyTorch's."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib.optim.optimizer import Optimizer, Trainable, in_range


class VelocityMomentum(Optimizer):
    """v ← momentum·v − lr·g, θ ← θ + v, with v starting at 0.

    The rate is inside the velocity, so steps already made keep the rate that they were made with; PyTorch's
    form takes it outside. At a constant rate the two are the same.

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate.
    momentum : float
        Share of the velocity that is kept. Under a constant gradient the step grows to lr·g/(1 − momentum).
    weight_decay : float
        Adds weight_decay·θ to the gradient.
    """

    option_names = ("lr", "momentum", "weight_decay")

    def __init__(
        self, params: Iterable[Trainable], lr: float, *, momentum: float = 0.9, weight_decay: float = 0
    ) -> None:
        super().__init__(params, lr=lr, momentum=momentum, weight_decay=weight_decay)

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        in_range("momentum", options.momentum, low=0)
        in_range("weight_decay", options.weight_decay, low=0)

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter."""
        if not state:
            state["velocity"] = np.zeros_like(data)
        grad = self.decayed(data, grad, options)
        velocity = state["velocity"]
        velocity *= options.momentum
        velocity -= np.multiply(grad, options.lr, out=self.scratch.like(data, "move"))
        data += velocity


class AverageMomentum(Optimizer):
    """m ← beta·m + (1 − beta)·g, θ ← θ − lr·m, with m starting at 0: a fading average of the gradients.

    Its steps are 1 − beta times those of the velocity form with momentum beta: the rates compare as
    lr against lr·(1 − beta).

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate; under a constant gradient the step grows to lr·g, whatever beta.
    beta : float
        Share of the old average, below 1.
    weight_decay : float
        Adds weight_decay·θ to the gradient.
    """

    option_names = ("lr", "beta", "weight_decay")

    def __init__(
        self, params: Iterable[Trainable], lr: float, *, beta: float = 0.9, weight_decay: float = 0
    ) -> None:
        super().__init__(params, lr=lr, beta=beta, weight_decay=weight_decay)

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        in_range("beta", options.beta, low=0, below=1)
        in_range("weight_decay", options.weight_decay, low=0)

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter."""
        if not state:
            state["mean"] = np.zeros_like(data)
        grad = self.decayed(data, grad, options)
        mean, move = state["mean"], self.scratch.like(data, "move")
        mean *= options.beta
        mean += np.multiply(grad, 1 - options.beta, out=move)
        data -= np.multiply(mean, options.lr, out=move)
