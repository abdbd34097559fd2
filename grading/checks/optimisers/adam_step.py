"""adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True)."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.adam_step_mistakes import MISCONCEPTIONS
from grading.checks.optimisers.references import adam_step as reference
from grading.checks.optimisers.stepping import course, drawn, size_of, step_by_step

RNG = np.random.default_rng(33)
FIRST = (
    example(np.array([1.0, -2.0]), np.array([[3.0, -0.5]]), 0.5, note="the example of the prompt"),
    course(RNG, (2, 2), 1, 0.5, "halves", "float32", beta1=0.5, beta2=0.75),
)
SEVERAL = (
    example(np.array([1.0]), np.array([[2.0], [-2.0]]), 1.0, beta1=0.5, beta2=0.75),
    course(RNG, (2,), 6, 0.5, "whole", "float64"),
    course(RNG, (2, 3), 5, 0.5, "sparse", "float64", beta1=0.5, beta2=0.9),
)
PLAIN = (
    example(np.array([1.0, -2.0]), np.array([[3.0, -0.5]]), 0.5, bias_correction=False),
    course(RNG, (2,), 6, 0.5, "whole", "float64", bias_correction=False),
    course(RNG, (3,), 3, 0.5, "halves", "float32", beta1=0.5, beta2=0.75, bias_correction=False),
)
EPS = (
    example(np.array([1.0, 1.0]), np.array([[3.0, -4.0]]), 1.0, eps=1.0, note="a large eps"),
    course(RNG, (2,), 5, 0.5, "tiny", "float64"),
    course(RNG, (1, 3), 3, 0.5, "small", "float64", eps=0.1),
)
BETAS = {"beta1": (0.9, 0.5), "beta2": (0.999, 0.75)}

check = Check(
    name="adam_step",
    signature="(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True)",
    section=sections.ADAM,
    reference=reference,
    magnitude=size_of(reference),
    outputs=("theta",),
    parts=(
        Part("the first step, corrected", 2, FIRST, drawn(steps=(1,), **BETAS)),
        Part(
            "several steps, corrected",
            4,
            SEVERAL,
            drawn(steps=(2, 3, 6), numbers=("whole", "halves", "sparse"), **BETAS),
        ),
        Part("without bias correction", 2, PLAIN, drawn(steps=(1, 2, 6), bias_correction=(False,), **BETAS)),
        Part(
            "tiny gradients and a large eps",
            2,
            EPS,
            drawn(steps=(1, 2, 5), numbers=("whole", "small", "tiny"), eps=(1.0, 0.1, 1e-8), **BETAS),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=step_by_step("adam_step"),
)
