"""layer_norm_forward(x, gamma, beta, eps): normalise every example over its features."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.batches import SMALL_EPS, batch, drawn_batches
from grading.checks.normalisation.layer_norm_forward_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.norms import layer_norm


def reference(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, np.ndarray]:
    """Return y and a cache that nobody compares."""
    return layer_norm(x, gamma, beta, eps), np.zeros(0)


RNG = np.random.default_rng(86)
SCALE, SHIFT = np.array([3.0, 4.0]), np.array([10.0, 20.0])
ORDINARY = (
    example(np.array([[1.0, 3.0], [4.0, 8.0], [6.0, 5.0]]), SCALE, SHIFT, note="eps left to its default"),
    batch(RNG, 4, 2, "distinct", SMALL_EPS, "float64"),
    batch(RNG, 3, 3, "distinct", SMALL_EPS, "float64"),
    batch(RNG, 1, 4, "distinct", SMALL_EPS, "float64"),
    batch(RNG, 3, 5, "counting", SMALL_EPS, "float64", 1000.0),
    batch(RNG, 2, 4, "counting", SMALL_EPS, "float32"),
)
WITH_EPS = (
    example(
        np.array([[0.0, 2.0], [5.0, 5.0]]),
        SCALE,
        SHIFT,
        3.0,
        note="the example of the prompt: a constant row",
    ),
    batch(RNG, 3, 1, "whole", SMALL_EPS, "float64"),
    batch(RNG, 3, 4, "halves", 2.0, "float64"),
    batch(RNG, 4, 4, "halves", 0.5, "float64"),
    batch(RNG, 4, 3, "halves", 4.0, "float32"),
)

check = Check(
    name="layer_norm_forward",
    signature="(x, gamma, beta, eps=1e-5)",
    section=sections.OTHERS,
    reference=reference,
    outputs=("y", "cache"),
    parts=(
        Part(
            "y",
            2,
            ORDINARY,
            drawn_batches(batch, SMALL_EPS, features=(2, 3, 4), numbers=("counting",), offset=(0.0, 1000.0),
                          dtype=("float64",)),
            output="y",
        ),
        Part(
            "y with a large ε, or a constant example",
            1,
            WITH_EPS,
            drawn_batches(batch, 1.0, 0.1, 4.0),
            output="y",
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)  # fmt: skip
