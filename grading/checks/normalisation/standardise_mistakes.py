"""What goes wrong in standardise, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import standardise as right

Array = np.ndarray
EPS = 1e-8


def _by(x: Array, mean: Array, scale: Array) -> Array:
    return (x - mean) / scale


MISCONCEPTIONS = (
    Misconception(
        "statistics-of-the-data-themselves",
        "mean and variance are taken from x",
        "Both come from the training data alone. What is measured on the test data cannot be known in use, "
        "and makes the two incomparable.",
        sections.TRAINING_DATA,
        (
            lambda train, x, eps=EPS: right(x, x, eps),
            lambda train, x, eps=EPS: _by(x, train.mean(axis=0), np.sqrt(x.var(axis=0) + eps)),
            lambda train, x, eps=EPS: _by(x, x.mean(axis=0), np.sqrt(train.var(axis=0) + eps)),
        ),
    ),
    Misconception(
        "statistics-of-everything",
        "mean and variance are taken from training and test data together",
        "The test data leak into the preparation. Fit on the training data alone.",
        sections.TRAINING_DATA,
        (lambda train, x, eps=EPS: right(np.concatenate([train, x]), x, eps),),
    ),
    Misconception(
        "one-mean-for-all-features",
        "one mean and one variance for all features",
        "Features may have different units: every column has a mean and a variance of its own, over axis 0.",
        sections.SCALING,
        (
            lambda train, x, eps=EPS: _by(x, train.mean(), np.sqrt(train.var() + eps)),
            lambda train, x, eps=EPS: _by(x, train.mean(axis=0), np.sqrt(train.var() + eps)),
        ),
    ),
    Misconception(
        "each-example-scaled-by-itself",
        "every example is scaled by its own mean and variance",
        "That is what layer normalisation does. Here every feature is scaled, over the training examples: "
        "axis 0.",
        sections.SCALING,
        (
            lambda train, x, eps=EPS: _by(
                x, x.mean(axis=1, keepdims=True), np.sqrt(x.var(axis=1, keepdims=True) + eps)
            ),
        ),
    ),
    Misconception(
        "scaled-by-the-variance",
        "divided by the variance",
        "Divide by the square root of the variance: only then do the units cancel.",
        sections.SCALING,
        (lambda train, x, eps=EPS: _by(x, train.mean(axis=0), train.var(axis=0) + eps),),
    ),
    Misconception(
        "scaling-eps-missing",
        "ε is missing",
        "A feature that never changes in the training data has variance 0. With ε under the root nothing is "
        "divided by 0.",
        sections.SCALING,
        (lambda train, x, eps=EPS: right(train, x, 0.0),),
    ),
    Misconception(
        "scaling-eps-outside-the-root",
        "ε is added outside the root",
        "The prompt puts ε under the root: √(variance + ε).",
        sections.SCALING,
        (lambda train, x, eps=EPS: _by(x, train.mean(axis=0), train.std(axis=0) + eps),),
    ),
    Misconception(
        "scaling-by-the-unbiased-variance",
        "the variance is divided by N - 1",
        "The prompt asks for the mean square, divided by N: ddof=0.",
        sections.SCALING,
        (lambda train, x, eps=EPS: _by(x, train.mean(axis=0), np.sqrt(train.var(axis=0, ddof=1) + eps)),),
    ),
    Misconception(
        "centred-but-not-scaled",
        "centred, but not scaled",
        "After the mean is subtracted, divide by √(variance + ε).",
        sections.SCALING,
        (lambda train, x, eps=EPS: x - train.mean(axis=0),),
    ),
    Misconception(
        "scaled-but-not-centred",
        "scaled, but not centred",
        "Subtract the training data's mean before dividing.",
        sections.SCALING,
        (lambda train, x, eps=EPS: x / np.sqrt(train.var(axis=0) + eps),),
    ),
    Misconception(
        "training-data-returned",
        "the training data are returned, not x",
        "The training data only give mean and variance. What is prepared and returned is x.",
        sections.SCALING,
        (lambda train, x, eps=EPS: right(train, train, eps),),
    ),
)
