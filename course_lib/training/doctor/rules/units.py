"""Units that say the same whatever they are shown."""

from __future__ import annotations

from course_lib.training.doctor.measures import Measures
from course_lib.training.doctor.rule import Rule

MANY = 0.5
# Units that were alive before training were killed by it: that is the rate's doing.
MANY_AT_FIRST = 0.3
# In a smaller batch, many units are silent by chance.
FEWEST_EXAMPLES = 8
RECTIFIERS = ("ReLU",)
BOUNDED = ("Sigmoid", "Tanh")


def dead_units(m: Measures) -> str | None:
    """Most rectifiers of a layer answer to no example of a batch."""
    name, first, late = m.late_silent(RECTIFIERS)
    if late < MANY or first < MANY_AT_FIRST or (m.run.batch_examples or FEWEST_EXAMPLES) < FEWEST_EXAMPLES:
        return None
    return f"{late:.0%} of the units of layer {name} answered to no example of a batch ({first:.0%} at first)"


def saturated_units(m: Measures) -> str | None:
    """Most outputs of a sigmoid or tanh are at its bounds."""
    name, first, late = m.late_silent(BOUNDED)
    if late < MANY or first < MANY_AT_FIRST:
        return None
    return f"{late:.0%} of the outputs of layer {name} were within 2 % of a bound ({first:.0%} at first)"


DEAD_UNITS = Rule(
    "dead units",
    "Rectifiers that are below zero for all examples pass no gradient, and so never come back.",
    "Start biases at 0 and weights with He's variance; lower the rate; leaky rectifiers; batch norm.",
    "07 · Units, data and initialisation",
    dead_units,
    needs=("silent",),
)
SATURATED_UNITS = Rule(
    "saturated units",
    "At its bounds a sigmoid or tanh has next to no slope: gradients die in it.",
    "Start with smaller weights (Xavier's variance), scale the inputs; batch norm; rectifiers.",
    "07 · Units, data and initialisation",
    saturated_units,
    needs=("silent",),
)
