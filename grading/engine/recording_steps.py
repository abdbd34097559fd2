"""nbgrader's own steps of recording, scores and late penalties, on a gradebook that is open already."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from nbgrader.api import Gradebook, SubmittedAssignment
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades
from nbgrader.preprocessors.base import NbGraderPreprocessor


class SharedGradebook(SaveAutoGrades):
    """nbgrader's own saving of scores, on the gradebook that is open already."""

    def preprocess(self, nb: Any, resources: Any) -> Any:  # noqa: ANN401 - nbconvert's untyped interface
        """Save the scores that the notebook's outputs carry; ``resources`` holds the gradebook."""
        self.notebook_id = resources["nbgrader"]["notebook"]
        self.assignment_id = resources["nbgrader"]["assignment"]
        self.student_id = resources["nbgrader"]["student"]
        self.gradebook = resources["gradebook"]
        return NbGraderPreprocessor.preprocess(self, nb, resources)


class SharedPenalties(AssignLatePenalties):
    """nbgrader's own late penalties, on the gradebook that is open already."""

    def apply(self, gradebook: Gradebook, assignment: str, student: str, name: str) -> None:
        """Set the penalty of one submitted notebook; none where it was in time."""
        self.init_plugin()
        handed_in = gradebook.find_submission(assignment, student)
        notebook = gradebook.find_submission_notebook(name, assignment, student)
        notebook.late_submission_penalty = None
        seconds_late = handed_in.total_seconds_late
        if seconds_late > 0:
            penalty = self.plugin_inst.late_submission_penalty(student, notebook.score, seconds_late)
            if penalty is not None:
                notebook.late_submission_penalty = self._check_late_penalty(notebook, penalty)


def give_time(
    submission: SubmittedAssignment, own: Mapping[str, datetime], *, take_back: bool = False
) -> None:
    """Let the class directory decide about a student's extension.

    Parameters
    ----------
    submission : SubmittedAssignment
        In the gradebook.
    own : mapping of str to datetime
        Students' own due dates, with their zones.
    take_back : bool, optional
        Whether a student who has none loses an extension that the gradebook knows; else it stays, because
        nbgrader itself may have been told of it.
    """
    mine, due = own.get(submission.student.id), submission.assignment.duedate
    if mine is not None and due is not None:
        submission.extension = mine.astimezone(UTC).replace(tzinfo=None) - due
    elif take_back:
        submission.extension = None
