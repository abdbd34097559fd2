"""When a student sees the model solution: after full marks, or from the day that the class allows it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from grading.engine.master import read_master
from grading.engine.question import (
    QuestionError,
    own_cell,
    read_own_notebook,
    solution_cell,
    source_of,
    without_marks,
)
from grading.engine.safe_files import write_atomically
from grading.engine.shipped import shipped_master
from grading.engine.single import grade_notebook
from grading.results import CheckResult

_KEY, _FROM = "course", "solutions_from"


@dataclass(frozen=True)
class Shown:
    """A student's answer and the model solution.

    Attributes
    ----------
    theirs, model : str
        The two sources; the model's is empty where it is withheld.
    withheld : str
        Why there is nothing to see yet, and what to do.
    """

    theirs: str
    model: str
    withheld: str = ""


def model_solution(path: Path, assignment: str, question: str, *, now: datetime | None = None) -> Shown:
    """Return the model solution of one question, if its time has come.

    Parameters
    ----------
    path : Path
        The student's notebook.
    assignment : str
        A shipped assignment.
    question : str
        Grade id of the solution cell, which is the function's name.
    now : datetime, optional
        The time, with its zone.

    Returns
    -------
    Shown

    Raises
    ------
    FileNotFoundError
        If there is no such notebook.
    LookupError
        If there is no such assignment.
    QuestionError
        If there is no such question, the file is no notebook, or this installation carries no solutions.
    CheckerUnavailable
        If the check cannot be run.
    """
    asked = solution_cell(read_master(shipped_master(assignment), assignment), question)
    notebook = read_own_notebook(path)
    cell = own_cell(notebook, question)
    theirs = "" if cell is None else source_of(cell)
    model = without_marks(asked)
    if model is None:
        raise QuestionError(
            "this installation carries no model solutions: they are in the course's repository"
        )
    opens = _allowed_from(notebook)
    if opens is None or (now or datetime.now().astimezone()) < opens:
        reason = _not_yet(_check_of(path, assignment, question), question, opens)
        if reason:
            return Shown(theirs, "", reason)
    return Shown(theirs, model)


def allow_from(released: Path, opens: datetime) -> None:
    """Write into a released notebook from when on its students may see model solutions, right or not.

    Parameters
    ----------
    released : Path
        The notebook that students get.
    opens : datetime
        The day and hour, with its zone.

    Raises
    ------
    ValueError
        If the time has no zone: students may live in another.
    """
    if opens.tzinfo is None:
        raise ValueError(f"opens must have a time zone, got {opens.isoformat()}")
    notebook = json.loads(released.read_text(encoding="utf-8"))
    notebook["metadata"].setdefault(_KEY, {})[_FROM] = opens.isoformat()
    text = json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"
    write_atomically(released, text.encode("utf-8"))


def _allowed_from(notebook: dict[str, Any]) -> datetime | None:
    """Return when the class opens its solutions; None where it says nothing that can be read."""
    try:
        opens = datetime.fromisoformat(notebook["metadata"][_KEY][_FROM])
    except (KeyError, TypeError, ValueError):
        return None
    return opens if opens.tzinfo is not None else None


def _check_of(path: Path, assignment: str, question: str) -> CheckResult | None:
    result = grade_notebook(path, assignment)
    return next((check for check in result.checks if check.name == question), None)


def _not_yet(check: CheckResult | None, question: str, opens: datetime | None) -> str:
    """Say what is missing; nothing where the check passes."""
    if check is None:
        return f"{question} has no check of its own, so it cannot be told whether it is right"
    if check.status == "passed":
        return ""
    until = f", or from {opens:%d %B %Y, %H:%M %z} on" if opens else ""
    message = f" ({check.message.rstrip('.')})" if check.message else ""
    return f"the model solution is shown after full marks{until}. {question}: {check.status}{message}"
