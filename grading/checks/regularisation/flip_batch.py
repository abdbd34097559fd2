"""flip_batch(images, labels, chosen, partner): mirror pictures only where a label can follow."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.pictures import flip_batch as reference
from grading.checks.small_numbers import fill

Array = np.ndarray
# A sign that stays itself, two that change into each other, and one whose mirror image means nothing.
PARTNER = np.array([0, 2, 1, -1])


def batch(rng: np.random.Generator, count: int, height: int, width: int, dtype: str) -> Example:
    """Build a call; with enough pictures all classes are there, chosen and not."""
    images = fill(rng, (count, height, width), "distinct", dtype)
    labels = (np.arange(count) + int(rng.integers(4))) % 4
    chosen = (np.arange(count) // 4 + int(rng.integers(2))) % 2 == 0
    return example(images, labels, chosen, PARTNER)


def one(rng: np.random.Generator, label: int, chosen: bool, height: int, width: int) -> Example:
    """Build a call with a single picture."""
    images = fill(rng, (1, height, width), "counting")
    return example(images, np.array([label]), np.array([chosen]), PARTNER)


RNG = np.random.default_rng(61)
FIXED = (
    example(
        np.array([[[1.0, 2.0]], [[3.0, 4.0]], [[5.0, 6.0]], [[7.0, 8.0]]]),
        np.array([0, 1, 3, 2]),
        np.array([True, True, True, False]),
        PARTNER,
        note="the example of the prompt",
    ),
    batch(RNG, 8, 2, 3, "float64"),
    batch(RNG, 8, 3, 2, "float32"),
    example(
        fill(RNG, (6, 2, 2), "distinct"),
        np.array([5, 4, 3, 2, 1, 0]),
        np.array([True, True, False, True, True, True]),
        np.array([-1, 3, 5, 1, 4, 2]),
        note="six classes",
    ),
)
DRAWN = Drawn(
    one,
    {
        "label": (0, 1, 2, 3),
        "chosen": (True, False),
        "height": (1, 2),
        "width": (2, 1, 3),
    },
)


def _mirrored(images: Array, which: Array) -> Array:
    return np.where(which[:, None, None], images[:, :, ::-1], images)


MISCONCEPTIONS = (
    Misconception(
        "flip-keeps-every-label",
        "mirrored pictures keep their old labels",
        "A mirrored “turn left” means “turn right”: the label becomes partner[label].",
        sections.LABELS,
        (lambda images, labels, chosen, partner: labels,),
        output="labels",
    ),
    Misconception(
        "flip-labels-without-a-class",
        "a label becomes -1",
        "Where partner is -1 the picture is not mirrored, and its label stays what it is.",
        sections.LABELS,
        (lambda images, labels, chosen, partner: np.where(chosen, partner[labels], labels),),
        output="labels",
    ),
    Misconception(
        "flip-relabels-what-was-not-chosen",
        "labels change where nothing was mirrored",
        "Only chosen pictures are mirrored, and only their labels follow.",
        sections.LABELS,
        (
            lambda images, labels, chosen, partner: np.where(partner[labels] >= 0, partner[labels], labels),
            lambda images, labels, chosen, partner: partner[labels],
        ),
        output="labels",
    ),
    Misconception(
        "flip-ruins-a-class",
        "a picture is mirrored although its mirror image means nothing",
        "Where partner[label] is -1 the picture must stay as it is, chosen or not: a mirrored 3 teaches "
        "what is not so.",
        sections.LABELS,
        (lambda images, labels, chosen, partner: _mirrored(images, chosen),),
        output="images",
    ),
    Misconception(
        "flip-mirrors-what-was-not-chosen",
        "pictures are mirrored that were not chosen",
        "`chosen` says for every picture whether it may be mirrored.",
        sections.LABELS,
        (
            lambda images, labels, chosen, partner: _mirrored(images, partner[labels] >= 0),
            lambda images, labels, chosen, partner: images[:, :, ::-1],
        ),
        output="images",
    ),
    Misconception(
        "flip-upside-down",
        "pictures stand on their head",
        "Axis 1 counts rows. Left and right are exchanged along axis 2.",
        sections.LABELS,
        (
            lambda images, labels, chosen, partner: np.where(
                (chosen & (partner[labels] >= 0))[:, None, None], images[:, ::-1], images
            ),
        ),
        output="images",
    ),
    Misconception(
        "flip-spares-partners",
        "only classes that stay themselves are mirrored",
        "A picture whose class has a partner may be mirrored, too: its label follows.",
        sections.LABELS,
        (
            lambda images, labels, chosen, partner: _mirrored(images, chosen & (partner[labels] == labels)),
            lambda images, labels, chosen, partner: _mirrored(images, chosen & (partner[labels] > 0)),
        ),
        output="images",
    ),
)
check = Check(
    name="flip_batch",
    signature="(images, labels, chosen, partner)",
    section=sections.LABELS,
    reference=reference,
    outputs=("images", "labels"),
    parts=(
        Part("pictures", 1, FIXED, DRAWN, output="images"),
        Part("labels", 1, FIXED, DRAWN, output="labels"),
    ),
    misconceptions=MISCONCEPTIONS,
)
