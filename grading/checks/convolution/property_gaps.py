"""property_gaps(operation, x, z, h, a, b): which operations commute, and which are linear, measured."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.property_gaps_mistakes import MISCONCEPTIONS
from grading.checks.convolution.signals import OPERATIONS, convolve1d, operate
from grading.checks.convolution.signals import property_gaps as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import fill


def signals(
    rng: np.random.Generator,
    operation: str,
    length: int,
    taps: int,
    factors: tuple[float, float],
    numbers: str,
) -> Example:
    """Build a call."""
    x, z = fill(rng, (length,), numbers), fill(rng, (length,), numbers)
    return example(operation, x, z, fill(rng, (taps,), "whole"), *factors)


DRAWN = Drawn(
    signals,
    {
        "operation": OPERATIONS,
        "length": (2, 1, 3, 5),
        "taps": (2, 3, 1, 4),
        "factors": ((1, 1), (2, 3), (2, -1), (-0.5, 3)),
        "numbers": ("whole", "halves"),
    },
    cases=10,
)
X, Z, H = np.array([1.0, 2]), np.array([3.0, -1]), np.array([1.0, -1])
RNG = np.random.default_rng(12)
FIXED = (
    *(example(operation, X, Z, H, 2, 3, note="the example of the prompt") for operation in OPERATIONS),
    *(signals(RNG, operation, 4, 3, (2, -1), "halves") for operation in OPERATIONS),
    signals(RNG, "correlation", 2, 4, (1, -2), "whole"),
    signals(RNG, "relu", 3, 5, (-1, 0.5), "whole"),
)


def largest_values(
    operation: str, x: np.ndarray, z: np.ndarray, h: np.ndarray, a: float, b: float
) -> tuple[float, float]:
    """Return how large the numbers are whose differences are taken."""
    one, two = (float(np.abs(operate("affine", np.abs(v), np.abs(h))).max()) for v in (x, z))
    return one, abs(a) * one + abs(b) * two


check = Check(
    name="property_gaps",
    signature="(operation, x, z, h, a, b)",
    section=sections.CONVOLUTION,
    reference=reference,
    outputs=("commutativity", "linearity"),
    magnitude=largest_values,
    parts=(
        Part("commutativity", 2, FIXED, DRAWN, output="commutativity"),
        Part("linearity", 2, FIXED, DRAWN, output="linearity"),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"convolve1d": convolve1d},
)
