"""What goes wrong in max_pool2d_forward, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import max_pool2d_forward as right
from grading.checks.convolution.window_mistakes import WindowMistakes
from grading.checks.definition import Misconception

Array = np.ndarray


WINDOWS = WindowMistakes(np.max)


def _over(axes: tuple[int, ...]) -> Callable[..., Array]:
    """Take the maximum over other axes of the window, for all of them alike."""

    def compute(x: Array, kernel_size: int, stride: int) -> Array:
        return np.broadcast_to(
            right(x, kernel_size, stride).max(axis=axes, keepdims=True), _shape(x, kernel_size, stride)
        )

    return compute


def _shape(x: Array, kernel_size: int, stride: int) -> tuple[int, ...]:
    return right(x, kernel_size, stride).shape


MISCONCEPTIONS = (
    Misconception(
        "pool-window-is-stride",
        "the window is as large as the stride",
        "Your windows are stride × stride. They are kernel_size × kernel_size, and stride apart: they may "
        "overlap or leave "
        "gaps.",
        sections.POOLING,
        WINDOWS.window_is_stride,
    ),
    Misconception(
        "pool-stride-is-window",
        "the windows are kernel_size apart",
        "Your windows lie side by side. Window (i, j) starts at row i·stride and column j·stride, whatever "
        "its size.",
        sections.POOLING,
        WINDOWS.stride_is_window,
    ),
    Misconception(
        "pool-stride-ignored",
        "the windows are one pixel apart",
        "Window (i, j) starts at row i·stride and column j·stride; yours starts at row i and column j.",
        sections.POOLING,
        WINDOWS.stride_ignored,
    ),
    Misconception(
        "pool-output-size",
        "the number of windows is off",
        "Count the windows that fit whole: (H − kernel_size) // stride + 1. What is left over at the edge is "
        "dropped.",
        sections.POOLING,
        WINDOWS.number_of_windows,
    ),
    Misconception(
        "pool-height-width-confused",
        "height and width are confused",
        "The output's rows come from the image's height, its columns from its width. Yours mix them, which "
        "shows as soon as "
        "the image is not square.",
        sections.POOLING,
        WINDOWS.height_and_width,
    ),
    Misconception(
        "maximum-over-wrong-axes",
        "the maximum runs over images or channels",
        "Each channel of each image is pooled by itself: the maximum runs over axes 2 and 3 of the window.",
        sections.POOLING,
        (_over((1,)), _over((0,)), _over((0, 1))),
    ),
    Misconception(
        "pool-output-transposed",
        "the output is (N, C, OW, OH)",
        "Rows and columns of your output are exchanged: element [n, c, i, j] belongs to the window in row i, "
        "column j.",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, kernel_size, stride).swapaxes(2, 3),),
    ),
    Misconception(
        "maximum-starts-at-zero",
        "negative windows give 0",
        "Your maximum starts from 0, so a window of negative numbers comes out as 0. Start from −∞ or from "
        "the window's first "
        "element.",
        sections.POOLING,
        (lambda x, kernel_size, stride: np.maximum(right(x, kernel_size, stride), 0),),
    ),
    Misconception(
        "mean-instead-of-maximum",
        "the mean is taken instead of the maximum",
        "This is average pooling. Max pooling keeps the largest element of each window.",
        sections.POOLING,
        (lambda x, kernel_size, stride: WindowMistakes(np.mean).pool(x, kernel_size, stride),),
    ),
)
