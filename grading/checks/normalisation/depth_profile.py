"""depth_profile(rule, activation): how large the activations of the digits are, layer by layer."""

from __future__ import annotations

from grading.checks.definition import Check, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.depth_profile_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.preparation import RULES, initial_weights
from grading.checks.normalisation.preparation import depth_profile as reference
from grading.checks.normalisation.units import activate

check = Check(
    name="depth_profile",
    signature="(rule, activation)",
    section=sections.DEPTH,
    reference=reference,
    outputs=("deviations",),
    parts=tuple(
        Part(
            rule,
            1,
            (
                example(rule, "tanh"),
                example(rule, "relu"),
                example(rule, "sigmoid", note="a sigmoid of 0 is one half"),
            ),
        )
        for rule in RULES
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"activate": activate, "initial_weights": initial_weights},
)
