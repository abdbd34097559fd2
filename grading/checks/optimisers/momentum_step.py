"""momentum_step(theta, grad, state, lr, rho=0.9): v = rho·v − lr·grad, theta = theta + v."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.momentum_step_mistakes import MISCONCEPTIONS
from grading.checks.optimisers.references import momentum_step as reference
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step

RNG = np.random.default_rng(22)
FIRST = (
    example(np.array([1.0, -2.0]), np.array([[0.5, 4.0]]), 0.1),
    course(RNG, (2, 2), 1, 0.25, "halves", "float32", rho=0.5),
)
SEVERAL = (
    example(
        np.array([1.0]),
        np.array([[2.0], [2.0], [2.0]]),
        0.5,
        rho=0.5,
        note="the example of the prompt: a constant gradient",
    ),
    course(RNG, (2,), 6, 0.1, "whole", "float64"),
    course(RNG, (2, 3), 5, 0.25, "halves", "float64", rho=0.5),
)
RATES = (0.9, 0.5, 0.0)

check = Check(
    name="momentum_step",
    signature="(theta, grad, state, lr, rho=0.9)",
    section=sections.MOMENTUM,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("the first step", 1, FIRST, drawn(steps=(1,), rho=RATES)),
        Part("several steps", 3, SEVERAL, drawn(steps=(2, 3, 6), rho=RATES)),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("momentum_step"),
)
