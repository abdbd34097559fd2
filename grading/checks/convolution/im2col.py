"""im2col(x, kernel_height, kernel_width, stride, padding): every window becomes a column."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.im2col_mistakes import MISCONCEPTIONS
from grading.checks.convolution.matrices import im2col as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import counting, fill


def windows(
    rng: np.random.Generator,
    images: int,
    channels: int,
    kernel: tuple[int, int],
    spare: tuple[int, int],
    stride: int,
    padding: int,
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call; the image is as large as the window plus some spare rows and columns."""
    rows, columns = (k + s for k, s in zip(kernel, spare))
    x = fill(rng, (images, channels, rows, columns), numbers, dtype)
    return example(x, *kernel, stride=stride, padding=padding)


def drawn(
    images: tuple[int, ...] = (1,),
    channels: tuple[int, ...] = (1,),
    stride: tuple[int, ...] = (1,),
    padding: tuple[int, ...] = (0,),
) -> Drawn:
    """Draw calls with so many images and channels, and one of these strides and paddings."""
    return Drawn(
        windows,
        {
            "images": images,
            "channels": channels,
            "kernel": ((1, 1), (1, 2), (2, 1), (2, 2), (3, 2), (2, 3)),
            "spare": ((0, 0), (0, 1), (1, 0), (1, 2), (3, 2), (2, 4)),
            "stride": stride,
            "padding": padding,
            "numbers": ("counting", "distinct", "halves"),
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(13)
SINGLE = (
    example(
        counting(1, 1, 2, 3),
        2,
        2,
        note="the example of the prompt; stride and padding left to their defaults",
    ),
    example(counting(1, 1, 3, 4), 2, 3, note="windows wider than high"),
    windows(RNG, 1, 1, (3, 2), (1, 2), 1, 0, "halves", "float32"),
)
SEVERAL = (
    example(counting(1, 2, 2, 3), 2, 2, note="two channels"),
    example(counting(2, 1, 2, 3), 2, 2, note="two images"),
    windows(RNG, 3, 2, (2, 3), (2, 1), 1, 0, "distinct", "float64"),
)
STEPPED = (
    example(counting(1, 1, 4, 4), 2, 2, stride=2),
    example(counting(1, 1, 2, 2), 2, 2, stride=1, padding=1),
    windows(RNG, 2, 2, (3, 2), (3, 5), 2, 2, "distinct", "float64"),
    windows(RNG, 1, 3, (2, 2), (3, 4), 3, 1, "halves", "float64"),
)

check = Check(
    name="im2col",
    signature="(x, kernel_height, kernel_width, stride=1, padding=0)",
    section=sections.IM2COL,
    reference=reference,
    outputs=("columns",),
    parts=(
        Part("one image with one channel", 2, SINGLE, drawn()),
        Part("several images and channels", 1.5, SEVERAL, drawn(images=(1, 2, 3), channels=(2, 1, 3))),
        Part(
            "stride and padding",
            1.5,
            STEPPED,
            drawn(images=(1, 2), channels=(1, 2), stride=(2, 1, 3), padding=(1, 2, 0)),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
