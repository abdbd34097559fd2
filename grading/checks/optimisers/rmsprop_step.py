"""rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8): divide by the root of the average square."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.references import rmsprop_step as reference
from grading.checks.optimisers.rmsprop_step_mistakes import MISCONCEPTIONS
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step

RNG = np.random.default_rng(32)
FIRST = (
    example(np.array([1.0, -2.0]), np.array([[3.0, -0.5]]), 0.5),
    course(RNG, (2, 2), 1, 0.5, "halves", "float32", rho=0.5),
)
SEVERAL = (
    example(np.array([1.0]), np.array([[2.0], [4.0]]), 1.0, rho=0.75, note="the example of the prompt"),
    course(RNG, (2,), 6, 0.1, "whole", "float64"),
    course(RNG, (2, 3), 5, 0.5, "sparse", "float64", rho=0.5),
)
EPS = (
    example(np.array([1.0, 1.0]), np.array([[3.0, -4.0]]), 1.0, rho=0.75, eps=1.0, note="a large eps"),
    course(RNG, (2,), 3, 0.5, "tiny", "float64"),
    course(RNG, (1, 3), 3, 0.5, "small", "float64", eps=0.1),
)
RATES = (0.9, 0.5, 0.75)

check = Check(
    name="rmsprop_step",
    signature="(theta, grad, state, lr, rho=0.9, eps=1e-8)",
    section=sections.RMSPROP,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("the first step", 1, FIRST, drawn(steps=(1,), rho=RATES)),
        Part(
            "several steps",
            2,
            SEVERAL,
            drawn(steps=(2, 3, 6), numbers=("whole", "halves", "sparse"), rho=RATES),
        ),
        Part(
            "tiny gradients and a large eps",
            1,
            EPS,
            drawn(steps=(1, 2, 3), numbers=("whole", "small", "tiny"), rho=RATES, eps=(1.0, 0.1, 1e-8)),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("rmsprop_step"),
)
