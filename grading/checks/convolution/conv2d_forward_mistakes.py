"""What goes wrong in conv2d_forward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import conv2d_forward as right
from grading.checks.convolution.sliding import correlate, output_size, padded
from grading.checks.definition import Misconception

Array = np.ndarray


def _small_size_on_padding_of_one(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = output_size(x, w.shape[2:], stride, padding)
    return correlate(padded(x, 1), w, b, range(0, rows * stride, stride), range(0, columns * stride, stride))


def _padding_of_edges(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    around = ((0, 0), (0, 0), (padding, padding), (padding, padding))
    return right(np.pad(x, around, mode="edge"), w, b, stride)


def _steps(row_step: bool, column_step: bool, full: bool) -> object:
    """Windows one pixel apart where a step is left out; `full` keeps the size that goes with one pixel."""

    def compute(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
        steps = (stride if row_step else 1, stride if column_step else 1)
        counts = output_size(x, w.shape[2:], stride, padding)
        if full:
            counts = tuple(output_size(x, w.shape[2:], step, padding)[i] for i, step in enumerate(steps))
        starts = [range(0, count * step, step) for count, step in zip(counts, steps)]
        return correlate(padded(x, padding), w, b, *starts)

    return compute


def _width_from_kernel_height(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = output_size(x, (w.shape[2], w.shape[2]), stride, padding)
    return correlate(
        padded(x, padding), w, b, range(0, rows * stride, stride), range(0, columns * stride, stride)
    )


def _width_from_height(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    rows, _ = output_size(x, w.shape[2:], stride, padding)
    starts = range(0, rows * stride, stride)
    return correlate(padded(x, padding), w, b, starts, starts)


def _height_from_width(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    _, columns = output_size(x, w.shape[2:], stride, padding)
    starts = range(0, columns * stride, stride)
    return correlate(padded(x, padding), w, b, starts, starts)


def _sizes_exchanged(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    columns, rows = output_size(x, w.shape[2:], stride, padding)
    return correlate(
        padded(x, padding), w, b, range(0, rows * stride, stride), range(0, columns * stride, stride)
    )


def _one_window_short(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = (count - 1 for count in output_size(x, w.shape[2:], stride, padding))
    return right(x, w, b, stride, padding)[:, :, :rows, :columns]


def _rounded_up(x: Array, w: Array, b: Array, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = (-(-(x.shape[i] + 2 * padding - w.shape[i]) // stride) + 1 for i in (2, 3))
    return correlate(
        padded(x, padding), w, b, range(0, rows * stride, stride), range(0, columns * stride, stride)
    )


MISCONCEPTIONS = (
    Misconception(
        "padding-hard-coded",
        "padding is always 1",
        "Your answers are those of padding=1 whatever `padding` says. Surround the image with `padding` "
        "zeros, which may be "
        "none or several.",
        sections.PADDING,
        (lambda x, w, b, stride=1, padding=0: right(x, w, b, stride, 1), _small_size_on_padding_of_one),
    ),
    Misconception(
        "padding-left-out",
        "padding has no effect",
        "Your answers are those of padding=0. Surround the image with `padding` rows and columns of zeros "
        "first.",
        sections.PADDING,
        (lambda x, w, b, stride=1, padding=0: right(x, w, b, stride, 0),),
    ),
    Misconception(
        "padding-repeats-edge",
        "the border is repeated instead of zero",
        "Your image continues its edge pixels outwards. The layer pads with zeros.",
        sections.PADDING,
        (_padding_of_edges,),
    ),
    Misconception(
        "kernel-flipped",
        "the kernel is flipped",
        "You compute a true convolution. A convolution layer cross-correlates: the kernel is laid on the "
        "image as it is.",
        sections.CORRELATION,
        (lambda x, w, b, stride=1, padding=0: right(x, w[:, :, ::-1, ::-1], b, stride, padding),),
    ),
    Misconception(
        "kernel-transposed",
        "the kernel's rows and columns are exchanged",
        "Your kernel is transposed: its rows run along the image's columns. Axis 2 of w goes down, like axis "
        "2 of x.",
        sections.LAYER,
        (lambda x, w, b, stride=1, padding=0: right(x, w.swapaxes(2, 3), b, stride, padding),),
    ),
    Misconception(
        "height-width-confused",
        "height and width are confused",
        "The output's rows come from the image's and the kernel's height, its columns from their widths. "
        "Your sizes mix them, "
        "which shows as soon as something is not square.",
        sections.PADDING,
        (_width_from_kernel_height, _width_from_height, _height_from_width, _sizes_exchanged),
    ),
    Misconception(
        "output-transposed",
        "the output is (N, O, OW, OH)",
        "Rows and columns of your output are exchanged: element [n, o, i, j] belongs to row i and column j "
        "of the image.",
        sections.LAYER,
        (lambda x, w, b, stride=1, padding=0: right(x, w, b, stride, padding).swapaxes(2, 3),),
    ),
    Misconception(
        "stride-one-direction",
        "the stride acts in one direction only",
        "Your windows step by `stride` down or across, and by 1 in the other direction. Row i starts at "
        "i·stride, column j at "
        "j·stride.",
        sections.PADDING,
        tuple(_steps(*steps, full) for steps in ((True, False), (False, True)) for full in (False, True)),
    ),
    Misconception(
        "stride-ignored",
        "the stride has no effect",
        "Your windows are always one pixel apart. Window (i, j) starts at row i·stride and column j·stride.",
        sections.PADDING,
        (_steps(False, False, False), _steps(False, False, True)),
    ),
    Misconception(
        "output-size-off",
        "the number of windows is off",
        "Count the windows that fit: (H + 2·padding − KH) // stride + 1, rounded down, and 1 for the first.",
        sections.PADDING,
        (_one_window_short, _rounded_up),
    ),
    Misconception(
        "bias-forgotten",
        "the bias is missing",
        "Your answers are right up to the bias: add b[o] to every element of output channel o.",
        sections.LAYER,
        (lambda x, w, b, stride=1, padding=0: right(x, w, 0 * b, stride, padding),),
    ),
    Misconception(
        "bias-added-per-channel",
        "the bias is added once for every input channel",
        "Your bias sits inside the sum over channels. Add b[o] once, after the sum.",
        sections.LAYER,
        (lambda x, w, b, stride=1, padding=0: right(x, w, b * x.shape[1], stride, padding),),
    ),
)
