"""What goes wrong in maxout_forward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections

Array = np.ndarray


def pieces(x: Array, w: Array, b: Array) -> Array:
    """Return all affine pieces (K, N, M)."""
    return np.einsum("nd,kdm->knm", x, w) + b[:, None]


MISCONCEPTIONS = (
    Misconception(
        "maxout-sums",
        "the pieces are added up",
        "Maxout is the maximum of its affine pieces, not their sum: a sum of affine pieces is affine again.",
        sections.MAXOUT,
        (lambda x, w, b: pieces(x, w, b).sum(axis=0), lambda x, w, b: pieces(x, w, b).mean(axis=0)),
    ),
    Misconception(
        "maxout-over-the-wrong-axis",
        "the maximum is taken over another axis",
        "The K pieces compete for each unit of each example: take the maximum over the axis of the pieces.",
        sections.MAXOUT,
        (
            lambda x, w, b: pieces(x, w, b).max(axis=2),
            lambda x, w, b: pieces(x, w, b).max(axis=1),
            lambda x, w, b: pieces(x, w, b).max(axis=2).T,
        ),
    ),
    Misconception(
        "maxout-biases-after-the-maximum",
        "the biases are not part of the pieces",
        "Each piece is x w[k] + b[k]: the biases take part in the competition.",
        sections.MAXOUT,
        (
            lambda x, w, b: pieces(x, w, 0 * b).max(axis=0) + b.max(axis=0),
            lambda x, w, b: pieces(x, w, 0 * b).max(axis=0) + b[0],
            lambda x, w, b: pieces(x, w, 0 * b).max(axis=0) + b.sum(axis=0),
            lambda x, w, b: pieces(x, w, 0 * b).max(axis=0),
        ),
    ),
    Misconception(
        "maxout-clipped-at-zero",
        "what is below 0 is cut off",
        "Maxout has no ReLU: its value may be negative, where all pieces are.",
        sections.MAXOUT,
        (lambda x, w, b: np.maximum(pieces(x, w, b).max(axis=0), 0),),
    ),
    Misconception(
        "maxout-takes-the-smallest",
        "the smallest piece is taken",
        "Maxout is the largest of its pieces, with its sign: not the smallest, not the one furthest from 0.",
        sections.MAXOUT,
        (
            lambda x, w, b: pieces(x, w, b).min(axis=0),
            lambda x, w, b: np.abs(pieces(x, w, b)).max(axis=0),
        ),
    ),
    Misconception(
        "maxout-of-two-pieces-only",
        "only two of the pieces take part",
        "K may be 1, 2, 3 or more: take the maximum over all of them.",
        sections.MAXOUT,
        (
            lambda x, w, b: np.maximum(pieces(x, w, b)[0], pieces(x, w, b)[1]),
            lambda x, w, b: np.maximum(pieces(x, w, b)[0], pieces(x, w, b)[-1]),
        ),
    ),
)
