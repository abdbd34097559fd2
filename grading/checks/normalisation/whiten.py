"""whiten(train, x, eps): no correlation, and variance 1 in every direction."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.clouds import cloud, others
from grading.checks.normalisation.preparation import whiten as reference
from grading.checks.normalisation.whiten_mistakes import MISCONCEPTIONS


def data(
    rng: np.random.Generator,
    more: int,
    examples: int,
    features: int,
    numbers: str,
    offset: float,
    units: float,
    eps: float,
) -> Example:
    """Build a call."""
    train = cloud(rng, features + 2 + more, features, numbers, offset, units)
    return example(train, others(rng, examples, features, offset / 2), eps)


def drawn(*eps: float) -> Drawn:
    """Draw calls with one of these constants."""
    return Drawn(
        data,
        {
            "more": (0, 1, 3),
            "examples": (1, 2, 3, 4),
            "features": (2, 1, 3, 4),
            "numbers": ("whole", "halves"),
            "offset": (0.0, 1.0, -6.0),
            "units": (1.0, 3.0),
            "eps": eps,
        },
    )


RNG = np.random.default_rng(46)
CORRELATED = np.array([[1.0, 2.0], [2.0, 1.0], [-1.0, -2.0], [-2.0, -1.0]])
SMALL = (
    example(
        CORRELATED,
        np.array([[3.0, 3.0], [1.0, 0.0]]),
        note="correlated features; eps left to its default",
    ),
    data(RNG, 1, 3, 2, "halves", 2.0, 1.0, 1e-5),
    data(RNG, 2, 2, 3, "halves", -3.0, 1.0, 1e-5),
    data(RNG, 1, 4, 4, "halves", 0.0, 3.0, 1e-5),
)
LARGE = (
    example(CORRELATED, np.array([[3.0, 3.0]]), 11.5, note="the example of the prompt"),
    data(RNG, 1, 3, 3, "halves", 1.0, 1.0, 0.5),
    data(RNG, 3, 1, 2, "halves", 4.0, 3.0, 2.0),
    example(
        np.array([[2.0, 3.0]]), np.array([[3.0, 1.0]]), 4.0, note="one training example: no variance at all"
    ),
)

check = Check(
    name="whiten",
    signature="(train, x, eps=1e-5)",
    section=sections.WHITENING,
    reference=reference,
    parts=(
        Part("a small ε", 2, SMALL, drawn(1e-5)),
        Part("a large ε, or no variance", 1, LARGE, drawn(1.0, 0.1, 4.0)),
    ),
    misconceptions=MISCONCEPTIONS,
)
