"""Writing feedback for students, through nbgrader's own converter."""

from __future__ import annotations

import glob
from collections.abc import Collection
from pathlib import Path

from nbgrader.converters import GenerateFeedback

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.nbgrader_session import class_config, course_directory, run_converter


def write_feedback(
    directory: ClassDirectory, assignment: str, students: Collection[str] | None = None
) -> list[Path]:
    """Write one page a graded notebook.

    Parameters
    ----------
    directory : ClassDirectory
        The class; its ``nbgrader_config.py`` names exporter and preprocessors.
    assignment : str
        A graded assignment.
    students : collection of str, optional
        Only these.

    Returns
    -------
    list of Path
        The pages, sorted.

    Raises
    ------
    ClassDirectoryError
        If nothing was graded yet.
    NbgraderError
        If nbgrader fails for some student; the others' pages are written.
    """
    graded = sorted(
        path.parent.name for path in (directory.root / "autograded").glob(f"*/{glob.escape(assignment)}")
    )
    chosen = graded if students is None else [student for student in graded if student in set(students)]
    if not chosen:
        raise ClassDirectoryError(
            f"nothing of {assignment!r} has been graded here; run `course grade {assignment}`"
        )
    config = class_config(directory)
    for pattern in ["*"] if students is None else [glob.escape(student) for student in chosen]:
        view = course_directory(config, directory, assignment_id=assignment, student_id=pattern)
        converter = GenerateFeedback(coursedir=view, config=config)
        converter.force = True
        run_converter(converter)
    return sorted(
        page
        for student in chosen
        for name in directory.notebooks(assignment)
        if (page := directory.assignment("feedback", assignment, student) / f"{name}.html").is_file()
    )
