"""conv2d_from_columns(columns, w, b, height, width): the layer as one matrix product."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.conv2d_from_columns_mistakes import MISCONCEPTIONS
from grading.checks.convolution.matrices import conv2d_from_columns as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import counting, fill


def product(
    rng: np.random.Generator,
    images: int,
    kernels: tuple[int, int, int, int],
    size: tuple[int, int],
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call."""
    height, width = size
    taps = int(np.prod(kernels[1:]))
    columns = fill(rng, (taps, images * height * width), numbers, dtype)
    w = fill(rng, kernels, "counting" if numbers == "counting" else "whole", dtype)
    return example(columns, w, fill(rng, kernels[:1], "whole", dtype), height, width)


def drawn(*images: int) -> Drawn:
    """Draw calls for so many images."""
    return Drawn(
        product,
        {
            "images": images,
            "kernels": ((1, 1, 1, 1), (2, 1, 1, 2), (2, 2, 1, 1), (3, 1, 2, 1), (2, 2, 2, 3)),
            "size": ((1, 1), (1, 2), (2, 1), (2, 3), (3, 2)),
            "numbers": ("counting", "whole", "halves", "large"),
            "dtype": ("float64", "float32"),
        },
    )


WINDOWS = np.array([[1.0, 2], [2, 3], [4, 5], [5, 6]])
KERNEL = np.array([[[[1.0, 2.0], [0.0, -1.0]]]])
RNG = np.random.default_rng(14)
ONE = (
    example(WINDOWS, KERNEL, np.zeros(1), 1, 2, note="the example of the prompt"),
    product(RNG, 1, (2, 2, 2, 1), (2, 3), "whole", "float64"),
    product(RNG, 1, (3, 2, 2, 2), (1, 2), "halves", "float32"),
)
SEVERAL = (
    example(
        counting(1, 4), np.array([[[[1.0]]], [[[10.0]]]]), np.zeros(2), 1, 2, note="two images, two kernels"
    ),
    product(RNG, 2, (2, 1, 2, 2), (2, 2), "whole", "float64"),
    product(RNG, 3, (2, 2, 1, 2), (3, 2), "halves", "float64"),
)

check = Check(
    name="conv2d_from_columns",
    signature="(columns, w, b, height, width)",
    section=sections.IM2COL,
    reference=reference,
    linear=True,
    parts=(
        Part("one image", 1.5, ONE, drawn(1)),
        Part("several images", 1.5, SEVERAL, drawn(2, 3)),
    ),
    misconceptions=MISCONCEPTIONS,
)
