"""What goes wrong in property_gaps, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.signals import operate
from grading.checks.convolution.signals import property_gaps as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _commuted(reduce: Callable[[Array], float]) -> Callable[..., float]:
    """Reduce the differences of op(x, h) and op(h, x) in another way."""

    def compute(operation: str, x: Array, z: Array, h: Array, a: float, b: float) -> float:
        return reduce(operate(operation, x, h) - operate(operation, h, x))

    return compute


def _mixed(reduce: Callable[[Array], float]) -> Callable[..., float]:
    """Reduce the differences of both sides of linearity in another way."""

    def compute(operation: str, x: Array, z: Array, h: Array, a: float, b: float) -> float:
        apart = a * operate(operation, x, h) + b * operate(operation, z, h)
        return reduce(operate(operation, a * x + b * z, h) - apart)

    return compute


def _homogeneous(operation: str, x: Array, z: Array, h: Array, a: float, b: float) -> float:
    return float(np.abs(operate(operation, a * x, h) - a * operate(operation, x, h)).max())


def _additive(operation: str, x: Array, z: Array, h: Array, a: float, b: float) -> float:
    together = operate(operation, x + z, h)
    return float(np.abs(together - operate(operation, x, h) - operate(operation, z, h)).max())


def _instead(wrong: str, taken: str) -> Callable[..., tuple[float, float]]:
    """Take one operation for another."""
    return lambda operation, x, z, h, a, b: right(taken if operation == wrong else operation, x, z, h, a, b)


MISCONCEPTIONS = (
    Misconception(
        "commutativity-mean-difference",
        "the differences are added or averaged",
        "The gap is the largest absolute difference, not the mean or the sum of all of them.",
        sections.CONVOLUTION,
        (_commuted(lambda d: np.abs(d).mean()), _commuted(lambda d: np.abs(d).sum())),
        output="commutativity",
    ),
    Misconception(
        "correlation-seems-to-commute",
        "your correlation seems to commute",
        "Cross-correlation does not commute: exchanged, it gives the result backwards. Your kernel is "
        "flipped, or differences of opposite sign cancel.",
        sections.CORRELATION,
        (
            lambda operation, x, z, h, a, b: right(
                "convolution" if operation == "correlation" else operation, x, z, h, a, b
            )[0],
        ),
        output="commutativity",
    ),
    Misconception(
        "constant-forgotten",
        "the 1 of “affine” is not added",
        "“affine” adds 1 to every value of the convolution, and so fails to be linear.",
        sections.CONVOLUTION,
        (_instead("affine", "convolution"),),
    ),
    Misconception(
        "negative-values-kept",
        "negative values are kept by “relu”",
        "“relu” replaces the negative values of the convolution by 0, and so fails to be linear.",
        sections.CONVOLUTION,
        (_instead("relu", "convolution"),),
    ),
    Misconception(
        "linearity-mean-difference",
        "the differences are added or averaged",
        "The gap is the largest absolute difference, not the mean or the sum of all of them.",
        sections.CONVOLUTION,
        (_mixed(lambda d: np.abs(d).mean()), _mixed(lambda d: np.abs(d).sum())),
        output="linearity",
    ),
    Misconception(
        "linearity-not-absolute",
        "differences are not taken absolutely",
        "A difference may be negative. Take absolute values first, then their maximum.",
        sections.CONVOLUTION,
        (_mixed(np.max), _mixed(np.mean), _mixed(np.sum)),
        output="linearity",
    ),
    Misconception(
        "linearity-half-tested",
        "only one half of linearity is tested",
        "Linear means both: factors and sums come out of the operation. Compare op(a·x + b·z) with "
        "a·op(x) + b·op(z).",
        sections.CONVOLUTION,
        (_homogeneous, _additive),
        output="linearity",
    ),
)
