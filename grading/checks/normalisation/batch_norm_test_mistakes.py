"""What goes wrong in batch_norm_test, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.norms import batch_norm
from grading.checks.normalisation.norms import batch_norm_test as right

Array = np.ndarray


def _divided(divisor: Callable[[Array, float], Array]) -> object:
    """Divide by another function of the running variance and ε."""
    return lambda x, gamma, beta, mean, var, eps=1e-5: gamma * (x - mean) / divisor(var, eps) + beta


MISCONCEPTIONS = (
    Misconception(
        "test-mode-uses-the-batch",
        "mean and variance are taken from the batch",
        "In use the answer for one example must not depend on the others: normalise by the running averages.",
        sections.RUNNING,
        (
            lambda x, gamma, beta, mean, var, eps=1e-5: batch_norm(x, gamma, beta, eps),
            lambda x, gamma, beta, mean, var, eps=1e-5: right(x, gamma, beta, x.mean(axis=0), var, eps),
            lambda x, gamma, beta, mean, var, eps=1e-5: right(x, gamma, beta, mean, x.var(axis=0), eps),
        ),
    ),
    Misconception(
        "test-mode-forgets-gamma-and-beta",
        "γ and β are not used",
        "They are part of the layer in use as in training: multiply by γ and add β.",
        sections.RUNNING,
        (
            lambda x, gamma, beta, mean, var, eps=1e-5: right(x, 1.0, 0.0, mean, var, eps),
            lambda x, gamma, beta, mean, var, eps=1e-5: right(x, gamma, 0.0, mean, var, eps),
            lambda x, gamma, beta, mean, var, eps=1e-5: right(x, 1.0, beta, mean, var, eps),
        ),
    ),
    Misconception(
        "test-mode-eps-missing",
        "ε is missing in test mode",
        "The layer in use must be the one that was trained: √(running_var + ε). A feature that never varied "
        "would give infinity.",
        sections.RUNNING,
        (_divided(lambda var, eps: np.sqrt(var)),),
    ),
    Misconception(
        "test-mode-eps-outside-the-root",
        "ε is added outside the root in test mode",
        "ε belongs under the root, as in training: √(running_var + ε).",
        sections.RUNNING,
        (_divided(lambda var, eps: np.sqrt(var) + eps),),
    ),
    Misconception(
        "test-mode-divides-by-the-variance",
        "divided by the running variance",
        "Divide by its square root, √(running_var + ε).",
        sections.RUNNING,
        (_divided(lambda var, eps: var + eps),),
    ),
    Misconception(
        "test-mode-deviation-for-variance",
        "the running variance is taken for a standard deviation",
        "running_var is a variance: it must neither be squared, nor its root be taken twice.",
        sections.RUNNING,
        (
            _divided(lambda var, eps: np.sqrt(np.sqrt(var) + eps)),
            _divided(lambda var, eps: np.sqrt(var**2 + eps)),
        ),
    ),
    Misconception(
        "test-mode-does-not-centre",
        "the running mean is not subtracted",
        "Subtract running_mean before dividing.",
        sections.RUNNING,
        (lambda x, gamma, beta, mean, var, eps=1e-5: right(x, gamma, beta, 0.0, var, eps),),
    ),
)
