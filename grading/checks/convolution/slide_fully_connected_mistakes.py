"""What goes wrong in slide_fully_connected, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.matrices import slide_fully_connected as right
from grading.checks.convolution.references import conv2d_forward
from grading.checks.definition import Misconception

Array = np.ndarray


def _without_transposing(x: Array, weight: Array, bias: Array, height: int, width: int) -> Array:
    return conv2d_forward(x, weight.reshape(len(bias), x.shape[1], height, width), bias)


def _channels_last(x: Array, weight: Array, bias: Array, height: int, width: int) -> Array:
    kernels = weight.T.reshape(len(bias), height, width, x.shape[1]).transpose(0, 3, 1, 2)
    return conv2d_forward(x, kernels, bias)


def _by_columns(x: Array, weight: Array, bias: Array, height: int, width: int) -> Array:
    kernels = weight.T.reshape(len(bias), x.shape[1], width, height).swapaxes(2, 3)
    return conv2d_forward(x, kernels, bias)


def _first_window(x: Array, weight: Array, bias: Array, height: int, width: int) -> Array:
    return right(x[:, :, :height, :width], weight, bias, height, width)


def _flat(x: Array, weight: Array, bias: Array, height: int, width: int) -> Array:
    return x.reshape(len(x), -1) @ weight + bias


MISCONCEPTIONS = (
    Misconception(
        "connected-weight-not-transposed",
        "the weight is reshaped without transposing it",
        "Column o of weight belongs to output o: transpose first, then every row is a kernel, (C, height, "
        "width).",
        sections.FULLY_CONNECTED,
        (_without_transposing,),
    ),
    Misconception(
        "connected-channels-last",
        "the flat image is read with the channels last",
        "The layer's input lists all of channel 0 row after row, then channel 1. Yours lists the channels of "
        "a pixel.",
        sections.FULLY_CONNECTED,
        (_channels_last,),
    ),
    Misconception(
        "connected-read-by-columns",
        "the flat image is read column after column",
        "Within a channel the layer's input is listed row after row: the column changes fastest.",
        sections.FULLY_CONNECTED,
        (_by_columns,),
    ),
    Misconception(
        "connected-kernels-flipped",
        "the kernels are flipped",
        "Each weight multiplies its own pixel of the window: the kernels are laid on as they are, not "
        "flipped.",
        sections.CORRELATION,
        (
            lambda x, weight, bias, height, width: right(
                x,
                weight.reshape(-1, height * width, len(bias))[:, ::-1].reshape(weight.shape),
                bias,
                height,
                width,
            ),
        ),
    ),
    Misconception(
        "connected-bias-forgotten",
        "the bias is missing",
        "Your answers are right up to the bias: add bias[o] at every place of output o.",
        sections.LAYER,
        (lambda x, weight, bias, height, width: right(x, weight, 0 * bias, height, width),),
    ),
    Misconception(
        "connected-side-by-side",
        "the windows lie side by side",
        "Your windows step by their own size. The layer slides: one pixel at a time.",
        sections.FULLY_CONNECTED,
        (
            lambda x, weight, bias, height, width: right(x, weight, bias, height, width)[
                :, :, ::height, ::width
            ],
        ),
    ),
    Misconception(
        "connected-first-window-only",
        "the layer looks at one window only",
        "Your layer is applied once, at the top left, or cannot take a larger image. It slides over all "
        "windows.",
        sections.FULLY_CONNECTED,
        (_first_window, lambda *args: _flat(*args)[:, :, None, None]),
    ),
)
