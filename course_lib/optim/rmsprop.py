"""RMSprop: steps scaled by a fading average of squared gradients (Hinton, lecture 6 of 2012)."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib import aligned
from course_lib.optim.group_rule import GroupRule
from course_lib.optim.optimizer import Trainable, in_range


class RMSprop(GroupRule):
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

    rule = "rmsprop"
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
        super().__init__(
            params,
            lr=lr,
            alpha=alpha,
            eps=eps,
            weight_decay=weight_decay,
            momentum=momentum,
            centered=centered,
        )

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        for name in ("alpha", "eps", "weight_decay", "momentum"):
            in_range(name, getattr(options, name), low=0)

    def row(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> tuple:
        """Return the row of `course_lib.reference.optimizers.rmsprop`."""
        needed = {"square": True, "mean": options.centered, "velocity": options.momentum}
        averages = []
        for name, wanted in needed.items():
            if wanted and name not in state:
                state[name] = aligned.zeros(data.shape, data.dtype)
            averages.append(state[name] if wanted else None)
        return data, grad, *averages, 0

    def numbers(self, options: SimpleNamespace) -> tuple:
        """Return the options in the rule's order."""
        return float(options.lr), options.alpha, options.eps, options.weight_decay, options.momentum
