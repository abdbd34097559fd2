"""batch_norm_test(x, gamma, beta, running_mean, running_var, eps): batch normalisation in use."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.batch_norm_test_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.norms import batch_norm_test as reference
from grading.checks.small_numbers import fill


def use(
    rng: np.random.Generator, examples: int, features: int, numbers: str, eps: float, dtype: str
) -> Example:
    """Build a call."""
    x = fill(rng, (examples, features), numbers, dtype)
    gamma, beta = fill(rng, (features,), "halves", dtype), fill(rng, (features,), "whole", dtype)
    running_var = np.abs(fill(rng, (features,), "halves", dtype))
    return example(x, gamma, beta, fill(rng, (features,), "halves", dtype), running_var, eps)


def drawn(*eps: float) -> Drawn:
    """Draw calls with one of these constants."""
    return Drawn(
        use,
        {
            "examples": (1, 2, 3, 4),
            "features": (1, 2, 3, 4),
            "numbers": ("whole", "counting", "halves", "tied"),
            "eps": eps,
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(83)
ONE = np.ones(1)
ORDINARY = (
    example(np.array([[7.0], [1.0]]), 3 * ONE, 10 * ONE, 5 * ONE, 4 * ONE, note="eps left to its default"),
    use(RNG, 4, 2, "whole", 1e-5, "float64"),
    use(RNG, 3, 3, "halves", 1e-5, "float64"),
    use(RNG, 2, 4, "counting", 1e-5, "float32"),
)
WITH_EPS = (
    example(np.array([[7.0]]), 3 * ONE, 10 * ONE, 5 * ONE, 1 * ONE, 3.0, note="the example of the prompt"),
    example(np.array([[7.0, 4.0]]), np.ones(2), np.zeros(2), np.full(2, 5.0), np.zeros(2), 0.25,
            note="features that never varied in training"),
    use(RNG, 1, 3, "whole", 2.0, "float64"),
    use(RNG, 4, 4, "halves", 0.5, "float64"),
    use(RNG, 3, 2, "halves", 4.0, "float32"),
)  # fmt: skip

check = Check(
    name="batch_norm_test",
    signature="(x, gamma, beta, running_mean, running_var, eps=1e-5)",
    section=sections.RUNNING,
    reference=reference,
    parts=(
        Part("a small ε", 1, ORDINARY, drawn(1e-5)),
        Part("a large ε, or no variance", 1, WITH_EPS, drawn(1.0, 0.1, 4.0)),
    ),
    misconceptions=MISCONCEPTIONS,
)
