"""What goes wrong in convolve1d, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.signals import convolve1d as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _crash_of_short_size(x: Array, h: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    y = right(x, h, stride, padding, dilation)
    if (len(x) + 2 * padding - len(h)) // stride + 1 > len(y):
        raise IndexError("the dilated kernel leaves the signal")
    return y


def _cut_at_the_end(x: Array, h: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    """Count windows as if the kernel were not spread; what lies behind the end counts as 0."""
    count = (len(x) + 2 * padding - len(h)) // stride + 1
    longer = np.pad(x, (0, dilation * len(h) + stride))
    return right(longer, h, stride, padding, dilation)[:count]


def _padding_of_edges(x: Array, h: Array, stride: int = 1, padding: int = 0, dilation: int = 1) -> Array:
    return right(np.pad(x, padding, mode="edge"), h, stride, 0, dilation)


MISCONCEPTIONS = (
    Misconception(
        "signal-kernel-not-flipped",
        "the kernel is not flipped",
        "You compute a cross-correlation. Convolution reads the kernel backwards: h[k] meets the sample that "
        "lies K − 1 − k steps into the window.",
        sections.CORRELATION,
        (lambda x, h, stride=1, padding=0, dilation=1: right(x, h[::-1], stride, padding, dilation),),
    ),
    Misconception(
        "signal-flipped-instead-of-kernel",
        "the result comes out backwards",
        "You flip the signal, or the result, instead of the kernel: the first window must give the first "
        "value.",
        sections.CONVOLUTION,
        (
            lambda x, h, stride=1, padding=0, dilation=1: right(x[::-1], h[::-1], stride, padding, dilation),
            lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, padding, dilation)[::-1],
        ),
    ),
    Misconception(
        "signal-padding-not-as-asked",
        "the padding is chosen by the function",
        "Your padding depends on the kernel, or is always 1 (NumPy's “full” and “same” choose it likewise). "
        "Put exactly `padding` zeros on each side.",
        sections.PADDING,
        (
            lambda x, h, stride=1, padding=0, dilation=1: right(
                x, h, stride, dilation * (len(h) - 1), dilation
            ),
            lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, len(h) - 1, dilation),
            lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, len(h) // 2, dilation),
            lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, 1, dilation),
        ),
    ),
    Misconception(
        "signal-padding-left-out",
        "padding has no effect",
        "Your answers are those of padding=0. Put `padding` zeros before and behind the signal first.",
        sections.PADDING,
        (lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, 0, dilation),),
    ),
    Misconception(
        "signal-padding-on-one-side",
        "zeros are added on one side only",
        "Your zeros stand before the signal, or behind it. Put `padding` zeros on each side.",
        sections.PADDING,
        (
            lambda x, h, stride=1, padding=0, dilation=1: right(
                np.pad(x, (padding, 0)), h, stride, 0, dilation
            ),
            lambda x, h, stride=1, padding=0, dilation=1: right(
                np.pad(x, (0, padding)), h, stride, 0, dilation
            ),
        ),
    ),
    Misconception(
        "signal-padding-repeats-edge",
        "the ends are repeated instead of zero",
        "Your signal continues with its first and last value. Outside of the signal there are zeros.",
        sections.PADDING,
        (_padding_of_edges,),
    ),
    Misconception(
        "signal-stride-ignored",
        "the stride has no effect",
        "Your windows are one sample apart. Window i begins at sample i·stride of the padded signal.",
        sections.PADDING,
        (lambda x, h, stride=1, padding=0, dilation=1: right(x, h, 1, padding, dilation),),
    ),
    Misconception(
        "dilation-ignored",
        "the dilation has no effect",
        "Your weights meet neighbouring samples. With dilation D they lie D samples apart.",
        sections.PADDING,
        (lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, padding, 1),),
    ),
    Misconception(
        "dilation-one-too-many",
        "the weights lie one sample too far apart",
        "Dilation D puts D − 1 zeros between neighbouring weights, so that they are D samples apart; yours "
        "puts D.",
        sections.PADDING,
        (lambda x, h, stride=1, padding=0, dilation=1: right(x, h, stride, padding, dilation + 1),),
    ),
    Misconception(
        "size-forgets-dilation",
        "the number of windows forgets the dilation",
        "A dilated kernel spans D·(K − 1) + 1 samples: count the windows with that length, not with K.",
        sections.PADDING,
        (_crash_of_short_size, _cut_at_the_end),
    ),
)
