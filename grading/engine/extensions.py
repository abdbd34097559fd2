"""More time for one student: their own due date, kept in the class directory."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.safe_files import write_atomically


def read_moment(text: str) -> datetime:
    """Return a date and time that a person wrote.

    Parameters
    ----------
    text : str
        As ISO 8601: ``2026-10-05 18:00`` is meant in this computer's zone, ``2026-10-05 18:00+02:00`` in that
        one.

    Returns
    -------
    datetime
        With a zone.

    Raises
    ------
    ClassDirectoryError
        If it is no such text, or has no time of day: the day alone would end it at its first second.
    """
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or ":" not in text:
        raise ClassDirectoryError(f"{text!r} is no date with a time; write it like '2026-10-05 18:00'")
    return moment if moment.tzinfo is not None else moment.astimezone()


def extensions(directory: ClassDirectory, assignment: str) -> dict[str, datetime]:
    """Return the students' own due dates for an assignment.

    Raises
    ------
    ClassDirectoryError
        If the file that holds them was damaged.
    """
    return {student: datetime.fromisoformat(due) for student, due in _kept(directory, assignment).items()}


def keep_extension(directory: ClassDirectory, assignment: str, student: str, due: datetime | None) -> None:
    """Write down a student's own due date, or that there is none any more.

    Raises
    ------
    ClassDirectoryError
        If the file that holds them was damaged.
    """
    kept = _kept(directory, assignment)
    kept.pop(student, None)
    if due is not None:
        kept[student] = due.astimezone(UTC).isoformat()
    _keep(directory, assignment, kept)


def forget_student(directory: ClassDirectory, student: str) -> list[str]:
    """Take all extensions of a student back, in the file alone; return for which assignments."""
    found = []
    for path in sorted(_folder(directory).glob("*.json")):
        kept = _kept(directory, path.stem)
        if kept.pop(student, None) is not None:
            _keep(directory, path.stem, kept)
            found.append(path.stem)
    return found


def _kept(directory: ClassDirectory, assignment: str) -> dict[str, str]:
    path = _folder(directory) / f"{assignment}.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        for due in kept.values():
            datetime.fromisoformat(due)
    except FileNotFoundError:
        return {}
    except (ValueError, TypeError, AttributeError) as problem:
        raise ClassDirectoryError(
            f"{path} is damaged ({problem}); restore it from a backup, or remove it and extend again"
        ) from problem
    return kept


def _keep(directory: ClassDirectory, assignment: str, kept: Mapping[str, str]) -> None:
    data = json.dumps(dict(sorted(kept.items())), indent=1, ensure_ascii=False) + "\n"
    write_atomically(_folder(directory) / f"{assignment}.json", data.encode("utf-8"), mode=0o600)


def _folder(directory: ClassDirectory) -> Path:
    return directory.memory / "extensions"
