"""What the gradebook says that students have: automatic and manual scores, and late penalties."""

from __future__ import annotations

from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from grading.engine.class_directory import ClassDirectory
from grading.engine.nbgrader_session import class_config, course_directory, scripts_on_path


@dataclass(frozen=True)
class RecordedScore:
    """One student's score of one assignment, as nbgrader counts it.

    Attributes
    ----------
    student : str
        Their id.
    score, max_score, late_penalty : float
        The score has the penalty taken off, and is not below 0.
    needs_manual_grade : bool
        Whether something waits for the instructor.
    """

    student: str
    score: float
    max_score: float
    late_penalty: float
    needs_manual_grade: bool


def recorded_scores(directory: ClassDirectory, assignment: str) -> list[RecordedScore]:
    """Return the scores of all students who handed something in, by student.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        Its assignment; one that the gradebook does not know has no scores.
    """
    view = course_directory(class_config(directory), directory)
    with scripts_on_path(), Gradebook(view.db_url, view.course_id) as gradebook:
        try:
            gradebook.find_assignment(assignment)
        except MissingEntry:
            return []
        found = [
            RecordedScore(
                item.student.id,
                max(0.0, float(item.score) - float(item.late_submission_penalty or 0.0)),
                float(item.max_score),
                float(item.late_submission_penalty or 0.0),
                bool(item.needs_manual_grade),
            )
            for item in gradebook.assignment_submissions(assignment)
        ]
    return sorted(found, key=lambda score: score.student)
