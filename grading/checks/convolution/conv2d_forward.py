"""conv2d_forward(x, w, b, stride, padding): the convolution layer, which is a cross-correlation."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.conv2d_forward_mistakes import MISCONCEPTIONS
from grading.checks.convolution.references import conv2d_forward as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import counting, fill


def layer(
    rng: np.random.Generator,
    images: int,
    channels: int,
    filters: int,
    kernel: tuple[int, int],
    spare: tuple[int, int],
    stride: int,
    padding: int,
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call; the image is as large as the kernel plus some spare rows and columns."""
    rows, columns = (k + s for k, s in zip(kernel, spare))
    x = fill(rng, (images, channels, rows, columns), numbers, dtype)
    w = fill(rng, (filters, channels, *kernel), "counting" if numbers == "counting" else "whole", dtype)
    b = fill(rng, (filters,), "whole", dtype)
    return example(x, w, b, stride=stride, padding=padding)


SHAPES = {
    "images": (1, 2),
    "channels": (1, 2),
    "filters": (1, 2, 3),
    "kernel": ((1, 1), (2, 2), (1, 2), (2, 1), (3, 3), (2, 3), (3, 2), (3, 1)),
    "spare": ((0, 0), (1, 1), (0, 1), (1, 0), (2, 3), (3, 2), (4, 2), (2, 4)),
    "numbers": ("counting", "whole", "halves", "large"),
    "dtype": ("float64", "float32"),
}


def drawn(stride: tuple[int, ...], padding: tuple[int, ...]) -> Drawn:
    """Draw calls with one of these strides and paddings."""
    return Drawn(layer, {**SHAPES, "stride": stride, "padding": padding})


IMAGE, KERNEL = counting(1, 1, 3, 3), np.array([[[[1.0, 2.0], [0.0, -1.0]]]])
NO_BIAS = np.zeros(1)
RNG = np.random.default_rng(5)

SLIDING = (
    example(
        IMAGE, KERNEL, NO_BIAS, note="the example of the prompt; stride and padding left to their defaults"
    ),
    layer(RNG, 1, 1, 2, (2, 2), (1, 2), 1, 0, "whole", "float64"),
    layer(RNG, 2, 3, 2, (3, 2), (1, 3), 1, 0, "halves", "float64"),
    layer(RNG, 2, 2, 3, (2, 3), (2, 1), 1, 0, "halves", "float32"),
    layer(RNG, 1, 2, 1, (3, 3), (1, 0), 1, 0, "large", "float64"),
)
PADDED = (
    example(IMAGE, KERNEL, NO_BIAS, stride=1, padding=1),
    example(IMAGE, KERNEL, NO_BIAS, stride=1, padding=2, note="more than one row of zeros"),
    layer(RNG, 2, 2, 2, (3, 2), (1, 3), 1, 2, "halves", "float64"),
)
STRIDED = (
    example(counting(1, 1, 4, 4), KERNEL, NO_BIAS, stride=2, padding=0),
    layer(RNG, 1, 1, 1, (2, 2), (3, 5), 2, 0, "whole", "float64"),
    layer(RNG, 2, 2, 2, (3, 2), (5, 3), 3, 0, "halves", "float64"),
)
TOGETHER = (
    example(IMAGE, KERNEL, NO_BIAS, stride=2, padding=1),
    layer(RNG, 2, 2, 3, (3, 2), (2, 4), 2, 1, "halves", "float64"),
    layer(RNG, 1, 2, 2, (2, 3), (4, 3), 3, 2, "whole", "float32"),
)

check = Check(
    name="conv2d_forward",
    signature="(x, w, b, stride=1, padding=0)",
    section=sections.LAYER,
    reference=reference,
    linear=True,
    parts=(
        Part("stride 1, no padding", 4, SLIDING, drawn(stride=(1,), padding=(0,))),
        Part("padding", 2.5, PADDED, drawn(stride=(1,), padding=(1, 2, 3))),
        Part("stride", 2.5, STRIDED, drawn(stride=(2, 3), padding=(0,))),
        Part("stride and padding together", 1, TOGETHER, drawn(stride=(2, 3), padding=(1, 2))),
    ),
    misconceptions=MISCONCEPTIONS,
)
