"""What goes wrong in texture_experiment, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.moving_pictures import LIMIT, SHIFTS, shift_errors, texture
from grading.checks.convolution.moving_pictures import texture_experiment as right
from grading.checks.convolution.references import canonical_kernel
from grading.checks.definition import Misconception

SOBEL = canonical_kernel("vertical_edge")


def _measured(name: str, pool: int, kernel: np.ndarray, which: int, shifts: Sequence[int]) -> np.ndarray:
    return np.array([shift_errors(texture(name), kernel, pool, shift)[which] for shift in shifts])


def _all_small(name: str, pool: int) -> int:
    return int((right(name, pool)[0] < LIMIT).all()) * len(SHIFTS)


MISCONCEPTIONS = (
    Misconception(
        "experiment-takes-equivariance",
        "these are equivariance errors",
        "shift_errors returns two numbers. This experiment asks for the second, the invariance error.",
        sections.SHIFTS,
        (lambda name, pool: _measured(name, pool, SOBEL, 0, SHIFTS),),
        output="errors",
    ),
    Misconception(
        "experiment-kernel-changed",
        "the kernel is flipped or transposed",
        "Give canonical_kernel(“vertical_edge”) to shift_errors as it is.",
        sections.KERNELS,
        tuple(
            lambda name, pool, kernel=kernel: _measured(name, pool, kernel, 1, SHIFTS)
            for kernel in (-SOBEL, SOBEL.T, -SOBEL.T)
        ),
        output="errors",
    ),
    Misconception(
        "experiment-begins-at-shift-zero",
        "the shifts begin with 0",
        "A picture that has not moved has the error 0, and tells nothing: the shifts are 1, 2, 3, 4, 5, 6.",
        sections.SHIFTS,
        (lambda name, pool: _measured(name, pool, SOBEL, 1, range(6)),),
        output="errors",
    ),
    Misconception(
        "experiment-ignores-pool",
        "the same pooling is measured always",
        "Your errors do not depend on `pool`. Hand it on to shift_errors.",
        sections.SHIFTS,
        tuple(lambda name, pool, fixed=fixed: right(name, fixed)[0] for fixed in (1, 2, 4, 8)),
        output="errors",
    ),
    Misconception(
        "tolerated-names-the-first-failure",
        "the first shift that is not tolerated",
        "Count the shifts before the error first reaches the limit: where shift 3 is the first to fail, 2 "
        "are tolerated.",
        sections.SHIFTS,
        (
            lambda name, pool: right(name, pool)[1] + 1,
            lambda name, pool: min(right(name, pool)[1] + 1, len(SHIFTS)),
        ),
        output="tolerated",
    ),
    Misconception(
        "tolerated-all-or-nothing",
        "a single large error counts for all",
        "Read the errors from the first on, stop at the first of 0.5 or more, and count those before it.",
        sections.SHIFTS,
        (_all_small,),
        output="tolerated",
    ),
)
