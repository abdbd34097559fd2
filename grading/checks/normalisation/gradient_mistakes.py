"""Gradients of batch and layer normalisation step by step, so that a step can be taken wrongly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checks.normalisation.statistics_mistakes import xhat

Array = np.ndarray


@dataclass(frozen=True)
class Steps:
    """How dx is computed: through the numbers themselves, through the variance and through the mean.

    Attributes
    ----------
    axis : int
        What the statistics are taken over: 0 for batch, 1 for layer normalisation.
    summed_over : int or None
        Axis of the sums on the way back; None sums everything.
    through_variance, through_mean : bool
        False leaves a way out.
    summed : bool
        False leaves the sums out.
    divided : bool
        False does not divide by the number of terms.
    eps_inside : bool
        False computes as if ε were 0.
    scaled : bool
        False forgets γ.
    deviation_for_variance : bool
        True takes the stored standard deviation for the variance.
    """

    axis: int
    summed_over: int | None = -1
    through_variance: bool = True
    through_mean: bool = True
    summed: bool = True
    divided: bool = True
    eps_inside: bool = True
    scaled: bool = True
    deviation_for_variance: bool = False

    def __call__(self, dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
        """Return dx."""
        over = self.axis if self.summed_over == -1 else self.summed_over
        count = (x.shape[self.axis] if over is None else x.shape[over]) if self.divided else 1
        centred = x - x.mean(axis=self.axis, keepdims=True)
        inside = x.var(axis=self.axis, keepdims=True) + (eps if self.eps_inside else 0.0)
        if self.deviation_for_variance:
            inside = np.sqrt(inside)
        g = dy * gamma if self.scaled else dy

        def total(terms: Array) -> Array:
            return terms.sum(axis=over, keepdims=True) if self.summed else terms

        dx = g / np.sqrt(inside)
        if self.through_variance:
            dx = dx + total(-0.5 * g * centred * inside**-1.5) * 2 * centred / count
        if self.through_mean:
            dx = dx + total(-g / np.sqrt(inside)) / count
        return dx


def dgamma_with(normalised: Callable[[Array, float], Array]) -> object:
    """Return dgamma from something else than the normalised x."""
    return lambda dy, x, gamma, beta, eps=1e-5: (dy * normalised(x, eps)).sum(axis=0)


def reduced(axis: int, reduce: Callable[[Array], Array], *, by_gamma: bool) -> object:
    """Return dgamma or dbeta with another reduction."""

    def compute(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
        return reduce(dy * xhat(x, axis, eps) if by_gamma else dy)

    return compute
