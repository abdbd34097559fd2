"""Lays a submission's cells over the master copy: what runs, in which order, and what had to be put right.

The student's own cells keep their order, whatever was moved, split, retyped, duplicated or stripped of its
metadata. Test and locked cells always come from the master; they stay where the student has them unless that
would run a test before the answers it tests, or a locked cell after the answers that build on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from grading.checker.master import Master, MasterCell
from grading.checker.submission import SubmittedCell

MISSING_SOURCE = "# This cell is missing in the submission."
OWNED = ("solution", "manual")


@dataclass(frozen=True)
class PlacedCell:
    """One cell of the notebook that is graded and written.

    Attributes
    ----------
    role : str
        As in `MasterCell`.
    cell_type, source : str
        What runs and what is shown.
    master : MasterCell or None
        The master's cell that this is; None for the student's additional cells.
    note : str or None
        What had to be put right.
    missing : bool
        Whether the submission lacks this solution cell.
    """

    role: str
    cell_type: str
    source: str
    master: MasterCell | None = None
    note: str | None = None
    missing: bool = False

    @property
    def grade_id(self) -> str | None:
        """The master's grade id of this cell."""
        return self.master.grade_id if self.master else None

    @property
    def runs_in_sandbox(self) -> bool:
        """Whether the sandbox executes the cell: all code but test cells, which never enter it."""
        return (
            self.cell_type == "code"
            and self.role != "test"
            and not self.missing
            and bool(self.source.strip())
        )


def align(submitted: Sequence[SubmittedCell], master: Master) -> list[PlacedCell]:
    """Lay submitted cells over the master.

    The first cell with a solution's grade id is that solution. Further ones (a copied or split cell) run in
    their place as the student's plain cells: that is what the same notebook does in Jupyter, where the later
    definition wins.

    Parameters
    ----------
    submitted : sequence of SubmittedCell
        As read from the file.
    master : Master
        The master copy.

    Returns
    -------
    list of PlacedCell
        The whole notebook in the order in which it runs; every test, locked, solution and manual cell of the
        master is in it exactly once.
    """
    placed = _students_cells(submitted, master)
    present = {cell.master.position for cell in placed if cell.master}
    for cell in master.cells:
        if cell.role in OWNED and cell.position not in present:
            placed.insert(_after_predecessor(placed, cell), _missing(cell))
    for cell in placed.copy():
        if cell.master and cell.master.restored and _misplaced(placed, cell):
            placed.remove(cell)
    present = {cell.master.position for cell in placed if cell.master}
    for cell in master.cells:
        if cell.restored and cell.position not in present:
            placed.insert(_own_place(placed, cell), _restored(cell))
    return placed


def released(master: Master) -> list[PlacedCell]:
    """Return the notebook as it was handed out: what stands in the result of a file that cannot be read."""
    return [
        PlacedCell(
            cell.role, cell.cell_type, cell.released_source, cell if cell.grade_id is not None else None
        )
        for cell in master.cells
    ]


def _students_cells(submitted: Sequence[SubmittedCell], master: Master) -> list[PlacedCell]:
    placed: list[PlacedCell] = []
    seen: set[str] = set()
    for cell in submitted:
        own = master.by_id.get(cell.grade_id) if cell.grade_id is not None else None
        if own is None:
            role = "plain" if cell.cell_type == "code" else "markdown"
            note = cell.note
            if cell.grade_id is not None:
                note = _join(
                    note, f"The master has no cell {cell.grade_id!r}: run as the student's own cell."
                )
            placed.append(PlacedCell(role, cell.cell_type, cell.source, note=note))
        elif own.restored:
            if own.grade_id not in seen:
                changed = cell.source != own.source and own.role == "locked"
                placed.append(
                    _restored(own, "Restored from the master: it was changed." if changed else None)
                )
        elif own.grade_id in seen:
            note = _join(
                cell.note, f"Another cell with the id {own.grade_id!r}: run as the student's own cell."
            )
            role = "plain" if cell.cell_type == "code" else "markdown"
            placed.append(PlacedCell(role, cell.cell_type, cell.source, note=note))
        else:
            placed.append(_solution(cell, own))
        if own is not None:
            seen.add(own.grade_id)
    return placed


def _solution(cell: SubmittedCell, own: MasterCell) -> PlacedCell:
    note = cell.note
    if cell.cell_type != own.cell_type:
        note = _join(note, f"The cell's type was changed to {cell.cell_type}: read as {own.cell_type} again.")
    return PlacedCell(own.role, own.cell_type, cell.source, own, note)


def _missing(own: MasterCell) -> PlacedCell:
    source = MISSING_SOURCE if own.cell_type == "code" else ""
    return PlacedCell(
        own.role, own.cell_type, source, own, f"The cell {own.grade_id!r} is missing.", missing=True
    )


def _restored(
    own: MasterCell, note: str | None = "Restored from the master: it was missing or moved."
) -> PlacedCell:
    return PlacedCell(own.role, own.cell_type, own.source, own, note)


def _misplaced(placed: Sequence[PlacedCell], cell: PlacedCell) -> bool:
    here = placed.index(cell)
    if cell.role == "test":
        return any(_answers_before(other, cell.master) for other in placed[here + 1 :])
    return any(_builds_on(other, cell.master) for other in placed[:here])


def _answers_before(other: PlacedCell, own: MasterCell) -> bool:
    return other.role in OWNED and other.master is not None and other.master.position < own.position


def _builds_on(other: PlacedCell, own: MasterCell) -> bool:
    return (
        other.role in (*OWNED, "locked") and other.master is not None and other.master.position > own.position
    )


def _after_predecessor(placed: Sequence[PlacedCell], own: MasterCell) -> int:
    """Just behind the cell that comes latest among those that the master has before this one."""
    before = [
        place
        for place, other in enumerate(placed)
        if other.master is not None and other.master.position < own.position
    ]
    return max(before) + 1 if before else 0


def _own_place(placed: Sequence[PlacedCell], own: MasterCell) -> int:
    if own.role == "test":
        return _after_predecessor(placed, own)
    following = [place for place, other in enumerate(placed) if _builds_on(other, own)]
    latest = _after_predecessor(placed, own)
    return min([latest, *following])


def _join(first: str | None, second: str) -> str:
    return f"{first} {second}" if first else second
