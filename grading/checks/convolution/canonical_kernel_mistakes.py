"""What goes wrong in canonical_kernel, each with the kernel that it gives."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.references import canonical_kernel as right
from grading.checks.definition import Misconception


def _gives(*rows: tuple[float, ...]) -> object:
    """Return a function that gives this kernel, whatever it is asked for."""
    kernel = np.array(rows, dtype=float)
    return lambda name: kernel


SOBEL = right("vertical_edge")

MISCONCEPTIONS = (
    Misconception(
        "blur-not-normalised",
        "the blur's weights do not sum to 1",
        "A kernel whose weights sum to 8 or 9 makes the image that many times brighter. Divide by the sum of "
        "the weights.",
        sections.BRIGHTNESS,
        (
            _gives((1, 1, 1), (1, 1, 1), (1, 1, 1)),
            _gives((1, 1, 1), (1, 0, 1), (1, 1, 1)),
            _gives((0, 1, 0), (1, 4, 1), (0, 1, 0)),
            _gives((1, 2, 1), (2, 4, 2), (1, 2, 1)),
            lambda name: np.full((3, 3), 1 / 8),
        ),
        part="blur",
    ),
    Misconception(
        "blur-not-a-box",
        "the blur weights its pixels differently",
        "This blur keeps the brightness, but its weights differ. The box blur is the plain mean of the nine "
        "pixels.",
        sections.KERNELS,
        (
            lambda name: np.array([[1, 2, 1], [2, 4, 2], [1, 2, 1]]) / 16,
            lambda name: np.array([[0, 1, 0], [1, 4, 1], [0, 1, 0]]) / 8,
            lambda name: np.array([[1, 1, 1], [1, 0, 1], [1, 1, 1]]) / 8,
            lambda name: np.array([[0, 1, 0], [1, 1, 1], [0, 1, 0]]) / 5,
        ),
        part="blur",
    ),
    Misconception(
        "sharpen-loses-brightness",
        "the sharpening kernel sums to 0",
        "Your kernel keeps the edges alone. Sharpening adds them to the image, so the weights sum to 1: the "
        "centre is 5.",
        sections.KERNELS,
        (_gives((0, -1, 0), (-1, 4, -1), (0, -1, 0)), _gives((0, 1, 0), (1, -4, 1), (0, 1, 0))),
        part="sharpen",
    ),
    Misconception(
        "sharpen-with-eight-neighbours",
        "the sharpening kernel uses all eight neighbours",
        "The prompt asks for the four neighbours above, below, left and right: the corners are 0 and the "
        "centre is 5.",
        sections.KERNELS,
        (_gives((-1, -1, -1), (-1, 9, -1), (-1, -1, -1)),),
        part="sharpen",
    ),
    Misconception(
        "edge-sign",
        "the edge kernel has the opposite sign",
        "The centre is positive (8) and its neighbours negative (-1): a bright spot must give a positive "
        "answer.",
        sections.KERNELS,
        (_gives((1, 1, 1), (1, -8, 1), (1, 1, 1)),),
        part="edge",
    ),
    Misconception(
        "edge-with-four-neighbours",
        "the edge kernel uses four neighbours only",
        "The prompt asks for all eight neighbours: -1 everywhere around a centre of 8.",
        sections.KERNELS,
        (_gives((0, -1, 0), (-1, 4, -1), (0, -1, 0)), _gives((0, 1, 0), (1, -4, 1), (0, 1, 0))),
        part="edge",
    ),
    Misconception(
        "edge-answers-to-flat-areas",
        "the edge kernel does not sum to 0",
        "Where the image is constant there is no edge, so the weights must sum to 0: the centre is 8.",
        sections.KERNELS,
        (_gives((-1, -1, -1), (-1, 9, -1), (-1, -1, -1)), _gives((-1, -1, -1), (-1, 1, -1), (-1, -1, -1))),
        part="edge",
    ),
    Misconception(
        "sobel-transposed",
        "this kernel finds horizontal edges",
        "A vertical edge is a change from left to right: the columns differ, and the rows weigh 1, 2, 1. "
        "Yours is the "
        "transpose.",
        sections.KERNELS,
        (lambda name: SOBEL.T, lambda name: -SOBEL.T),
        part="vertical_edge",
    ),
    Misconception(
        "sobel-sign",
        "the Sobel kernel has the opposite sign",
        "Convolution flips the kernel: with the positive column on the left, brightness that grows to the "
        "right gives a "
        "positive answer.",
        sections.KERNELS,
        (lambda name: -SOBEL,),
        part="vertical_edge",
    ),
    Misconception(
        "prewitt-instead-of-sobel",
        "the rows weigh the same",
        "This is the Prewitt kernel. Sobel weighs the middle row twice: 1, 2, 1.",
        sections.KERNELS,
        tuple(lambda name, sign=sign: sign * np.array([[1.0, 0, -1]] * 3) for sign in (1, -1)),
        part="vertical_edge",
    ),
)
