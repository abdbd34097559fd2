"""preactivation_backward(dy, cache): gradients of a pre-activation block, from the student's own cache."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import CacheOf, Check, GradientOf, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.block_problems import (
    block_gradient_call,
    block_gradients,
    centre,
    drawn_blocks,
    fixed_blocks,
)
from grading.checks.transfer.blocks import preactivation
from grading.checks.transfer.blocks import preactivation_backward as reference
from grading.checks.transfer.residual_backward import forward_of

MISCONCEPTIONS = (
    Misconception(
        "preactivation-gradient-forgets-the-skip",
        "the gradient through the skip is missing",
        "x goes two ways: add dy itself to what comes back through the convolutions.",
        sections.RESIDUAL,
        (block_gradients(pre=True, identity="nothing"),),
    ),
    Misconception(
        "preactivation-gradient-of-the-skip-masked",
        "the skip's gradient is masked",
        "Nothing stands on the identity: dy passes as it is, also where x is negative. Mask only what comes "
        "through the convolutions.",
        sections.RESIDUAL,
        (block_gradients(pre=True, identity="masked"),),
    ),
    Misconception(
        "preactivation-gradient-masked-at-the-sum",
        "dy is masked as if a ReLU followed the sum",
        "That is the residual block of before; here the sum is the result.",
        sections.RESIDUAL,
        (block_gradients(),),
    ),
    Misconception(
        "preactivation-gradient-without-the-first-mask",
        "the ReLU before the first convolution is forgotten",
        "What comes back from the first convolution goes through its ReLU: where x > 0.",
        sections.RESIDUAL,
        (block_gradients(pre=True, outer=False),),
    ),
    Misconception(
        "preactivation-gradient-without-the-second-mask",
        "the ReLU before the second convolution is forgotten",
        "What comes back from the second convolution goes through its ReLU.",
        sections.RESIDUAL,
        (block_gradients(pre=True, inner=False),),
    ),
    Misconception(
        "preactivation-gradient-of-a-kernel-by-the-raw-input",
        "the kernels' gradients are taken with what was before the ReLU",
        "The convolutions saw the ReLUs' results; the gradients by their kernels need those.",
        sections.RESIDUAL,
        (block_gradients(pre=True, sees="raw"),),
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
    example(
        np.array([[[[1.0, 1.0]]]]),
        np.array([[[[2.0, -1.0]]]]),
        np.ones((1, 1, 3, 3)),
        centre(0.5),
        note="a gradient that comes back to a negative pixel",
    ),
    *fixed_blocks(block_gradient_call, 84),
)
DRAWN = drawn_blocks(block_gradient_call)
check = Check(
    name="preactivation_backward",
    signature="(dy, cache)",
    section=sections.RESIDUAL,
    reference=reference,
    outputs=("dx", "dw1", "dw2"),
    magnitude=lambda dy, x, w1, w2: reference(np.abs(dy), np.abs(x), np.abs(w1), np.abs(w2)),
    parts=(
        Part("dx, the gradient by x", 2, FIXED, DRAWN, output="dx"),
        Part("dw1, by the first kernels", 1, FIXED, DRAWN, output="dw1"),
        Part("dw2, by the second", 1, FIXED, DRAWN, output="dw2"),
    ),
    misconceptions=MISCONCEPTIONS,
    cache_of=CacheOf("preactivation_forward", "(x, w1, w2)", preactivation),
    gradient_of=GradientOf(
        "preactivation_forward", forward_of, {"dx": 0, "dw1": 1, "dw2": 2}, preactivation, place=0, step=1e-6
    ),
)
