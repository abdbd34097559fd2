"""What goes wrong in whiten, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import principal_components, standardise
from grading.checks.normalisation.preparation import whiten as right

Array = np.ndarray
EPS = 1e-5


def _divided(scale: Callable[[Array, float], Array]) -> object:
    """Divide along the components by another function of eigenvalues and ε."""

    def compute(train: Array, x: Array, eps: float = EPS) -> Array:
        mean, values, vectors = principal_components(train)
        return (x - mean) @ (vectors / scale(values, eps)) @ vectors.T

    return compute


def _not_turned_back(order: int) -> object:
    def compute(train: Array, x: Array, eps: float = EPS) -> Array:
        mean, values, vectors = principal_components(train)
        return ((x - mean) @ (vectors / np.sqrt(values + eps)))[:, ::order]

    return compute


def _unbiased(train: Array, x: Array, eps: float = EPS) -> Array:
    mean, values, vectors = principal_components(train)
    values = values * len(train) / (len(train) - 1)
    return (x - mean) @ (vectors / np.sqrt(values + eps)) @ vectors.T


def _singular_values(train: Array, x: Array, eps: float = EPS) -> Array:
    mean, values, vectors = principal_components(train)
    return (x - mean) @ (vectors / np.sqrt(values * len(train) + eps)) @ vectors.T


MISCONCEPTIONS = (
    Misconception(
        "whitening-divides-by-the-eigenvalue",
        "divided by the eigenvalue instead of its square root",
        "The eigenvalue is a variance. What makes a variance 1 is division by its square root, √(λ + ε).",
        sections.WHITENING,
        (_divided(lambda values, eps: values + eps),),
    ),
    Misconception(
        "whitening-eps-outside-the-root",
        "ε is added outside the root",
        "The prompt puts ε under the root: √(λ + ε).",
        sections.WHITENING,
        (_divided(lambda values, eps: np.sqrt(values) + eps),),
    ),
    Misconception(
        "whitening-eps-missing",
        "ε is missing",
        "Directions without variance have λ = 0: with ε under the root nothing is divided by 0, and noise is "
        "not blown up.",
        sections.WHITENING,
        (_divided(lambda values, eps: np.sqrt(values)),),
    ),
    Misconception(
        "whitening-multiplies",
        "multiplied by the root where it must be divided",
        "Directions of large variance must shrink: divide by √(λ + ε).",
        sections.WHITENING,
        (_divided(lambda values, eps: 1 / np.sqrt(values + eps)),),
    ),
    Misconception(
        "whitening-not-turned-back",
        "the result is left in the axes of the components",
        "Multiply by Vᵀ at the end: turned back, the answer does not depend on the signs of the "
        "eigenvectors.",
        sections.WHITENING,
        (_not_turned_back(1), _not_turned_back(-1)),
    ),
    Misconception(
        "whitening-scales-only",
        "features are scaled, but stay correlated",
        "This divides each feature by its own deviation. Whitening divides along the eigenvectors of the "
        "covariance.",
        sections.WHITENING,
        (lambda train, x, eps=EPS: standardise(train, x, eps),),
    ),
    Misconception(
        "whitening-fitted-on-x",
        "mean and covariance are taken from x",
        "Both come from the training data alone; x is only transformed.",
        sections.TRAINING_DATA,
        (
            lambda train, x, eps=EPS: right(x, x, eps),
            lambda train, x, eps=EPS: right(np.concatenate([train, x]), x, eps),
        ),
    ),
    Misconception(
        "whitening-by-the-unbiased-covariance",
        "the covariance is divided by N - 1",
        "The prompt asks for the covariance divided by N.",
        sections.WHITENING,
        (_unbiased,),
    ),
    Misconception(
        "whitening-covariance-not-divided",
        "the covariance is not divided by N",
        "The covariance is a mean over the training examples: divide by N, or square singular values and "
        "divide.",
        sections.WHITENING,
        (_singular_values,),
    ),
    Misconception(
        "whitening-without-centring",
        "the mean is not subtracted",
        "Subtract the training data's mean from x before it is turned and scaled.",
        sections.WHITENING,
        (lambda train, x, eps=EPS: right(train, x + train.mean(axis=0), eps),),
    ),
)
