"""inception_size(channels, ones, threes, fives, pooled, side): what the 1×1 reductions save."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.blocks import inception_size as reference

Pair = tuple[int, int]


def sizes(rng: np.random.Generator, channels: int, side: int, wide: int) -> Example:
    """Build a call with numbers of outputs up to `wide`."""
    ones, r3, w3, r5, w5, pooled = (int(number) for number in rng.integers(1, wide + 1, 6))
    return example(channels, ones, (r3, w3), (r5, w5), pooled, side)


def _weights(
    *, reductions: bool = True, pooled: float = 1.0, areas: Pair = (9, 25), biases: bool = False
) -> Callable:
    def weights(channels: int, ones: int, threes: Pair, fives: Pair, last: int, side: int) -> int:
        total = channels * ones + areas[0] * threes[0] * threes[1] + areas[1] * fives[0] * fives[1]
        total += channels * (threes[0] + fives[0]) * reductions + channels * last * pooled
        return int(total + biases * (ones + sum(threes) + sum(fives) + last))

    return weights


def _direct(*, pooled: bool = True, areas: Pair = (9, 25), every: bool = True) -> Callable:
    def direct(channels: int, ones: int, threes: Pair, fives: Pair, last: int, side: int) -> int:
        total = ones + areas[0] * threes[1] + areas[1] * fives[1] + last * pooled
        return total * channels * (side**2 if every else 1)

    return direct


def _times_side(channels: int, ones: int, threes: Pair, fives: Pair, pooled: int, side: int) -> int:
    return reference(channels, ones, threes, fives, pooled, side)[0] * side


MISCONCEPTIONS = (
    Misconception(
        "inception-size-without-reductions",
        "the reductions' own weights are missing",
        "The 1×1 convolutions before the large kernels have weights, too: channels times what they cut to.",
        sections.INCEPTION,
        (_weights(reductions=False),),
        output="weights",
    ),
    Misconception(
        "inception-size-without-the-pooled-branch",
        "the 1×1 convolution behind the pool is missing",
        "The pool has no weights, but the convolution behind it does: channels times pooled.",
        sections.INCEPTION,
        (_weights(pooled=0.0),),
        output="weights",
    ),
    Misconception(
        "inception-size-side-not-squared",
        "a kernel of side k counted with k weights",
        "A k×k kernel has k² weights for each pair of channels: 9 and 25.",
        sections.INCEPTION,
        (_weights(areas=(3, 5)),),
        output="weights",
    ),
    Misconception(
        "inception-size-with-biases",
        "biases are counted",
        "These convolutions have none.",
        sections.INCEPTION,
        (_weights(biases=True),),
        output="weights",
    ),
    Misconception(
        "inception-multiply-adds-along-one-side",
        "weights times the side, not its square",
        "Each weight is used at every place of the map: side² times.",
        sections.INCEPTION,
        (_times_side,),
        output="multiply_adds",
    ),
    Misconception(
        "inception-direct-otherwise",
        "something is missing without the reductions",
        "The 3×3 and 5×5 kernels then take all channels; the 1×1 branches stay as they are; all of it at "
        "every "
        "place.",
        sections.INCEPTION,
        (_direct(pooled=False), _direct(areas=(3, 5)), _direct(every=False)),
        output="direct",
    ),
)
FIXED = (
    example(4, 2, (1, 3), (1, 2), 1, 3, note="the example of the prompt"),
    example(192, 64, (96, 128), (16, 32), 32, 28, note="the first module of GoogLeNet"),
    example(3, 5, (2, 7), (4, 6), 8, 2),
)
DRAWN = Drawn(sizes, {"channels": (1, 2, 3, 16, 64), "side": (1, 2, 3, 7), "wide": (2, 8, 32)}, cases=5)
check = Check(
    name="inception_size",
    signature="(channels, ones, threes, fives, pooled, side)",
    section=sections.INCEPTION,
    reference=reference,
    outputs=("weights", "multiply_adds", "direct"),
    parts=(
        Part("weights", 2, FIXED, DRAWN, output="weights"),
        Part("multiply-adds", 1, FIXED, DRAWN, output="multiply_adds"),
        Part("multiply-adds without reductions", 1, FIXED, DRAWN, output="direct"),
    ),
    misconceptions=MISCONCEPTIONS,
)
