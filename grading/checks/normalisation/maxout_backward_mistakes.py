"""What goes wrong in maxout_backward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.maxout_forward_mistakes import pieces
from grading.checks.normalisation.units import maxout_backward as right

Array = np.ndarray


def _without_biases(output: int) -> object:
    return lambda dy, x, w, b: right(dy, x, w, 0 * b)[output]


def _winners(x: Array, w: Array, b: Array) -> Array:
    return pieces(x, w, b).argmax(axis=0) == np.arange(len(w))[:, None, None]


MISCONCEPTIONS = (
    Misconception(
        "maxout-gradient-through-all-pieces",
        "dx goes through every piece",
        "Only the largest piece decided the result: dy goes back through its weights alone.",
        sections.MAXOUT,
        (
            lambda dy, x, w, b: np.einsum("nm,kdm->nd", dy, w),
            lambda dy, x, w, b: np.einsum("nm,kdm->nd", dy, w) / len(w),
        ),
        output="dx",
    ),
    Misconception(
        "maxout-winner-without-biases",
        "the winner is found without the biases",
        "Which piece is the largest depends on its bias, too: find it on x w[k] + b[k].",
        sections.MAXOUT,
        (_without_biases(0),),
        output="dx",
    ),
    Misconception(
        "maxout-gradient-divided-by-the-batch",
        "a gradient is divided by the number of examples",
        "If the cost is a mean, its 1/N is in dy already: dividing again makes the gradient too small.",
        sections.MAXOUT,
        (lambda dy, x, w, b: right(dy, x, w, b)[0] / len(x),),
        output="dx",
    ),
    Misconception(
        "maxout-weights-of-all-pieces",
        "every piece's weights get the gradient",
        "The weights of a piece that lost changed nothing: only the largest piece gets dy, unit by unit.",
        sections.MAXOUT,
        (
            lambda dy, x, w, b: np.repeat((x.T @ dy)[None], len(w), axis=0),
            lambda dy, x, w, b: np.repeat((x.T @ dy)[None], len(w), axis=0) / len(w),
        ),
        output="dw",
    ),
    Misconception(
        "maxout-weights-averaged",
        "dw is a mean instead of a sum",
        "Every example adds to dw. If the cost is a mean, its 1/N is in dy already.",
        sections.MAXOUT,
        (lambda dy, x, w, b: right(dy, x, w, b)[1] / len(x),),
        output="dw",
    ),
    Misconception(
        "maxout-weights-without-dy",
        "dw does not contain dy",
        "The chain rule multiplies: each example adds x times dy to the weights of the winning piece.",
        sections.MAXOUT,
        (lambda dy, x, w, b: right(np.ones_like(dy), x, w, b)[1],),
        output="dw",
    ),
    Misconception(
        "maxout-biases-of-all-pieces",
        "every piece's biases get the gradient",
        "The bias of a piece that lost changed nothing: only the largest piece gets dy, unit by unit.",
        sections.MAXOUT,
        (
            lambda dy, x, w, b: np.repeat(dy.sum(axis=0)[None], len(w), axis=0),
            lambda dy, x, w, b: np.repeat(dy.sum(axis=0)[None], len(w), axis=0) / len(w),
        ),
        output="db",
    ),
    Misconception(
        "maxout-biases-not-summed",
        "db is not summed over the batch",
        "b[k, m] is added for every example, so its gradient is a sum over the batch, of shape (K, M).",
        sections.MAXOUT,
        (
            lambda dy, x, w, b: _winners(x, w, b) * dy,
            lambda dy, x, w, b: (_winners(x, w, b) * dy).mean(axis=1),
            lambda dy, x, w, b: (_winners(x, w, b) * dy).sum(axis=2),
        ),
        output="db",
    ),
)
