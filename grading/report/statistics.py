"""What a class's results add up to: plain numbers, apart from how they are drawn."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from grading.results import CheckResult, NotebookResult

# In the order in which a bar is read: what went well first.
OUTCOMES = ("full", "part", "none", "skipped", "error")
_MOST_BINS = 12


@dataclass(frozen=True)
class Student:
    """One row of the class: everything that a student handed in for the assignment.

    Attributes
    ----------
    name : str
        The student's id.
    score, max_score : float
        Over all notebooks.
    checks : dict of str to CheckResult
        By column.
    status : str
        ``"graded"``, or the worst status of a notebook.
    reason : str or None
        Why it is not ``"graded"``.
    notes : tuple of str
        What had to be put right first.
    """

    name: str
    score: float
    max_score: float
    checks: dict[str, CheckResult]
    status: str
    reason: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Column:
    """How one check went over the class.

    Attributes
    ----------
    name : str
        The check.
    max_points : float
        What it is worth.
    counts : dict of str to int
        Students by outcome, every one of `OUTCOMES`.
    mean_share : float
        Mean share of the points, over students whose check the grader could judge; NaN if there is none.
    """

    name: str
    max_points: float
    counts: dict[str, int]
    mean_share: float

    @property
    def judged(self) -> int:
        """How many students the grader could judge."""
        return sum(self.counts.values()) - self.counts["error"]


@dataclass(frozen=True)
class Misconception:
    """A known mistake, and who made it.

    Attributes
    ----------
    name : str
        Its id.
    students : tuple of str
        Who, sorted.
    checks : tuple of str
        Where it showed.
    explanation, section : str or None
        Why it is a mistake, and where the lectures treat it.
    counterexample : str or None
        The shortest one seen in the class.
    """

    name: str
    students: tuple[str, ...]
    checks: tuple[str, ...]
    explanation: str | None
    section: str | None
    counterexample: str | None

    @property
    def title(self) -> str:
        """The id in words."""
        return self.name.replace("-", " ").capitalize()


@dataclass(frozen=True)
class Bin:
    """One bar of the distribution: ``low <= score < high`` (the last one includes ``high``)."""

    low: float
    high: float
    count: int


@dataclass(frozen=True)
class ClassStatistics:
    """Everything that the report shows.

    Attributes
    ----------
    students : tuple of Student
        By score, best first.
    columns : tuple of Column
        In the order of the notebook.
    misconceptions : tuple of Misconception
        By frequency.
    bins : tuple of Bin
        Distribution of the scores that count.
    max_score : float
        Points of the whole assignment.
    mean, median, lower_quartile, upper_quartile, deviation : float
        Of the scores that count; NaN where nobody's does.
    """

    students: tuple[Student, ...]
    columns: tuple[Column, ...]
    misconceptions: tuple[Misconception, ...]
    bins: tuple[Bin, ...]
    max_score: float
    mean: float = math.nan
    median: float = math.nan
    lower_quartile: float = math.nan
    upper_quartile: float = math.nan
    deviation: float = math.nan

    @property
    def counted(self) -> tuple[Student, ...]:
        """Students whose score counts: where the grader failed as a whole, a zero would say nothing."""
        return tuple(student for student in self.students if student.status != "error")


def outcome(check: CheckResult) -> str:
    """Return which of `OUTCOMES` a check's result is."""
    if check.status in ("error", "skipped"):
        return check.status
    if check.points >= check.max_points:
        return "full"
    return "part" if check.points > 0 else "none"


def class_statistics(results: Iterable[NotebookResult]) -> ClassStatistics:
    """Return what a class's results add up to.

    Parameters
    ----------
    results : iterable of NotebookResult
        Of one assignment; several notebooks of a student are added up.

    Returns
    -------
    ClassStatistics
        Students sorted by score and name.

    Raises
    ------
    ValueError
        If there are no results.
    """
    results = list(results)
    if not results:
        raise ValueError("results is empty; expected at least one NotebookResult. Grade something first")
    students = _students(results)
    counted = [student.score for student in students if student.status != "error"]
    max_score = max(student.max_score for student in students)
    return ClassStatistics(
        students=students,
        columns=_columns(students),
        misconceptions=_misconceptions(students),
        bins=_bins(counted, max_score),
        max_score=max_score,
        **_moments(counted),
    )


