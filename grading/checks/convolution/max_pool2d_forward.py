"""max_pool2d_forward(x, kernel_size, stride): the largest element of every window that fits."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.max_pool2d_forward_mistakes import MISCONCEPTIONS
from grading.checks.convolution.references import max_pool2d_forward as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import counting, fill


def pool(
    rng: np.random.Generator,
    images: int,
    channels: int,
    windows: tuple[int, int],
    kernel_and_stride: tuple[int, int],
    left_over: tuple[int, int],
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call; the image holds so many windows, and some rows and columns that fill no other."""
    kernel, stride = kernel_and_stride
    rows, columns = (
        (count - 1) * stride + kernel + min(rest, stride - 1) for count, rest in zip(windows, left_over)
    )
    return example(fill(rng, (images, channels, rows, columns), numbers, dtype), kernel, stride)


SHAPES = {
    "images": (1, 2),
    "channels": (1, 2, 3),
    "windows": ((1, 1), (1, 2), (2, 1), (2, 3), (3, 2)),
    "left_over": ((0, 0),),
    "numbers": ("distinct", "counting", "whole", "halves", "tied"),
    "dtype": ("float64", "float32"),
}


def drawn(*kernel_and_stride: tuple[int, int], left_over: tuple[tuple[int, int], ...] = ((0, 0),)) -> Drawn:
    """Draw calls with one of these windows."""
    return Drawn(pool, {**SHAPES, "kernel_and_stride": kernel_and_stride, "left_over": left_over})


RNG = np.random.default_rng(7)
SIDE_BY_SIDE = (
    example(counting(1, 1, 4, 4), 2, 2, note="the example of the prompt"),
    example(-counting(1, 1, 4, 4), 2, 2, note="all negative"),
    pool(RNG, 2, 3, (2, 3), (2, 2), (0, 0), "halves", "float64"),
    pool(RNG, 2, 2, (2, 1), (3, 3), (0, 0), "whole", "float32"),
)
OVERLAP_AND_GAPS = (
    example(counting(1, 1, 3, 3), 2, 1),
    pool(RNG, 2, 2, (2, 3), (3, 2), (0, 0), "distinct", "float64"),
    pool(RNG, 1, 2, (3, 2), (2, 3), (0, 0), "halves", "float64"),
    pool(RNG, 2, 1, (2, 2), (1, 2), (0, 0), "distinct", "float64"),
)
LEFT_OVER = (
    example(counting(1, 1, 5, 5), 2, 2, note="the last row and column fill no window"),
    pool(RNG, 2, 2, (1, 2), (3, 3), (2, 1), "distinct", "float64"),
    pool(RNG, 1, 2, (2, 1), (2, 3), (1, 2), "halves", "float64"),
)

check = Check(
    name="max_pool2d_forward",
    signature="(x, kernel_size, stride)",
    section=sections.POOLING,
    reference=reference,
    parts=(
        Part("windows side by side", 2.5, SIDE_BY_SIDE, drawn((2, 2), (3, 3))),
        Part(
            "windows that overlap, and gaps",
            2,
            OVERLAP_AND_GAPS,
            drawn((2, 1), (3, 2), (3, 1), (1, 2), (2, 3)),
        ),
        Part(
            "rows and columns that fill no window",
            1.5,
            LEFT_OVER,
            drawn((2, 2), (2, 3), (3, 3), left_over=((1, 1), (0, 1), (1, 0), (2, 1), (2, 2))),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
