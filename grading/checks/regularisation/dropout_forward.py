"""dropout_forward(kind, x, mask, p, train): scaled in the test, or in training."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.dropping import KINDS
from grading.checks.regularisation.dropping import dropout_forward as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def dropped(
    rng: np.random.Generator,
    kind: str,
    shape: tuple[int, ...],
    numbers: str,
    p: float,
    train: bool,
    booleans: bool,
    dtype: str,
) -> Example:
    """Build a call; wherever there are several elements, at least one stays and one is dropped."""
    mask = rng.random(shape) >= 0.5
    mask.flat[0] = True
    mask.flat[-1] &= mask.size == 1
    return example(kind, fill(rng, shape, numbers, dtype), mask if booleans else mask.astype(dtype), p, train)


def drawn(kind: str) -> Drawn:
    """Draw calls of one kind, in training and in the test."""
    return Drawn(
        dropped,
        {
            "kind": (kind,),
            "shape": ((1,), (2,), (1, 2), (2, 3), (2, 1, 2, 2)),
            "numbers": ("whole", "halves"),
            "p": (0.5, 0.2, 0.75),
            "train": (True, False),
            "booleans": (False, True),
            "dtype": ("float64", "float32"),
        },
    )


def fixed(kind: str) -> tuple[Example, ...]:
    """Return the examples that teach."""
    rng = np.random.default_rng(56)
    x, mask = np.array([[4.0, -2.0, 8.0]]), np.array([[1.0, 0.0, 1.0]])
    return (
        example(kind, x, mask, 0.2, True, note="the example of the prompt"),
        example(kind, x, mask, 0.2, False, note="the test: the mask has no part in it"),
        dropped(rng, kind, (2, 2, 3, 2), "halves", 0.75, True, True, "float32"),
        dropped(rng, kind, (2, 2, 3, 2), "halves", 0.75, False, True, "float32"),
        example(kind, x, np.ones((1, 3)), 0.0, True, note="nothing is dropped"),
    )


def mistake(
    identifier: str,
    title: str,
    explanation: str,
    part: str,
    *computes: Callable[[Array, Array, float, bool], Array],
) -> Misconception:
    """Name a mistake in one of the two kinds, forward or backward."""
    calls = tuple(lambda kind, x, mask, p, train, c=c: c(x, mask, p, train) for c in computes)
    return Misconception(identifier, title, explanation, sections.DROPOUT, calls, part=part)


MISCONCEPTIONS = (
    Misconception(
        "dropout-kinds-exchanged",
        "the two ways are exchanged",
        "“Inverted” scales in training, “classic” in the test.",
        sections.DROPOUT,
        (
            lambda kind, x, mask, p, train: reference(
                {"classic": "inverted", "inverted": "classic"}[kind], x, mask, p, train
            ),
        ),
    ),
    mistake(
        "classic-test-not-scaled",
        "the test is not scaled",
        "In training only the share 1 - p of the elements is there. In the test all are: multiply by 1 - p, "
        "so that the next layer sees what it is used to.",
        "classic",
        lambda x, m, p, train: x * m if train else x,
    ),
    mistake(
        "classic-scaled-by-p",
        "the test is scaled by the share that is dropped",
        "p is the probability of dropping. What stays in the mean is 1 - p.",
        "classic",
        lambda x, m, p, train: x * m if train else x * p,
        lambda x, m, p, train: x * (1 - m) if train else x * p,
    ),
    mistake(
        "classic-scaled-in-training-too",
        "training is scaled, too",
        "One of the two is scaled. The classic way scales the test alone.",
        "classic",
        lambda x, m, p, train: x * m / (1 - p) if train else x * (1 - p),
        lambda x, m, p, train: x * m / (1 - p) if train else x,
    ),
    mistake(
        "classic-drops-in-the-test",
        "elements are dropped in the test",
        "In the test nothing is left to chance: the mask has no part in it.",
        "classic",
        lambda x, m, p, train: x * m,
        lambda x, m, p, train: x * m if train else x * m * (1 - p),
    ),
    mistake(
        "inverted-not-scaled",
        "what stays is not scaled",
        "What stays in training is divided by 1 - p, so that the test can leave everything as it is.",
        "inverted",
        lambda x, m, p, train: x * m if train else x,
    ),
    mistake(
        "inverted-scaled-by-p",
        "what stays is divided by the share that is dropped",
        "p is the probability of dropping. The share 1 - p stays: divide by that.",
        "inverted",
        lambda x, m, p, train: _quiet(x * m, p) if train else x,
        lambda x, m, p, train: _quiet(x * (1 - m), p) if train else x,
    ),
    mistake(
        "inverted-multiplies",
        "multiplied by 1 - p instead of divided",
        "What stays must stand for what is dropped, too: it grows, by 1/(1 - p).",
        "inverted",
        lambda x, m, p, train: x * m * (1 - p) if train else x,
    ),
    mistake(
        "inverted-scales-the-test",
        "the test is scaled, too",
        "Training was scaled already, which is what “inverted” means: the test returns x as it is.",
        "inverted",
        lambda x, m, p, train: x * m / (1 - p) if train else x * (1 - p),
        lambda x, m, p, train: x * m if train else x * (1 - p),
        lambda x, m, p, train: x * m / (1 - p) if train else x / (1 - p),
    ),
    mistake(
        "inverted-drops-in-the-test",
        "elements are dropped in the test",
        "In the test nothing is left to chance: the mask has no part in it.",
        "inverted",
        lambda x, m, p, train: x * m / (1 - p),
    ),
    Misconception(
        "dropout-mask-turned-around",
        "what should stay is dropped",
        "In the mask 1 stands for what stays: multiply by it.",
        sections.DROPOUT,
        (lambda kind, x, mask, p, train: reference(kind, x, 1.0 - mask, p, train),),
    ),
    Misconception(
        "dropout-train-and-test-exchanged",
        "training and test are exchanged",
        "With train=True elements are dropped; with train=False none are.",
        sections.DROPOUT,
        (lambda kind, x, mask, p, train: reference(kind, x, mask, p, not train),),
    ),
)


def _quiet(x: Array, p: float) -> Array:
    with np.errstate(all="ignore"):
        return np.divide(x, p)


check = Check(
    name="dropout_forward",
    signature="(kind, x, mask, p, train)",
    section=sections.DROPOUT,
    reference=reference,
    parts=tuple(Part(kind, 1, fixed(kind), drawn(kind)) for kind in KINDS),
    misconceptions=MISCONCEPTIONS,
)
