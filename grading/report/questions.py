"""What each question says about the class: how hard it is, and whether it tells strong from weak students."""

from __future__ import annotations

import math
import operator
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from grading.report.statistics import ClassStatistics

# How much of the class each of the compared groups holds: the usual share (Kelley 1939).
_GROUP = 0.27
_FEWEST = 10
_EASY, _HARD, _WEAK = 0.95, 0.25, 0.2


@dataclass(frozen=True)
class Question:
    """How one check went, as teachers of tests ask it (classical test theory).

    Attributes
    ----------
    number : int
        Its place in the notebook, from 1.
    name : str
        The check.
    judged : int
        Students whose answer counts here.
    difficulty : float
        Mean share of the points, in [0, 1]: the higher, the easier. NaN where nobody was judged.
    discrimination : float
        Correlation of a student's share here with the share of all *other* checks, in [-1, 1]; NaN where it
        is not defined, because everybody has the same.
    low, high : float
        Ends of its 95 % interval (Fisher's z); NaN for fewer than four students.
    strongest, weakest : float
        Mean share here of the 27 % who did best and worst in the other checks; NaN for fewer than four.
    wrong, named : int
        Answers without full points, and how many of them are a known mistake.
    """

    number: int
    name: str
    judged: int
    difficulty: float
    discrimination: float
    low: float
    high: float
    strongest: float
    weakest: float
    wrong: int
    named: int

    @property
    def remark(self) -> str:
        """What to think about; empty where there is nothing, or too few students to say."""
        if self.judged < _FEWEST:
            return ""
        if self.high < 0:
            return "stronger students did worse: read the check"
        if self.difficulty >= _EASY:
            return "nearly everybody has it"
        if self.high < _WEAK:
            return "says little about the rest"
        return "hard for the class" if self.difficulty <= _HARD else ""


def question_statistics(found: ClassStatistics) -> tuple[Question, ...]:
    """Return difficulty and discrimination of every check.

    Parameters
    ----------
    found : ClassStatistics
        Of a class. Students on whom the grader failed do not count, nor do single checks that it could not
        judge; a skipped check counts as no points.

    Returns
    -------
    tuple of Question
        In the order of the notebook.
    """
    judged = [
        {
            name: check
            for name, check in student.checks.items()
            if check.status != "error" and check.max_points > 0
        }
        for student in found.counted
    ]
    sums = [
        (sum(check.points for check in checks.values()), sum(check.max_points for check in checks.values()))
        for checks in judged
    ]
    questions = []
    for number, column in enumerate(found.columns, start=1):
        shares, rests, wrong, named = [], [], 0, 0
        both = []
        for checks, (points, most) in zip(judged, sums):
            check = checks.get(column.name)
            if check is None:
                continue
            shares.append(check.points / check.max_points)
            wrong += check.points < check.max_points
            named += check.points < check.max_points and check.misconception is not None
            if most - check.max_points > 0:
                both.append(shares[-1])
                rests.append((points - check.points) / (most - check.max_points))
        discrimination = _correlation(both, rests)
        low, high = _interval(discrimination, len(both))
        strongest, weakest = _ends(both, rests)
        questions.append(
            Question(
                number,
                column.name,
                len(shares),
                statistics.fmean(shares) if shares else math.nan,
                discrimination,
                low,
                high,
                strongest,
                weakest,
                wrong,
                named,
            )
        )
    return tuple(questions)


def _correlation(one: Sequence[float], two: Sequence[float]) -> float:
    """Return Pearson's correlation, NaN where one side never varies."""
    if len(one) < 3:
        return math.nan
    means = statistics.fmean(one), statistics.fmean(two)
    first, second = [x - means[0] for x in one], [y - means[1] for y in two]
    spread = math.sqrt(_product(first, first) * _product(second, second))
    # Rounding of equal numbers leaves about 1e-16 each.
    return math.nan if spread < 1e-12 * len(one) else _product(first, second) / spread


def _product(one: Sequence[float], two: Sequence[float]) -> float:
    return math.fsum(map(operator.mul, one, two))


def _interval(correlation: float, students: int) -> tuple[float, float]:
    if math.isnan(correlation) or students < 4:
        return math.nan, math.nan
    z = math.atanh(max(-1 + 1e-9, min(1 - 1e-9, correlation)))
    half = 1.96 / math.sqrt(students - 3)
    return math.tanh(z - half), math.tanh(z + half)


def _ends(shares: Sequence[float], rests: Sequence[float]) -> tuple[float, float]:
    """Return the mean share of those whose rest is highest, and lowest."""
    if len(shares) < 4:
        return math.nan, math.nan
    size = max(1, round(_GROUP * len(shares)))
    return _end(shares, rests, size), _end(shares, [-rest for rest in rests], size)


def _end(shares: Sequence[float], rests: Sequence[float], size: int) -> float:
    """Return the mean over the ``size`` highest; of those who tie at the border each counts for a part."""
    border = sorted(rests, reverse=True)[size - 1]
    above = [share for share, rest in zip(shares, rests) if rest > border]
    tied = [share for share, rest in zip(shares, rests) if rest == border]
    return (math.fsum(above) + (size - len(above)) * statistics.fmean(tied)) / size
