"""maxout_backward(dy, x, w, b): gradients go to the piece that won."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, GradientOf, Part, example
from grading.checks.normalisation import sections, units
from grading.checks.normalisation.maxout_backward_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.maxout_forward import PROMPT, unit
from grading.checks.small_numbers import fill


def with_dy(rng: np.random.Generator, batch: int, units: int, **rest: object) -> Example:
    """Build a call."""
    forward = unit(rng, batch=batch, units=units, **rest)
    return example(fill(rng, (batch, units), "whole", str(forward.args[0].dtype)), *forward.args)


DRAWN = Drawn(
    with_dy,
    {
        "batch": (1, 2, 3),
        "inputs": (1, 2, 3),
        "pieces": (2, 3, 1),
        "units": (1, 2, 3),
        "numbers": ("whole", "halves", "counting", "tied"),
        "dtype": ("float64", "float32"),
    },
    cases=10,
)
RNG = np.random.default_rng(42)
FIXED = (
    example(np.array([[2.0]]), *PROMPT, note="the example of the prompt"),
    with_dy(RNG, 3, 2, inputs=2, pieces=2, numbers="whole", dtype="float64"),
    with_dy(RNG, 4, 2, inputs=3, pieces=3, numbers="halves", dtype="float64"),
    with_dy(RNG, 2, 2, inputs=2, pieces=2, numbers="halves", dtype="float32"),
    with_dy(RNG, 3, 1, inputs=2, pieces=4, numbers="counting", dtype="float64"),
    example(
        np.array([[2.0], [-4.0]]),
        np.array([[1.0], [2.0]]),
        np.array([[[1.0]], [[3.0]]]),
        np.array([[2.0], [0.0]]),
        note="a tie in the first example",
    ),
)


def forward_of(dy: np.ndarray, x: np.ndarray, w: np.ndarray, b: np.ndarray) -> Example:
    """Call the forward function that these gradients belong to."""
    return example(x, w, b)


check = Check(
    name="maxout_backward",
    signature="(dy, x, w, b)",
    section=sections.MAXOUT,
    reference=units.maxout_backward,
    also_right=(units.maxout_backward_to_all, units.maxout_backward_shared),
    outputs=("dx", "dw", "db"),
    linear=True,
    parts=(
        Part("dx, the gradient by the inputs", 1.5, FIXED, DRAWN, output="dx"),
        Part("dw, the gradient by the weights", 1.5, FIXED, DRAWN, output="dw"),
        Part("db, the gradient by the biases", 1, FIXED, DRAWN, output="db"),
    ),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("maxout_forward", forward_of, {"dx": 0, "dw": 1, "db": 2}, units.maxout_forward),
    uses={"maxout_forward": units.maxout_forward},
)
