"""Before students see an assignment: its tests are tried on made-up students who know nothing.

A test cell that gives one of them points tests nothing; a test cell that needs what only a student's code can
tell cannot be run fairly. Both are for the instructor to know when an assignment is released.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from grading.engine.checker_process import COMMAND, CheckerError, CheckerProcess, CheckerSettings, Limits
from grading.engine.class_directory import ClassDirectory
from grading.engine.class_files import released_files
from grading.engine.gradebook import ClassGradebook
from grading.engine.master import Master
from grading.engine.released_master import asks_for_tests, master_of_class, with_written_tests

_JUNK_SECONDS = 600.0
_ANSWER_LENGTH = 100


@dataclass(frozen=True)
class WeakTest:
    """A test cell that gives points for nothing.

    Attributes
    ----------
    notebook, grade_id : str
        Which cell.
    answers : tuple of str
        What every function of the students returned who got points: "an empty list", "None" …
    points, max_points : float
        The most that one of them got, and what the cell is worth.
    """

    notebook: str
    grade_id: str
    answers: tuple[str, ...]
    points: float
    max_points: float

    def __str__(self) -> str:
        return (
            f"{self.grade_id} gives {self.points:g} of {self.max_points:g} points to a student "
            f"whose functions all answer with {', or with '.join(self.answers)}"
        )


@dataclass(frozen=True)
class UnfairTest:
    """A test cell that cannot be run as it stands.

    Attributes
    ----------
    notebook, grade_id, problem : str
        Which cell, and why.
    """

    notebook: str
    grade_id: str
    problem: str

    def __str__(self) -> str:
        return f"{self.grade_id} cannot be graded: {self.problem}"


def rehearse(
    directory: ClassDirectory, assignment: str, *, command: tuple[str, ...] = COMMAND
) -> list[WeakTest | UnfairTest]:
    """Try every test cell of an assignment on students who know nothing.

    Parameters
    ----------
    directory : ClassDirectory
        Holds the assignment's source.
    assignment : str
        Its name.
    command : tuple of str, optional
        The checker to execute.

    Returns
    -------
    list of WeakTest or UnfairTest
        Empty if every test tells a student from one who knows nothing.

    Raises
    ------
    CheckerUnavailable
        If no checker can be started, or the assignment cannot be graded at all.
    CheckerError
        If the tests could not be run to their end.
    """
    found: list[WeakTest | UnfairTest] = []
    for name in directory.notebooks(assignment):
        master = _master(directory, assignment, name)
        settings = CheckerSettings(
            assignment,
            name,
            master.text,
            directory.own_checks(assignment),
            Limits(),
            command,
            released_files(directory, assignment),
        )
        checker = CheckerProcess(settings)
        try:
            checker.start()
            found += [UnfairTest(name, grade_id, text) for grade_id, text in checker.problems.items()]
            maxima = {cell.grade_id: cell.points for cell in master.tests}
            found += _weak_tests(name, checker.junk(timeout=_JUNK_SECONDS), maxima)
        finally:
            checker.close()
    return found


def _master(directory: ClassDirectory, assignment: str, name: str) -> Master:
    master = master_of_class(directory, assignment, name)
    if not asks_for_tests(master):
        return master
    with ClassGradebook(directory, assignment, lambda text: None) as gradebook:
        return with_written_tests(master, gradebook.sources(name))


def _weak_tests(notebook: str, items: list[dict], maxima: dict[str, float]) -> list[WeakTest]:
    answers: dict[str, dict[str, float]] = {}
    for item in items:
        grade_id, points = item.get("grade_id"), item.get("points")
        if grade_id not in maxima or type(points) not in (int, float) or not math.isfinite(points):
            raise CheckerError(f"the checker reports a junk student in no known way: {str(item)[:200]}")
        answers.setdefault(grade_id, {})[str(item.get("answer"))[:_ANSWER_LENGTH]] = float(points)
    return [
        WeakTest(notebook, grade_id, tuple(found), max(found.values()), maxima[grade_id])
        for grade_id, found in answers.items()
    ]
