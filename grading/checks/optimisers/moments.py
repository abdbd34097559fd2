"""Adam's step made of parts that mistakes replace: averages, count of steps, corrections, division."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checks.optimisers.adaptive import Divide, root_plus

Array = np.ndarray
Average = Callable[[Array, Array, float], Array]


def mean(old: Array, grad: Array, beta: float) -> Array:
    """Average gradients."""
    return beta * old + (1 - beta) * grad


def mean_square(old: Array, grad: Array, beta: float) -> Array:
    """Average squares."""
    return beta * old + (1 - beta) * grad**2


@dataclass(frozen=True)
class Adam:
    """A step (theta, grad, state, lr, beta1, beta2, eps, bias_correction).

    Parameters
    ----------
    first, second : callable
        How the two averages take in a gradient.
    divide : callable
        What the average gradient is divided by: `divide(corrected average square, eps)`.
    count : callable
        The t that the corrections use, given how many steps there were before.
    correct : bool or None
        Whether to correct; None as asked.
    corrects : (bool, bool)
        Which of the two averages are corrected where anything is.
    stores_corrected : bool
        Keep the corrected averages for the next step.
    swap : bool
        Exchange beta1 and beta2.
    sign : float
        1 climbs.
    keep : bool
        False loses the averages between steps.
    """

    first: Average = mean
    second: Average = mean_square
    divide: Divide = root_plus
    count: Callable[[int], int] = lambda before: before + 1
    correct: bool | None = None
    corrects: tuple[bool, bool] = (True, True)
    stores_corrected: bool = False
    swap: bool = False
    sign: float = -1.0
    keep: bool = True

    def __call__(
        self,
        theta: Array,
        grad: Array,
        state: dict,
        lr: float,
        beta1: float = 0.9,
        beta2: float = 0.999,
        eps: float = 1e-8,
        bias_correction: bool = True,
    ) -> tuple[Array, dict]:
        """Make the step."""
        beta1, beta2 = (beta2, beta1) if self.swap else (beta1, beta2)
        before = state.get("t", 0)
        m = self.first(state.get("m", np.zeros_like(grad)), grad, beta1)
        v = self.second(state.get("v", np.zeros_like(grad)), grad, beta2)
        t = self.count(before)
        correct = bias_correction if self.correct is None else self.correct
        # As 1 − beta^t in a student's code, which is 0 and no exception where it divides an array.
        m_hat = m / (1 - beta1**t) if correct and self.corrects[0] else m
        v_hat = v / (1 - beta2**t) if correct and self.corrects[1] else v
        moved = theta + self.sign * lr * m_hat / self.divide(v_hat, eps)
        if not self.keep:
            return moved, {"t": before + 1}
        kept = (m_hat, v_hat) if self.stores_corrected else (m, v)
        return moved, {"t": before + 1, "m": kept[0], "v": kept[1]}
