"""The class's gradebook, written through nbgrader's own code: one process, one transaction a submission."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Collection, Iterator
from typing import Any

import nbformat
from nbgrader.api import Grade, Gradebook, InvalidEntry, MissingEntry
from nbgrader.utils import parse_utc
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from grading.engine.class_directory import ClassDirectory
from grading.engine.database_locks import is_lock, say_when_locked
from grading.engine.extensions import extensions
from grading.engine.nbgrader_session import (
    captured_log,
    class_config,
    course_directory,
    gradebook_address,
    scripts_on_path,
)
from grading.engine.recording_steps import SharedGradebook, SharedPenalties, give_time
from grading.engine.submissions import Submission
from grading.engine.verdict import Verdict

_LOCK_PATIENCE = 600.0
_LOCK_PAUSE = 0.5


class GradebookError(Exception):
    """The gradebook cannot be read or written; the text says the way out."""


class ClassGradebook:
    """Writes the scores of one assignment, as a context manager.

    Parameters
    ----------
    directory : ClassDirectory
        The class; ``nbgrader_config.py`` there may name another database.
    assignment : str
        A released assignment.
    notify : callable
        Called with a sentence when somebody else holds the database.
    patience : float, optional
        Seconds to wait for a lock before giving up.

    Raises
    ------
    GradebookError
        On entering, if the assignment is not in the gradebook.
    """

    def __init__(
        self,
        directory: ClassDirectory,
        assignment: str,
        notify: Callable[[str], None],
        *,
        patience: float = _LOCK_PATIENCE,
    ) -> None:
        self._config = class_config(directory)
        self._view = course_directory(self._config, directory, assignment_id=assignment)
        self._address = gradebook_address(self._config, directory)
        self._assignment = assignment
        self._notify = notify
        self._patience = patience
        self._extensions = extensions(directory, assignment)
        self._opened: Gradebook | None = None

    def __enter__(self) -> ClassGradebook:
        try:
            self._waiting(self._open)
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, *exception: object) -> None:
        self._close()

    def checksums(self, notebook: str) -> dict[str, str | None]:
        """Return nbgrader's checksum of every locked, graded or solution cell, by grade id.

        Raises
        ------
        GradebookError
            If the notebook was not released.
        """
        try:
            released = self._gradebook.find_notebook(notebook, self._assignment)
            return {cell.name: cell.checksum for cell in released.source_cells}
        except MissingEntry as problem:
            raise GradebookError(self._not_released(notebook)) from problem

    def sources(self, notebook: str) -> dict[str, str]:
        """Return the text of every locked, graded or solution cell as it was released, by grade id.

        Raises
        ------
        GradebookError
            If the notebook was not released.
        """
        try:
            released = self._gradebook.find_notebook(notebook, self._assignment)
        except MissingEntry as problem:
            raise GradebookError(self._not_released(notebook)) from problem
        return {cell.name: cell.source for cell in released.source_cells if cell.source is not None}

    def points(self, notebook: str) -> dict[str, float]:
        """Return what each graded cell is worth, as recorded at release."""
        try:
            return {
                cell.name: float(cell.max_score)
                for cell in self._gradebook.find_notebook(notebook, self._assignment).grade_cells
            }
        except MissingEntry as problem:
            raise GradebookError(self._not_released(notebook)) from problem

    def has(self, student: str, notebook: str) -> bool:
        """Tell whether a submission has its scores in the gradebook."""
        try:
            found = self._gradebook.find_submission_notebook(notebook, self._assignment, student)
        except MissingEntry:
            return False
        return all(grade.auto_score is not None or grade.needs_manual_grade for grade in found.grades)

    def record(
        self,
        submission: Submission,
        verdict: Verdict,
        notebook: dict[str, Any],
        *,
        only: Collection[str] | None = None,
    ) -> None:
        """Write the scores of one submission, in one transaction.

        Parameters
        ----------
        submission : Submission
            Who, what and when.
        verdict : Verdict
            Tests with status ``"error"`` are marked for the instructor's eyes.
        notebook : dict
            The composed notebook that carries the scores.
        only : collection of str, optional
            Grade ids of the tests that were graded again: what the gradebook says of all other cells stays.

        Raises
        ------
        GradebookError
            If the database stays locked, or refuses.
        """
        self._waiting(lambda: self._write(submission, verdict, nbformat.from_dict(notebook), only))

    def count_lateness_again(self, students: Collection[str] | None = None) -> None:
        """Set extensions and late penalties of what is graded already, after a due date has changed.

        Parameters
        ----------
        students : collection of str, optional
            Whose own due dates were set or taken back; None if everybody's has changed.

        Raises
        ------
        GradebookError
            If the database stays locked, or refuses.
        """
        self._waiting(lambda: self._count_lateness(students))

    @property
    def _gradebook(self) -> Gradebook:
        if self._opened is None:
            raise GradebookError(f"the gradebook {self._address} is not open: use it in a `with` block")
        return self._opened

    def _close(self) -> None:
        if self._opened is not None:
            self._opened.db.remove()
            self._opened.engine.dispose()
            self._opened = None

    def _open(self) -> None:
        self._close()
        with scripts_on_path():
            self._opened = Gradebook(self._view.db_url, self._view.course_id)
        say_when_locked(self._gradebook.engine)
        try:
            self._gradebook.find_assignment(self._assignment)
        except MissingEntry as problem:
            raise GradebookError(self._not_released(self._assignment)) from problem

    def _write(
        self,
        submission: Submission,
        verdict: Verdict,
        notebook: Any,  # noqa: ANN401 - nbformat's untyped node
        only: Collection[str] | None,
    ) -> None:
        student, assignment = submission.student, submission.assignment
        gradebook = self._gradebook
        saver, penalties = SharedGradebook(config=self._config), SharedPenalties(config=self._config)
        with self._one_transaction() as session, session.no_autoflush, captured_log(saver, penalties):
            gradebook.update_or_create_student(student)
            when = {} if (moment := submitted_at(submission)) is None else {"timestamp": moment}
            give_time(gradebook.update_or_create_submission(assignment, student, **when), self._extensions)
            names = {"notebook": submission.notebook, "assignment": assignment, "student": student}
            before = self._others(submission, only)
            saver.preprocess(notebook, {"nbgrader": names, "gradebook": gradebook})
            if not verdict.cells:
                # Nothing was handed in that could be read: then no answer is missing in it, either.
                self._without_comments(submission)
            for grade, auto_score, needs_manual_grade in before:
                grade.auto_score, grade.needs_manual_grade = auto_score, needs_manual_grade
            for test in verdict.tests:
                if test.result.status == "error" and (only is None or test.result.grade_id in only):
                    grade = gradebook.find_grade(
                        test.result.grade_id, submission.notebook, assignment, student
                    )
                    grade.needs_manual_grade = True
            gradebook.db.flush()
            penalties.apply(gradebook, assignment, student, submission.notebook)

    def _without_comments(self, submission: Submission) -> None:
        names = (submission.notebook, submission.assignment, submission.student)
        for comment in self._gradebook.find_submission_notebook(*names).comments:
            comment.auto_comment = None

    def _others(
        self, submission: Submission, only: Collection[str] | None
    ) -> list[tuple[Grade, float | None, bool]]:
        """Return the grades that must not change, and what they are."""
        if only is None:
            return []
        notebook = self._gradebook.find_submission_notebook(
            submission.notebook, submission.assignment, submission.student
        )
        return [
            (grade, grade.auto_score, grade.needs_manual_grade)
            for grade in notebook.grades
            if grade.name not in only
        ]

    def _count_lateness(self, students: Collection[str] | None) -> None:
        gradebook, penalties = self._gradebook, SharedPenalties(config=self._config)
        with self._one_transaction(), captured_log(penalties):
            for submission in gradebook.assignment_submissions(self._assignment):
                student = submission.student.id
                if students is None or student in students:
                    give_time(submission, self._extensions, take_back=students is not None)
                    gradebook.db.flush()
                    for notebook in submission.notebooks:
                        penalties.apply(gradebook, self._assignment, student, notebook.name)

    @contextlib.contextmanager
    def _one_transaction(self) -> Iterator[Session]:
        """Turn the commits inside nbgrader's methods into flushes, and commit once at the end."""
        session = self._gradebook.db()
        session.commit = session.flush
        try:
            yield session
        except BaseException:
            del session.commit
            session.rollback()
            raise
        del session.commit
        try:
            session.commit()
        except BaseException:
            session.rollback()
            raise

    def _waiting(self, work: Callable[[], None]) -> None:
        """Do some work, and do it again for as long as another program holds the database."""
        deadline, told = time.monotonic() + self._patience, False
        while True:
            try:
                return work()
            except (OperationalError, InvalidEntry) as caught:
                problem = _database_fault(caught)
                if problem is None:
                    raise
                if not is_lock(problem):
                    raise GradebookError(
                        f"the gradebook {self._address} refuses: {problem.orig}. Check the disk's space, "
                        "the file's permissions or the server, and whether `nbgrader db upgrade` is due "
                        "(after a backup)"
                    ) from problem
                if time.monotonic() > deadline:
                    raise GradebookError(
                        f"the gradebook {self._address} stayed locked for {self._patience:g} s by another "
                        "program; close it (formgrader, a database browser) and run the command "
                        "again: nothing is lost"
                    ) from problem
                if not told:
                    self._notify("the gradebook is locked by another program (formgrader?); waiting for it")
                    told = True
                time.sleep(_LOCK_PAUSE)

    def _not_released(self, name: str) -> str:
        return f"{name!r} is not in the gradebook; run `course release {self._assignment}` first"


def _database_fault(problem: BaseException | None) -> OperationalError | None:
    """Return what the database said, which nbgrader's own exceptions may wrap."""
    while problem is not None and not isinstance(problem, OperationalError):
        problem = problem.__cause__ or problem.__context__
    return problem


def submitted_at(submission: Submission) -> Any | None:  # noqa: ANN401 - datetime, or None
    """Return when a submission was handed in, as nbgrader keeps it; None where that cannot be read."""
    if submission.timestamp is None:
        return None
    try:
        return parse_utc(submission.timestamp)
    except (ValueError, OverflowError, TypeError):
        return None
