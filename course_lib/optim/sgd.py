"""Stochastic gradient descent, with momentum in PyTorch's form."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib import aligned
from course_lib.optim.group_rule import GroupRule
from course_lib.optim.optimizer import Trainable, in_range


class SGD(GroupRule):
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

    rule = "sgd"
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

    def row(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> tuple:
        """Return the row of `course_lib.reference.optimizers.sgd`."""
        if not options.momentum:
            return data, grad, None, 0
        first = "velocity" not in state
        if first:
            state["velocity"] = aligned.zeros(data.shape, data.dtype)
        return data, grad, state["velocity"], 1 if first else 2

    def numbers(self, options: SimpleNamespace) -> tuple:
        """Return the options in the rule's order."""
        return (
            float(options.lr),
            options.momentum,
            options.dampening,
            options.nesterov,
            options.weight_decay,
        )
