"""penalised_loss(x, y, w, b, l1, l2): a loss with an elastic net on the weights, and not on the bias."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.penalties import penalised_loss as reference
from grading.checks.regularisation.penalties import penalised_loss_terms
from grading.checks.small_numbers import fill

Array = np.ndarray


def regression(
    rng: np.random.Generator,
    count: int,
    features: int,
    numbers: str,
    b: float,
    l1: float,
    l2: float,
    dtype: str,
) -> Example:
    """Build a call; "distinct" weights hold a 0."""
    x, y = fill(rng, (count, features), "halves", dtype), fill(rng, (count,), "halves", dtype)
    return example(x, y, fill(rng, (features,), numbers, dtype), b, l1, l2)


RNG = np.random.default_rng(53)
FIXED = (
    example(
        np.array([[1.0, 0.0], [0.0, 2.0]]),
        np.array([1.0, 0.0]),
        np.array([3.0, -1.0]),
        1.0,
        0.5,
        0.25,
        note="the example of the prompt",
    ),
    regression(RNG, 3, 2, "whole", -2.0, 0.5, 0.0, "float64"),
    regression(RNG, 4, 3, "distinct", 3.0, 0.0, 2.0, "float64"),
    regression(RNG, 1, 3, "halves", 1.5, 1.0, 0.5, "float32"),
)
DRAWN = Drawn(
    regression,
    {
        "count": (2, 1, 3, 5),
        "features": (1, 2, 3),
        "numbers": ("whole", "halves", "distinct"),
        "b": (1.0, -2.0, 0.5),
        "l1": (0.0, 1.0, 0.25),
        "l2": (1.0, 0.0, 0.5),
        "dtype": ("float64", "float32"),
    },
)


def _penalty(w: Array, l1: float, l2: float) -> float:
    return l1 * np.abs(w).sum() + 0.5 * l2 * (w**2).sum()


def _pull(w: Array, l1: float, l2: float) -> Array:
    return l1 * np.sign(w) + l2 * w


def _plain(x: Array, y: Array, w: Array, b: float) -> tuple[float, Array, float]:
    return reference(x, y, w, b, 0.0, 0.0)


def _one(
    output: str, identifier: str, title: str, explanation: str, *computes: Callable[..., object]
) -> Misconception:
    """Name a mistake in one output."""
    return Misconception(identifier, title, explanation, sections.PENALTIES, computes, output=output)


MISCONCEPTIONS = (
    _one(
        "cost",
        "cost-without-the-penalty",
        "the penalty is missing",
        "What is minimised is the loss and the penalty together.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[0],
    ),
    _one(
        "cost",
        "cost-penalty-divided-by-the-examples",
        "the penalty is divided by the number of examples",
        "Only the loss is a mean over examples. The weights are there once, and so is their penalty.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[0] + _penalty(w, l1, l2) / len(x),
    ),
    _one(
        "cost",
        "cost-penalises-the-bias",
        "the bias is penalised, too",
        "A bias only moves the answer up or down; a penalty would pull the mean of the answers to 0.",
        lambda x, y, w, b, l1, l2: reference(x, y, w, b, l1, l2)[0] + l1 * abs(b) + 0.5 * l2 * b**2,
    ),
    _one(
        "cost",
        "cost-without-a-half",
        "a half is missing",
        "Both the squared error and the squared weights come with ½, so that their gradients have no 2.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[0] + l1 * np.abs(w).sum() + l2 * (w**2).sum(),
        lambda x, y, w, b, l1, l2: 2 * _plain(x, y, w, b)[0] + _penalty(w, l1, l2),
        lambda x, y, w, b, l1, l2: 2 * _plain(x, y, w, b)[0] + l1 * np.abs(w).sum() + l2 * (w**2).sum(),
    ),
    _one(
        "cost",
        "cost-penalties-exchanged",
        "l1 and l2 are exchanged",
        "l1 belongs to the absolute values, l2 to the squares.",
        lambda x, y, w, b, l1, l2: reference(x, y, w, b, l2, l1)[0],
    ),
    _one(
        "cost",
        "cost-is-a-sum-over-examples",
        "the loss is a sum instead of a mean",
        "The squared errors are averaged over the examples: divide by N.",
        lambda x, y, w, b, l1, l2: len(x) * _plain(x, y, w, b)[0] + _penalty(w, l1, l2),
    ),
    _one(
        "dw",
        "gradient-without-the-penalty",
        "the gradient knows nothing of the penalty",
        "A penalty in the cost alone changes no step. Its gradient, l1·sign(w) + l2·w, must be added.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[1],
    ),
    _one(
        "dw",
        "gradient-penalty-divided-by-the-examples",
        "the gradient of the penalty is divided by the number of examples",
        "Only the loss is a mean over examples; the penalty is there once.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[1] + _pull(w, l1, l2) / len(x),
    ),
    _one(
        "dw",
        "gradient-factor-does-not-match",
        "the factor of the L2 gradient does not match that of the cost",
        "The cost has l2/2 times the squares: the gradient is l2·w.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[1] + _pull(w, l1, 2 * l2),
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[1] + _pull(w, l1, l2 / 2),
    ),
    _one(
        "dw",
        "gradient-without-the-sign",
        "the L1 gradient has no sign",
        "The slope of |w| is the sign of w.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[1] + l1 + l2 * w,
    ),
    _one(
        "dw",
        "gradient-penalties-exchanged",
        "l1 and l2 are exchanged in the gradient",
        "l1 belongs to the absolute values, l2 to the squares.",
        lambda x, y, w, b, l1, l2: reference(x, y, w, b, l2, l1)[1],
    ),
    _one(
        "dw",
        "gradient-is-a-sum-over-examples",
        "the gradient of the loss is a sum instead of a mean",
        "The loss is a mean over examples, and so is its gradient: divide xᵀ(error) by N.",
        lambda x, y, w, b, l1, l2: len(x) * _plain(x, y, w, b)[1] + _pull(w, l1, l2),
    ),
    _one(
        "db",
        "gradient-penalises-the-bias",
        "the bias is penalised, too",
        "The penalty is on w alone: db is the mean error.",
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[2] + l2 * b,
        lambda x, y, w, b, l1, l2: _plain(x, y, w, b)[2] + l2 * b + l1 * np.sign(b),
    ),
    _one(
        "db",
        "bias-gradient-is-a-sum",
        "the gradient of the bias is a sum instead of a mean",
        "The loss is a mean over examples: db is the mean of the errors.",
        lambda x, y, w, b, l1, l2: len(x) * _plain(x, y, w, b)[2],
    ),
)
check = Check(
    name="penalised_loss",
    signature="(x, y, w, b, l1, l2)",
    section=sections.PENALTIES,
    reference=reference,
    outputs=("cost", "dw", "db"),
    magnitude=penalised_loss_terms,
    parts=(
        Part("cost", 1, FIXED, DRAWN, output="cost"),
        Part("gradient by the weights", 2, FIXED, DRAWN, output="dw"),
        Part("gradient by the bias", 1, FIXED, DRAWN, output="db"),
    ),
    misconceptions=MISCONCEPTIONS,
)
