"""sgd_step(theta, grad, lr): one step against the gradient."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import sgd_step as reference
from grading.checks.optimisers.stepping import SHAPES
from grading.checks.small_numbers import fill


def step(rng: np.random.Generator, shape: tuple[int, ...], lr: float, numbers: str, dtype: str) -> Example:
    """Build a call."""
    return example(fill(rng, shape, "whole", dtype), fill(rng, shape, numbers, dtype), lr)


RNG = np.random.default_rng(21)
FIXED = (
    example(np.array([1.0, -2.0]), np.array([0.5, 4.0]), 0.1, note="the example of the prompt"),
    step(RNG, (2, 3), 0.5, "whole", "float64"),
    step(RNG, (1,), 0.25, "halves", "float32"),
)
DRAWN = Drawn(
    step,
    {
        "shape": SHAPES,
        "lr": (0.5, 0.1, 2.0),
        "numbers": ("whole", "halves"),
        "dtype": ("float64", "float32"),
    },
)
MISCONCEPTIONS = (
    Misconception(
        "sgd-climbs",
        "the step climbs",
        "theta + lr·grad goes up the slope, and the cost grows. The gradient points uphill: subtract it.",
        sections.SLOPE,
        (lambda theta, grad, lr: theta + lr * grad,),
    ),
    Misconception(
        "sgd-returns-the-update",
        "the update is returned instead of the new theta",
        "Return where theta is after the step: theta − lr·grad, not lr·grad alone.",
        sections.SLOPE,
        (lambda theta, grad, lr: -lr * grad, lambda theta, grad, lr: lr * grad),
    ),
    Misconception(
        "sgd-without-rate",
        "the learning rate is not used, or divides",
        "The step is the gradient times lr.",
        sections.SLOPE,
        (lambda theta, grad, lr: theta - grad, lambda theta, grad, lr: theta - grad / lr),
    ),
    Misconception(
        "sgd-shrinks-theta",
        "theta is multiplied by the rate, too",
        "Only the gradient is multiplied by lr. Mind the brackets: theta − lr·grad.",
        sections.SLOPE,
        (lambda theta, grad, lr: lr * (theta - grad), lambda theta, grad, lr: (1 - lr) * theta - lr * grad),
    ),
)
check = Check(
    name="sgd_step",
    signature="(theta, grad, lr)",
    section=sections.SLOPE,
    reference=reference,
    # The result may be 0, with the rounding of the two that cancel.
    magnitude=lambda theta, grad, lr: np.abs([theta, lr * grad]).max(),
    outputs=("theta",),
    parts=(Part("one step", 1, FIXED, DRAWN),),
    misconceptions=MISCONCEPTIONS,
)
