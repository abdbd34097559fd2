"""unscaled_head(V, v, mean, deviation): a head fitted to scaled codes, rewritten for the codes themselves."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.small_numbers import fill
from grading.checks.transfer import sections
from grading.checks.transfer.heads import unscaled_head as reference


def head_and_scaling(rng: np.random.Generator, d: int, k: int, kind: str, dtype: str) -> Example:
    """Build a call with deviations from 0.5 to 4."""
    V, v, mean = (fill(rng, shape, kind, dtype) for shape in ((d, k), (k,), (d,)))
    return example(V, v, mean, rng.choice([0.5, 2.0, 4.0], d).astype(dtype))


MISCONCEPTIONS = (
    Misconception(
        "unscaled-multiplies",
        "the weights are multiplied by the deviations",
        "(c − mean) / deviation times V is c times V / deviation: divide row by row.",
        sections.SCALING,
        (lambda V, v, mean, deviation: V * deviation[:, None],),
        output="V",
    ),
    Misconception(
        "unscaled-bias-as-it-was",
        "the bias stays as it was",
        "The mean that was subtracted from the codes goes into the bias.",
        sections.SCALING,
        (lambda V, v, mean, deviation: v,),
        output="v",
    ),
    Misconception(
        "unscaled-mean-not-divided",
        "the mean is not divided by the deviation",
        "Subtracted from the bias is (mean / deviation) · V, with the old V, or mean · V with the new one.",
        sections.SCALING,
        (lambda V, v, mean, deviation: v - mean @ V,),
        output="v",
    ),
    Misconception(
        "unscaled-mean-divided-twice",
        "the mean is divided by the deviation twice",
        "With the new V, whose rows are divided already, it is mean · V.",
        sections.SCALING,
        (lambda V, v, mean, deviation: v - (mean / deviation**2) @ V,),
        output="v",
    ),
    Misconception(
        "unscaled-mean-added",
        "the mean is added instead of subtracted",
        "Codes at their mean must get the score v that scaled codes of 0 had.",
        sections.SCALING,
        (lambda V, v, mean, deviation: v + (mean / deviation) @ V,),
        output="v",
    ),
)
RNG = np.random.default_rng(74)
FIXED = (
    example(
        np.array([[6.0, -2.0]]),
        np.array([1.0, 0.0]),
        np.array([10.0]),
        np.array([2.0]),
        note="that of the prompt",
    ),
    head_and_scaling(RNG, 3, 2, "whole", "float64"),
    head_and_scaling(RNG, 3, 3, "halves", "float64"),
    head_and_scaling(RNG, 2, 3, "halves", "float32"),
)
DRAWN = Drawn(
    head_and_scaling,
    {"d": (1, 2, 3), "k": (2, 3, 4), "kind": ("whole", "halves"), "dtype": ("float64", "float32")},
)


def _magnitude(V: np.ndarray, v: np.ndarray, mean: np.ndarray, deviation: np.ndarray) -> tuple:
    new = np.abs(V) / deviation[:, None]
    return new, np.abs(v) + np.abs(mean) @ new


check = Check(
    name="unscaled_head",
    signature="(V, v, mean, deviation)",
    section=sections.SCALING,
    reference=reference,
    magnitude=_magnitude,
    outputs=("V", "v"),
    parts=(
        Part("the weights", 1, FIXED, DRAWN, output="V"),
        Part("the bias", 1, FIXED, DRAWN, output="v"),
    ),
    misconceptions=MISCONCEPTIONS,
)
