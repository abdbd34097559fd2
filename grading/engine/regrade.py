"""Grading again what counts already: a copy of the gradebook first, and afterwards what changed for whom."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import make_url

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.nbgrader_session import class_config, course_directory
from grading.engine.safe_files import write_atomically
from grading.results import NotebookResult

_STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True)
class Change:
    """A score that a regrade changed.

    Attributes
    ----------
    student, notebook : str
        Whose, and of which notebook.
    before, after : float
        Automatic scores.
    checks : dict of str to list of float
        Points before and after of every check whose points changed.
    """

    student: str
    notebook: str
    before: float
    after: float
    checks: dict[str, list[float]]


@dataclass(frozen=True)
class Regrade:
    """One time that an assignment was graded again.

    Attributes
    ----------
    at : datetime
        When, in UTC.
    changes : tuple of Change
        What it changed; empty where every score stayed.
    """

    at: datetime
    changes: tuple[Change, ...]


def back_up_gradebook(directory: ClassDirectory) -> Path | None:
    """Copy the gradebook to ``.course/backups``, also while other programs have it open.

    Returns
    -------
    Path or None
        The copy; None where the gradebook is not an SQLite file, whose server keeps its own backups.

    Raises
    ------
    ClassDirectoryError
        If the copy cannot be made: nothing must be graded again then.
    """
    address = make_url(course_directory(class_config(directory), directory).db_url)
    if address.get_backend_name() != "sqlite" or not address.database:
        return None
    backups = directory.memory / "backups"
    backups.mkdir(mode=0o700, exist_ok=True)
    target = backups / f"gradebook-{_stamp()}.db"
    # The address may be a URI of its own, as `file:…?mode=ro`.
    own = address.database
    source = own if own.startswith("file:") else Path(own).absolute().as_uri()
    try:
        with (
            contextlib.closing(sqlite3.connect(source, uri=True)) as original,
            contextlib.closing(sqlite3.connect(target)) as copy,
        ):
            original.backup(copy)
        target.chmod(0o600)
    except (sqlite3.Error, OSError) as problem:
        with contextlib.suppress(FileNotFoundError):
            target.unlink()
        raise ClassDirectoryError(
            f"the gradebook could not be backed up to {target}, so nothing is graded again: {problem}"
        ) from problem
    return target


def results_before(directory: ClassDirectory, assignment: str) -> list[NotebookResult]:
    """Return the results that a regrade will replace; those that cannot be read have nothing to compare."""
    try:
        return directory.results(assignment)
    except ClassDirectoryError:
        return []


def changes_between(before: Iterable[NotebookResult], after: Iterable[NotebookResult]) -> tuple[Change, ...]:
    """Return what differs, by student and notebook.

    Parameters
    ----------
    before, after : iterable of NotebookResult
        Those in one only are not compared.
    """
    earlier = {(result.student, result.notebook): result for result in before}
    changes = []
    for result in after:
        old = earlier.get((result.student, result.notebook))
        if old is None:
            continue
        points = {check.grade_id or check.name: check.points for check in old.checks}
        differing = {
            name: [points[name], check.points]
            for check in result.checks
            if (name := check.grade_id or check.name) in points and points[name] != check.points
        }
        if differing or old.score != result.score:
            changes.append(Change(result.student, result.notebook, old.score, result.score, differing))
    return tuple(changes)


def store_changes(directory: ClassDirectory, assignment: str, changes: Iterable[Change]) -> Path:
    """Write what a regrade changed to ``.course/regrades/<assignment>/<time>.json``; return its path."""
    target = directory.memory / "regrades" / assignment / f"{_stamp()}.json"
    listed = {"assignment": assignment, "changes": [asdict(change) for change in changes]}
    data = json.dumps(listed, indent=1, ensure_ascii=False) + "\n"
    write_atomically(target, data.encode("utf-8"), mode=0o600)
    return target


def stored_regrades(directory: ClassDirectory, assignment: str) -> list[Regrade]:
    """Return what `store_changes` kept of an assignment, the latest first.

    Raises
    ------
    ClassDirectoryError
        If a file cannot be understood.
    """
    found = []
    for path in sorted((directory.memory / "regrades" / assignment).glob("*.json"), reverse=True):
        try:
            at = datetime.strptime(path.stem, _STAMP).replace(tzinfo=UTC)
            listed = json.loads(path.read_text(encoding="utf-8"))["changes"]
            found.append(Regrade(at, tuple(Change(**change) for change in listed)))
        except (ValueError, KeyError, TypeError) as problem:
            raise ClassDirectoryError(
                f"{path} cannot be read: {problem}. It only tells what a regrade changed: move it away"
            ) from problem
    return found


def _stamp() -> str:
    return datetime.now(UTC).strftime(_STAMP)
