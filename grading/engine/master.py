"""The instructor's copy of an assignment: the only source of grade ids, points and cell metadata."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_NBGRADER_KEYS = (
    "schema_version",
    "grade_id",
    "grade",
    "solution",
    "locked",
    "task",
    "points",
    "checksum",
    "cell_type",
)


class MasterError(Exception):
    """The master notebook cannot be used; the text says why."""


@dataclass(frozen=True)
class MasterCell:
    """One cell of the master.

    Attributes
    ----------
    cell_type, source : str
        As in the notebook.
    nbgrader : dict
        nbgrader's metadata, empty for a plain cell.
    attachments : dict
        Pictures of a Markdown cell.
    """

    cell_type: str
    source: str
    nbgrader: dict[str, Any] = field(default_factory=dict)
    attachments: dict[str, Any] = field(default_factory=dict)

    @property
    def grade_id(self) -> str | None:
        """The id that nbgrader knows the cell by, or None for a plain cell."""
        return self.nbgrader.get("grade_id")

    @property
    def is_test(self) -> bool:
        """Whether the cell is an autograded test."""
        graded = self.nbgrader.get("grade", False) and not self.nbgrader.get("solution", False)
        return bool(graded) and self.cell_type == "code"

    @property
    def points(self) -> float:
        """What the cell is worth."""
        return float(self.nbgrader.get("points", 0.0))


@dataclass(frozen=True)
class Master:
    """One master notebook.

    Attributes
    ----------
    assignment, notebook : str
        Names; the notebook's without suffix.
    text : str
        The file as it is, solutions and all: for the checker alone.
    cells : tuple of MasterCell
        In order.
    metadata : dict
        Kernel specification and language: what a graded copy carries.
    released : tuple of MasterCell
        The cells as students got them, without solutions and hidden tests; empty where nothing was released.
    """

    assignment: str
    notebook: str
    text: str
    cells: tuple[MasterCell, ...]
    metadata: dict[str, Any]
    released: tuple[MasterCell, ...] = ()

    @property
    def hash(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()

    @property
    def tests(self) -> tuple[MasterCell, ...]:
        """The autograded test cells, in order."""
        return tuple(cell for cell in self.cells if cell.is_test)

    @property
    def by_id(self) -> dict[str, MasterCell]:
        """Cells that have a grade id, by it."""
        return {cell.grade_id: cell for cell in self.cells if cell.grade_id}


def read_master(path: Path, assignment: str, *, released: Path | None = None) -> Master:
    """Read a master notebook.

    Parameters
    ----------
    path : Path
        The ``.ipynb`` with solutions.
    assignment : str
        Name of its assignment.
    released : Path, optional
        The student's version; ignored where it does not exist.

    Returns
    -------
    Master
        With its grade ids and points checked.

    Raises
    ------
    MasterError
        If the file is no notebook of format 4, a grade id appears twice, or points are not numbers from 0 up.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as problem:
        raise MasterError(f"cannot read the master notebook {path}: {problem.strerror}") from problem
    return master_of(text, path, assignment, released=released)


def master_of(text: str, path: Path, assignment: str, *, released: Path | None = None) -> Master:
    """Return the master notebook that a text holds; ``path`` is where it is said to come from.

    Raises
    ------
    MasterError
        As `read_master`.
    """
    cells, metadata = _parse(text, path)
    seen: set[str] = set()
    for cell in cells:
        if cell.grade_id in seen:
            raise MasterError(
                f"{path}: grade id {cell.grade_id!r} appears twice; every graded cell needs its own"
            )
        if cell.grade_id:
            seen.add(cell.grade_id)
        if cell.nbgrader.get("grade") and not (math.isfinite(cell.points) and cell.points >= 0):
            raise MasterError(
                f"{path}: cell {cell.grade_id!r} has {cell.points} points; expected a number from 0 up"
            )
    student_cells = (
        _parse(released.read_text(encoding="utf-8"), released)[0] if released and released.is_file() else ()
    )
    return Master(assignment, path.stem, text, cells, metadata, student_cells)


def _parse(text: str, path: Path) -> tuple[tuple[MasterCell, ...], dict[str, Any]]:
    try:
        notebook = json.loads(text)
        if notebook["nbformat"] != 4:
            raise MasterError(f"{path} has notebook format {notebook['nbformat']}; save it in format 4")
        cells = tuple(_cell(cell) for cell in notebook["cells"])
        metadata = {
            key: notebook["metadata"][key]
            for key in ("kernelspec", "language_info")
            if key in notebook["metadata"]
        }
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise MasterError(f"{path} is not a notebook that can be graded: {problem!r}") from problem
    return cells, metadata


def _cell(raw: dict[str, Any]) -> MasterCell:
    source = raw["source"] if isinstance(raw["source"], str) else "".join(raw["source"])
    marks = raw.get("metadata", {}).get("nbgrader", {})
    kept = {key: marks[key] for key in _NBGRADER_KEYS if key in marks}
    if kept.get("grade_id"):
        kept["cell_type"] = raw["cell_type"]
        if "points" in kept:
            kept["points"] = float(kept["points"])
    return MasterCell(
        raw["cell_type"], source, kept if kept.get("grade_id") else {}, raw.get("attachments", {})
    )
