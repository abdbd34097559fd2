"""What goes wrong in conv2d_from_columns, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.matrices import conv2d_from_columns as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _reshaped(*order: str) -> object:
    """Reshape the product at once, as if its elements already came in the order of the result."""

    def compute(columns: Array, w: Array, b: Array, height: int, width: int) -> Array:
        y = w.reshape(len(w), -1) @ columns + b[:, None]
        sizes = {"n": columns.shape[1] // (height * width), "o": len(w), "i": height, "j": width}
        made = y.reshape([sizes[name] for name in order])
        return made.transpose([order.index(name) for name in "noij"])

    return compute


def _kernels_as_columns(columns: Array, w: Array, b: Array, height: int, width: int) -> Array:
    flat = w.reshape(-1, len(w)).T
    return right(columns, flat.reshape(w.shape), b, height, width)


def _first_image(columns: Array, w: Array, b: Array, height: int, width: int) -> Array:
    return right(columns[:, : height * width], w, b, height, width)


MISCONCEPTIONS = (
    Misconception(
        "product-reshaped-without-transposing",
        "the product is reshaped before its axes are in order",
        "The product has the axes (o, n, i, j) in this order. Reshape it to that, then exchange o and n.",
        sections.IM2COL,
        (_reshaped("n", "o", "i", "j"), _reshaped("n", "i", "j", "o")),
    ),
    Misconception(
        "product-by-width-before-height",
        "rows and columns of the result are exchanged",
        "Columns of the matrix come row after row of the result: j changes fastest, then i, then n.",
        sections.IM2COL,
        (_reshaped("o", "n", "j", "i"), lambda *args: right(*args).swapaxes(2, 3)),
    ),
    Misconception(
        "product-without-bias",
        "the bias is missing",
        "Your answers are right up to the bias: add b[o] to every element of output channel o.",
        sections.LAYER,
        (lambda columns, w, b, height, width: right(columns, w, 0 * b, height, width),),
    ),
    Misconception(
        "kernels-cut-into-columns",
        "the kernels are cut up",
        "w.reshape(−1, O) mixes the kernels: each kernel is one row of w.reshape(O, −1).",
        sections.IM2COL,
        (_kernels_as_columns,),
    ),
    Misconception(
        "product-of-first-image",
        "only the first image comes out",
        "The matrix holds the windows of all images, height · width columns for each: there are as many "
        "images as fit.",
        sections.IM2COL,
        (_first_image,),
    ),
)
