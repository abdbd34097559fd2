"""Taking a student out of a class: what was handed in, graded and recorded moves to one place."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.class_lock import only_one_at_work
from grading.engine.extensions import extensions, forget_student
from grading.engine.nbgrader_session import class_config, course_directory, scripts_on_path
from grading.engine.regrade import back_up_gradebook
from grading.engine.roster import class_roster, write_roster
from grading.engine.submissions import why_not_a_student

_STEPS = ("submitted", "autograded", "feedback")


@dataclass(frozen=True)
class Traces:
    """What a class holds of a student.

    Attributes
    ----------
    student : str
        Whose.
    folders : tuple of Path
        Directories and files, relative to the class.
    scores : dict of str to float
        Scores in the gradebook, by assignment.
    in_gradebook, in_roster : bool
        Whether they are listed there.
    extended : tuple of str
        Assignments with a due date of their own.
    """

    student: str
    folders: tuple[Path, ...]
    scores: dict[str, float]
    in_gradebook: bool
    in_roster: bool
    extended: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.folders or self.in_gradebook or self.in_roster or self.extended)

    def __str__(self) -> str:
        parts = [f"{len(self.folders)} file(s) and folder(s)"] if self.folders else []
        parts += [f"a score of {score:g} in {name}" for name, score in sorted(self.scores.items())]
        parts += ["their row of the gradebook"] if self.in_gradebook else []
        parts += ["their line of the roster"] if self.in_roster else []
        parts += [f"an extension for {name}" for name in self.extended]
        return ", ".join(parts)


def traces_of(directory: ClassDirectory, student: str) -> Traces:
    """Return what a class holds of a student.

    Raises
    ------
    ClassDirectoryError
        If the name cannot be a student's.
    """
    if reason := why_not_a_student(student):
        raise ClassDirectoryError(f"{student!r} is no student: {reason}")
    scores, listed = {}, False
    view = course_directory(class_config(directory), directory)
    with scripts_on_path(), Gradebook(view.db_url, view.course_id) as gradebook:
        try:
            submissions = gradebook.find_student(student).submissions
            scores = {found.assignment.name: float(found.score) for found in submissions}
            listed = True
        except MissingEntry:
            pass
    assignments = sorted(path.stem for path in (directory.memory / "extensions").glob("*.json"))
    return Traces(
        student,
        tuple(path.relative_to(directory.root) for path in _places(directory, student)),
        scores,
        listed,
        any(person.student_id == student for person in class_roster(directory)),
        tuple(name for name in assignments if student in extensions(directory, name)),
    )


def remove_student(directory: ClassDirectory, student: str) -> tuple[Traces, Path]:
    """Take a student out of the class.

    The gradebook is backed up first. Files are moved and not copied: nothing a student handed in is opened.
    A removal that was interrupted is finished by the next.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    student : str
        Whom.

    Returns
    -------
    removed : Traces
        What there was.
    kept : Path
        Where the files are now, with the gradebook as it was.

    Raises
    ------
    ClassDirectoryError
        If the class holds nothing of such a student, or the backup cannot be made: nothing changed then.
    """
    with only_one_at_work(directory):
        traces = traces_of(directory, student)
        if not traces:
            raise ClassDirectoryError(f"this class holds nothing of a student called {student!r}")
        backup = back_up_gradebook(directory)
        kept = directory.memory / "removed" / f"{student}-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}"
        kept.mkdir(mode=0o700, parents=True)
        if backup is not None:
            os.replace(backup, kept / "gradebook.db")
        if traces.in_gradebook:
            view = course_directory(class_config(directory), directory)
            with scripts_on_path(), Gradebook(view.db_url, view.course_id) as gradebook:
                gradebook.remove_student(student)
        for path in traces.folders:
            target = kept / path
            target.parent.mkdir(parents=True, exist_ok=True)
            os.rename(directory.root / path, target)
        forget_student(directory, student)
        write_roster(
            directory, [person for person in class_roster(directory) if person.student_id != student]
        )
    return traces, kept


def _places(directory: ClassDirectory, student: str) -> Iterator[Path]:
    """Yield everything in the class that is this student's alone, links not followed."""
    for step in _STEPS:
        if os.path.lexists(directory.root / step / student):
            yield directory.root / step / student
    for results in sorted((directory.memory / "results").glob("*")):
        for name in (f"{student}.json", student):
            if os.path.lexists(results / name):
                yield results / name
