"""texture_head(): weights of a head on frozen codes, whose accuracy is measured here."""

from __future__ import annotations

from grading.checks.definition import Check, Dialogue, Drawn, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.training_runs import head_accuracies, patches
from grading.checks.transfer.training_runs import trained_head as reference

LEVELS = (0.75, 0.85, 0.9)
WEIGHTS = (2, 1, 1)
OUTPUTS = tuple(f"accuracy up to {level}" for level in LEVELS)
FIRST = (example(LEVELS, 0, 0, 1.0),)
# Few: each asks for the weights again, which may mean to train them again.
DRAWN = Drawn(patches, {"level": (LEVELS,)}, cases=2)

check = Check(
    name="texture_head",
    signature="()",
    section=sections.HEADS,
    reference=reference,
    outputs=OUTPUTS,
    parts=tuple(
        Part(f"{level:.0%} of patches that were not trained on", weight, FIRST, DRAWN, output=output)
        for level, weight, output in zip(LEVELS, WEIGHTS, OUTPUTS, strict=True)
    ),
    dialogue=Dialogue(
        head_accuracies,
        ("levels", "row", "column", "contrast"),
        "accuracy of V, v = texture_head() on 96 patches of the right halves, the first at "
        "({row}, 256 + {column}), contrast {contrast}; counted up to each of {levels}",
    ),
)
