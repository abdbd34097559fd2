"""Mistakes that every normalisation invites: in ε, in the variance, in scale and shift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checks.definition import Misconception

Array = np.ndarray
# What centred numbers are divided by, from the biased and the unbiased variance.
DIVISORS: dict[str, Callable[[Array, Array, float], Array]] = {
    "right": lambda variance, unbiased, eps: np.sqrt(variance + eps),
    "eps missing": lambda variance, unbiased, eps: np.sqrt(variance),
    "eps outside": lambda variance, unbiased, eps: np.sqrt(variance) + eps,
    "variance": lambda variance, unbiased, eps: variance + eps,
    "unbiased": lambda variance, unbiased, eps: np.sqrt(unbiased + eps),
}


def xhat(x: Array, axis: int | tuple[int, ...], eps: float, divisor: str = "right") -> Array:
    """Normalise over some axes, dividing by one of `DIVISORS`."""
    variances = (x.var(axis=axis, keepdims=True, ddof=ddof) for ddof in (0, 1))
    return (x - x.mean(axis=axis, keepdims=True)) / DIVISORS[divisor](*variances, eps)


@dataclass(frozen=True)
class Normalisation:
    """How one of the normalisations is computed, so that it can be computed wrongly.

    Attributes
    ----------
    prefix : str
        Of the names of its mistakes.
    over : str
        What the statistics are taken over, in words.
    section : str
        Where the lecture speaks of it.
    normalised : callable
        `normalised(divisor, x, *options, eps)`: x without scale and shift.
    scaled : callable
        `scaled(x, gamma, beta)`: scale and shift.
    output : str or None
        Which output of the check it is.
    """

    prefix: str
    over: str
    section: str
    normalised: Callable[..., Array]
    scaled: Callable[[Array, Array, Array], Array]
    output: str | None = None

    def computed(self, divisor: str) -> Callable[..., Array]:
        """Return the whole normalisation with one of `DIVISORS`."""

        def compute(x: Array, gamma: Array, beta: Array, *options: float) -> Array:
            *rest, eps = self._options(options)
            return self.scaled(self.normalised(divisor, x, *rest, eps), gamma, beta)

        return compute

    def with_scale(self, scaled: Callable[[Array, Array, Array], Array]) -> Callable[..., Array]:
        """Return the whole normalisation with another scale and shift."""

        def compute(x: Array, gamma: Array, beta: Array, *options: float) -> Array:
            *rest, eps = self._options(options)
            return scaled(self.normalised("right", x, *rest, eps), gamma, beta)

        return compute

    @staticmethod
    def _options(options: tuple[float, ...]) -> tuple[float, ...]:
        """Complete what a call left to its default: eps, which stands last and is the only float."""
        return options if options and isinstance(options[-1], float) else (*options, 1e-5)

    def mistake(
        self, name: str, title: str, explanation: str, *computes: Callable[..., object]
    ) -> Misconception:
        """Name a mistake of this normalisation."""
        identifier = f"{self.prefix}-{name}"
        return Misconception(identifier, title, explanation, self.section, computes, output=self.output)

    def usual(self) -> tuple[Misconception, ...]:
        """Return the mistakes that it shares with the others."""
        return (
            self.mistake(
                "eps-missing",
                "ε is missing",
                "Where all numbers are equal the variance is 0, and 0 / 0 is NaN. ε stands under the root: "
                "√(variance + ε).",
                self.computed("eps missing"),
            ),
            self.mistake(
                "eps-outside-the-root",
                "ε is added outside the root",
                "ε belongs under the root: √(variance + ε), not √variance + ε.",
                self.computed("eps outside"),
            ),
            self.mistake(
                "divides-by-the-variance",
                "divided by the variance",
                "Divide by the square root, √(variance + ε): the result then has variance 1.",
                self.computed("variance"),
            ),
            self.mistake(
                "unbiased-variance",
                "the variance is divided by one less",
                f"The variance in a normalisation is the mean square over {self.over}, without the -1 "
                "(ddof=0).",
                self.computed("unbiased"),
            ),
            self.mistake(
                "forgets-gamma-and-beta",
                "γ and β are not used",
                "After normalising, multiply by γ and add β: they are what the layer learns.",
                self.with_scale(lambda x, gamma, beta: x),
                self.with_scale(lambda x, gamma, beta: self.scaled(x, gamma, 0 * beta)),
                self.with_scale(lambda x, gamma, beta: self.scaled(x, np.ones_like(gamma), beta)),
            ),
            self.mistake(
                "exchanges-gamma-and-beta",
                "γ and β are exchanged, or combined in another order",
                "First multiply by γ, then add β.",
                self.with_scale(lambda x, gamma, beta: self.scaled(x, beta, gamma)),
                self.with_scale(lambda x, gamma, beta: self.scaled(x, gamma, gamma * beta)),
            ),
        )


def along_the_columns(x: Array, gamma: Array, beta: Array) -> Array:
    """Scale and shift images along their last axis, as broadcasting does if nobody tells it otherwise."""
    return gamma * x + beta
