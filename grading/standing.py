"""How far a learner is: which lectures are worked through, and which checks passed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grading.notebook_changes import code_cells
from grading.progress import Progress

_CHECK = "check_"


@dataclass(frozen=True)
class Standing:
    """How much of one lecture or assignment is done.

    Attributes
    ----------
    name : str
        The notebook's name without its suffix.
    done, total : int
        Cells that ran, of those that can; or checks that passed, of all.
    """

    name: str
    done: int
    total: int

    @property
    def complete(self) -> bool:
        """Whether nothing is left."""
        return self.total > 0 and self.done == self.total


def look_at_cells(root: Path, course: Mapping[str, bytes], progress: Progress) -> None:
    """Record which cells of the lectures ran, as their outputs in a copy tell.

    Parameters
    ----------
    root : Path
        The copy.
    course : mapping of str to bytes
        What the course hands out, by its place in the copy.
    progress : Progress
        Where to record it. What ran once stays recorded when outputs are cleared.
    """
    for name in lectures_of(course):
        try:
            mine = (root / name).read_bytes()
        except FileNotFoundError:
            continue
        ran = [cell for cell, has_run in code_cells(mine).items() if has_run]
        progress.record_cells(PurePosixPath(name).stem, ran)


def lecture_standings(course: Mapping[str, bytes], progress: Progress) -> list[Standing]:
    """Return for every lecture how many of its cells have run: those of today's version only."""
    known = {(record.lecture, record.cell) for record in progress.cells()}
    found = []
    for name in lectures_of(course):
        stem, cells = PurePosixPath(name).stem, code_cells(course[name])
        found.append(Standing(stem, sum((stem, cell) in known for cell in cells), len(cells)))
    return found


def assignment_standings(course: Mapping[str, bytes], progress: Progress) -> list[Standing]:
    """Return for every assignment how many of its checks have passed, in the notebook or in the sandbox."""
    passed = {record.name for record in progress.checks() if record.passed_at is not None}
    found = []
    for name, data in sorted(course.items()):
        if name.startswith("assignments/") and name.endswith(".ipynb"):
            checks = check_names(data)
            found.append(Standing(PurePosixPath(name).stem, len(passed & checks), len(checks)))
    return found


def lectures_of(course: Mapping[str, bytes]) -> list[str]:
    """Return which files are lectures."""
    return sorted(name for name in course if name.startswith("lectures/") and name.endswith(".ipynb"))


def check_names(notebook: bytes) -> set[str]:
    """Return the names of an assignment's checks: the grade ids of its tests, without ``check_``."""
    marks = [
        cell["metadata"].get("nbgrader", {})
        for cell in json.loads(notebook)["cells"]
        if cell["cell_type"] == "code"
    ]
    return {
        mark["grade_id"].removeprefix(_CHECK)
        for mark in marks
        if mark.get("grade") and not mark.get("solution")
    }
