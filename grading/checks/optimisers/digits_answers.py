"""digits_answers(): what an experiment with batch sizes and rates on handwritten digits shows."""

from __future__ import annotations

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.digits_experiment import RATES, SIZES, answers

MISCONCEPTIONS = (
    Misconception(
        "smallest-batch-taken-for-the-best",
        "the smallest batch is not the best here",
        "It makes the most updates, but at this rate their noise keeps the loss high. Look for the lowest "
        "point of the curve.",
        sections.BATCH_SIZE,
        (lambda: SIZES[0],),
        output="best_size",
    ),
    Misconception(
        "largest-batch-taken-for-the-best",
        "a large batch is not the best here",
        "Its gradient is exact, but a pass holds only a few updates. Look for the lowest point of the curve.",
        sections.BATCH_SIZE,
        (lambda: SIZES[-1], lambda: SIZES[-2]),
        output="best_size",
    ),
    Misconception(
        "rate-that-diverges",
        "at this rate the loss explodes",
        "Learning means that the loss ends below 0.5, where it began. Look at the exponents of the numbers.",
        sections.BATCH_SIZE,
        (lambda: RATES[-1],),
        output="largest_rate",
    ),
    Misconception(
        "rate-below-the-largest",
        "a larger rate learns, too",
        "Asked for is the largest rate of the list that still ends below the loss at the start.",
        sections.BATCH_SIZE,
        tuple(lambda rate=rate: rate for rate in RATES[:-2]),
        output="largest_rate",
    ),
    Misconception(
        "noise-compared-otherwise",
        "another ratio is compared",
        "The noise is the root of the variance, and it must be below half the length of the mean gradient.",
        sections.BATCH_SIZE,
        (lambda: 64, lambda: 32, lambda: 128),
        output="quiet_size",
    ),
    Misconception(
        "noise-first-size-not-doubled",
        "the size is not one of the list",
        "Double the size from 1 on, and give the first at which the noise is small enough: a power of two.",
        sections.BATCH_SIZE,
        (lambda: 203, lambda: 202, lambda: 512),
        output="quiet_size",
    ),
)
check = Check(
    name="digits_answers",
    signature="()",
    section=sections.BATCH_SIZE,
    reference=answers,
    outputs=("best_size", "largest_rate", "quiet_size"),
    parts=(
        Part("the best batch size", 1, (example(),), output="best_size"),
        Part("the largest rate that learns", 1, (example(),), output="largest_rate"),
        Part("the size from which on noise is small", 2, (example(),), output="quiet_size"),
    ),
    misconceptions=MISCONCEPTIONS,
)
