"""pca_reconstruct(train, x, k): what is left of x in k numbers an example."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.clouds import cloud, others
from grading.checks.normalisation.pca_reconstruct_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.preparation import pca_reconstruct as reference


def data(
    rng: np.random.Generator, more: int, examples: int, features: int, k: int, numbers: str, offset: float
) -> Example:
    """Build a call; k is never more than the features."""
    train = cloud(rng, features + 2 + more, features, numbers, offset, 1.0)
    return example(train, others(rng, examples, features, offset / 2), min(k, features))


def drawn(*k: int) -> Drawn:
    """Draw calls that keep so many components."""
    return Drawn(
        data,
        {
            "more": (0, 1, 3),
            "examples": (1, 2, 3, 4),
            "features": (2, 3, 4),
            "k": k,
            "numbers": ("whole", "halves"),
            "offset": (0.0, 1.0, -6.0),
        },
    )


RNG = np.random.default_rng(45)
ONE = (
    example(
        np.array([[0.0, 1.0], [2.0, 1.0], [4.0, 1.0], [2.0, 2.0], [2.0, 0.0]]),
        np.array([[5.0, 3.0]]),
        1,
        note="the example of the prompt",
    ),
    data(RNG, 1, 3, 2, 1, "halves", 0.0),
    data(RNG, 2, 2, 3, 1, "halves", 4.0),
)
MORE = (
    data(RNG, 1, 3, 3, 2, "halves", 2.0),
    data(RNG, 2, 1, 4, 3, "halves", -3.0),
    data(RNG, 2, 4, 2, 2, "whole", 1.0),
)

check = Check(
    name="pca_reconstruct",
    signature="(train, x, k)",
    section=sections.COMPONENTS,
    reference=reference,
    parts=(
        Part("one component", 1, ONE, drawn(1)),
        Part("more components", 1, MORE, drawn(2, 3)),
    ),
    misconceptions=MISCONCEPTIONS,
)
