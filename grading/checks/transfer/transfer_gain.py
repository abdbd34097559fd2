"""transfer_gain(with_trunk, without): what a trained trunk is worth, from accuracies of several draws."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.heads import transfer_gain as reference


def accuracies(rng: np.random.Generator, with_trunk: int, without: int, draws: int, lead: float) -> Example:
    """Build a call with accuracies in hundredths; `lead` is what the trunk is ahead by, about."""
    return example(
        (rng.integers(30, 70, (with_trunk, draws)) + 100 * max(lead, 0)) / 100,
        (rng.integers(30, 70, (without, draws)) + 100 * max(-lead, 0)) / 100,
    )


MISCONCEPTIONS = (
    Misconception(
        "gain-of-the-luckiest-draw",
        "the luckiest draw decides",
        "First the mean over the draws (axis 1) of each method, then the best of these means.",
        sections.TABLE,
        (lambda a, b: a.max() - b.max(),),
    ),
    Misconception(
        "gain-of-the-average-method",
        "methods are averaged",
        "One would use the best method: the largest of the means, not the mean of all.",
        sections.TABLE,
        (lambda a, b: a.mean() - b.mean(),),
    ),
    Misconception(
        "gain-draw-by-draw",
        "the best method is chosen anew in every draw",
        "Nobody knows beforehand which method will do best on a draw: choose by the mean over all draws.",
        sections.TABLE,
        (lambda a, b: a.max(axis=0).mean() - b.max(axis=0).mean(),),
    ),
    Misconception(
        "gain-upside-down",
        "the sign is turned",
        "A gain is positive where the trunk helps: with it less without it.",
        sections.TABLE,
        (lambda a, b: b.mean(axis=1).max() - a.mean(axis=1).max(),),
    ),
    Misconception(
        "gain-as-a-ratio",
        "a ratio instead of a difference",
        "Subtract the accuracy without the trunk.",
        sections.TABLE,
        (
            lambda a, b: a.mean(axis=1).max() / b.mean(axis=1).max(),
            lambda a, b: a.mean(axis=1).max() / b.mean(axis=1).max() - 1,
        ),
    ),
    Misconception(
        "gain-never-negative",
        "a loss is reported as 0, or as a gain",
        "Where transfer does not help the difference is negative, and that is the answer.",
        sections.TABLE,
        (lambda a, b: max(reference(a, b), 0.0), lambda a, b: abs(reference(a, b))),
    ),
)
RNG = np.random.default_rng(77)
HELPS = (
    example(np.array([[0.9, 0.7], [0.8, 0.9]]), np.array([[0.5, 0.7]]), note="the example of the prompt"),
    accuracies(RNG, 3, 2, 4, 0.3),
)
HURTS = (accuracies(RNG, 2, 3, 3, -0.3), accuracies(RNG, 1, 1, 1, -0.2), accuracies(RNG, 3, 3, 5, -0.1))
SIZES = {"with_trunk": (1, 2, 3), "without": (1, 2, 3), "draws": (1, 2, 3, 5)}
check = Check(
    name="transfer_gain",
    signature="(with_trunk, without)",
    section=sections.TABLE,
    reference=reference,
    outputs=("gain",),
    magnitude=lambda with_trunk, without: 1.0,
    parts=(
        Part("where it helps", 1, HELPS, Drawn(accuracies, {**SIZES, "lead": (0.3, 0.0)})),
        Part("where it does not", 1, HURTS, Drawn(accuracies, {**SIZES, "lead": (-0.3, 0.0)})),
    ),
    misconceptions=MISCONCEPTIONS,
)
