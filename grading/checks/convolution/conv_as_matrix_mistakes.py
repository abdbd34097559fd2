"""What goes wrong in conv_as_matrix, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.matrices import conv_as_matrix as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _sizes(w: Array, height: int, width: int, stride: int, padding: int) -> tuple[int, int]:
    sides = zip((height, width), w.shape[2:])
    rows, columns = ((side + 2 * padding - k) // stride + 1 for side, k in sides)
    return rows, columns


def _keeps_padding(w: Array, height: int, width: int, stride: int = 1, padding: int = 0) -> Array:
    return right(w, height + 2 * padding, width + 2 * padding, stride, 0)


def _flat_index(w: Array, height: int, width: int, stride: int = 1, padding: int = 0) -> Array:
    """Count flat pixels without asking whether the window reaches outside: it comes in on the other side."""
    rows, columns = _sizes(w, height, width, stride, padding)
    matrix = np.zeros((len(w) * rows * columns, w.shape[1] * height * width))
    for o, i, j, c, k, l in np.ndindex(len(w), rows, columns, *w.shape[1:]):
        pixel = (i * stride + k - padding) * width + j * stride + l - padding
        matrix[(o * rows + i) * columns + j, c * height * width + pixel] += w[o, c, k, l]
    return matrix


def _negative_index(w: Array, height: int, width: int, stride: int = 1, padding: int = 0) -> Array:
    rows, columns = _sizes(w, height, width, stride, padding)
    matrix = np.zeros((len(w), rows, columns, w.shape[1], height, width))
    for o, i, j, c, k, l in np.ndindex(len(w), rows, columns, *w.shape[1:]):
        row, column = i * stride + k - padding, j * stride + l - padding
        if row < height and column < width:
            matrix[o, i, j, c, row, column] += w[o, c, k, l]
    return matrix.reshape(len(w) * rows * columns, -1)


def _places_before_filters(w: Array, height: int, width: int, stride: int = 1, padding: int = 0) -> Array:
    matrix = right(w, height, width, stride, padding)
    return matrix.reshape(len(w), -1, matrix.shape[1]).swapaxes(0, 1).reshape(matrix.shape)


def _pixels_before_channels(w: Array, height: int, width: int, stride: int = 1, padding: int = 0) -> Array:
    matrix = right(w, height, width, stride, padding)
    return matrix.reshape(len(matrix), w.shape[1], -1).swapaxes(1, 2).reshape(matrix.shape)


MISCONCEPTIONS = (
    Misconception(
        "layer-matrix-transposed",
        "the matrix is transposed",
        "M @ x must be the output: a row for every output, a column for every input. Yours is the transpose, "
        "which carries gradients back.",
        sections.SPARSE,
        (lambda w, height, width, stride=1, padding=0: right(w, height, width, stride, padding).T,),
    ),
    Misconception(
        "layer-matrix-flips-kernel",
        "the kernel is flipped",
        "The layer cross-correlates: the weight at [k, l] meets the pixel k rows down and l columns right.",
        sections.CORRELATION,
        (
            lambda w, height, width, stride=1, padding=0: right(
                w[:, :, ::-1, ::-1], height, width, stride, padding
            ),
        ),
    ),
    Misconception(
        "layer-matrix-keeps-padding",
        "the padding has columns",
        "Your matrix wants the padded image. Padding zeros are not part of x: weights that meet them have no "
        "column.",
        sections.SPARSE,
        (_keeps_padding,),
    ),
    Misconception(
        "layer-matrix-wraps-round",
        "weights outside the image come in on the other side",
        "A window that reaches outside meets zeros. Your weights land on other pixels there (an index of −1 "
        "is the last one): leave them out.",
        sections.SPARSE,
        (_flat_index, _negative_index),
    ),
    Misconception(
        "layer-matrix-places-before-filters",
        "the rows list filters last",
        "Rows follow y.ravel(): all places of output channel 0, then those of channel 1. Yours change the "
        "channel fastest.",
        sections.SPARSE,
        (_places_before_filters,),
    ),
    Misconception(
        "layer-matrix-pixels-before-channels",
        "the columns list channels last",
        "Columns follow x.ravel(): all pixels of channel 0, then those of channel 1. Yours change the "
        "channel fastest.",
        sections.SPARSE,
        (_pixels_before_channels,),
    ),
    Misconception(
        "layer-matrix-height-width-confused",
        "height and width are confused",
        "Your matrix is that of an image width high and height wide. Row r of the image begins at flat pixel "
        "r·width.",
        sections.SPARSE,
        (lambda w, height, width, stride=1, padding=0: right(w, width, height, stride, padding),),
    ),
    Misconception(
        "layer-matrix-stride-ignored",
        "the stride has no effect",
        "Your rows are those of windows one pixel apart. Window (i, j) starts at row i·stride and column "
        "j·stride.",
        sections.PADDING,
        (lambda w, height, width, stride=1, padding=0: right(w, height, width, 1, padding),),
    ),
    Misconception(
        "layer-matrix-padding-left-out",
        "padding has no effect",
        "Your answers are those of padding=0: there are more windows, and each starts `padding` rows and "
        "columns earlier.",
        sections.PADDING,
        (lambda w, height, width, stride=1, padding=0: right(w, height, width, stride, 0),),
    ),
)
