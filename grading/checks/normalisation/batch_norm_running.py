"""batch_norm_running(x, running_mean, running_var, momentum): averages for later, in PyTorch's convention."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.batch_norm_running_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.norms import batch_norm_running as reference
from grading.checks.normalisation.norms import running_magnitude
from grading.checks.small_numbers import fill


def update(
    rng: np.random.Generator,
    examples: int,
    features: int,
    numbers: str,
    size: float,
    momentum: float,
    dtype: str,
) -> Example:
    """Build a call; numbers of size 0.001 have a variance beside which even a small ε shows."""
    x = (fill(rng, (examples, features), numbers) * size).astype(dtype)
    running_mean = (fill(rng, (features,), "halves") * size).astype(dtype)
    running_var = (np.abs(fill(rng, (features,), "halves")) * size**2).astype(dtype)
    return example(x, running_mean, running_var, momentum)


DRAWN = Drawn(
    update,
    {
        "examples": (2, 3, 4, 5),
        "features": (1, 2, 3, 4),
        "numbers": ("whole", "counting", "halves"),
        "size": (1.0, 0.001, 100.0),
        "momentum": (0.1, 0.25, 0.5, 0.9),
        "dtype": ("float64", "float32"),
    },
    cases=10,
)
RNG = np.random.default_rng(82)
FIXED = (
    example(
        np.array([[1.0], [3.0]]), np.array([10.0]), np.array([20.0]), 0.25, note="the example of the prompt"
    ),
    example(
        np.array([[0.001, 4.0], [0.003, 8.0]]),
        np.array([0.01, 1.0]),
        np.array([1e-6, 2.0]),
        note="a feature of small variance; momentum left to its default",
    ),
    update(RNG, 4, 3, "halves", 1.0, 0.5, "float64"),
    update(RNG, 3, 3, "halves", 0.001, 0.1, "float64"),
    update(RNG, 2, 2, "counting", 100.0, 0.9, "float64"),
    update(RNG, 5, 2, "halves", 1.0, 0.25, "float32"),
)

check = Check(
    name="batch_norm_running",
    signature="(x, running_mean, running_var, momentum=0.1)",
    section=sections.RUNNING,
    reference=reference,
    outputs=("running_mean", "running_var"),
    magnitude=running_magnitude,
    parts=(
        Part("the running mean", 1, FIXED, DRAWN, output="running_mean"),
        Part("the running variance", 2, FIXED, DRAWN, output="running_var"),
    ),
    misconceptions=MISCONCEPTIONS,
)
