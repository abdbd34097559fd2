"""texture_tuning(): weights after fine-tuning the trunk's last layer; what they do is measured here."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Dialogue, Drawn, Misconception, Part, example
from grading.checks.transfer import features, sections
from grading.checks.transfer.heads import tuned_gradients
from grading.checks.transfer.training_runs import (
    TUNED_SHAPES,
    accuracy,
    codes_of,
    few,
    loss,
    patches,
    read_weights,
    trained_head,
)
from grading.checks.transfer.training_runs import tuned_weights as reference

LEVEL = 0.85
# Of the norm of W: a tenth of the head's rate moves it by a ten-thousandth, a new start by all of it.
LEAST, MOST = 1e-7, 0.01


def measured(
    call: Callable[..., object], level: float, row: int, column: int, contrast: float
) -> tuple[float, float, float]:
    """Measure what fine-tuning made of the net.

    Returns
    -------
    accuracy : float
        On patches that were not trained on, counted up to the level.
    moved : float
        1 if W moved, but by less than a hundredth of its norm; 0 if it is as it was, 2 if it moved farther.
    fits : float
        1 if the loss on the nine training patches is lower than with the trunk's old last layer.
    """
    W, b, V, v = read_weights(call(), TUNED_SHAPES)
    old = features.last_layer()
    seen, labels = features.texture_test(row, column, contrast)
    far = float(np.linalg.norm(W - old[0]) / np.linalg.norm(old[0]))
    trained = few()
    before, after = (loss(codes_of(trained[0], *layer), trained[1], V, v) for layer in (old, (W, b)))
    moved = 0.0 if far < LEAST else 1.0 if far < MOST else 2.0
    return min(accuracy(codes_of(seen, W, b), labels, V, v), level), moved, float(after < before)


def _moved_along() -> tuple[np.ndarray, ...]:
    """Return the tuned weights with W moved too far along its tuning: the loss is higher than before."""
    old, (W, *rest) = features.last_layer()[0], reference()
    return old + 2 * MOST * np.linalg.norm(old) * (W - old) / np.linalg.norm(W - old), *rest


def _at_a_full_rate() -> tuple[np.ndarray, ...]:
    """Return the tuned weights with W moved too far against the gradient: the loss is lower."""
    old, (_, b, V, v) = features.last_layer()[0], reference()
    seen, labels = few()
    gradient = tuned_gradients(seen.u, seen.s, labels, *features.last_layer(), V, v)[0]
    return old - 2 * MOST * np.linalg.norm(old) * gradient / np.linalg.norm(gradient), b, V, v


MISCONCEPTIONS = (
    Misconception(
        "tuning-left-the-trunk-frozen",
        "the trunk's last layer is as it was",
        "Only the head was trained. Give W and b a share of the rate, and return what they became.",
        sections.TUNING,
        (lambda: (*features.last_layer(), *trained_head()),),
    ),
    Misconception(
        "tuning-lost-the-trunk",
        "the trunk's last layer is far from what it was",
        "At a full or too large rate, or from random weights, what was learned from a million pictures "
        "is lost "
        "to nine. Start at the trunk's own W and b, at a tenth of the rate.",
        sections.TUNING,
        (_moved_along, _at_a_full_rate),
    ),
)
FIRST = (example(LEVEL, 0, 0, 1.0),)
# Few: each asks for the weights again, which may mean to train them again.
DRAWN = Drawn(patches, {"level": (LEVEL,)}, cases=2)
check = Check(
    name="texture_tuning",
    signature="()",
    section=sections.TUNING,
    reference=reference,
    outputs=("accuracy", "moved", "fits"),
    parts=(
        Part(f"{LEVEL:.0%} of patches that were not trained on", 2, FIRST, DRAWN, output="accuracy"),
        Part("the trunk moved, and little", 1, FIRST, output="moved"),
        Part("it fits better than the old trunk", 1, FIRST, output="fits"),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(
        measured,
        ("level", "row", "column", "contrast"),
        "W, b, V, v = texture_tuning(); accuracy on 96 patches of the right halves, the first at "
        "({row}, 256 + {column}), contrast {contrast}, counted up to {level}; moved: 0 W is as it was, 1 "
        "it moved by "
        "less than 1 %, 2 farther; fits: 1 if the training loss is lower than with the old W, b",
    ),
)
