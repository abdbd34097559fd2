"""net_size(input_shape, layers): units, weights and connections of every layer of a net."""

from __future__ import annotations

import numpy as np

from grading.checks.convolution import sections
from grading.checks.convolution.net_size_mistakes import MISCONCEPTIONS
from grading.checks.convolution.sizes import net_size as reference
from grading.checks.definition import Check, Drawn, Example, Part, example

CONVOLUTIONS = (("conv", 2, 1, 1, 0), ("conv", 3, 2, 1, 0), ("conv", 2, 3, 1, 1), ("conv", 4, 3, 2, 1))
POOLS = (("pool", 2, 1), ("pool", 2, 2), ("pool", 3, 2))


def net(rng: np.random.Generator, image: tuple[int, int, int], kinds: str) -> Example:
    """Build a call: a letter for every layer, the layers drawn."""
    layers = []
    for kind in kinds:
        options = {"c": CONVOLUTIONS, "p": POOLS}.get(kind, (("fc", 2), ("fc", 5)))
        layers.append(options[rng.integers(0, len(options))])
    return example(image, layers)


DRAWN = Drawn(
    net,
    {
        "image": ((1, 6, 6), (3, 8, 8), (2, 9, 7), (3, 7, 10)),
        "kinds": ("c", "f", "cf", "cp", "pf", "ff", "cc", "cpf", "cpcf"),
    },
    cases=12,
)
LENET = [
    *(("conv", 6, 5, 1, 2), ("pool", 2, 2), ("conv", 16, 5, 1, 0), ("pool", 2, 2)),
    *(("fc", 120), ("fc", 84), ("fc", 10)),
]
FIXED = (
    example((1, 4, 4), [("conv", 2, 3, 1, 0), ("pool", 2, 2), ("fc", 3)], note="the example of the prompt"),
    example((3, 5, 7), [("conv", 4, 3, 2, 1)]),
    example((2, 3, 4), [("fc", 5)], note="a fully connected layer sees all channels of all pixels"),
    example((2, 5, 6), [("pool", 2, 1), ("conv", 3, 2, 1, 0)]),
    example((1, 28, 28), LENET, note="LeNet-5 on 28 × 28 digits"),
)

check = Check(
    name="net_size",
    signature="(input_shape, layers)",
    section=sections.SIZES,
    reference=reference,
    outputs=("units", "weights", "connections"),
    parts=(
        Part("units", 1, FIXED, DRAWN, output="units"),
        Part("weights", 1.5, FIXED, DRAWN, output="weights"),
        Part("connections", 1.5, FIXED, DRAWN, output="connections"),
    ),
    misconceptions=MISCONCEPTIONS,
)
