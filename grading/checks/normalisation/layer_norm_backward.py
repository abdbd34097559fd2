"""layer_norm_backward(dy, cache): the gradients of layer normalisation, from the student's own cache."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import CacheOf, Check, GradientOf, Part, example
from grading.checks.normalisation import sections
from grading.checks.normalisation.batch_norm_backward import forward_of
from grading.checks.normalisation.batches import SMALL_EPS, drawn_batches, with_dy
from grading.checks.normalisation.layer_norm_backward_mistakes import MISCONCEPTIONS
from grading.checks.normalisation.norms import backward_magnitude, layer_norm
from grading.checks.normalisation.norms import layer_norm_backward as reference

RNG = np.random.default_rng(87)
FIXED = (
    example(
        np.array([[1.0, 0.0]]),
        np.array([[0.0, 2.0]]),
        np.array([4.0, 8.0]),
        np.array([10.0, 20.0]),
        3.0,
        note="the example of the prompt",
    ),
    with_dy(RNG, 2, 4, numbers="distinct", eps=SMALL_EPS, dtype="float64"),
    with_dy(RNG, 3, 3, numbers="distinct", eps=0.5, dtype="float64"),
    with_dy(RNG, 4, 4, numbers="halves", eps=2.0, dtype="float64"),
    with_dy(RNG, 3, 1, numbers="whole", eps=SMALL_EPS, dtype="float64"),
    with_dy(RNG, 3, 5, numbers="counting", eps=SMALL_EPS, dtype="float64", offset=1000.0),
    with_dy(RNG, 3, 4, numbers="halves", eps=0.5, dtype="float32"),
)
DRAWN = drawn_batches(with_dy, 1.0, 1e-5, 0.1, 4.0)
FORWARD = CacheOf("layer_norm_forward", "(x, gamma, beta, eps=1e-5)", layer_norm)

check = Check(
    name="layer_norm_backward",
    signature="(dy, cache)",
    section=sections.BACKWARD,
    reference=reference,
    outputs=("dx", "dgamma", "dbeta"),
    magnitude=backward_magnitude(1),
    parts=(
        Part("dx, the gradient by x", 3, FIXED, DRAWN, output="dx"),
        Part("dgamma, the gradient by γ", 1, FIXED, DRAWN, output="dgamma"),
        Part("dbeta, the gradient by β", 1, FIXED, DRAWN, output="dbeta"),
    ),
    misconceptions=MISCONCEPTIONS,
    cache_of=FORWARD,
    gradient_of=GradientOf(
        "layer_norm_forward", forward_of, {"dx": 0, "dgamma": 1, "dbeta": 2}, layer_norm, place=0
    ),
)
