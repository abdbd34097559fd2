"""separable_costs(channels, filters, kernel_size, height, width, stride, padding): weights and products."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.separable_costs_mistakes import MISCONCEPTIONS
from grading.checks.convolution.sizes import separable_costs as reference
from grading.checks.definition import Check, Drawn, Example, Part, example


def layer(
    rng: np.random.Generator,
    channels: int,
    filters: int,
    kernel_size: int,
    spare: tuple[int, int],
    stride: int,
    padding: int,
) -> Example:
    """Build a call; nothing is left to chance but the options."""
    return example(channels, filters, kernel_size, *(kernel_size + more for more in spare), stride, padding)


DRAWN = Drawn(
    layer,
    {
        "channels": (1, 2, 3, 16),
        "filters": (1, 2, 5, 32),
        "kernel_size": (1, 2, 3, 5),
        "spare": ((0, 0), (0, 1), (1, 0), (2, 5), (6, 3)),
        "stride": (1, 2, 3),
        "padding": (0, 1, 2),
    },
    cases=10,
)
FIXED = (
    example(2, 3, 2, 3, 3, 1, 0, note="the example of the prompt"),
    example(3, 8, 3, 6, 9, 2, 1),
    example(4, 2, 3, 7, 4, 3, 0),
    example(64, 128, 3, 56, 56, 1, 1, note="a layer as large as real ones"),
)

check = Check(
    name="separable_costs",
    signature="(channels, filters, kernel_size, height, width, stride, padding)",
    section=sections.SEPARABLE_COST,
    reference=reference,
    outputs=("full_weights", "separable_weights", "full_products", "separable_products"),
    parts=(
        Part("weights of the full layer", 0.5, FIXED, DRAWN, output="full_weights"),
        Part("weights of the separable layer", 0.5, FIXED, DRAWN, output="separable_weights"),
        Part("products of the full layer", 1, FIXED, DRAWN, output="full_products"),
        Part("products of the separable layer", 1, FIXED, DRAWN, output="separable_products"),
    ),
    misconceptions=MISCONCEPTIONS,
)
