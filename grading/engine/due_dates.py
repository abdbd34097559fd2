"""When an assignment is due, for everybody and for one student; what is graded counts by it at once."""

from __future__ import annotations

import difflib
from datetime import UTC, datetime

from nbgrader.api import Gradebook, MissingEntry

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.class_lock import only_one_at_work
from grading.engine.extensions import keep_extension
from grading.engine.gradebook import ClassGradebook
from grading.engine.nbgrader_session import class_config, course_directory, scripts_on_path
from grading.engine.roster import class_roster


def extend(directory: ClassDirectory, assignment: str, student: str, due: datetime | None) -> None:
    """Give a student a due date of their own, or take it back; what is graded already counts by it at once.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment, student : str
        What and whose.
    due : datetime or None
        With a zone; None takes the extension back.

    Raises
    ------
    ClassDirectoryError
        If the assignment has no due date, or there is no such student.
    """
    with only_one_at_work(directory):
        _known(directory, assignment, student)
        # The file first: a kill in between leaves what the next grading puts right.
        keep_extension(directory, assignment, student, due)
        with ClassGradebook(directory, assignment, lambda text: None) as gradebook:
            gradebook.count_lateness_again([student])


def set_due_date(directory: ClassDirectory, assignment: str, due: datetime) -> None:
    """Set when an assignment is due for everybody without an extension.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its name; it need not be released yet.
    due : datetime
        With a zone.
    """
    view = course_directory(class_config(directory), directory)
    with only_one_at_work(directory):
        with scripts_on_path(), Gradebook(view.db_url, view.course_id) as gradebook:
            naive = due.astimezone(UTC).replace(tzinfo=None)
            gradebook.update_or_create_assignment(assignment, duedate=naive)
        with ClassGradebook(directory, assignment, lambda text: None) as gradebook:
            gradebook.count_lateness_again()


def _known(directory: ClassDirectory, assignment: str, student: str) -> None:
    view = course_directory(class_config(directory), directory)
    with scripts_on_path(), Gradebook(view.db_url, view.course_id) as gradebook:
        try:
            due = gradebook.find_assignment(assignment).duedate
        except MissingEntry:
            raise ClassDirectoryError(
                f"{assignment!r} is not in the gradebook; run `course release {assignment}` first"
            ) from None
        if due is None:
            raise ClassDirectoryError(
                f"{assignment!r} has no due date, so nothing is late. "
                f"Set one with `course release {assignment} --due '2026-10-05 18:00'`"
            )
        names = {person.id for person in gradebook.students}
    names |= {person.student_id for person in class_roster(directory)}
    names |= {path.parent.name for path in (directory.root / "submitted").glob(f"*/{assignment}")}
    if student not in names:
        near = difflib.get_close_matches(student, sorted(names), n=3)
        hint = f" Did you mean {' or '.join(near)}?" if near else ""
        raise ClassDirectoryError(f"nobody in this class is called {student!r}.{hint}")
