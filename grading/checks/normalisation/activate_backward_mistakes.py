"""What goes wrong in activate_backward, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.units import activate
from grading.checks.normalisation.units import activate_backward as right
from grading.checks.normalisation.units import activate_backward_from_the_right as from_the_right

Array = np.ndarray


def _mistake(
    identifier: str, title: str, explanation: str, part: str, *computes: Callable[[Array, Array], Array]
) -> Misconception:
    """Name a mistake in one of the five gradients."""
    calls = tuple(lambda name, dy, x, compute=compute: compute(dy, x) for compute in computes)
    return Misconception(identifier, title, explanation, sections.UNITS, calls, part=part)


def _sigmoid(x: Array) -> Array:
    return activate("sigmoid", x)


MISCONCEPTIONS = (
    Misconception(
        "slope-not-multiplied-by-dy",
        "the slope alone is returned",
        "The chain rule multiplies: dx is dy times the slope at x, element by element.",
        sections.UNITS,
        (
            lambda name, dy, x: right(name, np.ones_like(x), x),
            lambda name, dy, x: from_the_right(name, np.ones_like(x), x),
        ),
    ),
    _mistake(
        "sigmoid-slope-of-its-output",
        "the slope is taken as if x were the sigmoid's output",
        "The slope is s (1 - s) with s = sigmoid(x). Here x is the input: compute s first.",
        "sigmoid",
        lambda dy, x: dy * x * (1 - x),
    ),
    _mistake(
        "sigmoid-slope-without-a-factor",
        "one factor of the sigmoid's slope is missing",
        "The slope is the product s (1 - s), which is 0 at both ends.",
        "sigmoid",
        lambda dy, x: dy * _sigmoid(x),
        lambda dy, x: dy * _sigmoid(-x),
    ),
    _mistake(
        "sigmoid-slope-overflows",
        "large scores give NaN",
        "exp(-x) / (1 + exp(-x))² is infinity over infinity for x = -1000. s (1 - s) has the limit right.",
        "sigmoid",
        lambda dy, x: dy * (np.exp(-x) / (1 + np.exp(-x)) ** 2),
        lambda dy, x: dy * (np.exp(x) / (1 + np.exp(x)) ** 2),
    ),
    _mistake(
        "tanh-slope-of-its-output",
        "the slope is taken as if x were the tanh's output",
        "The slope is 1 - t² with t = tanh(x). Here x is the input: compute t first.",
        "tanh",
        lambda dy, x: dy * (1 - x**2),
    ),
    _mistake(
        "tanh-slope-without-the-square",
        "the square is missing",
        "The slope of tanh is 1 - tanh(x)², which is 1 at 0 and falls on both sides.",
        "tanh",
        lambda dy, x: dy * (1 - np.tanh(x)),
    ),
    _mistake(
        "tanh-slope-of-the-sigmoid",
        "this is t (1 - t), the sigmoid's formula",
        "s (1 - s) belongs to the sigmoid. For tanh it is (1 - t)(1 + t) = 1 - t².",
        "tanh",
        lambda dy, x: dy * np.tanh(x) * (1 - np.tanh(x)),
    ),
    _mistake(
        "relu-gradient-tests-dy",
        "the gradient's own sign decides",
        "What passes is decided by the sign of x, the forward's input; dy may have either sign.",
        "relu",
        lambda dy, x: dy * (dy > 0),
        lambda dy, x: dy * (x > 0) * (dy > 0),
    ),
    _mistake(
        "relu-gradient-times-the-value",
        "dy is multiplied by ReLU's value instead of its slope",
        "Where x > 0 the slope is 1, whatever x is: dx is dy there, and 0 elsewhere.",
        "relu",
        lambda dy, x: dy * np.maximum(x, 0),
    ),
    _mistake(
        "relu-gradient-passes-everything",
        "dy passes where x is negative, too",
        "Where x < 0 the result does not change with x: dx is 0 there.",
        "relu",
        lambda dy, x: dy,
    ),
    _mistake(
        "leaky-gradient-uses-x",
        "below 0 the slope meets x instead of dy",
        "Below 0 the slope is 0.01, and dx is 0.01 dy.",
        "leaky_relu",
        lambda dy, x: np.where(x > 0, dy, 0.01 * x),
        lambda dy, x: np.where(x > 0, dy, 0.01),
    ),
    _mistake(
        "leaky-gradient-of-the-relu",
        "below 0 the gradient is 0",
        "The leaky ReLU lets a little through: below 0 its slope is 0.01, and dx is 0.01 dy.",
        "leaky_relu",
        lambda dy, x: dy * (x > 0),
        lambda dy, x: dy * (x >= 0),
    ),
    _mistake(
        "leaky-gradient-with-another-slope",
        "the slope below 0 is another one",
        "The prompt fixes the slope for negative numbers: 0.01.",
        "leaky_relu",
        *(lambda dy, x, slope=slope: np.where(x > 0, dy, slope * dy) for slope in (0.1, 0.2, 0.001, -0.01)),
    ),
    _mistake(
        "elu-gradient-is-its-value",
        "below 0 dy is multiplied by the ELU's value",
        "The value is exp(x) - 1, its slope exp(x): the constant vanishes.",
        "elu",
        lambda dy, x: np.where(x > 0, dy, dy * np.expm1(np.minimum(x, 0))),
    ),
    _mistake(
        "elu-gradient-overflows",
        "large scores give NaN",
        "A mask times exp(x) is 0 times infinity for x = 1000. Choose with np.where, or cap x at 0 before "
        "exp.",
        "elu",
        lambda dy, x: dy * ((x > 0) + (x <= 0) * np.exp(x)),
    ),
    _mistake(
        "elu-gradient-of-the-relu",
        "below 0 the gradient is 0",
        "The ELU is curved below 0: its slope there is exp(x), and small only far from 0.",
        "elu",
        lambda dy, x: dy * (x > 0),
        lambda dy, x: dy * (x >= 0),
    ),
)
