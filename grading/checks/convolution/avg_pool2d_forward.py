"""avg_pool2d_forward(x, kernel_size, stride): the mean of every window that fits."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.avg_pool2d_forward_mistakes import MISCONCEPTIONS
from grading.checks.convolution.max_pool2d_forward import drawn, pool
from grading.checks.convolution.references import avg_pool2d_forward as reference
from grading.checks.definition import Check, Part, example
from grading.checks.small_numbers import counting

RNG = np.random.default_rng(15)
SIDE_BY_SIDE = (
    example(counting(1, 1, 4, 4), 2, 2, note="the example of the prompt"),
    pool(RNG, 2, 3, (2, 3), (2, 2), (0, 0), "halves", "float64"),
    pool(RNG, 2, 2, (2, 1), (3, 3), (0, 0), "whole", "float32"),
)
OTHERWISE = (
    example(counting(1, 1, 3, 3), 2, 1),
    example(counting(1, 1, 5, 4), 2, 3, note="gaps, and a column left over"),
    pool(RNG, 2, 2, (2, 3), (3, 2), (1, 0), "distinct", "float64"),
    pool(RNG, 1, 2, (3, 2), (2, 3), (1, 2), "halves", "float64"),
)

check = Check(
    name="avg_pool2d_forward",
    signature="(x, kernel_size, stride)",
    section=sections.POOLING,
    reference=reference,
    linear=True,
    parts=(
        Part("windows side by side", 1.5, SIDE_BY_SIDE, drawn((2, 2), (3, 3))),
        Part(
            "overlaps, gaps and rows left over",
            1.5,
            OTHERWISE,
            drawn(
                (2, 1),
                (3, 2),
                (3, 1),
                (1, 2),
                (2, 3),
                (3, 3),
                left_over=((0, 0), (1, 1), (0, 1), (1, 0), (2, 1)),
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
