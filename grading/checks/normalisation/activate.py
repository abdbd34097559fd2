"""activate(name, x): five activation functions, element by element."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.activate_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.units import NAMES
from grading.checks.normalisation.units import activate as reference
from grading.checks.small_numbers import fill


def scores(
    rng: np.random.Generator, name: str, shape: tuple[int, ...], numbers: str, size: float, dtype: str
) -> Example:
    """Build a call; numbers of size 250 reach the thousands, where exp overflows."""
    return example(name, (fill(rng, shape, numbers) * size).astype(dtype))


def drawn(name: str) -> Drawn:
    """Draw calls with arrays of all kinds."""
    return Drawn(
        scores,
        {
            "name": (name,),
            "shape": ((1,), (2,), (1, 2), (2, 1), (2, 3), (3, 2), (2, 1, 2, 3)),
            "numbers": ("whole", "halves", "distinct", "counting"),
            "size": (1.0, 0.25, 250.0),
            "dtype": ("float64", "float32"),
        },
    )


def fixed(name: str) -> tuple[Example, ...]:
    """Return the examples that teach."""
    return (
        example(name, np.array([-2.0, 0.0, 1.0]), note="the example of the prompt"),
        example(name, np.array([[-1000.0, 1000.0]]), note="exp(1000) is more than a float can hold"),
        example(name, np.array([[0.5, -0.25, 3.0], [-0.5, 2.0, -3.0]], dtype=np.float32)),
    )


check = Check(
    name="activate",
    signature="(name, x)",
    section=sections.UNITS,
    reference=reference,
    # A sigmoid may be 0 where it is nearly 0.
    magnitude=lambda name, x: np.maximum(np.abs(reference(name, x)), 1.0),
    parts=tuple(Part(name, 1, fixed(name), drawn(name)) for name in NAMES),
    misconceptions=MISCONCEPTIONS,
)
