"""maxout_forward(x, w, b): the largest of several affine pieces."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.maxout_forward_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.units import maxout_forward as reference
from grading.checks.small_numbers import fill


def unit(
    rng: np.random.Generator, batch: int, inputs: int, pieces: int, units: int, numbers: str, dtype: str
) -> Example:
    """Build a call."""
    x = fill(rng, (batch, inputs), numbers, dtype)
    w = fill(rng, (pieces, inputs, units), "halves", dtype)
    return example(x, w, fill(rng, (pieces, units), "whole", dtype))


def drawn(*pieces: int) -> Drawn:
    """Draw calls with so many pieces."""
    return Drawn(
        unit,
        {
            "batch": (1, 2, 3),
            "inputs": (1, 2, 3),
            "pieces": pieces,
            "units": (1, 2, 3),
            "numbers": ("whole", "halves", "counting", "large"),
            "dtype": ("float64", "float32"),
        },
    )


PROMPT = (
    np.array([[1.0, 2.0]]),
    np.array([[[1.0], [1.0]], [[3.0], [-1.0]]]),
    np.array([[0.0], [4.0]]),
)
RNG = np.random.default_rng(41)
TWO = (
    example(*PROMPT, note="the example of the prompt"),
    unit(RNG, 3, 2, 2, 4, "whole", "float64"),
    unit(RNG, 4, 3, 2, 2, "halves", "float32"),
    unit(RNG, 2, 2, 2, 2, "halves", "float64"),
)
MORE = (
    unit(RNG, 1, 2, 3, 2, "whole", "float64"),
    unit(RNG, 4, 3, 4, 2, "halves", "float64"),
    unit(RNG, 2, 3, 1, 2, "halves", "float64"),
)

check = Check(
    name="maxout_forward",
    signature="(x, w, b)",
    section=sections.MAXOUT,
    reference=reference,
    linear=True,
    parts=(
        Part("two pieces", 1, TWO, drawn(2)),
        Part("other numbers of pieces", 1, MORE, drawn(3, 1, 4)),
    ),
    misconceptions=MISCONCEPTIONS,
)
