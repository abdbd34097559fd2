"""max_pool2d_backward(dy, x, kernel_size, stride): gradients go to the maxima, and add up there."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import references, sections
from grading.checks.convolution.max_pool2d_backward_mistakes import MISCONCEPTIONS
from grading.checks.definition import Check, Drawn, Example, GradientOf, Part, example
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
    x = fill(rng, (images, channels, rows, columns), numbers, dtype)
    dy = fill(rng, (images, channels, *windows), "whole", dtype)
    return example(dy, x, kernel, stride)


SHAPES = {
    "images": (1, 2),
    "channels": (1, 2),
    "windows": ((1, 1), (1, 2), (2, 1), (2, 2), (2, 3), (3, 2)),
    "left_over": ((0, 0), (1, 1), (0, 1), (1, 0)),
    "numbers": ("distinct", "counting"),
    "dtype": ("float64", "float32"),
}


def drawn(*kernel_and_stride: tuple[int, int], **options: tuple) -> Drawn:
    """Draw calls with one of these windows."""
    return Drawn(pool, {**SHAPES, "kernel_and_stride": kernel_and_stride, **options})


RNG = np.random.default_rng(8)
NO_OVERLAP = (
    example(counting(1, 1, 2, 2), counting(1, 1, 4, 4), 2, 2, note="the example of the prompt"),
    pool(RNG, 2, 3, (2, 3), (2, 2), (0, 0), "distinct", "float64"),
    pool(RNG, 2, 2, (2, 1), (3, 3), (1, 2), "distinct", "float32"),
    pool(RNG, 1, 2, (2, 3), (2, 3), (0, 1), "distinct", "float64"),
)
OVERLAP = (
    example(
        counting(1, 1, 2, 2),
        np.array([[[[1.0, 2.0, 1.0], [0.0, 9.0, 3.0], [4.0, 0.0, 5.0]]]]),
        2,
        1,
        note="the 9 wins all four windows",
    ),
    pool(RNG, 2, 2, (2, 3), (3, 1), (0, 0), "distinct", "float64"),
    pool(RNG, 2, 1, (3, 2), (3, 2), (1, 0), "distinct", "float64"),
    pool(RNG, 1, 2, (3, 3), (2, 1), (0, 0), "distinct", "float32"),
)
TIES = (
    example(np.array([[[[5.0]]]]), np.array([[[[1.0, 3.0], [3.0, 2.0]]]]), 2, 2, note="two maxima"),
    pool(RNG, 2, 2, (2, 1), (2, 2), (0, 0), "tied", "float64"),
    pool(RNG, 1, 1, (2, 2), (3, 3), (0, 0), "tied", "float64"),
)


def forward_of(dy: np.ndarray, x: np.ndarray, kernel_size: int, stride: int) -> Example:
    """Call the forward function that this gradient belongs to."""
    return example(x, kernel_size, stride)


check = Check(
    name="max_pool2d_backward",
    signature="(dy, x, kernel_size, stride)",
    section=sections.POOLING_BACKWARD,
    reference=references.max_pool2d_backward,
    also_right=(references.max_pool2d_backward_to_all, references.max_pool2d_backward_shared),
    outputs=("dx",),
    parts=(
        Part("windows that do not overlap", 3, NO_OVERLAP, drawn((2, 2), (3, 3), (2, 3), (1, 2))),
        Part(
            "windows that overlap",
            4,
            OVERLAP,
            drawn((2, 1), (3, 2), (3, 1), numbers=("distinct", "counting", "tied")),
        ),
        Part("ties", 1, TIES, drawn((2, 2), (3, 3), (2, 3), numbers=("tied",))),
    ),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("max_pool2d_forward", forward_of, {"dx": 0}, references.max_pool2d_forward),
)
