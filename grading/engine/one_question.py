"""Grading one question again: its tests get what they are worth now, all others keep what they have."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from grading.engine.class_directory import ClassDirectoryError
from grading.engine.master import Master
from grading.engine.verdict import GradedTest, Verdict
from grading.results import CheckResult, NotebookResult

_PREFIXES = ("check_", "test_")


def tests_of_question(masters: Iterable[Master], question: str) -> dict[str, frozenset[str]]:
    """Return which test cells belong to a question, by notebook.

    Parameters
    ----------
    masters : iterable of Master
        The assignment's notebooks.
    question : str
        Grade id of a test cell, with or without ``check_`` or ``test_`` before it.

    Raises
    ------
    ClassDirectoryError
        If no test cell is called like that.
    """
    masters = list(masters)
    found = {
        master.notebook: frozenset(
            cell.grade_id for cell in master.tests if question in _names(cell.grade_id or "")
        )
        for master in masters
    }
    found = {notebook: tests for notebook, tests in found.items() if tests}
    if not found:
        known = ", ".join(str(cell.grade_id) for master in masters for cell in master.tests)
        raise ClassDirectoryError(f"no autograded question is called {question!r}; there are: {known}")
    return found


def can_keep_the_others(earlier: NotebookResult | None, submission_hash: str, master: Master) -> bool:
    """Tell whether a student's other scores stand: the same file, judged before, with all its tests."""
    if earlier is None or earlier.status != "graded" or earlier.submission_hash != submission_hash:
        return False
    return {cell.grade_id for cell in master.tests} <= {check.grade_id for check in earlier.checks}


def with_the_others(
    verdict: Verdict, earlier: NotebookResult, only: Collection[str], graded: Path
) -> Verdict:
    """Return a verdict in which only one question's tests are new.

    Parameters
    ----------
    verdict : Verdict
        Of the whole notebook, now.
    earlier : NotebookResult
        What was recorded: it can be kept (`can_keep_the_others`).
    only : collection of str
        Grade ids of the question's tests.
    graded : Path
        The graded notebook as it lies in ``autograded/``: it holds what people read under the other tests.
    """
    kept = {check.grade_id: check for check in earlier.checks}
    shown = _shown(graded)
    tests = tuple(
        test
        if test.result.grade_id in only
        else GradedTest(_within(kept[test.result.grade_id], test), shown.get(test.result.grade_id, ""))
        for test in verdict.tests
    )
    return replace(verdict, tests=tests)


def _within(kept: CheckResult, test: GradedTest) -> CheckResult:
    """Return an earlier result with the points that its test can give now."""
    maximum = test.result.max_points
    return replace(kept, points=min(kept.points, maximum), max_points=maximum)


def _names(grade_id: str) -> set[str]:
    return {grade_id} | {grade_id.removeprefix(prefix) for prefix in _PREFIXES}


def _shown(graded: Path) -> dict[str, str]:
    """Return the HTML that the engine wrote under each test of a graded notebook, by grade id."""
    try:
        cells = json.loads(graded.read_text(encoding="utf-8"))["cells"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    found = {}
    for cell in cells:
        grade_id = cell.get("metadata", {}).get("nbgrader", {}).get("grade_id")
        for output in cell.get("outputs", ())[:1]:
            if grade_id and output.get("output_type") == "execute_result":
                found[grade_id] = _text(output.get("data", {}).get("text/html", ""))
    return found


def _text(value: Any) -> str:  # noqa: ANN401 - a notebook's text is a string, or a list of lines
    return value if isinstance(value, str) else "".join(value)
