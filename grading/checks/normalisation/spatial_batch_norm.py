"""spatial_batch_norm(x, gamma, beta, eps): batch normalisation of feature maps, channel by channel."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Part, example
from grading.checks.normalisation import norms, sections
from grading.checks.normalisation.batches import SMALL_EPS, drawn_images, images
from grading.checks.normalisation.spatial_batch_norm_mistakes import MISCONCEPTIONS


def forward_with_cache(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> tuple[np.ndarray, None]:
    """Stand in for the student's batch_norm_forward."""
    return norms.batch_norm(x, gamma, beta, eps), None


RNG = np.random.default_rng(85)
TWO_CHANNELS = np.array([[[[0.0, 2.0]], [[10.0, 40.0]]]])
ORDINARY = (
    example(TWO_CHANNELS, np.array([1.0, 2.0]), np.array([0.0, 5.0]), note="eps left to its default"),
    images(RNG, 3, 2, (2, 3), "distinct", SMALL_EPS, "float64"),
    images(RNG, 2, 3, (3, 3), "distinct", SMALL_EPS, "float64"),
    images(RNG, 2, 2, (3, 1), "distinct", SMALL_EPS, "float32"),
)
WITH_EPS = (
    example(
        np.array([[[[0.0, 2.0]], [[6.0, 6.0]]]]),
        np.array([3.0, 4.0]),
        np.array([10.0, 20.0]),
        3.0,
        note="the example of the prompt",
    ),
    images(RNG, 1, 3, (1, 1), "whole", SMALL_EPS, "float64"),
    images(RNG, 2, 2, (2, 2), "halves", 2.0, "float64"),
    images(RNG, 3, 3, (1, 3), "halves", 0.5, "float32"),
)

check = Check(
    name="spatial_batch_norm",
    signature="(x, gamma, beta, eps=1e-5)",
    section=sections.BATCH_NORM,
    reference=norms.spatial_batch_norm,
    parts=(
        Part("a small ε", 2, ORDINARY, drawn_images(SMALL_EPS, numbers=("counting",), dtype=("float64",))),
        Part("a large ε, or no variance", 1, WITH_EPS, drawn_images(1.0, 0.1, 4.0)),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"batch_norm_forward": forward_with_cache},
)
