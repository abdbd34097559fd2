"""group_norm(x, gamma, beta, groups, eps): between layer and instance normalisation, and both of them."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.normalisation import batches, sections
from grading.checks.normalisation.group_norm_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.norms import group_norm as reference


def images(
    rng: np.random.Generator,
    count: int,
    groups: int,
    channels_in_group: int,
    size: tuple[int, int],
    numbers: str,
    eps: float,
    dtype: str,
) -> Example:
    """Build a call."""
    x, gamma, beta, eps = batches.images(
        rng, count, groups * channels_in_group, size, numbers, eps, dtype
    ).args
    return example(x, gamma, beta, groups, eps)


def drawn(groups: tuple[int, ...], channels_in_group: tuple[int, ...]) -> Drawn:
    """Draw calls with groups of these numbers and sizes."""
    return Drawn(
        images,
        {
            "count": (1, 2, 3),
            "groups": groups,
            "channels_in_group": channels_in_group,
            "size": ((1, 2), (2, 1), (2, 2), (2, 3), (3, 1)),
            "numbers": ("whole", "counting", "halves"),
            "eps": (1.0, 1e-5, 0.1, 4.0),
            "dtype": ("float64", "float32"),
        },
    )


RNG = np.random.default_rng(88)
SEVERAL = (
    example(
        np.array([0.0, 2.0, 10.0, 14.0]).reshape(1, 4, 1, 1),
        np.array([1.0, 2.0, 1.0, 2.0]),
        np.array([0.0, 0.0, 5.0, 5.0]),
        2,
        3.0,
        note="the example of the prompt",
    ),
    images(RNG, 2, 2, 2, (2, 3), "distinct", 1e-5, "float64"),
    images(RNG, 3, 2, 3, (1, 2), "halves", 0.5, "float64"),
    images(RNG, 2, 3, 2, (2, 2), "counting", 1e-5, "float32"),
    example(
        np.array([0.0, 1.0, 4.0, 9.0, 7.0, 7.0, 7.0, 7.0]).reshape(1, 4, 1, 2),
        np.arange(1.0, 5.0),
        np.zeros(4),
        2,
        note="a constant group; eps left to its default",
    ),
)
ONE_GROUP = (
    images(RNG, 2, 1, 2, (2, 3), "distinct", 1e-5, "float64"),
    images(RNG, 1, 1, 3, (1, 2), "halves", 2.0, "float64"),
    images(RNG, 2, 1, 3, (3, 3), "halves", 0.5, "float64"),
    images(RNG, 2, 1, 1, (1, 1), "whole", 1e-5, "float64"),
)
INSTANCES = (
    images(RNG, 2, 3, 1, (2, 3), "distinct", 1e-5, "float64"),
    images(RNG, 3, 2, 1, (3, 1), "halves", 2.0, "float64"),
    images(RNG, 2, 2, 1, (2, 2), "halves", 0.5, "float64"),
)

check = Check(
    name="group_norm",
    signature="(x, gamma, beta, groups, eps=1e-5)",
    section=sections.OTHERS,
    reference=reference,
    parts=(
        Part("several groups", 3, SEVERAL, drawn((2, 3), (2, 3))),
        Part("one group: layer normalisation", 1, ONE_GROUP, drawn((1,), (2, 1, 3))),
        Part("a group for each channel: instance normalisation", 1, INSTANCES, drawn((2, 3, 1), (1,))),
    ),
    misconceptions=MISCONCEPTIONS,
)
