"""What goes wrong in condition_number, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections

Array = np.ndarray


def _ratio(hessian: Array) -> Array:
    values = np.linalg.eigvalsh(hessian)
    return values[-1] / values[0]


def _with_ones(x: Array) -> Array:
    return np.column_stack([x, np.ones(len(x))])


def _centred(x: Array) -> Array:
    return x - x.mean(axis=0)


MISCONCEPTIONS = (
    Misconception(
        "condition-number-of-the-data",
        "this is the condition number of A, not of AᵀA / N",
        "Singular values of A are the square roots of the Hessian's eigenvalues times √N: your ratio must be "
        "squared.",
        sections.CONDITIONING,
        (lambda x: np.sqrt(_ratio(_with_ones(x).T @ _with_ones(x))),),
    ),
    Misconception(
        "condition-number-without-bias",
        "the bias is forgotten",
        "The model has a bias, so A has a column of ones beside the features, and the Hessian one more row "
        "and column.",
        sections.CONDITIONING,
        (
            lambda x: _ratio(x.T @ x),
            lambda x: np.sqrt(_ratio(x.T @ x)),
        ),
    ),
    Misconception(
        "condition-number-of-the-covariance",
        "the inputs are centred first",
        "This looks at the covariance, which does not change with the mean. The question is what the mean "
        "does to the Hessian: take the inputs as they are.",
        sections.CONDITIONING,
        (
            lambda x: _ratio(_centred(x).T @ _centred(x)),
            lambda x: _ratio(_with_ones(_centred(x)).T @ _with_ones(_centred(x)) / len(x)),
        ),
    ),
    Misconception(
        "condition-number-upside-down",
        "smallest divided by largest",
        "The condition number is the largest eigenvalue divided by the smallest: never below 1.",
        sections.CONDITIONING,
        (lambda x: 1 / _ratio(_with_ones(x).T @ _with_ones(x)),),
    ),
    Misconception(
        "condition-number-without-the-mean-over-examples",
        "only one of the two eigenvalues is divided by N",
        "Whether H is divided by N does not matter for the ratio, as long as it is done to both eigenvalues.",
        sections.CONDITIONING,
        (
            lambda x: _ratio(_with_ones(x).T @ _with_ones(x)) / len(x),
            lambda x: _ratio(_with_ones(x).T @ _with_ones(x)) * len(x),
        ),
    ),
)
