"""Which files of a class go with an assignment's notebooks, as nbgrader's configuration says."""

from __future__ import annotations

from grading.engine.class_directory import ClassDirectory
from grading.engine.extra_files import ExtraFiles, own_files
from grading.engine.nbgrader_session import class_config, course_directory


def released_files(directory: ClassDirectory, assignment: str) -> ExtraFiles:
    """Return the class's own files of an assignment: as released, or from the source where nothing was.

    Raises
    ------
    ClassDirectoryError
        If they are more than a sandbox can be given.
    """
    folder = directory.assignment("release", assignment)
    if not folder.is_dir():
        folder = directory.assignment("source", assignment)
    return own_files(folder, ignored_names(directory))


def ignored_names(directory: ClassDirectory) -> tuple[str, ...]:
    """Return which names nbgrader passes over in this class."""
    return tuple(course_directory(class_config(directory), directory).ignore)


def students_own(directory: ClassDirectory, assignment: str) -> tuple[str, ...]:
    """Return which released files students are to edit: nbgrader's ``Autograde.exclude_overwriting``."""
    excluded = class_config(directory).get("Autograde", {}).get("exclude_overwriting", {})
    return tuple(excluded.get(assignment, ()))
