"""What goes wrong in activate, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.units import activate as right

Array = np.ndarray


def _mistake(
    identifier: str, title: str, explanation: str, part: str, *computes: Callable[[Array], Array]
) -> Misconception:
    """Name a mistake in one of the five activations."""
    calls = tuple(lambda name, x, compute=compute: compute(x) for compute in computes)
    return Misconception(identifier, title, explanation, sections.UNITS, calls, part=part)


def _leaky(slope: float) -> Callable[[Array], Array]:
    return lambda x: np.where(x > 0, x, slope * x)


MISCONCEPTIONS = (
    _mistake(
        "sigmoid-overflows",
        "large scores give NaN",
        "exp(x) / (1 + exp(x)) is infinity over infinity for x = 1000. 1 / (1 + exp(-x)) has the limit "
        "right.",
        "sigmoid",
        lambda x: np.exp(x) / (1 + np.exp(x)),
    ),
    _mistake(
        "sigmoid-mirrored",
        "the sigmoid falls where it should rise",
        "The exponent needs a minus sign: 1 / (1 + exp(-x)) is near 1 for large x.",
        "sigmoid",
        lambda x: right("sigmoid", -x),
    ),
    _mistake(
        "sigmoid-is-its-slope",
        "this is the slope of the sigmoid",
        "s (1 - s) is the derivative, which question 2 asks for. Here the value is wanted: s.",
        "sigmoid",
        lambda x: right("sigmoid", x) * right("sigmoid", -x),
    ),
    _mistake(
        "tanh-overflows",
        "large scores give NaN",
        "(exp(x) - exp(-x)) / (exp(x) + exp(-x)) is infinity over infinity for x = 1000. np.tanh knows the "
        "limit.",
        "tanh",
        lambda x: (np.exp(x) - np.exp(-x)) / (np.exp(x) + np.exp(-x)),
        lambda x: (np.exp(2 * x) - 1) / (np.exp(2 * x) + 1),
    ),
    _mistake(
        "tanh-from-the-sigmoid-of-x",
        "the sigmoid is stretched, but its argument is not doubled",
        "tanh(x) = 2 sigmoid(2x) - 1: the factor 2 is needed inside, too.",
        "tanh",
        lambda x: 2 * right("sigmoid", x) - 1,
    ),
    _mistake(
        "relu-returns-the-mask",
        "the mask is returned, where x is positive, and not x",
        "x > 0 is 1 for every positive number. ReLU keeps the number itself: max(x, 0).",
        "relu",
        lambda x: x > 0,
    ),
    _mistake(
        "relu-keeps-the-negative",
        "negative numbers are kept, not positive ones",
        "ReLU is max(x, 0): what is below 0 becomes 0.",
        "relu",
        lambda x: np.minimum(x, 0),
        np.abs,
    ),
    _mistake(
        "leaky-relu-other-slope",
        "the slope below 0 is another one",
        "The prompt fixes the slope for negative numbers: 0.01.",
        "leaky_relu",
        *(_leaky(slope) for slope in (0.1, 0.2, 0.001, 0.3)),
    ),
    _mistake(
        "leaky-relu-does-not-leak",
        "this is the plain ReLU",
        "Below 0 the leaky ReLU is 0.01 x, so that a unit that is never positive still learns.",
        "leaky_relu",
        _leaky(0.0),
    ),
    _mistake(
        "leaky-relu-is-constant-below",
        "below 0 the slope is returned instead of slope times x",
        "For negative numbers the value is 0.01 x: the slope must still be multiplied by x.",
        "leaky_relu",
        lambda x: np.where(x > 0, x, 0.01),
        lambda x: np.maximum(x, 0.01),
    ),
    _mistake(
        "leaky-relu-folds",
        "negative numbers come out positive",
        "0.01 x is negative where x is: no absolute value, no minus sign.",
        "leaky_relu",
        _leaky(-0.01),
    ),
    _mistake(
        "elu-jumps-at-zero",
        "the ELU jumps at 0",
        "Below 0 the ELU is exp(x) - 1, which is 0 at 0. Without the 1 it jumps.",
        "elu",
        lambda x: np.where(x > 0, x, np.exp(np.minimum(x, 0))),
    ),
    _mistake(
        "elu-overflows-above",
        "large scores give NaN",
        "A mask times exp(x) is 0 times infinity for x = 1000. Choose with np.where, or cap x at 0 before "
        "exp.",
        "elu",
        lambda x: (x > 0) * x + (x <= 0) * (np.exp(x) - 1),
        lambda x: np.maximum(x, 0) + (x < 0) * (np.exp(x) - 1),
    ),
    _mistake(
        "elu-exponent-mirrored",
        "the exponent of the ELU has the opposite sign",
        "Below 0 the value is exp(x) - 1, which levels off at -1.",
        "elu",
        lambda x: np.where(x > 0, x, np.exp(-x) - 1),
        lambda x: np.where(x > 0, x, 1 - np.exp(-x)),
    ),
)
