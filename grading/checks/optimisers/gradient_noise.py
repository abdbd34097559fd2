"""gradient_noise(gradients, size): mean and variance of a minibatch's gradient, drawn with replacement."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import gradient_noise as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def _squares(gradients: Array) -> Array:
    return (gradients - gradients.mean(axis=0)) ** 2


MISCONCEPTIONS = (
    Misconception(
        "noise-of-one-example",
        "the variance does not depend on the batch size",
        "That is the variance of one example's gradient. The mean of S independent ones has 1/S of it.",
        sections.NOISE,
        (lambda gradients, size: _squares(gradients).sum() / len(gradients),),
        output="variance",
    ),
    Misconception(
        "noise-falls-with-the-root",
        "the variance is divided by the root of the batch size, or by its square",
        "The variance falls as 1/S. It is the standard deviation that falls as 1/√S.",
        sections.NOISE,
        (
            lambda gradients, size: _squares(gradients).sum() / len(gradients) / np.sqrt(size),
            lambda gradients, size: _squares(gradients).sum() / len(gradients) / size**2,
        ),
        output="variance",
    ),
    Misconception(
        "noise-is-a-standard-deviation",
        "the standard deviation is returned",
        "Asked for is the variance: no root.",
        sections.NOISE,
        (
            lambda gradients, size: np.sqrt(_squares(gradients).sum() / len(gradients) / size),
            lambda gradients, size: gradients.std(axis=0).sum() / size,
        ),
        output="variance",
    ),
    Misconception(
        "noise-averaged-over-components",
        "the variances of the components are averaged",
        "The total variance is the sum over the components: the mean squared distance from the mean "
        "gradient.",
        sections.NOISE,
        (lambda gradients, size: _squares(gradients).mean() / size,),
        output="variance",
    ),
    Misconception(
        "noise-of-all-elements",
        "the variance is taken over all numbers at once",
        "Each component varies around its own mean: take the variance along axis 0, then sum.",
        sections.NOISE,
        (
            lambda gradients, size: gradients.var() / size,
            lambda gradients, size: ((gradients - gradients.mean()) ** 2).sum() / len(gradients) / size,
        ),
        output="variance",
    ),
    Misconception(
        "noise-around-zero",
        "the mean is not subtracted",
        "Variance measures distances from the mean gradient, not from 0.",
        sections.NOISE,
        (lambda gradients, size: (gradients**2).sum() / len(gradients) / size,),
        output="variance",
    ),
    Misconception(
        "noise-divides-by-one-less",
        "the squares are divided by N − 1, or not at all",
        "The N gradients are all there are, and a draw takes each with probability 1/N: divide by N.",
        sections.NOISE,
        (
            lambda gradients, size: _squares(gradients).sum() / max(len(gradients) - 1, 0) / size,
            lambda gradients, size: _squares(gradients).sum() / size,
        ),
        output="variance",
    ),
    Misconception(
        "noise-without-replacement",
        "the batch is drawn without replacement",
        "Drawn without replacement the variance would have a further factor (N − S)/(N − 1). Here every "
        "draw is independent.",
        sections.NOISE,
        (
            lambda gradients, size: (
                _squares(gradients).sum()
                / len(gradients)
                / size
                * (len(gradients) - size)
                / (len(gradients) - 1)
            ),
        ),
        output="variance",
    ),
    Misconception(
        "mean-gradient-is-a-sum",
        "the mean is a sum, or goes over the wrong axis",
        "The expected gradient is the mean over the examples, axis 0, whatever the batch size.",
        sections.NOISE,
        (
            lambda gradients, size: gradients.sum(axis=0),
            lambda gradients, size: gradients.mean(axis=1),
            lambda gradients, size: gradients.sum(axis=0) / size,
            lambda gradients, size: gradients.mean(axis=0) / size,
            lambda gradients, size: gradients.mean(),
        ),
        output="mean",
    ),
)


def draws(
    rng: np.random.Generator, examples: int, components: int, size: int, numbers: str, dtype: str
) -> Example:
    """Build a call."""
    return example(fill(rng, (examples, components), numbers, dtype), size)


RNG = np.random.default_rng(41)
FIXED = (
    example(np.array([[1.0, 0.0], [3.0, 4.0], [2.0, 2.0]]), 4, note="the example of the prompt"),
    draws(RNG, 5, 3, 2, "whole", "float64"),
    draws(RNG, 2, 4, 7, "halves", "float32"),
    example(np.array([[3.0, 4.0]]), 2, note="one example: nothing varies"),
)
DRAWN = Drawn(
    draws,
    {
        "examples": (2, 3, 1, 5),
        "components": (1, 2, 4),
        "size": (1, 2, 3, 4, 16),
        "numbers": ("whole", "halves", "counting"),
        "dtype": ("float64", "float32"),
    },
)
check = Check(
    name="gradient_noise",
    signature="(gradients, size)",
    section=sections.NOISE,
    reference=reference,
    outputs=("mean", "variance"),
    parts=(
        Part("mean", 1, FIXED, DRAWN, output="mean"),
        Part("variance", 3, FIXED, DRAWN, output="variance"),
    ),
    misconceptions=MISCONCEPTIONS,
)
