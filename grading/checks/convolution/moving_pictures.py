"""The right answers about pictures that move: equivariance and invariance, measured."""

from __future__ import annotations

from functools import cache

import numpy as np

from course_lib.data import load_textures
from grading.checks.convolution.references import canonical_kernel, conv2d_forward, max_pool2d_forward

SHIFTS = (1, 2, 3, 4, 5, 6)
LIMIT = 0.5
SIDE = 48


def response(image: np.ndarray, kernel: np.ndarray, pool: int) -> np.ndarray:
    """Cross-correlate an image with a kernel, and take the maximum of windows side by side."""
    y = conv2d_forward(image[None, None], kernel[None, None], np.zeros(1))
    return max_pool2d_forward(y, pool, pool)[0, 0]


def shift_errors(image: np.ndarray, kernel: np.ndarray, pool: int, shift: int) -> tuple[float, float]:
    """Return how far convolution and pooling are from equivariance and from invariance."""
    before = response(image[:, : image.shape[1] - shift], kernel, pool)
    after = response(image[:, shift:], kernel, pool)
    moved = shift // pool
    expected = before[:, moved:]
    kept = after[:, : expected.shape[1]]
    equivariance = np.abs(kept - expected).sum() / np.abs(expected).sum()
    return float(equivariance), float(np.abs(after - before).sum() / np.abs(before).sum())


@cache
def texture(name: str) -> np.ndarray:
    """Return the corner of a photograph on which the experiment is made, from 0 to 1."""
    images, names = load_textures()
    return images[names.index(name)][:SIDE, :SIDE] / 255.0


def texture_experiment(name: str, pool: int) -> tuple[np.ndarray, int]:
    """Measure the invariance error of Sobel and pooling on a texture, and up to which shift it is small."""
    kernel = canonical_kernel("vertical_edge")
    errors = np.array([shift_errors(texture(name), kernel, pool, shift)[1] for shift in SHIFTS])
    small = errors < LIMIT
    return errors, len(SHIFTS) if small.all() else int(small.argmin())
