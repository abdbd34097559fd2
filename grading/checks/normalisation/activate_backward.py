"""activate_backward(name, dy, x): the gradients of the five activations."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, GradientOf, Part, example
from grading.checks.normalisation import sections, units
from grading.checks.normalisation.activate_backward_mistakes import MISCONCEPTIONS
from grading.checks.small_numbers import fill


def scores(
    rng: np.random.Generator, name: str, shape: tuple[int, ...], numbers: str, size: float, dtype: str
) -> Example:
    """Build a call; numbers of size 250 reach the thousands, where exp overflows."""
    dy = fill(rng, shape, "whole", dtype)
    return example(name, dy, (fill(rng, shape, numbers) * size).astype(dtype))


def drawn(name: str) -> Drawn:
    """Draw calls with arrays of all kinds; "distinct" numbers hold a 0."""
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
        example(name, np.array([3.0, 3.0]), np.array([-2.0, 1.0]), note="the example of the prompt"),
        example(name, np.array([[2.0, -2.0, 4.0]]), np.array([[-1000.0, 1000.0, 0.5]]), note="exp overflows"),
        example(name, np.array([5.0, -5.0]), np.array([0.0, 0.5]), note="a kink at 0 may go either way"),
        example(
            name,
            np.array([[1.0, -2.0, 3.0], [4.0, -1.0, -3.0]], dtype=np.float32),
            np.array([[0.5, -0.25, 3.0], [-0.5, 2.0, -3.0]], dtype=np.float32),
        ),
    )


def forward_of(name: str, dy: np.ndarray, x: np.ndarray) -> Example:
    """Call the forward function that this gradient belongs to."""
    return example(name, x)


check = Check(
    name="activate_backward",
    signature="(name, dy, x)",
    section=sections.UNITS,
    reference=units.activate_backward,
    also_right=(units.activate_backward_from_the_right, units.activate_backward_between),
    outputs=("dx",),
    # No slope is above 1: where one nearly vanishes, so may the answer.
    magnitude=lambda name, dy, x: np.abs(dy),
    parts=tuple(Part(name, 1, fixed(name), drawn(name)) for name in units.NAMES),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("activate", forward_of, {"dx": 1}, units.activate, upstream=1),
    uses={"activate": units.activate},
)
