"""What training and validation say of each other."""

from __future__ import annotations

import numpy as np

from course_lib.training.doctor.measures import Measures
from course_lib.training.doctor.rule import Rule

FEW = 30


def validation_too_small(m: Measures) -> str | None:
    """So few validation examples that their numbers are chance."""
    examples = m.run.validation_examples
    if examples is None or examples > FEW:
        return None
    error = float(np.sqrt(0.25 / examples))
    return (
        f"{examples} validation examples: an accuracy can only change in steps of "
        f"{1 / examples:.1%}, and its "
        f"standard error is up to {error:.0%}"
    )


def memorising(m: Measures) -> str | None:
    """The training loss vanishes, and the validation loss was hardly ever below a guess's."""
    if m.validation.size < 3 or m.epochs[-1] > 0.35 * m.start:
        return None
    best = float(m.validation.min() / m.start)
    if best > 0.7 and m.validation_rise > 0.1:
        return (
            f"the training loss fell to {m.epochs[-1] / m.start:.0%} of the first, the validation "
            "loss never below "
            f"{best:.0%}, and it ended at {m.validation[-1] / m.start:.0%}"
        )
    return None


def overfitting(m: Measures) -> str | None:
    """The validation loss rises while the training loss falls."""
    if m.validation.size < 3 or m.best_epoch >= m.validation.size - 2:
        return None
    if (
        m.validation_rise > 0.15
        and m.gap > 0.1
        and m.epochs[-1] < m.epochs[min(m.best_epoch, m.epochs.size - 1)]
    ):
        return (
            f"the validation loss was lowest in epoch {m.best_epoch + 1} and rose by "
            f"{m.validation_rise:.0%} since, "
            f"while the training loss went on falling to {m.epochs[-1]:.2g}"
        )
    return None


VALIDATION_TOO_SMALL = Rule(
    "validation set too small",
    "The validation numbers are mostly chance: they can neither choose an epoch nor a hyper-parameter.",
    "Keep more examples for validation, some hundreds at least, or cross-validate.",
    "09 · Generalisation",
    validation_too_small,
    needs=("validation_loss",),
    better_with=("validation_examples",),
)
MEMORISING = Rule(
    "memorising",
    "Overfitting in its extreme form: the net learns its examples by heart and nothing about others.",
    "Look whether labels belong to their inputs, and both sets come from the same source; then more data, "
    "augmentation, a smaller net.",
    "09 · Generalisation",
    memorising,
    needs=("validation_loss",),
)
OVERFITTING = Rule(
    "overfitting",
    "Past the best epoch the net learns what is true of the training examples alone.",
    "More data or augmentation, weight decay, dropout, early stopping, a smaller net.",
    "09 · Generalisation",
    overfitting,
    needs=("validation_loss",),
)
