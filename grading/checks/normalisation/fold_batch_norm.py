"""fold_batch_norm(w, b, gamma, beta, running_mean, running_var, eps): repaired, after two planted bugs."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.fold_batch_norm_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.norms import fold_batch_norm as reference
from grading.checks.normalisation.norms import folded_magnitude
from grading.checks.small_numbers import fill


def trained(rng: np.random.Generator, outputs: int, inputs: int, eps: float, dtype: str) -> Example:
    """Build a call: a layer after some training, whose statistics are not 0 and 1 any more."""
    w, b = fill(rng, (outputs, inputs), "whole", dtype), fill(rng, (outputs,), "whole", dtype)
    gamma, beta = fill(rng, (outputs,), "halves", dtype), fill(rng, (outputs,), "whole", dtype)
    running_var = np.abs(fill(rng, (outputs,), "halves", dtype))
    return example(w, b, gamma, beta, fill(rng, (outputs,), "halves", dtype), running_var, eps)


DRAWN = Drawn(
    trained,
    {
        "outputs": (1, 2, 3, 4),
        "inputs": (1, 2, 3, 4),
        "eps": (1.0, 0.1, 4.0, 1e-5),
        "dtype": ("float64", "float32"),
    },
)
RNG = np.random.default_rng(89)
ONE = np.ones(1)
FIXED = (
    example(
        np.array([[2.0, 4.0]]), 7 * ONE, 3 * ONE, 10 * ONE, 5 * ONE, 1 * ONE, 3.0,
        note="the example of the prompt",
    ),
    example(
        np.array([[2.0], [3.0]]), np.array([1.0, -1.0]), np.array([3.0, 0.5]), np.array([4.0, 5.0]),
        np.array([0.5, 2.0]), np.array([4.0, 0.25]), note="eps left to its default",
    ),
    trained(RNG, 3, 2, 0.5, "float64"),
    trained(RNG, 3, 3, 2.0, "float64"),
    trained(RNG, 2, 4, 1.0, "float32"),
)  # fmt: skip

check = Check(
    name="fold_batch_norm",
    signature="(w, b, gamma, beta, running_mean, running_var, eps=1e-5)",
    section=sections.RUNNING,
    reference=reference,
    outputs=("new_w", "new_b"),
    magnitude=folded_magnitude,
    parts=(
        Part("the weights", 1, FIXED, DRAWN, output="new_w"),
        Part("the biases", 2, FIXED, DRAWN, output="new_b"),
    ),
    misconceptions=MISCONCEPTIONS,
)
