"""planted_bugs(): which of six gradients that somebody derived by hand are wrong."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.training import sections
from grading.checks.training.planted import WRONG

MISCONCEPTIONS = (
    Misconception(
        "bugs-kink-accused",
        "a right gradient is accused because of a kink",
        "Number 3 is checked where its first rectifier is exactly at 0. Away from kinks nothing is wrong "
        "with it: leave these components out, or move the point a little.",
        sections.GRADIENT_CHECK,
        (lambda: sorted({*WRONG, 3}), lambda: sorted({*WRONG, 3} - {5})),
    ),
    Misconception(
        "bugs-small-one-missed",
        "a small bug is missed",
        "Number 5 is off by less than a thousandth, and wrong all the same: rounding alone gives relative "
        "errors below 1e-6.",
        sections.GRADIENT_CHECK,
        (lambda: sorted({*WRONG} - {5}),),
    ),
    Misconception(
        "bugs-right-ones-listed",
        "the right gradients are listed",
        "Asked for are the numbers of the wrong ones.",
        sections.GRADIENT_CHECK,
        (lambda: sorted(set(range(1, 7)) - {*WRONG}),),
    ),
    Misconception(
        "bugs-counted-from-zero",
        "the numbers are one too low",
        "The gradients are numbered from 1, as in the cell above.",
        sections.GRADIENT_CHECK,
        (lambda: [number - 1 for number in WRONG],),
    ),
)
check = Check(
    name="planted_bugs",
    signature="()",
    section=sections.GRADIENT_CHECK,
    reference=lambda: np.array(WRONG),
    outputs=("numbers",),
    parts=(Part("exactly the wrong ones", 1, (example(),)),),
    misconceptions=MISCONCEPTIONS,
)
