"""What goes wrong in conv2d_backward, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import conv2d_backward as right
from grading.checks.convolution.sliding import padded
from grading.checks.definition import Misconception

Array = np.ndarray


def _windows(dy: Array, w: Array, step: int) -> Iterator[tuple[int, int, tuple[slice, ...]]]:
    for i, j in np.ndindex(dy.shape[2:]):
        yield i, j, np.s_[:, :, i * step : i * step + w.shape[2], j * step : j * step + w.shape[3]]


def _inside(dx: Array, x: Array, padding: int) -> Array:
    return dx[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]


def _cut_by_negative_index(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    dx = padded(right(dy, x, w, stride, padding)[0], padding)
    return dx[:, :, padding:-padding, padding:-padding]


def _crash_on_empty_cut(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    if padding == 0:
        raise ValueError("dx[:, :, 0:-0, 0:-0] is empty")
    return right(dy, x, w, stride, padding)[0]


def _zeros_for_empty_cut(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    dx = right(dy, x, w, stride, padding)[0]
    return dx if padding else np.zeros_like(dx)


def _scatter_without_stride(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    dx = padded(np.zeros(x.shape), padding)
    for i, j, window in _windows(dy, w, 1):
        dx[window] += np.einsum("no,ochw->nchw", dy[:, :, i, j], w)
    return _inside(dx, x, padding)


def _gather_without_stride(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    image, dw = padded(x, padding), np.zeros(w.shape)
    for i, j, window in _windows(dy, w, 1):
        dw += np.einsum("no,nchw->ochw", dy[:, :, i, j], image[window])
    return dw


def _last_window_wins(filters_last: bool) -> object:
    """Assign w·dy instead of adding it; in the inner loop stand the filters or the windows."""

    def compute(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
        dx = padded(np.zeros(x.shape), padding)
        for i, j, window in _windows(dy, w, stride):
            every = np.einsum("no,ochw->nochw", dy[:, :, i, j], w)
            dx[window] = every[:, -1] if filters_last else every.sum(axis=1)
        return _inside(dx, x, padding)

    return compute


def _only_last_filter(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    return right(dy[:, -1:], x, w[-1:], stride, padding)[0]


def _padding_kept(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    return right(dy, padded(x, padding), w, stride, 0)[0]


def _only_last_image(dy: Array, x: Array, w: Array, stride: int = 1, padding: int = 0) -> Array:
    return right(dy[-1:], x[-1:], w, stride, padding)[1]


MISCONCEPTIONS = (
    Misconception(
        "gradients-in-wrong-order",
        "the gradients come in another order",
        "The three gradients are right, in the wrong order: return dx, dw, db.",
        sections.BACKWARD,
        (
            lambda dy, x, w, stride=1, padding=0: tuple(
                right(dy, x, w, stride, padding)[i] for i in (1, 0, 2)
            ),
            lambda dy, x, w, stride=1, padding=0: tuple(
                right(dy, x, w, stride, padding)[i] for i in (1, 2, 0)
            ),
        ),
    ),
    Misconception(
        "padding-stripped-by-negative-index",
        "padding removed with padding:-padding",
        "dx[:, :, p:-p, p:-p] is empty for p = 0, because -0 is 0. Cut out p : p + H and p : p + W instead.",
        sections.BACKWARD,
        (_cut_by_negative_index, _crash_on_empty_cut, _zeros_for_empty_cut),
        output="dx",
    ),
    Misconception(
        "backward-ignores-stride",
        "the gradient is scattered without the stride",
        "dy[:, :, i, j] belongs to the window that starts at row i·stride and column j·stride; yours goes to "
        "row i and "
        "column j.",
        sections.BACKWARD,
        (_scatter_without_stride,),
        output="dx",
    ),
    Misconception(
        "backward-assigns",
        "dx is assigned where it must be added to",
        "A pixel lies in several windows, and under several filters. Its gradient is the sum over all of "
        "them: += instead "
        "of =.",
        sections.BACKWARD,
        (_last_window_wins(False), _last_window_wins(True), _only_last_filter),
        output="dx",
    ),
    Misconception(
        "backward-kernel-flipped",
        "the kernel is flipped on the way back",
        "Spreading dy over windows uses the kernel as it is. (It is flipped only where dx is computed as a "
        "convolution "
        "of dy, and then once.)",
        sections.BACKWARD,
        (lambda dy, x, w, stride=1, padding=0: right(dy, x, w[:, :, ::-1, ::-1], stride, padding)[0],),
        output="dx",
    ),
    Misconception(
        "padding-kept-in-gradient",
        "dx still has its padding",
        "dx has the shape of x. Compute it on the padded image, then cut out the rows and columns of x.",
        sections.BACKWARD,
        (_padding_kept,),
        output="dx",
    ),
    Misconception(
        "dx-averaged-over-batch",
        "dx is divided by the number of images",
        "dy already holds the gradient of the loss, mean and all: dividing by N again makes it too small.",
        sections.BACKWARD,
        (lambda dy, x, w, stride=1, padding=0: right(dy, x, w, stride, padding)[0] / len(x),),
        output="dx",
    ),
    Misconception(
        "dw-averaged-over-batch",
        "dw is divided by the number of images",
        "The gradient sums over the batch. If the loss is a mean, its 1/N is in dy already.",
        sections.BACKWARD,
        (lambda dy, x, w, stride=1, padding=0: right(dy, x, w, stride, padding)[1] / len(x),),
        output="dw",
    ),
    Misconception(
        "dw-of-last-image",
        "dw comes from the last image alone",
        "Every image contributes to dw: add over the batch instead of assigning.",
        sections.BACKWARD,
        (_only_last_image,),
        output="dw",
    ),
    Misconception(
        "dw-ignores-stride",
        "dw multiplies dy with windows one pixel apart",
        "dy[:, :, i, j] meets the window that starts at row i·stride and column j·stride.",
        sections.BACKWARD,
        (_gather_without_stride,),
        output="dw",
    ),
    Misconception(
        "dw-flipped",
        "dw is flipped",
        "Your dw is turned by 180 degrees: dw[o, c, k, l] belongs to the same place of the kernel as w[o, c, "
        "k, l].",
        sections.BACKWARD,
        (lambda dy, x, w, stride=1, padding=0: right(dy, x, w, stride, padding)[1][:, :, ::-1, ::-1],),
        output="dw",
    ),
    Misconception(
        "db-axis-missing",
        "db misses an axis of its sum",
        "b[o] is added to every image, row and column, so db sums dy over axes 0, 2 and 3 and has shape "
        "(O,).",
        sections.BACKWARD,
        tuple(
            lambda dy, x, w, stride=1, padding=0, axes=axes: dy.sum(axis=axes)
            for axes in ((0, 2), (0, 3), (2, 3), (0, 1), (0,))
        ),
        output="db",
    ),
    Misconception(
        "db-mean",
        "db is a mean instead of a sum",
        "b[o] is added to every image, row and column: the gradients add up. If the loss is a mean, its 1/N "
        "is in dy already.",
        sections.BACKWARD,
        (
            lambda dy, x, w, stride=1, padding=0: dy.mean(axis=(0, 2, 3)),
            lambda dy, x, w, stride=1, padding=0: dy.sum(axis=(0, 2, 3)) / len(dy),
            lambda dy, x, w, stride=1, padding=0: dy.sum(axis=0).mean(axis=(1, 2)),
        ),
        output="db",
    ),
)
