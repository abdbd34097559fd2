"""Adam: a step scaled by running averages of the gradient and of its square (Kingma and Ba 2015)."""

from __future__ import annotations

import math
from collections.abc import Iterable
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
        super().__init__(params, lr)
        if len(betas) != 2:
            raise ValueError(f"betas must be two numbers, got {betas!r}")
        self.betas = tuple(in_range("betas", beta, low=0, below=1) for beta in betas)
        self.eps = in_range("eps", eps, low=0)
        self.weight_decay = in_range("weight_decay", weight_decay, low=0)
        self.amsgrad = bool(amsgrad)
        self.bias_correction = bool(bias_correction)

    def update(self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any]) -> None:
        """Move one parameter."""
        if self.weight_decay:
            grad = grad + self.weight_decay * data
        self.adam_step(data, grad, state)

    def adam_step(self, data: np.ndarray, grad: np.ndarray, state: dict[str, Any]) -> None:
        """Move one parameter along `grad` alone, without decay."""
        if not state:
            state.update(step=0, mean=np.zeros_like(data), square=np.zeros_like(data))
        state["step"] += 1
        beta1, beta2 = self.betas
        mean, square = state["mean"], state["square"]
        mean *= beta1
        mean += (1 - beta1) * grad
        square *= beta2
        square += (1 - beta2) * grad * grad
        if self.amsgrad:
            # The maximum is over uncorrected averages, as PyTorch takes it.
            square = state["largest"] = np.maximum(state.get("largest", square), square)
        correction1 = correction2 = 1.0
        if self.bias_correction:
            correction1 -= beta1 ** state["step"]
            correction2 -= beta2 ** state["step"]
        denominator = np.sqrt(square)
        denominator /= math.sqrt(correction2)
        denominator += self.eps
        data -= (self.lr / correction1) * mean / denominator
