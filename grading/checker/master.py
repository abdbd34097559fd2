"""The instructor's master copy of a notebook: which cell plays which part, and what it is worth.

Points, grade ids, test cells and locked cells come from here only; nothing a submission says about them
counts.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

SOLUTION_REGION = re.compile(
    r"^([ \t]*)### BEGIN SOLUTION.*?### END SOLUTION[^\n]*$", re.DOTALL | re.MULTILINE
)
HIDDEN_BEGIN, HIDDEN_END = "### BEGIN HIDDEN TESTS", "### END HIDDEN TESTS"
CODE_STUB = ("# YOUR CODE HERE", "raise NotImplementedError()")
TEXT_STUB = "YOUR ANSWER HERE"


class MasterProblem(ValueError):
    """The master copy cannot be used for grading; the text tells the instructor what to change."""


@dataclass(frozen=True)
class MasterCell:
    """One cell of the master copy.

    Attributes
    ----------
    position : int
        Its place in the master, from 0.
    role : str
        ``"solution"`` (the student writes it), ``"test"`` (autograded), ``"manual"`` (a person grades it),
        ``"locked"`` (restored from the master), ``"plain"`` (ungraded, unlocked code) or ``"markdown"``.
    cell_type : str
        ``"code"``, ``"markdown"`` or ``"raw"``.
    source : str
        With solutions and hidden tests.
    grade_id : str or None
        nbgrader's name of the cell.
    points : float
        What a test cell is worth; 0 for other cells.
    """

    position: int
    role: str
    cell_type: str
    source: str
    grade_id: str | None = None
    points: float = 0.0

    @property
    def restored(self) -> bool:
        """Whether the master's text replaces whatever was submitted in this place."""
        return self.role in ("test", "locked")

    @cached_property
    def released_source(self) -> str:
        """The text that students were given: solutions replaced by a stub."""
        if self.role not in ("solution", "manual"):
            return self.source
        if self.cell_type != "code":
            return TEXT_STUB
        if CODE_STUB[1] in self.source and not SOLUTION_REGION.search(self.source):
            # Installed without solutions: this is the students' text already.
            return self.source
        if not SOLUTION_REGION.search(self.source):
            return "\n".join(CODE_STUB)
        return SOLUTION_REGION.sub(
            lambda found: "\n".join(found[1] + line for line in CODE_STUB), self.source
        )

    @cached_property
    def hidden_lines(self) -> frozenset[int]:
        """Line numbers (from 1) that students never see: the hidden tests of a test cell."""
        hidden: set[int] = set()
        inside = False
        for number, line in enumerate(self.source.splitlines(), start=1):
            if HIDDEN_BEGIN in line:
                inside = True
            if inside:
                hidden.add(number)
            if HIDDEN_END in line:
                inside = False
        return frozenset(hidden)


@dataclass(frozen=True)
class Master:
    """A master notebook, read.

    Attributes
    ----------
    cells : tuple of MasterCell
        In order.
    """

    cells: tuple[MasterCell, ...]

    @cached_property
    def by_id(self) -> dict[str, MasterCell]:
        """Cells that have a grade id, by it."""
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id is not None}

    @cached_property
    def tests(self) -> tuple[MasterCell, ...]:
        """The autograded test cells, in order."""
        return tuple(cell for cell in self.cells if cell.role == "test")


def read_master(text: str) -> Master:
    """Read a master notebook (nbgrader's source format, nbformat 4).

    Parameters
    ----------
    text : str
        The .ipynb file's text, with solutions.

    Returns
    -------
    Master

    Raises
    ------
    MasterProblem
        If it is not a notebook, a grade id is missing or used twice, or points are not a finite number >= 0.
    """
    try:
        notebook = json.loads(text)
        cells = tuple(_read_cell(position, cell) for position, cell in enumerate(notebook["cells"]))
    except MasterProblem:
        raise
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise MasterProblem(
            f"the master is not an nbformat 4 notebook ({type(error).__name__}: {error})"
        ) from None
    seen: set[str] = set()
    for cell in cells:
        if cell.grade_id is not None and cell.grade_id in seen:
            raise MasterProblem(
                f"two cells of the master have the grade id {cell.grade_id!r}: give each its own"
            )
        seen.add(cell.grade_id)
    return Master(cells)


def _read_cell(position: int, cell: Mapping) -> MasterCell:
    source = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
    marks = cell.get("metadata", {}).get("nbgrader") or {}
    role = _role(cell["cell_type"], marks)
    grade_id = marks.get("grade_id") if role not in ("plain", "markdown") else None
    if role not in ("plain", "markdown") and not isinstance(grade_id, str):
        raise MasterProblem(f"cell {position + 1} of the master is a {role} cell without a grade id")
    points = _points(grade_id, marks) if role == "test" else 0.0
    return MasterCell(position, role, cell["cell_type"], source, grade_id, points)


def _role(cell_type: str, marks: Mapping) -> str:
    grade, solution = bool(marks.get("grade")), bool(marks.get("solution"))
    if marks.get("task") or (grade and (solution or cell_type != "code")):
        return "manual"
    if grade:
        return "test"
    if solution:
        return "solution" if cell_type == "code" else "manual"
    if marks.get("locked"):
        return "locked"
    return "plain" if cell_type == "code" else "markdown"


def _points(grade_id: str, marks: Mapping) -> float:
    points = marks.get("points", 0)
    valid = (
        isinstance(points, int | float)
        and not isinstance(points, bool)
        and math.isfinite(points)
        and points >= 0
    )
    if not valid:
        raise MasterProblem(f"the points of {grade_id!r} are {points!r}; expected a number of at least 0")
    return float(points)
