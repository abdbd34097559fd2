"""texture_experiment(name, pool): how far a photograph may move before pooled answers change, measured."""

from __future__ import annotations

from grading.checks.convolution import sections
from grading.checks.convolution.moving_pictures import shift_errors
from grading.checks.convolution.moving_pictures import texture_experiment as reference
from grading.checks.convolution.references import canonical_kernel, conv2d_forward, max_pool2d_forward
from grading.checks.convolution.texture_experiment_mistakes import MISCONCEPTIONS
from grading.checks.definition import Check, Part, example

# The photographs are the same for everybody; what they show is computed here, from the files.
MEASURED = (
    example("brick", 4, note="a wall with upright joints"),
    example("brick", 8),
    example("grass", 2),
    example("grass", 8),
    example("gravel", 1, note="without pooling"),
    example("gravel", 4),
    example("gravel", 8),
)

check = Check(
    name="texture_experiment",
    signature="(name, pool)",
    section=sections.SHIFTS,
    reference=reference,
    outputs=("errors", "tolerated"),
    parts=(
        Part("the six errors", 2, MEASURED, output="errors"),
        Part("how many pixels are tolerated", 2, MEASURED, output="tolerated"),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={
        "shift_errors": shift_errors,
        "canonical_kernel": canonical_kernel,
        "conv2d_forward": conv2d_forward,
        "max_pool2d_forward": max_pool2d_forward,
    },
)
