"""mended_adam(A, b, theta, lr, steps): a given run of Adam, with its two faults found and mended."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.moments import Adam
from grading.checks.optimisers.quadratics import bowl
from grading.checks.optimisers.references import adam_step
from grading.checks.optimisers.references import mended_adam as reference

Array = np.ndarray


def _run(step: Adam) -> object:
    """Return a run of another step, with a state of its own in every call."""

    def run(A: Array, b: Array, theta: Array, lr: float, steps: int) -> Array:
        path, state = [theta], {}
        for _ in range(steps):
            point, state = step(path[-1], A @ path[-1] - b, state, lr)
            path.append(point)
        return np.array(path)

    return run


MISCONCEPTIONS = (
    Misconception(
        "mended-still-stores-corrected",
        "the corrected averages are still stored back",
        "m and v must go on uncorrected. Give the corrected ones names of their own, and use them for the "
        "step alone.",
        sections.ADAM,
        (_run(Adam(stores_corrected=True)),),
    ),
    Misconception(
        "mended-without-correction",
        "the correction is gone",
        "The correction itself was right: only its result must not be stored. Divide m and v in every "
        "step, for the step alone.",
        sections.ADAM,
        (_run(Adam(correct=False)),),
    ),
    Misconception(
        "mended-state-starts-anew-each-step",
        "the state starts anew in every step",
        "A run needs one state of its own: make it inside the function, before the loop.",
        sections.ADAM,
        (_run(Adam(keep=False, count=lambda before: 1)),),
    ),
    Misconception(
        "mended-counts-from-zero",
        "the count of steps was changed",
        "Counting was right: t is 1 in the first step.",
        sections.ADAM,
        (_run(Adam(count=lambda before: before)), _run(Adam(count=lambda before: 1))),
    ),
)


def run_of(rng: np.random.Generator, size: int, steps: int, lr: float, numbers: str, dtype: str) -> Example:
    """Build a call."""
    return example(*bowl(rng, size, numbers, dtype), lr, steps)


RNG = np.random.default_rng(35)
FIXED = (
    example(np.array([[1.0]]), np.array([1.0]), np.array([3.0]), 0.5, 2, note="the example of the prompt"),
    run_of(RNG, 2, 6, 0.5, "whole", "float64"),
    example(np.array([[1e-9]]), np.array([0.0]), np.array([3.0]), 0.5, 3, note="gradients as small as eps"),
    example(
        np.diag([1.0, 2.0]), np.array([3.0, 0.0]), np.array([3.0, 1.0]), 0.5, 2, note="one direction is level"
    ),
    run_of(RNG, 3, 3, 0.1, "halves", "float32"),
)
check = Check(
    name="mended_adam",
    signature="(A, b, theta, lr, steps)",
    section=sections.ADAM,
    reference=reference,
    outputs=("path",),
    parts=(
        Part(
            "every run is Adam's",
            1,
            FIXED,
            Drawn(
                run_of,
                {
                    "size": (1, 2, 3),
                    "steps": (1, 2, 3, 6),
                    "lr": (0.5, 0.1),
                    "numbers": ("whole", "halves"),
                    "dtype": ("float64", "float32"),
                },
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"adam_step": adam_step},
)
