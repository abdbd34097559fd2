"""learning_rate(schedule, t, lr, length, factor=0.1, warmup=0): six schedules."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.learning_rate_mistakes import MISCONCEPTIONS
from grading.checks.optimisers.references import learning_rate as reference


def rate(
    rng: np.random.Generator, schedule: str, t: int, lr: float, length: int, **options: float
) -> Example:
    """Build a call."""
    return example(schedule, t, lr, length, **options)


def drawn(schedule: str, **options: tuple) -> Drawn:
    """Draw calls of one schedule."""
    return Drawn(
        rate,
        {
            "schedule": (schedule,),
            "t": (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 17, 20, 25),
            "lr": (1.0, 0.5, 0.2),
            "length": (2, 3, 4, 5, 10),
            **options,
        },
        cases=12,
    )


def at(schedule: str, *times: int, length: int = 4, **options: float) -> tuple[Example, ...]:
    """Write calls at several times."""
    return tuple(example(schedule, t, 0.8, length, **options) for t in times)


FACTORS = (0.1, 0.5)

check = Check(
    name="learning_rate",
    signature="(schedule, t, lr, length, factor=0.1, warmup=0)",
    section=sections.SCHEDULES,
    reference=reference,
    outputs=("rate",),
    parts=(
        Part(
            "step", 1, at("step", 0, 3, 4, 5, 8, 9, factor=0.5) + at("step", 4), drawn("step", factor=FACTORS)
        ),
        Part(
            "exponential",
            1,
            at("exponential", 0, 2, 4, 5, factor=0.25) + at("exponential", 4),
            drawn("exponential", factor=FACTORS),
        ),
        Part("1/t", 1, at("1/t", 0, 1, 4, 12), drawn("1/t")),
        Part("hold", 1, at("hold", 0, 3, 4, 5, 16), drawn("hold")),
        Part(
            "triangular",
            1,
            at("triangular", 0, 1, 4, 6, 8, 13, factor=0.5) + at("triangular", 4, 8),
            drawn("triangular", factor=FACTORS),
        ),
        Part(
            "cosine",
            1,
            at("cosine", 0, 2, 4, 7) + at("cosine", 0, 1, 2, 4, 6, 7, warmup=2),
            drawn("cosine", warmup=(0, 2, 5)),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
