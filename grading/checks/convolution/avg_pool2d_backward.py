"""avg_pool2d_backward(dy, x, kernel_size, stride): every gradient spreads evenly over its window."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import references, sections
from grading.checks.convolution.avg_pool2d_backward_mistakes import MISCONCEPTIONS
from grading.checks.convolution.max_pool2d_backward import SHAPES, pool
from grading.checks.definition import Check, Drawn, Example, GradientOf, Part, example
from grading.checks.small_numbers import counting


def drawn(*kernel_and_stride: tuple[int, int]) -> Drawn:
    """Draw calls with one of these windows."""
    return Drawn(pool, {**SHAPES, "kernel_and_stride": kernel_and_stride})


RNG = np.random.default_rng(16)
APART = (
    example(np.array([[[[4.0, 8], [12, 16]]]]), counting(1, 1, 4, 4), 2, 2),
    pool(RNG, 2, 2, (2, 1), (2, 2), (1, 0), "distinct", "float64"),
    pool(RNG, 1, 2, (1, 2), (2, 3), (0, 1), "distinct", "float32"),
    pool(RNG, 2, 1, (2, 2), (1, 2), (1, 1), "distinct", "float64"),
)
OVERLAPPING = (
    example(np.array([[[[4.0, 8], [12, 16]]]]), counting(1, 1, 3, 3), 2, 1, note="the example of the prompt"),
    pool(RNG, 2, 2, (2, 3), (3, 2), (1, 0), "distinct", "float64"),
    pool(RNG, 1, 2, (3, 2), (3, 1), (0, 0), "distinct", "float64"),
)


def forward_of(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int) -> Example:
    """Call the forward function that this gradient belongs to."""
    return example(x, kernel_size, stride)


check = Check(
    name="avg_pool2d_backward",
    signature="(dy, x, kernel_size, stride)",
    section=sections.POOLING_BACKWARD,
    reference=references.avg_pool2d_backward,
    outputs=("dx",),
    linear=True,
    parts=(
        Part("windows that do not overlap", 2, APART, drawn((2, 2), (2, 3), (1, 2), (3, 3))),
        Part("windows that overlap", 2, OVERLAPPING, drawn((2, 1), (3, 2), (3, 1))),
    ),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("avg_pool2d_forward", forward_of, {"dx": 0}, references.avg_pool2d_forward),
)
