"""What goes wrong in depth_readings, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import LAYERS, depth_profile
from grading.checks.normalisation.preparation import depth_readings as right

KEPT = (("xavier", "tanh"), ("xavier", "relu"), ("he", "relu"))


def _factors(factor: Callable[[np.ndarray], float]) -> object:
    """Read the three factors in another way."""
    return lambda: (right()[0], *(float(factor(depth_profile(*pair))) for pair in KEPT))


def _exchanged() -> tuple[int, float, float, float]:
    layers, tanh, xavier, he = right()
    return layers, tanh, he, xavier


MISCONCEPTIONS = (
    Misconception(
        "reading-one-layer-early",
        "one layer too early",
        "Layers count from 1, so add 1 to an index; and the measure is 1 % of what the first layer has, not "
        "0.01 itself.",
        sections.DEPTH,
        (lambda: right()[0] - 1, lambda: int(np.argmax(depth_profile("small", "tanh") < 0.01)) + 1),
        output="small_tanh",
    ),
    Misconception(
        "reading-ten-steps",
        "from the first to the tenth layer are nine steps",
        "Ten layers have nine factors between them: take the ninth root of last over first.",
        sections.DEPTH,
        (_factors(lambda profile: (profile[-1] / profile[0]) ** (1 / LAYERS)),),
    ),
    Misconception(
        "reading-without-the-root",
        "the ratio of last to first, without a root",
        "What one layer keeps on average is the ninth root of the ratio: the factor that, multiplied nine "
        "times, gives it.",
        sections.DEPTH,
        (
            _factors(lambda profile: profile[-1] / profile[0]),
            _factors(lambda profile: profile[0] / profile[-1]),
        ),
    ),
    Misconception(
        "reading-arithmetic-mean",
        "an arithmetic mean of the factors",
        "Factors multiply: their average is the geometric mean, the ninth root of last over first.",
        sections.DEPTH,
        (_factors(lambda profile: (profile[1:] / profile[:-1]).mean()),),
    ),
    Misconception(
        "reading-upside-down",
        "what is lost instead of what is kept",
        "Divide the last layer's deviation by the first's: a factor below 1 means that the signal shrinks.",
        sections.DEPTH,
        (
            _factors(lambda profile: (profile[0] / profile[-1]) ** (1 / (LAYERS - 1))),
            _factors(lambda profile: 1 - (profile[-1] / profile[0]) ** (1 / (LAYERS - 1))),
        ),
    ),
    Misconception(
        "reading-rules-exchanged",
        "the results of Xavier and He are exchanged",
        "The prompt asks for Xavier first, then He.",
        sections.DEPTH,
        (_exchanged,),
    ),
)
