"""convolve1d(x, h, stride, padding, dilation): true convolution of a signal, where the kernel fits."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.convolve1d_mistakes import MISCONCEPTIONS
from grading.checks.convolution.signals import convolve1d as reference
from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.small_numbers import fill


def signal(
    rng: np.random.Generator,
    taps: int,
    spare: int,
    stride: int,
    padding: int,
    dilation: int,
    numbers: str,
    dtype: str,
) -> Example:
    """Build a call; the signal is as long as the spread kernel plus some spare values."""
    span = dilation * (taps - 1) + 1
    h = fill(rng, (taps,), "counting" if numbers == "counting" else "whole", dtype)
    x = fill(rng, (span + spare,), numbers, dtype)
    return example(x, h, stride=stride, padding=padding, dilation=dilation)


def drawn(
    stride: tuple[int, ...] = (1,), padding: tuple[int, ...] = (0,), dilation: tuple[int, ...] = (1,)
) -> Drawn:
    """Draw calls with one of these strides, paddings and dilations."""
    return Drawn(
        signal,
        {
            "taps": (2, 3, 1, 4),
            "spare": (0, 1, 2, 3, 5),
            "stride": stride,
            "padding": padding,
            "dilation": dilation,
            "numbers": ("counting", "whole", "halves", "large"),
            "dtype": ("float64", "float32"),
        },
    )


X, H = np.array([1.0, 2, 3]), np.array([1.0, 0, -1])
RNG = np.random.default_rng(11)

FLIPPED = (
    example(X, H, note="the example of the prompt; the other parameters left to their defaults"),
    example(np.array([0.0, 0, 1, 0, 0]), np.array([1.0, 2, 3]), note="a single 1 gives the kernel as it is"),
    signal(RNG, 4, 3, 1, 0, 1, "halves", "float64"),
    signal(RNG, 2, 4, 1, 0, 1, "whole", "float32"),
)
PADDED = (
    example(X, H, padding=2, note="with K − 1 zeros, nothing is lost: the full convolution"),
    example(X, H, padding=1),
    example(np.array([2.0]), np.array([1.0, 2, 3]), padding=3, note="a kernel longer than the signal"),
    signal(RNG, 4, 2, 1, 2, 1, "halves", "float64"),
)
STRIDED = (
    example(np.arange(1.0, 7), np.array([1.0, 2]), stride=2),
    signal(RNG, 3, 5, 3, 0, 1, "halves", "float64"),
    signal(RNG, 2, 4, 2, 1, 1, "whole", "float64"),
)
DILATED = (
    example(np.arange(1.0, 7), np.array([1.0, 10]), dilation=2),
    signal(RNG, 3, 3, 1, 0, 3, "halves", "float64"),
    signal(RNG, 3, 4, 2, 2, 2, "whole", "float32"),
)

check = Check(
    name="convolve1d",
    signature="(x, h, stride=1, padding=0, dilation=1)",
    section=sections.CONVOLUTION,
    reference=reference,
    linear=True,
    parts=(
        Part("stride 1, no padding, no dilation", 2.5, FLIPPED, drawn()),
        Part("padding", 1.5, PADDED, drawn(padding=(1, 2, 3))),
        Part("stride", 1, STRIDED, drawn(stride=(2, 3), padding=(0, 1))),
        Part("dilation", 1, DILATED, drawn(stride=(1, 2), padding=(0, 1, 2), dilation=(2, 3))),
    ),
    misconceptions=MISCONCEPTIONS,
)
