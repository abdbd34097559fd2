"""What goes wrong in batch_norm_forward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.normalisation import sections
from grading.checks.normalisation.statistics_mistakes import Normalisation, xhat

Array = np.ndarray

BATCH_NORM = Normalisation(
    "batch-norm",
    "the batch",
    sections.BATCH_NORM,
    lambda divisor, x, eps: xhat(x, 0, eps, divisor),
    lambda x, gamma, beta: gamma * x + beta,
    output="y",
)


def _over(axis: int | tuple[int, ...]) -> object:
    return lambda x, gamma, beta, eps=1e-5: gamma * xhat(x, axis, eps) + beta


def _root_of_the_deviation(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma * (x - x.mean(axis=0)) / np.sqrt(x.std(axis=0) + eps) + beta


def _root_twice(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma * (x - x.mean(axis=0)) / (x.var(axis=0) + eps) ** 0.25 + beta


def _not_centred(x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma * x / np.sqrt(x.var(axis=0) + eps) + beta


MISCONCEPTIONS = (
    BATCH_NORM.mistake(
        "over-the-features",
        "every example is normalised by itself",
        "That is layer normalisation. Batch normalisation takes mean and variance of every feature over the "
        "batch: axis 0.",
        _over(1),
    ),
    BATCH_NORM.mistake(
        "over-everything",
        "one mean and one variance for all features",
        "Every feature has a mean and a variance of its own: axis=0.",
        _over((0, 1)),
    ),
    BATCH_NORM.mistake(
        "deviation-for-variance",
        "the standard deviation is used as if it were the variance",
        "Under the root stands the variance. x.std is its square root already.",
        _root_of_the_deviation,
        _root_twice,
    ),
    BATCH_NORM.mistake(
        "does-not-centre",
        "the mean is not subtracted",
        "Subtract the batch mean of every feature before dividing.",
        _not_centred,
    ),
    *BATCH_NORM.usual(),
)
