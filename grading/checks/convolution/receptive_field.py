"""receptive_field(layers): which part of the picture a unit deep in a stack sees."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.receptive_field_mistakes import MISCONCEPTIONS
from grading.checks.convolution.sizes import receptive_field as reference
from grading.checks.definition import Check, Drawn, Example, Part, example

LAYERS = ((2, 1, 1), (3, 1, 1), (2, 2, 1), (3, 2, 1), (1, 1, 1), (5, 3, 1), (3, 1, 2), (2, 2, 3))


def stack(rng: np.random.Generator, first: tuple, others: int, dilated: bool) -> Example:
    """Build a call with one layer, and so many drawn ones behind it."""
    layers = [first, *(LAYERS[i] for i in rng.integers(0, len(LAYERS), others))]
    kept = [(kernel, stride, dilation if dilated else 1) for kernel, stride, dilation in layers]
    return example(kept)


DRAWN = Drawn(stack, {"first": LAYERS, "others": (0, 1, 2, 3), "dilated": (False, True)}, cases=12)
FIXED = (
    example([(3, 1, 1), (2, 2, 1), (3, 1, 1)], note="the example of the prompt"),
    example([(3, 1, 1), (3, 1, 1)], note="two small kernels see as much as one of 5 × 5"),
    example([(3, 2, 1), (3, 2, 1), (3, 2, 1)]),
    example([], note="no layer: the pixel itself"),
    example([(3, 1, 2), (2, 3, 1), (3, 1, 4)], note="with dilation"),
    example([(7, 2, 1), (3, 2, 1), (3, 1, 1), (3, 1, 1), (1, 2, 1), (3, 1, 1)]),
)

check = Check(
    name="receptive_field",
    signature="(layers)",
    section=sections.RECEPTIVE,
    reference=reference,
    outputs=("size", "step"),
    parts=(
        Part("size of the receptive field", 3, FIXED, DRAWN, output="size"),
        Part("step from one unit to the next", 1, FIXED, DRAWN, output="step"),
    ),
    misconceptions=MISCONCEPTIONS,
)
