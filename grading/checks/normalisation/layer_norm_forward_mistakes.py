"""What goes wrong in layer_norm_forward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.normalisation import sections
from grading.checks.normalisation.statistics_mistakes import Normalisation, xhat

Array = np.ndarray

LAYER_NORM = Normalisation(
    "layer-norm",
    "the features",
    sections.OTHERS,
    lambda divisor, x, eps: xhat(x, 1, eps, divisor),
    lambda x, gamma, beta: gamma * x + beta,
    output="y",
)


def _over(axis: int | tuple[int, ...]) -> object:
    return lambda x, gamma, beta, eps=1e-5: gamma * xhat(x, axis, eps) + beta


def _without_keepdims(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma * (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1) + eps) + beta


def _mean_without_keepdims(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma * (x - x.mean(axis=1)) / np.sqrt(x.var(axis=1, keepdims=True) + eps) + beta


def _scaled_by_example(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma[:, None] * xhat(x, 1, eps) + beta[:, None]


MISCONCEPTIONS = (
    LAYER_NORM.mistake(
        "over-the-batch",
        "normalised over the batch",
        "That is batch normalisation. Layer normalisation takes mean and variance of every example over its "
        "features: axis=1.",
        _over(0),
    ),
    LAYER_NORM.mistake(
        "without-keepdims",
        "means of shape (N,) meet the features",
        "x.mean(axis=1) has shape (N,) and broadcasts along the features: an error, or silently wrong where "
        "N = D. Use keepdims=True.",
        _without_keepdims,
        _mean_without_keepdims,
    ),
    LAYER_NORM.mistake(
        "over-everything",
        "one mean and one variance for the whole batch",
        "Every example has a mean and a variance of its own: axis=1.",
        _over((0, 1)),
    ),
    LAYER_NORM.mistake(
        "gamma-by-example",
        "γ and β are applied to examples instead of features",
        "γ and β have one number for each feature: they broadcast along the rows as they are.",
        _scaled_by_example,
    ),
    *LAYER_NORM.usual(),
)
