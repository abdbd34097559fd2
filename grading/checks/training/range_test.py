"""range_test(loss, gradient, theta, rates, blow_up=4.0): an update at every rate, until the loss blows up."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.functions import formula
from grading.checks.small_numbers import fill
from grading.checks.training import sections
from grading.checks.training.references import range_test as reference

Array = np.ndarray
Answer = tuple[Array, float, float]


def _tests(
    *,
    after: bool = False,
    afresh: bool = False,
    sign: float = -1.0,
    first: bool = False,
    last_kept: bool = True,
    stops: bool = True,
) -> Callable[..., Answer]:
    """Return a test with other parts."""

    def run(loss: object, gradient: object, theta: Array, rates: Array, blow_up: float = 4.0) -> Answer:
        begin = theta = np.array(theta, dtype=np.float64)
        losses: list[float] = []
        for rate in rates:
            moved = theta + sign * rate * gradient(theta)
            value = float(loss(moved if after else theta))
            limit = (losses or [value])[0] if first else min([*losses, value])
            blown = stops and not value <= blow_up * limit
            if not blown or last_kept:
                losses.append(value)
            if blown:
                break
            theta = begin if afresh else moved
        largest = float(rates[int(np.argmin(losses))])
        return np.array(losses), largest, largest / 3

    return run


def _largest(pick: Callable[[Array, Array], int]) -> Callable[..., float]:
    """Return the rate at another place; `pick` gets losses and rates."""

    def compute(loss: object, gradient: object, theta: Array, rates: Array, blow_up: float = 4.0) -> float:
        losses, _, _ = reference(loss, gradient, theta, rates, blow_up)
        return float(rates[pick(losses, rates)])

    return compute


def _suggestion(share: float) -> Callable[..., float]:
    return lambda loss, gradient, theta, rates, blow_up=4.0: (
        share * reference(loss, gradient, theta, rates, blow_up)[1]
    )


MISCONCEPTIONS = (
    Misconception(
        "range-measures-after-the-step",
        "the loss is measured after the step",
        "First the loss where theta is, then the step at this rate.",
        sections.RATE,
        (_tests(after=True),),
    ),
    Misconception(
        "range-begins-afresh",
        "every rate begins at the start",
        "The test is one run: theta goes on from where the last step left it.",
        sections.RATE,
        (_tests(afresh=True),),
    ),
    Misconception(
        "range-climbs",
        "the steps climb",
        "Subtract the gradient.",
        sections.RATE,
        (_tests(sign=1.0),),
    ),
    Misconception(
        "range-compares-with-the-start",
        "the loss is compared with the first one",
        "It has blown up where it is more than blow_up times the lowest so far.",
        sections.RATE,
        (_tests(first=True),),
    ),
    Misconception(
        "range-forgets-the-last-loss",
        "the loss that ended the test is missing",
        "Keep it: it shows where things went wrong.",
        sections.RATE,
        (lambda *arguments: _tests(last_kept=False)(*arguments)[0],),
        output="losses",
    ),
    Misconception(
        "range-never-stops",
        "the test goes on after the loss blew up",
        "Stop as soon as a loss is more than blow_up times the lowest so far, before the step.",
        sections.RATE,
        (_tests(stops=False),),
    ),
    Misconception(
        "range-takes-the-last-rate",
        "the rate at which the loss blew up is taken",
        "By then steps have made things worse for a while. Take the rate at the lowest loss.",
        sections.RATE,
        (
            _largest(lambda losses, rates: len(losses) - 1),
            _largest(lambda losses, rates: len(losses) - 2),
            _largest(lambda losses, rates: len(rates) - 1),
        ),
        output="largest",
    ),
    Misconception(
        "range-suggests-the-largest",
        "the largest rate itself is suggested, or another share of it",
        "Stay a factor of three below the largest rate that still helps.",
        sections.RATE,
        (_suggestion(1.0), _suggestion(0.5), _suggestion(0.1), _suggestion(3.0)),
        output="suggestion",
    ),
)
LOSS, GRADIENT = "loss(x) = sum(a * (x - 1)**2) / 2 + c", "gradient(x) = a * (x - 1)"
RATES = {
    "tenfold": np.array([1e-3, 1e-2, 1e-1, 1.0, 10.0, 100.0]),
    "twofold": 2.0 ** np.arange(-3, 5),
    "threefold": np.array([0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0]),
    "gentle": np.array([0.01, 0.02, 0.04]),
}


def bowl(
    rng: np.random.Generator, size: int, rates: str, numbers: str, floor: float, blow_up: float
) -> Example:
    """Build a call: a bowl with different curvatures, and a loss that nothing gets rid of."""
    a = np.array([1.0, 4.0, 0.5])[:size]
    return example(
        formula(LOSS, a=a, c=floor),
        formula(GRADIENT, a=a),
        fill(rng, (size,), numbers),
        RATES[rates],
        blow_up,
    )


def from_point(start: float, rates: list[float], note: str) -> Example:
    """Build a call with the limit of the default."""
    return example(
        formula("loss(x) = sum(x**2) / 2"),
        formula("gradient(x) = 1 * x"),
        np.array([start]),
        np.array(rates),
        note=note,
    )


RNG = np.random.default_rng(62)
FIXED = (
    example(
        formula("loss(x) = sum(x**2) / 2"),
        formula("gradient(x) = 1 * x"),
        np.array([4.0]),
        np.array([0.25, 0.5, 1.5, 4.0, 6.0]),
        note="the example of the prompt",
    ),
    from_point(1.0, [2.87, 2.134, 0.5, 0.5], "3.5 times the lowest, then 4.5 times"),
    from_point(1.0, [3.0, 0.5, 0.5], "exactly 4 times the lowest"),
    from_point(10.0, [2.5, 0.5, 0.5], "far above the lowest, and not 4 times"),
    bowl(RNG, 2, "twofold", "whole", 0.5, 4.0),
    bowl(RNG, 3, "threefold", "halves", 0.1, 4.0),
    bowl(RNG, 1, "gentle", "whole", 1.0, 4.0),
    bowl(RNG, 2, "tenfold", "halves", 1.0, 20.0),
    example(
        formula("loss(x) = sum(x**2) / 2 + 1"),
        formula("gradient(x) = 1 * x"),
        np.array([4.0]),
        np.array([0.75, 0.5, 10.0, 12.0, 0.5, 0.5]),
        note="far above the lowest loss, and not far above the first",
    ),
    example(
        formula("loss(x) = sum(x**2) / 2 + 1"),
        formula("gradient(x) = 1 * x"),
        np.array([2.0]),
        np.array([0.5, 1.0, 3.0, 3.0, 3.0]),
        9.0,
        note="a lowest loss that lies in the middle",
    ),
)
DRAWN = Drawn(
    bowl,
    {
        "size": (1, 2, 3),
        "rates": ("gentle", "tenfold", "threefold", "twofold"),
        "numbers": ("whole", "halves"),
        "floor": (1.0, 0.5, 0.1),
        "blow_up": (4.0, 2.0, 20.0),
    },
)
check = Check(
    name="range_test",
    signature="(loss, gradient, theta, rates, blow_up=4.0)",
    section=sections.RATE,
    reference=reference,
    outputs=("losses", "largest", "suggestion"),
    parts=(
        Part("the losses", 4, FIXED, DRAWN, output="losses"),
        Part("the largest rate that helps", 1, FIXED, DRAWN, output="largest"),
        Part("the rate to begin with", 1, FIXED, DRAWN, output="suggestion"),
    ),
    misconceptions=MISCONCEPTIONS,
)
