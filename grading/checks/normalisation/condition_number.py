"""condition_number(x): how narrow the ravine of linear regression is on these inputs."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.clouds import cloud
from grading.checks.normalisation.condition_number_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.preparation import condition_number as reference


def inputs(
    rng: np.random.Generator, more: int, features: int, numbers: str, offset: float, units: float
) -> Example:
    """Build a call with more examples than features."""
    return example(cloud(rng, features + 2 + more, features, numbers, offset, units))


def drawn(**options: tuple) -> Drawn:
    """Draw clouds with some of the options fixed."""
    every = {
        "more": (0, 1, 3),
        "features": (1, 2, 3),
        "numbers": ("whole", "halves"),
        "offset": (0.0, 2.0, -5.0),
        "units": (1.0, 4.0),
    }
    return Drawn(inputs, every | options)


RNG = np.random.default_rng(43)
AROUND_ZERO = (
    example(np.array([[-2.0], [2.0]]), note="the first example of the prompt: centred, but not scaled"),
    example(
        np.array([[-1.0, 3.0], [1.0, 3.0], [-1.0, -3.0], [1.0, -3.0]]), note="features without correlation"
    ),
    inputs(RNG, 1, 2, "halves", 0.0, 1.0),
    inputs(RNG, 2, 3, "halves", 0.0, 4.0),
)
FAR_AWAY = (
    example(np.array([[1.0], [3.0]]), note="the second example of the prompt: the mean is 2"),
    inputs(RNG, 1, 2, "whole", 10.0, 1.0),
    inputs(RNG, 3, 3, "halves", -5.0, 4.0),
)

check = Check(
    name="condition_number",
    signature="(x)",
    section=sections.CONDITIONING,
    reference=reference,
    outputs=("condition number",),
    parts=(
        Part("inputs around 0", 1, AROUND_ZERO, drawn(offset=(0.0,))),
        Part("inputs far from 0", 1, FAR_AWAY, drawn(offset=(2.0, -5.0, 10.0))),
    ),
    misconceptions=MISCONCEPTIONS,
)
