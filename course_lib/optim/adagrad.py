"""Adagrad: a rate for each parameter that fades with its gradients so far (Duchi, Hazan and Singer 2011)."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib import aligned
from course_lib.optim.group_rule import GroupRule
from course_lib.optim.optimizer import Trainable, in_range


class Adagrad(GroupRule):
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

    rule = "adagrad"
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

    def row(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> tuple:
        """Return the row of `course_lib.reference.optimizers.adagrad`."""
        if not state:
            state.update(step=0, sum=aligned.empty(data.shape, data.dtype))
            state["sum"].fill(options.initial_accumulator_value)
        state["step"] += 1
        return data, grad, state["sum"], state["step"]

    def numbers(self, options: SimpleNamespace) -> tuple:
        """Return the options in the rule's order."""
        return float(options.lr), options.lr_decay, options.eps, options.weight_decay
