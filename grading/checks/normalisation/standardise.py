"""standardise(train, x, eps): centre and scale by what was measured on the training data."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import standardise as reference
from grading.checks.normalisation.standardise_mistakes import MISCONCEPTIONS
from grading.checks.small_numbers import fill


def data(
    rng: np.random.Generator,
    trained: int,
    examples: int,
    features: int,
    numbers: str,
    offset: float,
    eps: float,
    dtype: str,
) -> Example:
    """Build a call; the data to prepare lie elsewhere than the training data."""
    train = fill(rng, (trained, features), numbers) + offset
    x = fill(rng, (examples, features), "halves") - 1
    return example(train.astype(dtype), x.astype(dtype), eps)


SHAPES = {
    "trained": (2, 3, 4),
    "examples": (1, 2, 3, 4),
    "features": (1, 2, 3, 4),
    "numbers": ("counting", "whole", "halves"),
    "offset": (0.0, 1.0, 50.0),
    "dtype": ("float64", "float32"),
}
RNG = np.random.default_rng(44)
ORDINARY = (
    example(
        np.array([[1.0, 10.0], [3.0, 30.0]]),
        np.array([[4.0, 10.0]]),
        note="the example of the prompt; eps left to its default",
    ),
    data(RNG, 4, 3, 2, "distinct", 0.0, 1e-8, "float64"),
    data(RNG, 5, 1, 3, "distinct", 50.0, 1e-8, "float64"),
    data(RNG, 3, 3, 3, "counting", 1.0, 1e-8, "float64"),
    data(RNG, 4, 2, 5, "counting", 0.0, 1e-8, "float32"),
)
WITH_EPS = (
    example(
        np.array([[1.0, 7.0], [3.0, 7.0]]),
        np.array([[4.0, 7.0]]),
        3.0,
        note="a feature that never changes in training, and a large eps",
    ),
    example(np.full((3, 2), 5.0), np.array([[5.0, 5.0]]), note="without eps this is 0 / 0"),
    data(RNG, 1, 2, 3, "whole", 0.0, 2.0, "float64"),
    data(RNG, 4, 4, 4, "halves", 1.0, 0.5, "float64"),
    data(RNG, 3, 2, 4, "halves", 0.0, 4.0, "float32"),
)

check = Check(
    name="standardise",
    signature="(train, x, eps=1e-8)",
    section=sections.SCALING,
    reference=reference,
    parts=(
        # Counting numbers differ in every column: no feature is constant here.
        Part(
            "centre and scale", 2, ORDINARY, Drawn(data, {**SHAPES, "numbers": ("counting",), "eps": (1e-8,)})
        ),
        Part(
            "constant features and a large ε",
            1,
            WITH_EPS,
            Drawn(data, {**SHAPES, "trained": (1, 2, 3, 4), "eps": (1.0, 0.1, 4.0)}),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
