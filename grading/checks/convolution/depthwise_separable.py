"""depthwise_separable(x, depthwise, pointwise, stride, padding): a kernel for each channel, then a mix."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.depthwise_separable_mistakes import MISCONCEPTIONS
from grading.checks.convolution.references import conv2d_forward
from grading.checks.convolution.references import depthwise_separable as reference
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
    """Build a call; the image is as large as the kernels plus some spare rows and columns."""
    rows, columns = (k + s for k, s in zip(kernel, spare))
    x = fill(rng, (images, channels, rows, columns), numbers, dtype)
    depthwise = fill(rng, (channels, *kernel), "counting" if numbers == "counting" else "whole", dtype)
    pointwise = fill(rng, (filters, channels), "whole", dtype)
    return example(x, depthwise, pointwise, stride=stride, padding=padding)


def drawn(
    channels: tuple[int, ...],
    filters: tuple[int, ...],
    stride: tuple[int, ...] = (1,),
    padding: tuple[int, ...] = (0,),
) -> Drawn:
    """Draw calls with so many channels and filters, and one of these strides and paddings."""
    return Drawn(
        layer,
        {
            "images": (1, 2),
            "channels": channels,
            "filters": filters,
            "kernel": ((1, 1), (2, 2), (1, 2), (2, 1), (3, 2), (2, 3)),
            "spare": ((0, 0), (1, 1), (0, 1), (1, 0), (2, 3), (3, 2)),
            "stride": stride,
            "padding": padding,
            "numbers": ("counting", "whole", "halves", "large"),
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(17)
KERNELS = np.array([[[1.0, 0], [0, 1]], [[0, 1], [1, 0]]])
ONE_STEP = (
    example(counting(1, 2, 2, 2), KERNELS, np.array([[1.0, 1], [1, -1]]), note="the example of the prompt"),
    layer(RNG, 2, 2, 3, (2, 3), (1, 2), 1, 0, "halves", "float64"),
    layer(RNG, 1, 3, 1, (3, 2), (2, 1), 1, 0, "whole", "float32"),
    layer(RNG, 2, 3, 3, (2, 2), (1, 1), 1, 0, "whole", "float64"),
)
STEPPED = (
    example(counting(1, 1, 4, 4), KERNELS[:1], np.array([[1.0]]), stride=2),
    example(counting(1, 2, 2, 2), KERNELS, np.array([[1.0, 2]]), padding=1),
    layer(RNG, 2, 2, 3, (3, 2), (3, 5), 2, 2, "halves", "float64"),
    layer(RNG, 1, 3, 2, (2, 2), (3, 4), 3, 1, "whole", "float64"),
)

check = Check(
    name="depthwise_separable",
    signature="(x, depthwise, pointwise, stride=1, padding=0)",
    section=sections.SEPARABLE,
    reference=reference,
    linear=True,
    parts=(
        Part("stride 1, no padding", 3, ONE_STEP, drawn((2, 1, 3), (1, 2, 3))),
        Part("stride and padding", 2, STEPPED, drawn((1, 2), (1, 2), stride=(2, 1, 3), padding=(1, 0, 2))),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"conv2d_forward": conv2d_forward},
)
