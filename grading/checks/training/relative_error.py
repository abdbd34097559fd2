"""relative_error(a, b, floor=1e-8): the largest error relative to the larger of two numbers."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.small_numbers import fill
from grading.checks.training import sections
from grading.checks.training.references import relative_error as reference
from grading.checks.training.references import relative_errors

Array = np.ndarray


def _sizes(a: Array, b: Array, floor: float) -> Array:
    return np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)


MISCONCEPTIONS = (
    Misconception(
        "error-by-the-sum",
        "the error is divided by the sum of both",
        "Some texts do that; it is half as large. Asked for is the larger of |a| and |b|.",
        sections.GRADIENT_CHECK,
        (
            lambda a, b, floor=1e-8: (np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), floor)).max(),
            lambda a, b, floor=1e-8: (np.abs(a - b) / np.maximum(np.abs(a + b), floor)).max(),
        ),
    ),
    Misconception(
        "error-by-one-side",
        "the error is divided by one of the two only",
        "Were that one 0 by a bug, the error would not be a share any more. Divide by the larger of both.",
        sections.GRADIENT_CHECK,
        (
            lambda a, b, floor=1e-8: (np.abs(a - b) / np.maximum(np.abs(a), floor)).max(),
            lambda a, b, floor=1e-8: (np.abs(a - b) / np.maximum(np.abs(b), floor)).max(),
            lambda a, b, floor=1e-8: (
                np.abs(a - b) / np.maximum(np.minimum(np.abs(a), np.abs(b)), floor)
            ).max(),
        ),
    ),
    Misconception(
        "error-absolute",
        "the error is absolute",
        "A difference of 0.01 is nothing beside 1000 and everything beside 0.01: divide by the size.",
        sections.GRADIENT_CHECK,
        (lambda a, b, floor=1e-8: np.abs(a - b).max(),),
    ),
    Misconception(
        "error-averaged",
        "the errors are averaged",
        "One wrong component among a thousand must not get lost: take the largest.",
        sections.GRADIENT_CHECK,
        (lambda a, b, floor=1e-8: relative_errors(a, b, floor).mean(),),
    ),
    Misconception(
        "error-of-the-norms",
        "the whole arrays are compared at once",
        "Then a large component hides a small wrong one. Divide component by component.",
        sections.GRADIENT_CHECK,
        (
            lambda a, b, floor=1e-8: np.linalg.norm(a - b) / max(np.linalg.norm(a), np.linalg.norm(b), floor),
            lambda a, b, floor=1e-8: (
                np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), floor)
            ),
            lambda a, b, floor=1e-8: np.abs(a - b).max() / _sizes(a, b, floor).max(),
        ),
    ),
    Misconception(
        "error-with-a-sign",
        "differences with a minus sign get lost",
        "An error is as bad below as above: take |a − b|.",
        sections.GRADIENT_CHECK,
        (
            lambda a, b, floor=1e-8: ((a - b) / _sizes(a, b, floor)).max(),
            lambda a, b, floor=1e-8: ((b - a) / _sizes(a, b, floor)).max(),
        ),
    ),
    Misconception(
        "error-without-a-floor",
        "the floor is missing or added",
        "It is the least that is divided by, a third number in the maximum.",
        sections.GRADIENT_CHECK,
        (
            lambda a, b, floor=1e-8: (np.abs(a - b) / np.maximum(np.abs(a), np.abs(b))).max(),
            lambda a, b, floor=1e-8: (np.abs(a - b) / (np.maximum(np.abs(a), np.abs(b)) + floor)).max(),
            lambda a, b, floor=1e-8: relative_errors(a, b).max(),
        ),
    ),
)


def pair(rng: np.random.Generator, shape: tuple[int, ...], numbers: str, floor: float) -> Example:
    """Build a call; "sparse" numbers are 0 here and there, in both or in one of the two."""
    a, b = (fill(rng, shape, "halves") for _ in range(2))
    if numbers == "sparse":
        both = rng.integers(0, 2, shape)
        a, b = a * both * rng.integers(0, 2, shape), b * both
    return example(a, b, floor)


check = Check(
    name="relative_error",
    signature="(a, b, floor=1e-8)",
    section=sections.GRADIENT_CHECK,
    reference=reference,
    outputs=("error",),
    parts=(
        Part(
            "numbers away from 0",
            2,
            (
                example(np.array([1.0, 2.0, -4.0]), np.array([1.0, 2.5, -3.0]), note="the prompt's example"),
                example(np.array([[100.0, 0.5], [3.0, -2.0]]), np.array([[101.0, 0.25], [3.0, -2.0]])),
                example(np.array([1.0, -2.0]), np.array([-1.0, -2.0]), note="the other sign"),
            ),
            Drawn(pair, {"shape": ((1,), (2,), (3,), (2, 2)), "numbers": ("halves",), "floor": (1e-8,)}),
        ),
        Part(
            "numbers near 0",
            1,
            (
                example(np.array([0.0, 2.0]), np.array([0.0, 1.0]), note="both are 0 in one place"),
                example(np.array([1e-3, 0.2]), np.array([2e-3, 0.3]), 0.5),
                example(np.array([0.0, 3.0]), np.array([2.0, 4.0]), 1e-4),
                example(np.array([0.0]), np.array([1e-9]), note="below the floor of the default"),
            ),
            Drawn(pair, {"shape": ((2,), (3,), (2, 2)), "numbers": ("sparse",), "floor": (1e-8, 1.0, 4.0)}),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
