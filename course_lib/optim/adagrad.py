"""Adagrad: a rate for each parameter that fades with its gradients so far (Duchi, Hazan and Singer 2011)."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib.optim.optimizer import Optimizer, Trainable, in_range


class Adagrad(Optimizer):
    """s ← s + g², θ ← θ − lr/(1 + (t−1)·lr_decay) · g/(√s + eps), with steps t counted from 1.

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate.
    lr_decay : float
        Lets the rate fade as 1/t on top.
    weight_decay : float
        Adds weight_decay·θ to the gradient.
    initial_accumulator_value : float
        First value of s.
    eps : float
        Added to the root.
    """

    option_names = ("lr", "lr_decay", "weight_decay", "initial_accumulator_value", "eps")

    def __init__(
        self,
        params: Iterable[Trainable],
        lr: float = 0.01,
        *,
        lr_decay: float = 0,
        weight_decay: float = 0,
        initial_accumulator_value: float = 0,
        eps: float = 1e-10,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            lr_decay=lr_decay,
            weight_decay=weight_decay,
            initial_accumulator_value=initial_accumulator_value,
            eps=eps,
        )

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        for name in ("lr_decay", "weight_decay", "initial_accumulator_value", "eps"):
            in_range(name, getattr(options, name), low=0)

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter."""
        if not state:
            state.update(step=0, sum=np.full_like(data, options.initial_accumulator_value))
        state["step"] += 1
        grad = self.decayed(data, grad, options)
        move, root = self.scratch.like(data, "move"), self.scratch.like(data, "root")
        state["sum"] += np.multiply(grad, grad, out=move)
        np.sqrt(state["sum"], out=root)
        root += options.eps
        np.divide(grad, root, out=move)
        move *= options.lr / (1 + (state["step"] - 1) * options.lr_decay)
        data -= move
