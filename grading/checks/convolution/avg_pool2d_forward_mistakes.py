"""What goes wrong in avg_pool2d_forward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import avg_pool2d_forward as right
from grading.checks.convolution.references import max_pool2d_forward
from grading.checks.convolution.window_mistakes import WindowMistakes
from grading.checks.definition import Misconception

WINDOWS = WindowMistakes(np.mean)

MISCONCEPTIONS = (
    Misconception(
        "average-not-divided",
        "the sum is not divided",
        "Your answers are the sums of the windows. Divide by their kernel_size² elements.",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, kernel_size, stride) * kernel_size**2,),
    ),
    Misconception(
        "average-divided-by-side",
        "the sum is divided by kernel_size alone",
        "A window has kernel_size rows and kernel_size columns: divide by kernel_size².",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, kernel_size, stride) * kernel_size,),
    ),
    Misconception(
        "average-divided-by-stride",
        "the sum is divided by stride²",
        "How many elements a window has depends on its size, not on how far windows lie apart: divide by "
        "kernel_size².",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, kernel_size, stride) * (kernel_size / stride) ** 2,),
    ),
    Misconception(
        "maximum-instead-of-mean",
        "the maximum is taken instead of the mean",
        "This is max pooling, the earlier question. Average pooling takes the mean of each window.",
        sections.POOLING,
        (max_pool2d_forward,),
    ),
    Misconception(
        "average-window-is-stride",
        "the window is as large as the stride",
        "Your windows are stride × stride. They are kernel_size × kernel_size, and stride apart.",
        sections.POOLING,
        WINDOWS.window_is_stride,
    ),
    Misconception(
        "average-stride-is-window",
        "the windows are kernel_size apart",
        "Your windows lie side by side. Window (i, j) starts at row i·stride and column j·stride, whatever "
        "its size.",
        sections.POOLING,
        WINDOWS.stride_is_window,
    ),
    Misconception(
        "average-stride-ignored",
        "the windows are one pixel apart",
        "Window (i, j) starts at row i·stride and column j·stride; yours starts at row i and column j.",
        sections.POOLING,
        WINDOWS.stride_ignored,
    ),
    Misconception(
        "average-output-size",
        "the number of windows is off",
        "Count the windows that fit whole: (H − kernel_size) // stride + 1. What is left over at the edge is "
        "dropped.",
        sections.POOLING,
        WINDOWS.number_of_windows,
    ),
    Misconception(
        "average-height-width-confused",
        "height and width are confused",
        "The output's rows come from the image's height, its columns from its width. Yours mix them.",
        sections.POOLING,
        WINDOWS.height_and_width,
    ),
    Misconception(
        "average-output-transposed",
        "the output is (N, C, OW, OH)",
        "Rows and columns of your output are exchanged: element [n, c, i, j] belongs to the window in row i, "
        "column j.",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, kernel_size, stride).swapaxes(2, 3),),
    ),
    Misconception(
        "average-over-channels",
        "the mean runs over channels or images",
        "Each channel of each image is pooled by itself: the mean runs over axes 2 and 3 of the window.",
        sections.POOLING,
        tuple(
            lambda x, kernel_size, stride, axes=axes: np.broadcast_to(
                (y := right(x, kernel_size, stride)).mean(axis=axes, keepdims=True), y.shape
            )
            for axes in ((1,), (0,), (0, 1))
        ),
    ),
)
