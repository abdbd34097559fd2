"""Adam: a step scaled by running averages of the gradient and of its square (Kingma and Ba 2015)."""

from __future__ import annotations

import math
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

import numpy as np

from course_lib.optim.optimizer import Optimizer, Trainable, in_range


class Adam(Optimizer):
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

    def update(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter."""
        self.adam_step(data, self.decayed(data, grad, options), state, options)

    def adam_step(
        self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any], options: SimpleNamespace
    ) -> None:
        """Move one parameter along `grad` alone, without decay."""
        if not state:
            state.update(step=0, mean=np.zeros_like(data), square=np.zeros_like(data))
        state["step"] += 1
        beta1, beta2 = options.betas
        move = self.scratch.like(data, "move")
        mean, square = state["mean"], state["square"]
        mean *= beta1
        mean += np.multiply(grad, 1 - beta1, out=move)
        square *= beta2
        np.multiply(grad, grad, out=move)
        move *= 1 - beta2
        square += move
        if options.amsgrad:
            # The maximum is over uncorrected averages, as PyTorch takes it.
            if "largest" not in state:
                state["largest"] = np.zeros_like(data)
            square = np.maximum(state["largest"], square, out=state["largest"])
        correction1 = correction2 = 1.0
        if options.bias_correction:
            correction1 -= beta1 ** state["step"]
            correction2 -= beta2 ** state["step"]
        denominator = np.sqrt(square, out=move)
        denominator /= math.sqrt(correction2)
        denominator += options.eps
        np.divide(mean, denominator, out=move)
        move *= options.lr / correction1
        data -= move
