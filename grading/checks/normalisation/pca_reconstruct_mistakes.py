"""What goes wrong in pca_reconstruct, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import pca_reconstruct as right
from grading.checks.normalisation.preparation import principal_components

Array = np.ndarray


def _smallest(train: Array, x: Array, k: int) -> Array:
    mean, _, vectors = principal_components(train)
    kept = vectors[:, :k]
    return mean + (x - mean) @ kept @ kept.T


def _projected(train: Array, x: Array, k: int) -> tuple[Array, Array]:
    """Return the mean, and x along the components, turned back without the mean."""
    mean, _, vectors = principal_components(train)
    return mean, (x - mean) @ vectors[:, -k:] @ vectors[:, -k:].T


def _of_rows(train: Array, x: Array, k: int) -> Array:
    mean, _, vectors = principal_components(train)
    kept = vectors.T[:, -k:]
    return mean + (x - mean) @ kept @ kept.T


def _of_singular_columns(train: Array, x: Array, k: int) -> Array:
    mean = train.mean(axis=0)
    kept = np.linalg.svd(train - mean)[2][:, :k]
    return mean + (x - mean) @ kept @ kept.T


def _uncentred(train: Array, x: Array, k: int) -> Array:
    _, vectors = np.linalg.eigh(train.T @ train / len(train))
    return x @ vectors[:, -k:] @ vectors[:, -k:].T


def _codes(sign: int, order: int) -> object:
    def compute(train: Array, x: Array, k: int) -> Array:
        mean, _, vectors = principal_components(train)
        return sign * ((x - mean) @ vectors[:, -k:])[:, ::order]

    return compute


MISCONCEPTIONS = (
    Misconception(
        "pca-keeps-the-smallest",
        "the components with the smallest variance are kept",
        "np.linalg.eigh sorts eigenvalues upwards: the principal components are its last columns.",
        sections.COMPONENTS,
        (_smallest,),
    ),
    Misconception(
        "pca-mean-not-added-back",
        "the mean is not added back",
        "The components describe x - mean. After turning back, add the mean again.",
        sections.COMPONENTS,
        (lambda train, x, k: _projected(train, x, k)[1],),
    ),
    Misconception(
        "pca-without-centring",
        "the mean is not subtracted",
        "Principal components are directions around the mean: subtract the training data's mean from both, "
        "and add it at the end.",
        sections.COMPONENTS,
        (
            _uncentred,
            lambda train, x, k: _projected(train, x + train.mean(axis=0), k)[1],
            lambda train, x, k: train.mean(axis=0) + _projected(train, x + train.mean(axis=0), k)[1],
        ),
    ),
    Misconception(
        "pca-fitted-on-x",
        "mean and components are taken from x",
        "Both come from the training data alone; x is only projected.",
        sections.TRAINING_DATA,
        (
            lambda train, x, k: right(x, x, k),
            lambda train, x, k: right(np.concatenate([train, x]), x, k),
        ),
    ),
    Misconception(
        "pca-centred-by-x",
        "x is centred by its own mean",
        "The mean comes from the training data, like the components.",
        sections.TRAINING_DATA,
        (
            lambda train, x, k: (
                x.mean(axis=0) + _projected(train, x - x.mean(axis=0) + train.mean(axis=0), k)[1]
            ),
            lambda train, x, k: (
                train.mean(axis=0) + _projected(train, x - x.mean(axis=0) + train.mean(axis=0), k)[1]
            ),
        ),
    ),
    Misconception(
        "pca-rows-for-columns",
        "rows are taken for components",
        "np.linalg.eigh gives eigenvectors as columns, np.linalg.svd gives them as rows of its last result.",
        sections.COMPONENTS,
        (_of_rows, _of_singular_columns),
    ),
    Misconception(
        "pca-not-turned-back",
        "the k numbers are returned, not what they stand for",
        "(x - mean) @ V has k columns. Multiply by V.T and add the mean: the result has the shape of x.",
        sections.COMPONENTS,
        tuple(_codes(sign, order) for sign in (1, -1) for order in (1, -1)),
    ),
)