def _students(results: Sequence[NotebookResult]) -> tuple[Student, ...]:
    several = len({result.notebook for result in results}) > 1
    by_name: dict[str, list[NotebookResult]] = {}
    for result in sorted(results, key=lambda result: result.notebook):
        by_name.setdefault(result.student, []).append(result)
    rank = {"graded": 0, "unreadable": 1, "error": 2}
    students = []
    for name, own in by_name.items():
        worst = max(own, key=lambda result: rank[result.status])
        checks = {
            f"{result.notebook}: {check.name}" if several else check.name: check
            for result in own
            for check in result.checks
        }
        students.append(
            Student(
                name,
                sum(result.score for result in own),
                sum(result.max_score for result in own),
                checks,
                worst.status,
                worst.reason,
                tuple(note for result in own for note in result.notes),
            )
        )
    return tuple(sorted(students, key=lambda student: (-student.score, student.name)))


def _columns(students: Sequence[Student]) -> tuple[Column, ...]:
    names = dict.fromkeys(name for student in students for name in student.checks)
    columns = []
    for name in names:
        checks = [student.checks[name] for student in students if name in student.checks]
        counts = Counter(map(outcome, checks))
        shares = [
            check.points / check.max_points
            for check in checks
            if check.max_points > 0 and check.status != "error"
        ]
        columns.append(
            Column(
                name,
                max(check.max_points for check in checks),
                {kind: counts[kind] for kind in OUTCOMES},
                statistics.fmean(shares) if shares else math.nan,
            )
        )
    return tuple(columns)


@dataclass
class _Sightings:
    students: set[str] = field(default_factory=set)
    checks: dict[str, None] = field(default_factory=dict)
    explanations: Counter[str] = field(default_factory=Counter)
    sections: Counter[str] = field(default_factory=Counter)
    counterexamples: list[str] = field(default_factory=list)


def _misconceptions(students: Sequence[Student]) -> tuple[Misconception, ...]:
    seen: dict[str, _Sightings] = {}
    for student in students:
        for name, check in student.checks.items():
            if not check.misconception:
                continue
            sightings = seen.setdefault(check.misconception, _Sightings())
            sightings.students.add(student.name)
            sightings.checks[name] = None
            sightings.explanations.update(filter(None, [check.explanation]))
            sightings.sections.update(filter(None, [check.section]))
            sightings.counterexamples.extend(filter(None, [check.counterexample]))
    found = [
        Misconception(
            name,
            tuple(sorted(sightings.students)),
            tuple(sightings.checks),
            _most_common(sightings.explanations),
            _most_common(sightings.sections),
            min(sightings.counterexamples, key=lambda text: (len(text), text), default=None),
        )
        for name, sightings in seen.items()
    ]
    return tuple(sorted(found, key=lambda item: (-len(item.students), item.name)))


def _most_common(texts: Counter[str]) -> str | None:
    return texts.most_common(1)[0][0] if texts else None


def _moments(scores: Sequence[float]) -> dict[str, float]:
    if not scores:
        return {}
    lower, upper = scores[0], scores[0]
    if len(scores) > 1:
        lower, _, upper = statistics.quantiles(scores, n=4, method="inclusive")
    return {
        "mean": statistics.fmean(scores),
        "median": statistics.median(scores),
        "lower_quartile": lower,
        "upper_quartile": upper,
        "deviation": statistics.pstdev(scores),
    }


def _bins(scores: Sequence[float], max_score: float) -> tuple[Bin, ...]:
    width = _bin_width(max_score)
    number = max(1, math.ceil(max_score / width - 1e-9))
    counts = [0] * number
    for score in scores:
        counts[min(int(score / width + 1e-9), number - 1)] += 1
    return tuple(
        Bin(index * width, min((index + 1) * width, max_score), count) for index, count in enumerate(counts)
    )


def _bin_width(max_score: float) -> float:
    """Return the smallest of 1, 2, 4, 5 times a power of ten that needs no more than `_MOST_BINS` bins."""
    if max_score <= 0:
        return 1.0
    scale = 10.0 ** math.floor(math.log10(max_score / _MOST_BINS))
    return next(step * scale for step in (1, 2, 4, 5, 10) if max_score / (step * scale) <= _MOST_BINS + 1e-9)
