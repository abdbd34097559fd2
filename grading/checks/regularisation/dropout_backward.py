"""dropout_backward(kind, dy, mask, p, train): the gradient passes where the forward did, scaled alike."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Example, GradientOf, Misconception, Part, example
from grading.checks.regularisation import dropout_forward, sections
from grading.checks.regularisation.dropout_forward import mistake
from grading.checks.regularisation.dropping import KINDS
from grading.checks.regularisation.dropping import dropout_backward as reference
from grading.checks.regularisation.dropping import dropout_forward as forward

MISCONCEPTIONS = (
    Misconception(
        "dropout-backward-kinds-exchanged",
        "the two ways are exchanged",
        "“Inverted” scales in training, “classic” in the test.",
        sections.DROPOUT,
        (
            lambda kind, dy, mask, p, train: reference(
                {"classic": "inverted", "inverted": "classic"}[kind], dy, mask, p, train
            ),
        ),
    ),
    mistake(
        "classic-backward-scaled-in-training",
        "the gradient is scaled where the forward was not",
        "In training the classic forward is x times the mask: its gradient is dy times the mask.",
        "classic",
        lambda dy, m, p, train: dy * m / (1 - p) if train else dy * (1 - p),
        lambda dy, m, p, train: dy * m * (1 - p) if train else dy * (1 - p),
        lambda dy, m, p, train: dy * m / (1 - p) if train else dy,
    ),
    mistake(
        "classic-backward-test-not-scaled",
        "the gradient of the test is not scaled",
        "The classic forward multiplies by 1 - p in the test, and so does its gradient.",
        "classic",
        lambda dy, m, p, train: dy * m if train else dy,
    ),
    mistake(
        "inverted-backward-not-scaled",
        "the gradient is not scaled",
        "The forward divided by 1 - p what stayed, and so does its gradient.",
        "inverted",
        lambda dy, m, p, train: dy * m if train else dy,
    ),
    mistake(
        "inverted-backward-scaled-by-p",
        "the gradient is divided by the share that is dropped",
        "p is the probability of dropping. The forward divides by 1 - p, and so does its gradient.",
        "inverted",
        lambda dy, m, p, train: dy * m / p if train and p else dy * m if train else dy,
    ),
    mistake(
        "inverted-backward-multiplies",
        "the gradient is multiplied where the forward divided",
        "The slope of x/(1 - p) is 1/(1 - p): the gradient is divided, like x.",
        "inverted",
        lambda dy, m, p, train: dy * m * (1 - p) if train else dy,
    ),
    mistake(
        "inverted-backward-scales-the-test",
        "the gradient of the test is scaled",
        "The inverted forward returns x as it is in the test: dx is dy.",
        "inverted",
        lambda dy, m, p, train: dy * m / (1 - p) if train else dy * (1 - p),
        lambda dy, m, p, train: dy * m / (1 - p) if train else dy / (1 - p),
    ),
    Misconception(
        "dropout-backward-forgets-the-mask",
        "the gradient passes where elements were dropped",
        "What was dropped had no part in the result: dx is 0 there.",
        sections.DROPOUT,
        (lambda kind, dy, mask, p, train: reference(kind, dy, np.ones_like(dy), p, train),),
    ),
    Misconception(
        "dropout-backward-drops-in-the-test",
        "the gradient of the test is masked",
        "In the test nothing was dropped: the mask has no part in the gradient either.",
        sections.DROPOUT,
        (
            lambda kind, dy, mask, p, train: reference(kind, dy, mask, p, True),
            lambda kind, dy, mask, p, train: reference(kind, dy, mask, p, train) * (1.0 if train else mask),
        ),
    ),
)


def forward_of(kind: str, dy: np.ndarray, mask: np.ndarray, p: float, train: bool) -> Example:
    """Call the forward; it is linear, so that any x will do."""
    return example(kind, np.ones(dy.shape), mask, p, train)


check = Check(
    name="dropout_backward",
    signature="(kind, dy, mask, p, train)",
    section=sections.DROPOUT,
    reference=reference,
    outputs=("dx",),
    parts=tuple(Part(kind, 1, dropout_forward.fixed(kind), dropout_forward.drawn(kind)) for kind in KINDS),
    misconceptions=MISCONCEPTIONS,
    gradient_of=GradientOf("dropout_forward", forward_of, {"dx": 1}, forward, upstream=1),
    uses={"dropout_forward": forward},
)
