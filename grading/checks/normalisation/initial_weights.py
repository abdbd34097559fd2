"""initial_weights(rule, shape, seed): where weights begin."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.initial_weights_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.preparation import RULES
from grading.checks.normalisation.preparation import initial_weights as reference

FULL = ((2, 3), (1, 1), (3, 2), (1, 4), (4, 1), (5, 3))
KERNELS = ((1, 2, 2, 2), (2, 1, 1, 2), (2, 3, 3, 3), (3, 2, 3, 1), (4, 1, 2, 3))


def weights(rng: np.random.Generator, rule: str, shape: tuple[int, ...]) -> Example:
    """Build a call."""
    return example(rule, shape, int(rng.integers(10_000)))


check = Check(
    name="initial_weights",
    signature="(rule, shape, seed)",
    section=sections.INITIALISATION,
    reference=reference,
    outputs=("w",),
    parts=tuple(
        Part(
            rule,
            1 if rule in ("zero", "small") else 3,
            (
                example(rule, (2, 3), 0, note="two outputs, three inputs"),
                example(rule, (3, 1), 5),
                example(rule, (2, 1, 3, 2), 1, note="kernels: two outputs, one input channel, 3 by 2 pixels"),
                example(rule, (1, 3, 2, 2), 7),
            ),
            Drawn(weights, {"rule": (rule,), "shape": (*FULL, *KERNELS)}),
        )
        for rule in RULES
    ),
    misconceptions=MISCONCEPTIONS,
)
