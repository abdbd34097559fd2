"""What goes wrong in im2col, each with the function that computes it."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grading.checks.convolution import sections
from grading.checks.convolution.matrices import im2col as right
from grading.checks.convolution.sliding import padded
from grading.checks.definition import Misconception

Array = np.ndarray


def _ordered(axes: tuple[int, ...], rows: int) -> object:
    """Order the axes (n, c, i, j, k, l) of the windows in another way; so many of them become rows."""

    def compute(x: Array, kernel_height: int, kernel_width: int, stride: int = 1, padding: int = 0) -> Array:
        windows = sliding_window_view(padded(x, padding), (kernel_height, kernel_width), axis=(2, 3))
        ordered = windows[:, :, ::stride, ::stride].transpose(axes)
        return ordered.reshape(int(np.prod(ordered.shape[:rows])), -1)

    return compute


def _reshaped_without_transposing(
    x: Array, kernel_height: int, kernel_width: int, stride: int = 1, padding: int = 0
) -> Array:
    windows = sliding_window_view(padded(x, padding), (kernel_height, kernel_width), axis=(2, 3))
    kept = windows[:, :, ::stride, ::stride]
    return kept.reshape(x.shape[1] * kernel_height * kernel_width, -1)


def _flipped(x: Array, kernel_height: int, kernel_width: int, stride: int = 1, padding: int = 0) -> Array:
    columns = right(x, kernel_height, kernel_width, stride, padding)
    apart = columns.reshape(x.shape[1], kernel_height, kernel_width, -1)
    return apart[:, ::-1, ::-1].reshape(columns.shape)


MISCONCEPTIONS = (
    Misconception(
        "windows-as-rows",
        "windows are rows instead of columns",
        "Your matrix is the transpose: a window, read by channel, row and column, stands in a column.",
        sections.IM2COL,
        (
            lambda x, kernel_height, kernel_width, stride=1, padding=0: (
                right(x, kernel_height, kernel_width, stride, padding).T
            ),
        ),
    ),
    Misconception(
        "columns-reshaped-without-transposing",
        "windows are reshaped before their axes are in order",
        "reshape keeps the order of the elements: first bring the axes into the order (c, k, l, n, i, j) "
        "with transpose, then reshape.",
        sections.IM2COL,
        (_reshaped_without_transposing,),
    ),
    Misconception(
        "columns-by-pixel-before-channel",
        "a column lists pixels before channels",
        "Within a column the channel changes slowest: all of channel 0, then all of channel 1. So a flat "
        "kernel fits.",
        sections.IM2COL,
        (_ordered((4, 5, 1, 0, 2, 3), 3),),
    ),
    Misconception(
        "columns-mix-the-images",
        "the columns of different images alternate",
        "All windows of image 0 come first, row after row, then those of image 1. Yours change the image "
        "fastest.",
        sections.IM2COL,
        (_ordered((1, 4, 5, 2, 3, 0), 3),),
    ),
    Misconception(
        "columns-down-before-across",
        "the windows are read down before across",
        "Windows come row after row: (0, 0), (0, 1), … Yours go down the columns of the image first.",
        sections.IM2COL,
        (_ordered((1, 4, 5, 0, 3, 2), 3),),
    ),
    Misconception(
        "window-transposed",
        "a window's rows and columns are exchanged",
        "Within a channel a window is read row after row: its column changes fastest.",
        sections.IM2COL,
        (
            _ordered((1, 5, 4, 0, 2, 3), 3),
            lambda x, kernel_height, kernel_width, stride=1, padding=0: right(
                x, kernel_width, kernel_height, stride, padding
            ),
        ),
    ),
    Misconception(
        "window-flipped",
        "the windows are flipped",
        "Copy the windows as they are: whether a kernel is flipped is not for im2col to decide.",
        sections.IM2COL,
        (_flipped,),
    ),
    Misconception(
        "columns-padding-left-out",
        "padding has no effect",
        "Your answers are those of padding=0. Surround the image with `padding` rows and columns of zeros "
        "first.",
        sections.PADDING,
        (
            lambda x, kernel_height, kernel_width, stride=1, padding=0: right(
                x, kernel_height, kernel_width, stride, 0
            ),
        ),
    ),
    Misconception(
        "columns-padding-hard-coded",
        "padding is always 1",
        "Your answers are those of padding=1 whatever `padding` says; it may be 0, or several.",
        sections.PADDING,
        (
            lambda x, kernel_height, kernel_width, stride=1, padding=0: right(
                x, kernel_height, kernel_width, stride, 1
            ),
        ),
    ),
    Misconception(
        "columns-stride-ignored",
        "the stride has no effect",
        "Your windows are one pixel apart. Window (i, j) starts at row i·stride and column j·stride.",
        sections.PADDING,
        (
            lambda x, kernel_height, kernel_width, stride=1, padding=0: right(
                x, kernel_height, kernel_width, 1, padding
            ),
        ),
    ),
)
