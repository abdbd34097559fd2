"""filter_image(image, kernel): true convolution of a grey image, zeros around it, same size."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.filter_image_mistakes import MISCONCEPTIONS
from grading.checks.convolution.references import conv2d_forward
from grading.checks.convolution.references import filter_image as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import counting, fill


def picture(
    rng: np.random.Generator,
    image: tuple[int, int],
    kernel: tuple[int, int],
    symmetric: bool,
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call; a symmetric kernel is the same after a half turn."""
    weights = fill(rng, kernel, "counting" if numbers == "counting" else "whole", dtype)
    if symmetric:
        weights = weights + weights[::-1, ::-1]
    return example(fill(rng, image, numbers, dtype), weights)


def drawn(*kernels: tuple[int, int], symmetric: bool) -> Drawn:
    """Draw calls with kernels of these shapes."""
    return Drawn(
        picture,
        {
            "image": ((1, 1), (1, 2), (2, 1), (2, 2), (3, 3), (2, 4), (4, 3), (5, 6)),
            "kernel": kernels,
            "symmetric": (symmetric,),
            "numbers": ("counting", "whole", "halves", "large"),
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(9)
SYMMETRIC = (
    example(counting(3, 3), np.ones((3, 3))),
    example(np.ones((4, 5)), np.full((3, 3), 1 / 9), note="zeros around the image darken its border"),
    picture(RNG, (4, 5), (3, 3), True, "halves", "float64"),
    picture(RNG, (6, 4), (3, 3), True, "whole", "float32"),
)
FLIPPED = (
    example(
        np.array([[0.0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        counting(3, 3),
        note="one bright pixel paints the kernel as it is",
    ),
    example(counting(3, 3), np.array([[0.0, 0, 0], [1, 0, 0], [0, 0, 0]]), note="shifts the image by one"),
    picture(RNG, (5, 4), (3, 3), False, "halves", "float64"),
    picture(RNG, (3, 6), (3, 3), False, "whole", "float32"),
)
OTHER_SIZES = (
    picture(RNG, (5, 6), (5, 5), False, "whole", "float64"),
    picture(RNG, (4, 6), (1, 3), False, "halves", "float64"),
    picture(RNG, (5, 3), (5, 3), False, "halves", "float64"),
    picture(RNG, (2, 3), (3, 5), False, "whole", "float64"),
    picture(RNG, (3, 3), (1, 1), False, "whole", "float64"),
)

check = Check(
    name="filter_image",
    signature="(image, kernel)",
    section=sections.FLIP,
    reference=reference,
    linear=True,
    parts=(
        Part("size and zero border", 2, SYMMETRIC, drawn((3, 3), symmetric=True)),
        Part("kernels that are not symmetric", 2.5, FLIPPED, drawn((3, 3), symmetric=False)),
        Part(
            "kernels of other shapes",
            1.5,
            OTHER_SIZES,
            drawn((1, 1), (1, 3), (3, 1), (5, 3), (3, 5), (5, 5), symmetric=False),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"conv2d_forward": conv2d_forward},
)
