"""canonical_kernel(name): the four 3x3 kernels that everybody should know."""

from __future__ import annotations

from grading.checks.convolution import sections
from grading.checks.convolution.canonical_kernel_mistakes import MISCONCEPTIONS
from grading.checks.convolution.references import canonical_kernel as reference
from grading.checks.definition import Check, Part, example

check = Check(
    name="canonical_kernel",
    signature="(name)",
    section=sections.KERNELS,
    reference=reference,
    outputs=("kernel",),
    parts=(
        Part("blur", 1, (example("blur"),)),
        Part("sharpen", 1, (example("sharpen"),)),
        Part("edge", 1, (example("edge"),)),
        Part("vertical_edge", 1, (example("vertical_edge"),)),
    ),
    misconceptions=MISCONCEPTIONS,
)
