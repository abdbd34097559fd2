"""What goes wrong in depthwise_separable, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import conv2d_forward
from grading.checks.convolution.references import depthwise_separable as right
from grading.checks.convolution.sliding import padded
from grading.checks.definition import Misconception

Array = np.ndarray


def _apart(x: Array, depthwise: Array, stride: int, padding: int) -> Array:
    """Compute the first stage alone."""
    return right(x, depthwise, np.eye(len(depthwise)), stride, padding)


def _summed_early(x: Array, depthwise: Array, pointwise: Array, stride: int = 1, padding: int = 0) -> Array:
    summed = _apart(x, depthwise, stride, padding).sum(axis=1, keepdims=True)
    return summed * pointwise.sum(axis=1)[:, None, None]


def _pointwise_padded(
    x: Array, depthwise: Array, pointwise: Array, stride: int = 1, padding: int = 0
) -> Array:
    between = padded(_apart(x, depthwise, stride, padding), padding)
    return np.einsum("oc,nchw->nohw", pointwise, between)


def _transposed(x: Array, depthwise: Array, pointwise: Array, stride: int = 1, padding: int = 0) -> Array:
    return np.einsum("co,nchw->nohw", pointwise, _apart(x, depthwise, stride, padding))


def _full_layer(x: Array, depthwise: Array, pointwise: Array, stride: int = 1, padding: int = 0) -> Array:
    """Give every filter the sum of all kernels' work on all channels."""
    w = np.broadcast_to(depthwise[None], (len(pointwise), *depthwise.shape))
    return conv2d_forward(x, w, np.zeros(len(pointwise)), stride, padding)


MISCONCEPTIONS = (
    Misconception(
        "separable-one-kernel-for-all",
        "all channels are filtered with the first kernel",
        "Channel c has its own kernel, depthwise[c]. Yours uses depthwise[0] for every channel.",
        sections.SEPARABLE,
        (
            lambda x, depthwise, pointwise, stride=1, padding=0: right(
                x, np.broadcast_to(depthwise[:1], depthwise.shape), pointwise, stride, padding
            ),
        ),
    ),
    Misconception(
        "separable-channels-summed-early",
        "the channels are summed before they are mixed",
        "The first stage keeps channels apart, one result for each. Only the second stage sums them, each "
        "times pointwise[o, c].",
        sections.SEPARABLE,
        (_summed_early,),
    ),
    Misconception(
        "separable-pointwise-missing",
        "the second stage is missing",
        "Your result comes from the depthwise kernels alone: mix the channels with pointwise afterwards.",
        sections.SEPARABLE,
        (
            lambda x, depthwise, pointwise, stride=1, padding=0: _apart(x, depthwise, stride, padding),
            _full_layer,
        ),
    ),
    Misconception(
        "separable-pointwise-transposed",
        "pointwise is read the wrong way round",
        "Row o of pointwise makes output channel o: its shape is (O, C). Yours sums over its rows.",
        sections.SEPARABLE,
        (_transposed,),
    ),
    Misconception(
        "separable-stride-twice",
        "the stride acts twice",
        "Only the first stage steps by `stride`. The second looks at single places, all of them.",
        sections.SEPARABLE,
        (
            lambda x, depthwise, pointwise, stride=1, padding=0: right(
                x, depthwise, pointwise, stride, padding
            )[:, :, ::stride, ::stride],
        ),
    ),
    Misconception(
        "separable-padding-twice",
        "padding is added twice",
        "Only the first stage pads. A 1 × 1 kernel needs no padding, and would grow the image by it.",
        sections.SEPARABLE,
        (_pointwise_padded,),
    ),
    Misconception(
        "separable-kernel-flipped",
        "the kernels are flipped",
        "You compute a true convolution. As in the layer of this assignment, kernels are laid on as is.",
        sections.CORRELATION,
        (
            lambda x, depthwise, pointwise, stride=1, padding=0: right(
                x, depthwise[:, ::-1, ::-1], pointwise, stride, padding
            ),
        ),
    ),
    Misconception(
        "separable-padding-left-out",
        "padding has no effect",
        "Your answers are those of padding=0. Surround the image with `padding` rows and columns of zeros "
        "first.",
        sections.PADDING,
        (lambda x, depthwise, pointwise, stride=1, padding=0: right(x, depthwise, pointwise, stride, 0),),
    ),
    Misconception(
        "separable-stride-ignored",
        "the stride has no effect",
        "Your windows are one pixel apart. Window (i, j) of the first stage starts at row i·stride, column "
        "j·stride.",
        sections.PADDING,
        (lambda x, depthwise, pointwise, stride=1, padding=0: right(x, depthwise, pointwise, 1, padding),),
    ),
)
