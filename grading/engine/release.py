"""Releasing an assignment: the student's version without solutions, and its cells in the gradebook."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nbgrader.converters import GenerateAssignment

from grading.engine.class_directory import ClassDirectory
from grading.engine.master import read_master
from grading.engine.nbgrader_session import class_config, course_directory, run_converter
from grading.engine.release_record import record_release
from grading.engine.shipped import copy_source, shipped_assignments


@dataclass(frozen=True)
class Release:
    """What releasing wrote.

    Attributes
    ----------
    assignment : str
        Its name.
    copied : bool
        Whether the shipped source was copied into the class directory first.
    notebooks : tuple of Path
        The students' notebooks.
    points : float
        What all graded cells are worth together.
    """

    assignment: str
    copied: bool
    notebooks: tuple[Path, ...]
    points: float


def release_assignment(directory: ClassDirectory, assignment: str) -> Release:
    """Make the student's version of an assignment through nbgrader.

    Parameters
    ----------
    directory : ClassDirectory
        The class. An assignment that it does not have in ``source/`` is copied from the course.
    assignment : str
        Its name.

    Returns
    -------
    Release
        Where it is.

    Raises
    ------
    LookupError
        If neither the class nor the course has this assignment.
    MasterError
        If the source cannot be graded as it is.
    NbgraderError
        If nbgrader refuses, for example because cells were added after submissions came in.
    """
    source = directory.assignment("source", assignment)
    copied = not source.exists()
    if copied:
        if assignment not in shipped_assignments():
            listed = ", ".join(shipped_assignments()) or "none"
            raise LookupError(
                f"there is no source/{assignment} in {directory.root}, and the course ships no such "
                f"assignment (it ships: {listed})"
            )
        copy_source(assignment, source)
    masters = [read_master(path, assignment) for path in sorted(source.glob("*.ipynb"))]
    if not masters:
        raise LookupError(f"{source} holds no notebook to release")
    config = class_config(directory)
    converter = GenerateAssignment(
        coursedir=course_directory(config, directory, assignment_id=assignment), config=config
    )
    converter.force = True
    run_converter(converter)
    released = directory.assignment("release", assignment)
    points = sum(cell.points for master in masters for cell in master.cells if cell.nbgrader.get("grade"))
    notebooks = tuple(released / f"{master.notebook}.ipynb" for master in masters)
    record_release(directory, assignment, notebooks)
    return Release(assignment, copied, notebooks, points)
