"""residual_forward(x, w1, w2): a residual block, and what its gradient needs."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.block_problems import (
    block_call,
    centre,
    drawn_blocks,
    fixed_blocks,
    residual_with,
)
from grading.checks.transfer.blocks import residual

Array = np.ndarray


def reference(x: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """Return y and a cache that nobody compares."""
    return residual(x, w1, w2), np.zeros(0)


MISCONCEPTIONS = (
    Misconception(
        "residual-without-the-skip",
        "x is not added",
        "Without the skip this is a plain pair of layers: add x to what the convolutions give.",
        sections.RESIDUAL,
        (residual_with(skip=0.0),),
        output="y",
    ),
    Misconception(
        "residual-adds-after-the-last-relu",
        "x is added after the last ReLU",
        "The ReLU comes last: relu(x + f(x)). As it is, the block could only ever add.",
        sections.RESIDUAL,
        (residual_with(last="before"), residual_with(both=True)),
        output="y",
    ),
    Misconception(
        "residual-without-the-last-relu",
        "the last ReLU is missing",
        "The sum goes through a ReLU. (Only the pre-activation block leaves it as it is.)",
        sections.RESIDUAL,
        (residual_with(last="nowhere"),),
        output="y",
    ),
    Misconception(
        "residual-without-the-inner-relu",
        "no ReLU between the convolutions",
        "Two convolutions in a row are one linear map: the ReLU between them is what makes them more.",
        sections.RESIDUAL,
        (residual_with(inner=False),),
        output="y",
    ),
    Misconception(
        "residual-subtracts-the-input",
        "x is subtracted",
        "The block adds its input.",
        sections.RESIDUAL,
        (residual_with(skip=-1.0),),
        output="y",
    ),
)
FIXED = (
    example(np.array([[[[2.0, -1.0]]]]), centre(3.0), centre(0.5), note="the example of the prompt"),
    *fixed_blocks(block_call, 81),
)
check = Check(
    name="residual_forward",
    signature="(x, w1, w2)",
    section=sections.RESIDUAL,
    reference=reference,
    outputs=("y", "cache"),
    parts=(Part("y", 1, FIXED, drawn_blocks(block_call), output="y"),),
    misconceptions=MISCONCEPTIONS,
)
