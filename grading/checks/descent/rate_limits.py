"""rate_limits(A): the rate at which descent breaks, the best one, and how fast that is."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.matrices import drawn_bowl, with_eigenvalues
from grading.checks.descent.references import rate_limits as reference

Formula = Callable[[float, float], float]


def _ends(compute: Formula) -> Callable[[np.ndarray], float]:
    """Return a formula in the smallest and the largest eigenvalue as a function of the matrix."""

    def value(A: np.ndarray) -> float:
        values = np.linalg.eigvalsh(A)
        return float(compute(values[0], values[-1]))

    return value


MISCONCEPTIONS = (
    Misconception(
        "limit-upside-down",
        "the limit is turned over",
        "lr·λ must stay below 2 for every eigenvalue λ, so lr below 2 divided by the largest.",
        sections.FACTORS,
        (_ends(lambda low, high: high / 2), _ends(lambda low, high: high), _ends(lambda low, high: 2 * high)),
        output="limit",
    ),
    Misconception(
        "limit-of-decay",
        "this is where oscillation begins, not divergence",
        "Up to lr·λ = 1 components decay, and up to 2 they oscillate and still shrink. The limit is 2/λmax.",
        sections.FACTORS,
        (_ends(lambda low, high: 1 / high),),
        output="limit",
    ),
    Misconception(
        "limit-of-the-flattest",
        "the smallest eigenvalue decides",
        "The steepest direction diverges first: divide by the largest eigenvalue.",
        sections.FACTORS,
        (_ends(lambda low, high: 2 / low), _ends(lambda low, high: 1 / low)),
        output="limit",
    ),
    Misconception(
        "limit-without-eigenvalues",
        "an element or the trace stands for the largest eigenvalue",
        "The steepest direction need not be an axis. Take the largest eigenvalue.",
        sections.FACTORS,
        (
            lambda A: 2 / np.diag(A).max(),
            lambda A: 2 / np.trace(A),
            lambda A: 2 / np.linalg.norm(A),
        ),
        output="limit",
    ),
    Misconception(
        "best-rate-halved",
        "the 2 is missing",
        "At the best rate the flattest and the steepest direction shrink alike: 1 − lr·λmin = lr·λmax − 1, "
        "so "
        "lr = 2/(λmin + λmax).",
        sections.RAVINES,
        (_ends(lambda low, high: 1 / (low + high)), _ends(lambda low, high: (low + high) / 2)),
        output="best",
    ),
    Misconception(
        "best-rate-for-the-steepest-alone",
        "only one direction is looked at",
        "1/λmax lands the steepest direction at once and leaves the flattest behind. The best rate makes "
        "both "
        "ends equally fast.",
        sections.RAVINES,
        (
            _ends(lambda low, high: 1 / high),
            _ends(lambda low, high: 1 / low),
            _ends(lambda low, high: 2 / high),
        ),
        output="best",
    ),
    Misconception(
        "best-rate-by-another-mean",
        "another mean is taken",
        "Neither all eigenvalues nor the geometric mean count here, only the sum of the smallest and the "
        "largest.",
        sections.RAVINES,
        (
            lambda A: len(A) / np.trace(A),
            lambda A: 2 / np.trace(A),
            _ends(lambda low, high: 1 / np.sqrt(low * high)),
            _ends(lambda low, high: (1 / low + 1 / high) / 2),
        ),
        output="best",
    ),
    Misconception(
        "factor-of-the-limit",
        "the factor of another rate is given",
        "With lr = 2/(λmin + λmax) the worst component keeps |1 − lr·λmin| = (λmax − λmin)/(λmax + λmin).",
        sections.RAVINES,
        (_ends(lambda low, high: 1 - low / high), _ends(lambda low, high: 1 - 2 * low / high)),
        output="factor",
    ),
    Misconception(
        "factor-upside-down",
        "the factor is turned over, or what is lost is given",
        "A factor below 1 is what a step leaves: (κ − 1)/(κ + 1), with κ = λmax/λmin.",
        sections.RAVINES,
        (
            _ends(lambda low, high: (high + low) / (high - low)),
            _ends(lambda low, high: 2 * low / (high + low)),
            _ends(lambda low, high: (low - high) / (high + low)),
        ),
        output="factor",
    ),
    Misconception(
        "factor-of-the-cost",
        "the factor is squared, or made of roots",
        "The square is what a step leaves of the cost, the roots belong to momentum. Asked for is the "
        "component.",
        sections.RAVINES,
        (
            _ends(lambda low, high: ((high - low) / (high + low)) ** 2),
            _ends(lambda low, high: (np.sqrt(high) - np.sqrt(low)) / (np.sqrt(high) + np.sqrt(low))),
        ),
        output="factor",
    ),
    Misconception(
        "factor-is-the-condition-number",
        "the condition number is given",
        "The condition number κ decides how fast descent can be, and the factor a step is (κ − 1)/(κ + 1).",
        sections.RAVINES,
        (_ends(lambda low, high: high / low), _ends(lambda low, high: low / high)),
        output="factor",
    ),
)


def bowl(rng: np.random.Generator, size: int, turned: bool, scale: float) -> Example:
    """Build a call."""
    return example(drawn_bowl(rng, size, turned) * scale)


FIXED = (
    example(np.array([[2.0, 1.0], [1.0, 2.0]]), note="the example of the prompt"),
    example(with_eigenvalues(2.0, 5.0, 1.0, turned=False), note="eigenvalues in no order"),
    example(with_eigenvalues(4.0, 0.5, 3.0)),
)
DRAWN = Drawn(bowl, {"size": (2, 3), "turned": (False, True), "scale": (1.0, 10.0, 0.1)})
check = Check(
    name="rate_limits",
    signature="(A)",
    section=sections.RAVINES,
    reference=reference,
    outputs=("limit", "best", "factor"),
    parts=(
        Part("the limit", 1, FIXED, DRAWN, output="limit"),
        Part("the best rate", 1, FIXED, DRAWN, output="best"),
        Part("the factor", 2, FIXED, DRAWN, output="factor"),
    ),
    misconceptions=MISCONCEPTIONS,
)
