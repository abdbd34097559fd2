"""nesterov_gaps(A, b, theta, lr, rho, steps): the two forms of Nesterov's momentum, compared."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.quadratics import descent, drawn
from grading.checks.optimisers.references import nesterov_gaps as reference
from grading.checks.optimisers.references import nesterov_path, nesterov_step

Array = np.ndarray


def _exchanged(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[float, float]:
    return reference(A, b, theta, lr, rho, steps)[::-1]


def _gap_without_rho(
    A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int
) -> tuple[float, float]:
    _, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    return float((1 - rho) * np.abs(velocities).max()), float(rho * np.abs(velocities).max())


def _last(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[float, float]:
    _, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    return 0.0, float(rho * np.abs(velocities[-1]).max())


def _signed(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[float, float]:
    _, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    return 0.0, float(rho * velocities.max())


MISCONCEPTIONS = (
    Misconception(
        "gaps-exchanged",
        "the two gaps are exchanged",
        "Return the gap after the change of variables first (it is nothing but rounding), then the one "
        "without.",
        sections.NESTEROV,
        (_exchanged,),
    ),
    Misconception(
        "gaps-shifted-by-whole-velocity",
        "the change of variables adds the whole velocity",
        "The point ahead is theta + rho·v. With v instead of rho·v the two forms do not meet.",
        sections.NESTEROV,
        (_gap_without_rho,),
    ),
    Misconception(
        "gaps-of-the-last-step",
        "only the last step is compared",
        "Take the largest difference over all steps, and over all components.",
        sections.NESTEROV,
        (_last,),
    ),
    Misconception(
        "gaps-with-signs",
        "the differences keep their signs",
        "The largest difference is the largest absolute value.",
        sections.NESTEROV,
        (_signed,),
    ),
)
RNG = np.random.default_rng(26)
FIXED = (
    example(
        np.array([[2.0]]), np.array([2.0]), np.array([5.0]), 0.25, 0.5, 2, note="the example of the prompt"
    ),
    descent(RNG, 2, 6, 0.1, 0.9, "whole", "float64"),
    example(np.diag([1.0, 2.0]), np.array([4.0, 0.0]), np.array([1.0, 1.0]), 0.2, 0.5, 5),
)

check = Check(
    name="nesterov_gaps",
    signature="(A, b, theta, lr, rho, steps)",
    section=sections.NESTEROV,
    reference=reference,
    outputs=("same", "apart"),
    parts=(Part("both gaps", 1, FIXED, drawn(dtypes=("float64",), steps=(2, 3, 6))),),
    misconceptions=MISCONCEPTIONS,
    uses={"nesterov_path": nesterov_path, "nesterov_step": nesterov_step},
)
