"""dropconnect_backward(dy, x, w, mask, p): the gradients in training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, GradientOf, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.dropconnect_forward import arguments
from grading.checks.regularisation.dropping import dropconnect_backward as reference
from grading.checks.regularisation.dropping import dropconnect_forward as forward
from grading.checks.small_numbers import fill

Array = np.ndarray


def layer(
    rng: np.random.Generator, count: int, inputs: int, units: int, numbers: str, p: float, dtype: str
) -> Example:
    """Build a call."""
    x, w, _, mask = arguments(rng, count, inputs, units, numbers, dtype)
    return example(fill(rng, (count, units), "whole", dtype), x, w, mask, p)


RNG = np.random.default_rng(59)
FIXED = (
    example(
        np.array([[1.0, 3.0]]),
        np.array([[1.0, 2.0]]),
        np.array([[4.0, 1.0], [3.0, -2.0]]),
        np.array([[1.0, 0.0], [0.0, 1.0]]),
        0.5,
        note="the example of the prompt",
    ),
    layer(RNG, 3, 2, 4, "halves", 0.2, "float64"),
    layer(RNG, 2, 3, 2, "whole", 0.75, "float32"),
    layer(RNG, 2, 2, 2, "halves", 0.2, "float64"),
)
DRAWN = Drawn(
    layer,
    {
        "count": (1, 2, 3),
        "inputs": (2, 1, 3),
        "units": (1, 2, 3),
        "numbers": ("whole", "halves"),
        "p": (0.5, 0.2, 0.75),
        "dtype": ("float64", "float32"),
    },
)


def _one(
    output: str, identifier: str, title: str, explanation: str, *computes: Callable[..., Array]
) -> Misconception:
    """Name a mistake in one gradient."""
    return Misconception(identifier, title, explanation, sections.DROPCONNECT, computes, output=output)


MISCONCEPTIONS = (
    _one(
        "dx",
        "dropconnect-dx-by-all-weights",
        "dropped connections pass the gradient",
        "dx goes back through the weights that the forward used: w times the mask.",
        lambda dy, x, w, mask, p: dy @ w.T,
        lambda dy, x, w, mask, p: dy @ w.T / (1 - p),
    ),
    _one(
        "dx",
        "dropconnect-dx-not-scaled",
        "dx is not scaled",
        "The forward used w times the mask, divided by 1 - p.",
        lambda dy, x, w, mask, p: dy @ (w * mask).T,
        lambda dy, x, w, mask, p: dy @ (w * mask).T / p,
        lambda dy, x, w, mask, p: dy @ (w * mask).T * (1 - p),
    ),
    _one(
        "dw",
        "dropconnect-dw-of-dropped-weights",
        "dropped weights get a gradient",
        "A weight that was dropped had no part in the result: its gradient is 0.",
        lambda dy, x, w, mask, p: x.T @ dy,
        lambda dy, x, w, mask, p: x.T @ dy / (1 - p),
    ),
    _one(
        "dw",
        "dropconnect-dw-not-scaled",
        "dw is not scaled",
        "The forward divided by 1 - p the weights that stayed, and so does their gradient.",
        lambda dy, x, w, mask, p: (x.T @ dy) * mask,
        lambda dy, x, w, mask, p: (x.T @ dy) * mask / p,
        lambda dy, x, w, mask, p: (x.T @ dy) * mask * (1 - p),
    ),
    _one(
        "dw",
        "dropconnect-dw-divided-by-the-batch",
        "dw is divided by the number of examples",
        "Gradients add up over examples: whoever takes a mean does so in the loss.",
        lambda dy, x, w, mask, p: reference(dy, x, w, mask, p)[1] / len(x),
    ),
    _one(
        "db",
        "dropconnect-db-scaled",
        "db is scaled",
        "Biases are neither dropped nor scaled: db is the sum of dy over the examples.",
        lambda dy, x, w, mask, p: dy.sum(axis=0) / (1 - p),
        lambda dy, x, w, mask, p: dy.sum(axis=0) * mask[0],
        lambda dy, x, w, mask, p: dy.sum(axis=0) * mask[0] / (1 - p),
    ),
    _one(
        "db",
        "dropconnect-db-is-a-mean",
        "db is a mean over the examples",
        "Gradients add up over examples.",
        lambda dy, x, w, mask, p: dy.mean(axis=0),
    ),
)


def forward_of(dy: Array, x: Array, w: Array, mask: Array, p: float) -> Example:
    """Call the forward in training; any bias will do."""
    return example(x, w, np.zeros(w.shape[1]), mask, p, True)


check = Check(
    name="dropconnect_backward",
    signature="(dy, x, w, mask, p)",
    section=sections.DROPCONNECT,
    reference=reference,
    outputs=("dx", "dw", "db"),
    linear=True,
    parts=(
        Part("dx", 1, FIXED, DRAWN, output="dx"),
        Part("dw", 2, FIXED, DRAWN, output="dw"),
        Part("db", 1, FIXED, DRAWN, output="db"),
    ),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("dropconnect_forward", forward_of, {"dx": 0, "dw": 1, "db": 2}, forward),
    uses={"dropconnect_forward": forward},
)
