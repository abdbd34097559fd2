"""Adam: a step scaled by running averages of the gradient and of its square (Kingma and Ba 2015)."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib import aligned
from course_lib.optim.group_rule import GroupRule
from course_lib.optim.optimizer import Trainable, in_range


class Adam(GroupRule):
    """m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², θ ← θ − lr·m̂/(√v̂ + eps), m̂ = m/(1−β₁ᵗ), v̂ = v/(1−β₂ᵗ).

    Steps t are counted from 1: at 0 the correction would divide by zero.

    Parameters
    ----------
    params : iterable of Parameter
        What to train.
    lr : float
        Learning rate, about the size of a step.
    betas : (float, float)
        Share of the old value in the two averages.
    eps : float
        Added to the root, after the correction.
    weight_decay : float
        Adds weight_decay·θ to the gradient.
    amsgrad : bool
        Use the largest v so far (Reddi, Kale and Kumar 2018), so that a rare large gradient
        is not forgotten.
    bias_correction : bool
        Divide by 1−βᵗ; without it both averages start near zero, v nearer than m, and the first steps
        are large.
    """

    rule = "adam"
    #: Whether the decay shrinks the parameters themselves instead of joining the gradient.
    decoupled = False
    option_names = ("lr", "betas", "eps", "weight_decay", "amsgrad", "bias_correction")

    def __init__(
        self,
        params: Iterable[Trainable],
        lr: float = 1e-3,
        *,
        betas: tuple[float, float] = (0.9, 0.999),
        eps: float = 1e-8,
        weight_decay: float = 0,
        amsgrad: bool = False,
        bias_correction: bool = True,
    ) -> None:
        super().__init__(
            params,
            lr=lr,
            betas=betas,
            eps=eps,
            weight_decay=weight_decay,
            amsgrad=amsgrad,
            bias_correction=bias_correction,
        )

    def check(self, options: SimpleNamespace) -> None:
        """Raise if an option is out of its range."""
        if len(options.betas) != 2:
            raise ValueError(f"betas must be two numbers, got {options.betas!r}")
        for beta in options.betas:
            in_range("betas", beta, low=0, below=1)
        in_range("eps", options.eps, low=0)
        in_range("weight_decay", options.weight_decay, low=0)

    def row(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> tuple:
        """Return the row of `course_lib.reference.optimizers.adam`."""
        if not state:
            state.update(
                step=0,
                mean=aligned.zeros(data.shape, data.dtype),
                square=aligned.zeros(data.shape, data.dtype),
            )
        largest = None
        if options.amsgrad:
            if "largest" not in state:
                state["largest"] = aligned.zeros(data.shape, data.dtype)
            largest = state["largest"]
        state["step"] += 1
        return data, grad, state["mean"], state["square"], largest, state["step"]

    def numbers(self, options: SimpleNamespace) -> tuple:
        """Return the options in the rule's order."""
        return (
            float(options.lr),
            tuple(options.betas),
            options.eps,
            options.weight_decay,
            self.decoupled,
            options.bias_correction,
        )
