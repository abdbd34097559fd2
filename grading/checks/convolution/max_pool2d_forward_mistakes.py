"""What goes wrong in max_pool2d_forward, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import max_pool2d_forward as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _pool(x: Array, window: int, step: int, rows: int, columns: int, reduce: Callable = np.max) -> Array:
    """Reduce windows as a loop over slices does: cut off at the edge, ValueError where one is empty."""
    y = np.empty((*x.shape[:2], rows, columns))
    for i, j in np.ndindex(rows, columns):
        part = x[:, :, i * step : i * step + window, j * step : j * step + window]
        y[:, :, i, j] = reduce(part, axis=(2, 3))
    return y


def _fitting(length: int, window: int, step: int) -> int:
    return (length - window) // step + 1


def _window_is_stride_with_right_size(x: Array, kernel_size: int, stride: int) -> Array:
    rows, columns = (_fitting(length, kernel_size, stride) for length in x.shape[2:])
    return _pool(x, stride, stride, rows, columns)


def _stride_is_window_with_right_size(x: Array, kernel_size: int, stride: int) -> Array:
    rows, columns = (_fitting(length, kernel_size, stride) for length in x.shape[2:])
    return _pool(x, kernel_size, kernel_size, rows, columns)


def _windows_one_apart(x: Array, kernel_size: int, stride: int) -> Array:
    rows, columns = (_fitting(length, kernel_size, stride) for length in x.shape[2:])
    return _pool(x, kernel_size, 1, rows, columns)


def _counted(count: Callable[[int, int, int], int]) -> Callable[..., Array]:
    """Count windows in another way."""

    def compute(x: Array, kernel_size: int, stride: int) -> Array:
        return _pool(x, kernel_size, stride, *(count(length, kernel_size, stride) for length in x.shape[2:]))

    return compute


def _over(axes: tuple[int, ...]) -> Callable[..., Array]:
    """Take the maximum over other axes of the window, for all of them alike."""

    def compute(x: Array, kernel_size: int, stride: int) -> Array:
        return np.broadcast_to(
            right(x, kernel_size, stride).max(axis=axes, keepdims=True), _shape(x, kernel_size, stride)
        )

    return compute


def _shape(x: Array, kernel_size: int, stride: int) -> tuple[int, ...]:
    return right(x, kernel_size, stride).shape


def _columns_counted_by_height(x: Array, kernel_size: int, stride: int) -> Array:
    rows = _fitting(x.shape[2], kernel_size, stride)
    return _pool(x, kernel_size, stride, rows, rows)


def _rows_counted_by_width(x: Array, kernel_size: int, stride: int) -> Array:
    columns = _fitting(x.shape[3], kernel_size, stride)
    return _pool(x, kernel_size, stride, columns, columns)


def _counts_exchanged(x: Array, kernel_size: int, stride: int) -> Array:
    columns, rows = (_fitting(length, kernel_size, stride) for length in x.shape[2:])
    return _pool(x, kernel_size, stride, rows, columns)


MISCONCEPTIONS = (
    Misconception(
        "pool-window-is-stride",
        "the window is as large as the stride",
        "Your windows are stride × stride. They are kernel_size × kernel_size, and stride apart: they may "
        "overlap or leave "
        "gaps.",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, stride, stride), _window_is_stride_with_right_size),
    ),
    Misconception(
        "pool-stride-is-window",
        "the windows are kernel_size apart",
        "Your windows lie side by side. Window (i, j) starts at row i·stride and column j·stride, whatever "
        "its size.",
        sections.POOLING,
        (
            lambda x, kernel_size, stride: right(x, kernel_size, kernel_size),
            _stride_is_window_with_right_size,
        ),
    ),
    Misconception(
        "pool-stride-ignored",
        "the windows are one pixel apart",
        "Window (i, j) starts at row i·stride and column j·stride; yours starts at row i and column j.",
        sections.POOLING,
        (lambda x, kernel_size, stride: right(x, kernel_size, 1), _windows_one_apart),
    ),
    Misconception(
        "pool-output-size",
        "the number of windows is off",
        "Count the windows that fit whole: (H − kernel_size) // stride + 1. What is left over at the edge is "
        "dropped.",
        sections.POOLING,
        (
            _counted(lambda length, window, step: length // step),
            _counted(lambda length, window, step: (length + 1) // step),
            _counted(lambda length, window, step: -(-length // step)),
            _counted(lambda length, window, step: -(-(length - window) // step) + 1),
            _counted(lambda length, window, step: (length - window) // step),
            _counted(lambda length, window, step: length // window),
        ),
    ),
    Misconception(
        "pool-height-width-confused",
        "height and width are confused",
        "The output's rows come from the image's height, its columns from its width. Yours mix them, which "
        "shows as soon as "
        "the image is not square.",
        sections.POOLING,
        (_columns_counted_by_height, _rows_counted_by_width, _counts_exchanged),
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
        (
            lambda x, kernel_size, stride: _pool(
                x,
                kernel_size,
                stride,
                *(_fitting(length, kernel_size, stride) for length in x.shape[2:]),
                np.mean,
            ),
        ),
    ),
)
