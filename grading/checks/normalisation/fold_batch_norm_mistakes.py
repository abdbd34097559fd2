"""What goes wrong in fold_batch_norm: the planted bugs, one or both, and others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections

Array = np.ndarray
Scale = Callable[[Array, Array, float], Array]


def _right_scale(gamma: Array, var: Array, eps: float) -> Array:
    return gamma / np.sqrt(var + eps)


def _planted_scale(gamma: Array, var: Array, eps: float) -> Array:
    return gamma / (np.sqrt(var) + eps)


def _weights(scale: Scale, along: Callable[[Array, Array], Array] = lambda w, s: w * s[:, None]) -> object:
    return lambda w, b, gamma, beta, mean, var, eps=1e-5: along(w, scale(gamma, var, eps))


def _biases(combine: Callable[[Array, Array, Array, Array], Array], *scales: Scale) -> tuple[object, ...]:
    return tuple(
        lambda w, b, gamma, beta, mean, var, eps=1e-5, scale=scale: combine(
            b, mean, scale(gamma, var, eps), beta
        )
        for scale in scales
    )


BOTH = (_right_scale, _planted_scale)

MISCONCEPTIONS = (
    Misconception(
        "fold-eps-still-outside-the-root",
        "one of the planted bugs is still there: ε",
        "The layer divides by √(running_var + ε). Right after initialisation the variance is 1, and nobody "
        "sees the difference; with a small variance everybody does.",
        sections.RUNNING,
        (_weights(_planted_scale),),
        output="new_w",
    ),
    Misconception(
        "fold-weights-scaled-by-column",
        "the inputs are scaled instead of the outputs",
        "Batch normalisation follows the layer: it scales outputs, which are the rows of w.",
        sections.RUNNING,
        (
            _weights(_right_scale, lambda w, s: w * s),
            _weights(_planted_scale, lambda w, s: w * s),
        ),
        output="new_w",
    ),
    Misconception(
        "fold-mean-still-not-scaled",
        "one of the planted bugs is still there: the running mean",
        "The mean is subtracted before the division, so it is scaled like b: (b - mean) · scale + β. Right "
        "after initialisation the mean is 0, and nobody sees the difference.",
        sections.RUNNING,
        _biases(lambda b, mean, scale, beta: b * scale + beta - mean, *BOTH),
        output="new_b",
    ),
    Misconception(
        "fold-bias-not-scaled",
        "the old bias is not scaled",
        "The normalisation sees w x + b - mean, and scales all of it, b included.",
        sections.RUNNING,
        (
            *_biases(lambda b, mean, scale, beta: b + beta - mean * scale, *BOTH),
            *_biases(lambda b, mean, scale, beta: b + beta - mean, *BOTH),
        ),
        output="new_b",
    ),
    Misconception(
        "fold-beta-scaled",
        "β is scaled, too",
        "β is added after the multiplication: it goes into the new bias as it is.",
        sections.RUNNING,
        _biases(lambda b, mean, scale, beta: (b - mean + beta) * scale, *BOTH),
        output="new_b",
    ),
    Misconception(
        "fold-bias-eps-outside-the-root",
        "the bias is still scaled with ε outside the root",
        "The bias is scaled by the same γ / √(running_var + ε) as the weights.",
        sections.RUNNING,
        _biases(lambda b, mean, scale, beta: (b - mean) * scale + beta, _planted_scale),
        output="new_b",
    ),
    Misconception(
        "fold-mean-forgotten",
        "the running mean is forgotten",
        "The normalisation subtracts the running mean before it scales: (b - mean) · scale + β.",
        sections.RUNNING,
        _biases(lambda b, mean, scale, beta: b * scale + beta, *BOTH),
        output="new_b",
    ),
    Misconception(
        "fold-beta-forgotten",
        "β is forgotten",
        "β is added at the end: (b - mean) · scale + β.",
        sections.RUNNING,
        _biases(lambda b, mean, scale, beta: (b - mean) * scale, *BOTH),
        output="new_b",
    ),
)
