"""shift_errors(image, kernel, pool, shift): equivariance and invariance of convolution and pooling."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.moving_pictures import response
from grading.checks.convolution.moving_pictures import shift_errors as reference
from grading.checks.convolution.references import conv2d_forward, max_pool2d_forward
from grading.checks.convolution.shift_errors_mistakes import MISCONCEPTIONS
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import fill


def moved(
    rng: np.random.Generator,
    kernel: tuple[int, int],
    pool: int,
    shift: int,
    windows: tuple[int, int],
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call in which so many windows are left when the picture has moved out by the whole shift."""
    rows = windows[0] * pool + kernel[0] - 1
    columns = windows[1] * pool + kernel[1] - 1 + 2 * shift
    while True:
        image = fill(rng, (rows, columns), numbers, dtype)
        weights = fill(rng, kernel, "whole", dtype)
        seen = response(image[:, : columns - shift].astype(np.float64), weights.astype(np.float64), pool)
        # Errors are shares: what they are shares of must not be 0.
        if np.abs(seen[:, shift // pool :]).sum() >= 1:
            return example(image, weights, pool, shift)


def drawn(pools: tuple[int, ...], shifts: tuple[int, ...]) -> Drawn:
    """Draw calls with one of these pools and shifts."""
    return Drawn(
        moved,
        {
            "kernel": ((1, 1), (1, 2), (2, 1), (2, 2)),
            "pool": pools,
            "shift": shifts,
            "windows": ((1, 1), (1, 2), (2, 2), (2, 3)),
            "numbers": ("whole", "halves"),
            "dtype": ("float64", "float32"),
        },
        cases=8,
    )


RNG = np.random.default_rng(20)
PICTURE = np.array([[4.0, 0, 0, 8, 2, 6], [1, 2, 0, 1, 3, 0]])
FIXED = (
    example(PICTURE, np.ones((1, 1)), 2, 1, note="the example of the prompt"),
    example(-1 - PICTURE, np.ones((1, 1)), 2, 1, note="negative answers count like positive ones"),
    example(PICTURE, np.ones((1, 1)), 2, 2, note="as far as a window is wide"),
    example(PICTURE, np.ones((1, 1)), 1, 2, note="without pooling"),
    moved(RNG, (2, 2), 2, 3, (2, 2), "halves", "float64"),
    moved(RNG, (3, 2), 3, 4, (1, 2), "whole", "float64"),
    moved(RNG, (2, 3), 2, 2, (2, 3), "whole", "float32"),
)
DRAWN = drawn((2, 1, 3), (1, 2, 3, 4))

check = Check(
    name="shift_errors",
    signature="(image, kernel, pool, shift)",
    section=sections.SHIFTS,
    reference=reference,
    outputs=("equivariance", "invariance"),
    magnitude=lambda image, kernel, pool, shift: (1.0, 1.0),
    parts=(
        Part("equivariance error", 1.5, FIXED, DRAWN, output="equivariance"),
        Part("invariance error", 1.5, FIXED, DRAWN, output="invariance"),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"conv2d_forward": conv2d_forward, "max_pool2d_forward": max_pool2d_forward},
)
