"""layer_health(weights, update, rectified, bounded): three numbers of a monitor."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.small_numbers import fill
from grading.checks.training import sections
from grading.checks.training.references import layer_health as reference

Array = np.ndarray


def _ratio(size: Callable[[Array], float]) -> Callable[..., float]:
    return lambda weights, update, rectified, bounded: float(size(update) / size(weights))


def _of_rectified(share: Callable[[Array], float]) -> Callable[..., float]:
    return lambda weights, update, rectified, bounded: float(share(rectified == 0))


def _of_bounded(share: Callable[[Array], float]) -> Callable[..., float]:
    return lambda weights, update, rectified, bounded: float(share(bounded))


MISCONCEPTIONS = (
    Misconception(
        "ratio-upside-down",
        "the ratio is upside down",
        "Divide the update by the weights: about 0.001 is healthy.",
        sections.MONITORS,
        (lambda weights, update, rectified, bounded: 1 / reference(weights, update, rectified, bounded)[0],),
        output="ratio",
    ),
    Misconception(
        "ratio-of-squares",
        "squared lengths are divided",
        "The length of an array is the root of the sum of its squares.",
        sections.MONITORS,
        (_ratio(lambda a: np.sum(a**2)),),
        output="ratio",
    ),
    Misconception(
        "ratio-of-other-sizes",
        "another size than the length is divided",
        "Take the root of the sum of squares of all elements, of the update and of the weights.",
        sections.MONITORS,
        (
            _ratio(lambda a: np.abs(a).mean()),
            _ratio(lambda a: np.abs(a).max()),
            _ratio(np.std),
            _ratio(lambda a: np.linalg.norm(a, 2)),
            _ratio(np.mean),
            _ratio(np.sum),
        ),
        output="ratio",
    ),
    Misconception(
        "ratio-averaged-over-elements",
        "the ratio of every weight is averaged",
        "Weights near 0 would decide it. Divide the lengths of the whole arrays.",
        sections.MONITORS,
        (lambda weights, update, rectified, bounded: np.mean(np.abs(update / weights)),),
        output="ratio",
    ),
    Misconception(
        "dead-counts-zeros",
        "all zeros are counted",
        "A unit that is silent for some examples does its work. Dead is one that is 0 for every example.",
        sections.MONITORS,
        (_of_rectified(np.mean),),
        output="dead",
    ),
    Misconception(
        "dead-along-the-wrong-axis",
        "examples are counted in place of units",
        "Rows are examples, columns units: a column of zeros is a dead unit.",
        sections.MONITORS,
        (_of_rectified(lambda zero: zero.all(axis=1).mean()),),
        output="dead",
    ),
    Misconception(
        "dead-at-one-example",
        "one zero makes a unit dead",
        "Dead is a unit that is 0 for every example, not for one.",
        sections.MONITORS,
        (_of_rectified(lambda zero: zero.any(axis=0).mean()),),
        output="dead",
    ),
    Misconception(
        "dead-counted-not-shared",
        "a number of units is returned",
        "Asked for is the share: divide by how many units there are.",
        sections.MONITORS,
        (_of_rectified(lambda zero: zero.all(axis=0).sum()),),
        output="dead",
    ),
    Misconception(
        "saturated-on-one-side",
        "only one side is counted",
        "tanh saturates at −1 as well as at 1: look at |a|.",
        sections.MONITORS,
        (_of_bounded(lambda a: (a > 0.99).mean()), _of_bounded(lambda a: (a < -0.99).mean())),
        output="saturated",
    ),
    Misconception(
        "saturated-by-unit",
        "units are counted in place of values",
        "Asked for is the share of all values, whatever unit and example they belong to.",
        sections.MONITORS,
        (
            _of_bounded(lambda a: (np.abs(a) > 0.99).all(axis=0).mean()),
            _of_bounded(lambda a: (np.abs(a) > 0.99).any(axis=0).mean()),
        ),
        output="saturated",
    ),
    Misconception(
        "saturated-counted-not-shared",
        "a number of values is returned",
        "Asked for is the share: divide by how many values there are.",
        sections.MONITORS,
        (_of_bounded(lambda a: (np.abs(a) > 0.99).sum()),),
        output="saturated",
    ),
)


def layer(
    rng: np.random.Generator, rows: int, columns: int, examples: int, numbers: str, kernel: bool
) -> Example:
    """Build a call: few examples, some units dead."""
    shape = (rows, columns, 1, 2) if kernel else (rows, columns)
    rectified = np.maximum(fill(rng, (examples, rows), numbers), 0) * rng.integers(0, 2, rows)
    bounded = rng.choice([-1.0, -0.995, -0.5, 0.0, 0.3, 0.99, 0.995, 1.0], (examples, columns))
    return example(fill(rng, shape, numbers), fill(rng, shape, numbers) / 1000, rectified, bounded)


RNG = np.random.default_rng(63)
FIXED = (
    example(
        np.array([[3.0, 4.0]]),
        np.array([[0.003, -0.004]]),
        np.array([[0.0, 1.0], [0.0, 0.0], [0.0, 2.0]]),
        np.array([[-1.0, 0.5], [0.995, 0.99]]),
        note="the example of the prompt",
    ),
    example(
        np.array([[1.0, -2.0], [0.5, 2.0]]),
        np.array([[0.01, 0.02], [0.0, -0.02]]),
        np.array([[0.0, 0.0, 1.0], [0.0, 3.0, 0.0]]),
        np.array([[-0.995, -1.0], [0.2, 0.1], [-1.0, 0.995]]),
    ),
    example(
        np.array([[3.0, -1.0], [2.0, 0.5]]),
        np.array([[0.03, 0.04], [0.12, 0.0]]),
        np.array([[0.0, 0.0], [0.0, 2.0], [0.0, 0.0], [0.0, 1.0]]),
        np.array([[1.0, 0.2, -0.3]]),
    ),
    layer(RNG, 3, 2, 4, "whole", True),
)
DRAWN = Drawn(
    layer,
    {
        "rows": (1, 2, 3, 4),
        "columns": (1, 2, 3),
        "examples": (1, 2, 3, 4),
        "numbers": ("whole", "halves"),
        "kernel": (False, True),
    },
)
check = Check(
    name="layer_health",
    signature="(weights, update, rectified, bounded)",
    section=sections.MONITORS,
    reference=reference,
    outputs=("ratio", "dead", "saturated"),
    parts=(
        Part("the update ratio", 2, FIXED, DRAWN, output="ratio"),
        Part("dead units", 1, FIXED, DRAWN, output="dead"),
        Part("saturated values", 1, FIXED, DRAWN, output="saturated"),
    ),
    misconceptions=MISCONCEPTIONS,
)
