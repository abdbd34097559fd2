"""preactivation_forward(x, w1, w2): a residual block with nothing on its identity branch."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.block_problems import (
    block_call,
    centre,
    drawn_blocks,
    fixed_blocks,
    preactivation_with,
    residual_with,
)
from grading.checks.transfer.blocks import preactivation

Array = np.ndarray


def reference(x: Array, w1: Array, w2: Array) -> tuple[Array, Array]:
    """Return y and a cache that nobody compares."""
    return preactivation(x, w1, w2), np.zeros(0)


MISCONCEPTIONS = (
    Misconception(
        "preactivation-is-the-residual-block",
        "this is the residual block of before",
        "Each ReLU stands before its convolution, and none after the sum.",
        sections.RESIDUAL,
        (residual_with(),),
        output="y",
    ),
    Misconception(
        "preactivation-relu-after-the-sum",
        "a ReLU follows the sum",
        "Nothing stands on the way of the identity: from block to block the sum passes unchanged.",
        sections.RESIDUAL,
        (preactivation_with(last=True),),
        output="y",
    ),
    Misconception(
        "preactivation-adds-behind-the-relu",
        "relu(x) is added instead of x",
        "Added is the block's input as it came, also where it is negative.",
        sections.RESIDUAL,
        (preactivation_with(behind=True),),
        output="y",
    ),
    Misconception(
        "preactivation-first-relu-missing",
        "no ReLU before the first convolution",
        "Both convolutions have a ReLU before them.",
        sections.RESIDUAL,
        (preactivation_with(first=False),),
        output="y",
    ),
    Misconception(
        "preactivation-second-relu-missing",
        "no ReLU before the second convolution",
        "Both convolutions have a ReLU before them.",
        sections.RESIDUAL,
        (preactivation_with(inner=False),),
        output="y",
    ),
    Misconception(
        "preactivation-without-the-skip",
        "x is not added, or subtracted",
        "Add x to what the convolutions give.",
        sections.RESIDUAL,
        (preactivation_with(skip=0.0), preactivation_with(skip=-1.0)),
        output="y",
    ),
)
FIXED = (
    example(np.array([[[[2.0, -1.0]]]]), centre(3.0), centre(0.5), note="the example of the prompt"),
    *fixed_blocks(block_call, 83),
)
check = Check(
    name="preactivation_forward",
    signature="(x, w1, w2)",
    section=sections.RESIDUAL,
    reference=reference,
    outputs=("y", "cache"),
    parts=(Part("y", 1, FIXED, drawn_blocks(block_call), output="y"),),
    misconceptions=MISCONCEPTIONS,
)
