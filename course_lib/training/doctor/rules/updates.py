"""Updates that are none, or go the wrong way."""

from __future__ import annotations

import numpy as np

from course_lib.training.doctor.measures import Measures
from course_lib.training.doctor.rule import Rule

# Larger first updates can make any loss rise, whatever their direction.
SMALL_UPDATE = 0.09


def not_applied(m: Measures) -> str | None:
    """Weights do not move, or the loss on the same validation data is the same to the last digit."""
    if m.ratios.size:
        if m.ratios.max() > 0:
            return None
        return f"the update-to-weight ratio is exactly 0 at all {m.ratios.size} recorded steps"
    if m.validation.size >= 3:
        if np.ptp(m.validation) > 0:
            return None
        return (
            f"the validation loss is {m.validation[0]:.6g} after each of {m.validation.size} "
            "epochs, to the last digit"
        )
    if m.curve.size < 5 or m.ends_in_nan:
        return None
    change = abs(m.end - m.start) / m.start
    if change < 0.03 and np.ptp(m.epochs) < 0.03 * m.start:
        return f"the loss began at {m.start:.3g} and ended at {m.end:.3g}, a change of {change:.1%}"
    return None


def wrong_direction(m: Measures) -> str | None:
    """The loss rises from the first step on, though updates are small."""
    early = m.curve[: max(3, m.curve.size // 4)]
    rises = float(np.mean(np.diff(early) > 0)) if early.size > 1 else 0.0
    if m.end < 1.3 * m.start or m.trend.min() < 0.9 * m.start:
        return None
    if m.ratios.size and m.first_update > SMALL_UPDATE:
        return None
    # Too high a rate makes the loss leap; climbing begins gently.
    if not m.ratios.size and (rises < 0.7 or m.curve[1] > 1.5 * m.curve[0]):
        return None
    evidence = (
        f"the loss rose from {m.start:.3g} to {m.end:.3g} and never fell; {rises:.0%} of the first "
        "steps went up"
    )
    if m.ratios.size:
        evidence += f", although the first update was only {m.first_update:.1e} of a weight"
    return evidence


RULES = (
    Rule(
        "gradients not applied",
        "The weights stay what they were: training runs, and changes nothing.",
        "Look whether the optimiser was given this model's parameters, whether step() is called "
        "after backward(), "
        "and whether gradients are cleared in between.",
        "10 · Monitoring and debugging, section 10.4, “No learning”",
        not_applied,
        better_with=("update_ratio", "validation_loss"),
    ),
    Rule(
        "wrong direction",
        "The gradient is added where it must be subtracted: the net climbs its cost.",
        "Subtract: x -= learning_rate * dx. Look at the signs of the update, of the loss and of "
        "its gradient; "
        "check_gradients tells the latter two.",
        "10 · Monitoring and debugging, section 10.4, “No learning”",
        wrong_direction,
        better_with=("update_ratio",),
    ),
)
