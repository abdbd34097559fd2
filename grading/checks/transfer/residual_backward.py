"""residual_backward(dy, cache): the gradients of a residual block, from the student's own cache."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import CacheOf, Check, Example, GradientOf, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.block_problems import (
    block_gradient_call,
    block_gradients,
    centre,
    drawn_blocks,
    fixed_blocks,
)
from grading.checks.transfer.blocks import residual
from grading.checks.transfer.blocks import residual_backward as reference


def forward_of(dy: np.ndarray, *arguments: object) -> Example:
    """Call the forward function that these gradients belong to."""
    return example(*arguments)


MISCONCEPTIONS = (
    Misconception(
        "residual-gradient-forgets-the-skip",
        "the gradient through the skip is missing",
        "x goes two ways, so its gradient is a sum of two: what comes back through the convolutions, and "
        "what "
        "the identity passes on.",
        sections.RESIDUAL,
        (block_gradients(identity="nothing"),),
    ),
    Misconception(
        "residual-gradient-of-the-skip-not-masked",
        "the skip passes dy past the last ReLU",
        "The last ReLU comes after the sum: mask dy once, then send the same gradient both ways.",
        sections.RESIDUAL,
        (block_gradients(identity="dy"),),
    ),
    Misconception(
        "residual-gradient-without-the-last-mask",
        "the last ReLU is forgotten",
        "Where x + f(x) is not positive, the ReLU lets no gradient pass, on either way.",
        sections.RESIDUAL,
        (block_gradients(outer=False),),
    ),
    Misconception(
        "residual-gradient-without-the-inner-mask",
        "the ReLU between the convolutions is forgotten",
        "Multiply the gradient that leaves the second convolution by where the first one's result is "
        "positive.",
        sections.RESIDUAL,
        (block_gradients(inner=False),),
    ),
    Misconception(
        "residual-gradient-of-a-kernel-by-the-raw-input",
        "the gradient by w2 is taken with what was before the ReLU",
        "The second convolution saw the ReLU's result; its gradient by w2 needs that.",
        sections.RESIDUAL,
        (block_gradients(sees="raw"),),
    ),
)
FIXED = (
    example(
        np.array([[[[1.0, 1.0]]]]),
        np.array([[[[2.0, -1.0]]]]),
        centre(3.0),
        centre(0.5),
        note="the example of the prompt",
    ),
    *fixed_blocks(block_gradient_call, 82),
)
DRAWN = drawn_blocks(block_gradient_call)
FORWARD = CacheOf("residual_forward", "(x, w1, w2)", residual)
check = Check(
    name="residual_backward",
    signature="(dy, cache)",
    section=sections.RESIDUAL,
    reference=reference,
    outputs=("dx", "dw1", "dw2"),
    magnitude=lambda dy, x, w1, w2: reference(np.abs(dy), np.abs(x), np.abs(w1), np.abs(w2)),
    parts=(
        Part("dx, the gradient by x", 2, FIXED, DRAWN, output="dx"),
        Part("dw1, by the first kernels", 2, FIXED, DRAWN, output="dw1"),
        Part("dw2, by the second", 1, FIXED, DRAWN, output="dw2"),
    ),
    misconceptions=MISCONCEPTIONS,
    cache_of=FORWARD,
    gradient_of=GradientOf(
        "residual_forward", forward_of, {"dx": 0, "dw1": 1, "dw2": 2}, residual, place=0, step=1e-6
    ),
)
