"""The code that students wrote for an assignment: text to be read, never executed and never parsed."""

from __future__ import annotations

import json
from dataclasses import dataclass

from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.master import Master
from grading.engine.released_master import master_of_class

# Of one student: far more than any answer needs, and little enough to compare a class.
MOST_CHARACTERS = 200_000


@dataclass(frozen=True)
class StudentCode:
    """What one student wrote.

    Attributes
    ----------
    student : str
        Who.
    cells : tuple of (str, str)
        Title and source of every code cell that is the student's: answers by their grade id, other cells by
        their place. Cells that were left as handed out are not in it.
    cut : bool
        Whether there was more than `MOST_CHARACTERS`.
    """

    student: str
    cells: tuple[tuple[str, str], ...]
    cut: bool = False

    @property
    def text(self) -> str:
        """Return all of it as one text, a line with its title above each cell."""
        return "\n\n".join(f"# ── {title}\n{source}" for title, source in self.cells)


def student_code(directory: ClassDirectory, assignment: str) -> list[StudentCode]:
    """Return what every student wrote, from the graded notebooks: there every answer has its right name.

    Parameters
    ----------
    directory : ClassDirectory
        The class.
    assignment : str
        A graded assignment.

    Returns
    -------
    list of StudentCode
        By student; of a submission that could not be read there is nothing.

    Raises
    ------
    ClassDirectoryError
        If nothing was graded yet.
    MasterError
        If the assignment's source cannot be read.
    """
    results = directory.results(assignment)
    masters = {name: master_of_class(directory, assignment, name) for name in directory.notebooks(assignment)}
    found: dict[str, list[tuple[str, str]]] = {}
    for result in results:
        own = found.setdefault(result.student, [])
        if result.status == "unreadable":
            continue
        name = result.notebook or next(iter(masters))
        if name not in masters:
            continue
        path = directory.assignment("autograded", assignment, result.student) / f"{name}.ipynb"
        if path.is_file():
            prefix = f"{name}: " if len(masters) > 1 else ""
            try:
                cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            except (ValueError, KeyError, TypeError) as problem:
                raise ClassDirectoryError(
                    f"{path} cannot be read: {problem}. Write it again with "
                    f"`course grade {assignment} --force --student {result.student}`"
                ) from problem
            own += [(prefix + title, source) for title, source in _own_cells(cells, masters[name])]
    return [_capped(student, cells) for student, cells in sorted(found.items())]


def handed_out(directory: ClassDirectory, assignment: str) -> list[str]:
    """Return the code that every student was given: the released notebooks."""
    return [
        cell.source
        for name in directory.notebooks(assignment)
        for cell in master_of_class(directory, assignment, name).released
        if cell.cell_type == "code"
    ]


def model_answers(directory: ClassDirectory, assignment: str) -> list[str]:
    """Return the code of the masters, solutions included."""
    return [
        cell.source
        for name in directory.notebooks(assignment)
        for cell in master_of_class(directory, assignment, name).cells
        if cell.cell_type == "code"
    ]


def _own_cells(cells: list[dict], master: Master) -> list[tuple[str, str]]:
    known = master.by_id
    given = {cell.source.strip() for cell in (*master.released, *master.cells)}
    # A model answer that a student has word for word is the student's, too.
    given -= {cell.source.strip() for cell in master.cells if cell.nbgrader.get("solution")}
    own = []
    for place, cell in enumerate(cells, start=1):
        if cell.get("cell_type") != "code" or not cell["source"].strip():
            continue
        marks = cell.get("metadata", {}).get("nbgrader", {})
        asked = known.get(marks.get("grade_id"))
        locked = asked is not None and (asked.is_test or not asked.nbgrader.get("solution"))
        if locked or cell["source"].strip() in given:
            continue
        own.append((marks.get("grade_id") or f"cell {place}", cell["source"]))
    return own


def _capped(student: str, cells: list[tuple[str, str]]) -> StudentCode:
    kept, left = [], MOST_CHARACTERS
    for title, source in cells:
        if left <= 0:
            break
        kept.append((title, source[:left]))
        left -= len(source)
    return StudentCode(student, tuple(kept), left < 0)
