"""conv2d_backward(dy, x, w, stride, padding): the three gradients of the convolution layer."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.conv2d_backward_mistakes import MISCONCEPTIONS
from grading.checks.convolution.references import conv2d_backward as reference
from grading.checks.convolution.references import conv2d_forward
from grading.checks.convolution.sliding import output_size
from grading.checks.definition import Check, Drawn, Example, GradientOf, Part, example
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
    dy = fill(rng, (images, filters, *output_size(x, kernel, stride, padding)), "whole", dtype)
    return example(dy, x, w, stride=stride, padding=padding)


DRAWN = Drawn(
    layer,
    {
        "images": (1, 2),
        "channels": (1, 2),
        "filters": (1, 2),
        "kernel": ((1, 1), (2, 2), (1, 2), (2, 1), (3, 2), (2, 3)),
        "spare": ((0, 0), (1, 1), (0, 1), (1, 0), (2, 3), (3, 2)),
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
        "numbers": ("counting", "whole", "halves", "large"),
        "dtype": ("float64", "float32"),
    },
    cases=12,
)
RNG = np.random.default_rng(6)
FIXED = (
    example(
        np.ones((1, 1, 2, 2)),
        counting(1, 1, 3, 3),
        np.array([[[[1.0, 2.0], [0.0, -1.0]]]]),
        note="the example of the prompt; stride and padding left to their defaults",
    ),
    layer(RNG, 1, 1, 2, (2, 2), (1, 1), 1, 1, "whole", "float64"),
    layer(RNG, 2, 2, 3, (3, 2), (1, 3), 1, 2, "halves", "float64"),
    layer(RNG, 2, 2, 2, (2, 3), (3, 2), 2, 0, "halves", "float64"),
    layer(RNG, 1, 2, 2, (3, 2), (2, 4), 3, 1, "halves", "float32"),
    layer(RNG, 2, 1, 2, (2, 3), (4, 2), 2, 2, "large", "float64"),
)


def forward_of(dy: np.ndarray, x: np.ndarray, w: np.ndarray, stride: int = 1, padding: int = 0) -> Example:
    """Call the forward function that these gradients belong to."""
    return example(x, w, np.zeros(len(w)), stride=stride, padding=padding)


check = Check(
    name="conv2d_backward",
    signature="(dy, x, w, stride=1, padding=0)",
    section=sections.BACKWARD,
    reference=reference,
    outputs=("dx", "dw", "db"),
    linear=True,
    parts=(
        Part("dx, the gradient by the images", 5, FIXED, DRAWN, output="dx"),
        Part("dw, the gradient by the kernels", 3.5, FIXED, DRAWN, output="dw"),
        Part("db, the gradient by the biases", 1.5, FIXED, DRAWN, output="db"),
    ),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("conv2d_forward", forward_of, {"dx": 0, "dw": 1, "db": 2}, conv2d_forward),
)
