"""depth_readings(): four numbers read from the experiment on the digits."""

from __future__ import annotations

from grading.checks.definition import Check, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.depth_readings_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.preparation import depth_profile
from grading.checks.normalisation.preparation import depth_readings as reference

ONCE = (example(),)

check = Check(
    name="depth_readings",
    signature="()",
    section=sections.DEPTH,
    reference=reference,
    outputs=("small_tanh", "xavier_tanh", "xavier_relu", "he_relu"),
    parts=(
        Part("the layer where small weights lose the signal", 1, ONCE, output="small_tanh"),
        Part("what a layer keeps: Xavier and tanh", 1, ONCE, output="xavier_tanh"),
        Part("what a layer keeps: Xavier and ReLU", 1, ONCE, output="xavier_relu"),
        Part("what a layer keeps: He and ReLU", 1, ONCE, output="he_relu"),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"depth_profile": depth_profile},
)
