"""What goes wrong in filter_image, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grading.checks.convolution import sections
from grading.checks.convolution.references import filter_image as right
from grading.checks.definition import Misconception

Array = np.ndarray


def _filtered(padded: Array, kernel: Array) -> Array:
    return np.einsum("ijkl,kl->ij", sliding_window_view(padded, kernel.shape), kernel)


def _around(kernel: Array) -> tuple[tuple[int, int], tuple[int, int]]:
    rows, columns = kernel.shape
    return (rows // 2, rows // 2), (columns // 2, columns // 2)


def _bordered(mode: str, flip: bool = True) -> Callable[..., Array]:
    """Continue the image beyond its border in another way."""

    def compute(image: Array, kernel: Array) -> Array:
        return _filtered(np.pad(image, _around(kernel), mode=mode), kernel[::-1, ::-1] if flip else kernel)

    return compute


def _valid(image: Array, kernel: Array) -> Array:
    return _filtered(image, kernel[::-1, ::-1])


def _valid_in_a_frame(image: Array, kernel: Array) -> Array:
    inner, y = _valid(image, kernel), np.zeros(image.shape)
    (top, _), (left, _) = _around(kernel)
    y[top : top + inner.shape[0], left : left + inner.shape[1]] = inner
    return y


def _full(image: Array, kernel: Array) -> Array:
    rows, columns = kernel.shape
    around = ((rows - 1, rows - 1), (columns - 1, columns - 1))
    return _filtered(np.pad(image, around), kernel[::-1, ::-1])


def _padded_by_one(same_size: bool) -> Callable[..., Array]:
    """Surround the image with one row of zeros whatever the kernel's size."""

    def compute(image: Array, kernel: Array) -> Array:
        padded = np.pad(image, 1)
        if not same_size:
            return _filtered(padded, kernel[::-1, ::-1])
        y = np.empty(image.shape)
        for i, j in np.ndindex(image.shape):
            window = padded[i : i + kernel.shape[0], j : j + kernel.shape[1]]
            y[i, j] = (window * kernel[::-1, ::-1]).sum()
        return y

    return compute


def _borders_exchanged(image: Array, kernel: Array) -> Array:
    rows, columns = _around(kernel)
    padded = np.pad(image, (columns, rows))
    y = np.empty(image.shape)
    for i, j in np.ndindex(image.shape):
        window = padded[i : i + kernel.shape[0], j : j + kernel.shape[1]]
        y[i, j] = (window * kernel[::-1, ::-1]).sum()
    return y


def _border_from_rows(image: Array, kernel: Array) -> Array:
    return _filtered(np.pad(image, kernel.shape[0] // 2), kernel[::-1, ::-1])


MISCONCEPTIONS = (
    Misconception(
        "correlation-instead-of-convolution",
        "the kernel is not flipped",
        "Convolution turns the kernel by 180 degrees before it slides over the image. You compute the "
        "cross-correlation, "
        "which differs as soon as the kernel is not symmetric.",
        sections.FLIP,
        (lambda image, kernel: right(image, kernel[::-1, ::-1]),),
    ),
    Misconception(
        "flipped-in-one-direction",
        "the kernel is flipped in one direction only",
        "Flip rows and columns: kernel[::-1, ::-1]. Convolution turns the kernel by 180 degrees.",
        sections.FLIP,
        (
            lambda image, kernel: right(image, kernel[:, ::-1]),
            lambda image, kernel: right(image, kernel[::-1]),
        ),
    ),
    Misconception(
        "transposed-instead-of-flipped",
        "the kernel is transposed instead of flipped",
        "kernel.T exchanges rows and columns. Convolution turns the kernel by 180 degrees: kernel[::-1, "
        "::-1].",
        sections.FLIP,
        (
            lambda image, kernel: right(image, kernel[::-1, ::-1].T),
            lambda image, kernel: right(image, kernel.T),
        ),
    ),
    Misconception(
        "border-not-zero",
        "the image goes on beyond its border",
        "You continue the image outwards (its edge, its mirror image or its other side). The prompt asks for "
        "zeros.",
        sections.PADDING,
        tuple(
            _bordered(mode, flip)
            for flip in (True, False)
            for mode in ("edge", "reflect", "symmetric", "wrap")
        ),
    ),
    Misconception(
        "valid-instead-of-same",
        "the border is missing from the result",
        "You keep only the places where the kernel fits whole. Surround the image with zeros first, so that "
        "the result "
        "has its size.",
        sections.PADDING,
        (_valid, _valid_in_a_frame, lambda image, kernel: _filtered(image, kernel)),
    ),
    Misconception(
        "full-instead-of-same",
        "the result is larger than the image",
        "You keep every place where kernel and image touch. Surround the image with half the kernel's size "
        "only: "
        "KH // 2 rows and KW // 2 columns of zeros.",
        sections.PADDING,
        (_full,),
    ),
    Misconception(
        "filter-padding-hard-coded",
        "the border is always one pixel wide",
        "One row of zeros goes with a 3×3 kernel. In general take KH // 2 rows and KW // 2 columns.",
        sections.PADDING,
        (_padded_by_one(False), _padded_by_one(True)),
    ),
    Misconception(
        "filter-height-width-confused",
        "the kernel's height and width are confused",
        "The kernel's height decides how many rows of zeros go above and below, its width how many columns "
        "left and right.",
        sections.PADDING,
        (_borders_exchanged, _border_from_rows),
    ),
)
