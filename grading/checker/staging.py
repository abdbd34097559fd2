"""Runs a submission's cells in the sandbox, remembers what names meant at each test cell, and starts again
after a death.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from grading.checker.alignment import PlacedCell
from grading.checker.faults import Exhausted
from grading.checker.outputs import OutputCleaner, error_output
from grading.checker.plan import AssignmentPlan
from grading.checker.sandbox_client import (
    Handle,
    Missing,
    ProtocolViolation,
    SandboxDied,
    SandboxTimeout,
    Session,
    StudentRaised,
    Unsupported,
    Value,
)

MAX_RESTARTS = 3
GONE = (SandboxDied, SandboxTimeout, ProtocolViolation)


@dataclass(frozen=True)
class Snapshot:
    """What one name meant when one cell ran.

    Attributes
    ----------
    value : object
        A plain value, or the sandbox client's handle.
    fault : str or None
        Why there is no value although the name is bound.
    """

    value: object = None
    fault: str | None = None


class Stage:
    """A submission on stage: its cells run in order in the sandbox, again from the beginning after each
    death.

    Parameters
    ----------
    open_session : callable
        Opens a new sandbox session.
    cells : sequence of PlacedCell
        The whole notebook in order.
    plan : AssignmentPlan
        Tells which names test and locked cells need.
    cell_seconds : float
        Longest time for one cell of the student.
    deadline : float
        `time.monotonic()` by which everything must be done.

    Attributes
    ----------
    epoch : int
        Number of the sandbox run; handles of an earlier one are stale.
    outputs : dict of int to list
        Cleaned outputs of the first run, by place in `cells`.
    notes : dict of int to str
        What happened to a cell, for people, by place.
    """

    def __init__(
        self,
        open_session: Callable[[], Session],
        cells: Sequence[PlacedCell],
        plan: AssignmentPlan,
        *,
        cell_seconds: float,
        deadline: float,
    ) -> None:
        self._open_session = open_session
        self._cells = cells
        self._cell_seconds = cell_seconds
        self._deadline = deadline
        self._cleaner = OutputCleaner()
        self._session: Session | None = None
        self._killers: set[int] = set()
        self._lost_names: dict[tuple[int, str], str] = {}
        self._snapshots: dict[int, dict[str, Snapshot]] = {}
        self._wanted = {
            place: plan.wanted(cell.master) if cell.role == "test" else plan.candidates(cell.master)
            for place, cell in enumerate(cells)
            if cell.master is not None and cell.role in ("test", "locked")
        }
        self._places = {
            cell.master.position: place for place, cell in enumerate(cells) if cell.master is not None
        }
        self.epoch = 0
        self.outputs: dict[int, list[dict]] = {}
        self.notes: dict[int, str] = {}

    @property
    def restarts(self) -> int:
        """How often the student's code was started again."""
        return max(0, self.epoch - 1)

    def remaining(self, limit: float) -> float:
        """Return the seconds that something may take: its limit, or what is left for the submission."""
        return max(0.05, min(limit, self._deadline - time.monotonic()))

    def session(self) -> Session:
        """Return the running session, starting the student's code (again) where there is none.

        Raises
        ------
        Exhausted
            If it died or hung too often, or the submission's time is used up.
        """
        while self._session is None:
            if self.epoch > MAX_RESTARTS:
                raise Exhausted(
                    f"The student's code hung or ended its process more than {MAX_RESTARTS} times; "
                    "it is not started again."
                )
            if time.monotonic() >= self._deadline:
                raise Exhausted("The time for this submission is used up.")
            self._run_all()
        return self._session

    def abandon(self) -> None:
        """End the running session: it died, or it cannot be talked to any more."""
        session, self._session = self._session, None
        if session is not None:
            # Not asked to end politely: it may be in the middle of a reply. The sandbox server kills what is
            # left.
            session.abandon()

    def snapshot(self, position: int, name: str) -> Snapshot | None:
        """Return what a name meant when a cell of the master (by position) ran; None if nothing bound it."""
        return self._snapshots.get(self._places.get(position, -1), {}).get(name)

    def look_up(self, name: str) -> Snapshot | None:
        """Return what a name means now, at the end of the notebook; None if nothing binds it."""
        return self._look_up(self.session(), (len(self._cells), name))

    def is_missing(self, position: int) -> bool:
        """Tell whether the submission lacks a cell of the master (by position)."""
        place = self._places.get(position)
        return place is None or self._cells[place].missing

    def why_unbound(self, name: str, position: int | None) -> str:
        """Say in a sentence why nothing binds a name that a cell of the master (by position) should bind."""
        if position is None:
            return "No cell defines it."
        if self.is_missing(position):
            return "Its cell is missing in the submission."
        place = self._places[position]
        if place in self.notes:
            return self.notes[place]
        for output in self.outputs.get(place, ()):
            if output["output_type"] == "error":
                return f"Its cell stopped with {output['ename']}: {output['evalue']}"
        return f"Its cell runs and does not define {name}: the name must stay as it was."

    def _run_all(self) -> None:
        self.epoch += 1
        self._snapshots = {}
        self._session = self._open_session()
        for place, cell in enumerate(self._cells):
            if cell.runs_in_sandbox and place not in self._killers and not self._run_cell(place, cell):
                return
            if place in self._wanted and not self._take_snapshots(place):
                return

    def _run_cell(self, place: int, cell: PlacedCell) -> bool:
        seconds = self.remaining(self._cell_seconds)
        try:
            reply = self._session.run_cell(cell.source, timeout=seconds)
        except GONE as gone:
            self._killers.add(place)
            self.abandon()
            told = _died(gone, seconds)
            self.notes[place] = f"{told} The other cells were run without it."
            self.outputs[place] = [error_output(type(gone).__name__, told, [told])]
            return False
        if place not in self.outputs:
            self.outputs[place] = self._cleaner.clean(reply.outputs)
        return True

    def _take_snapshots(self, place: int) -> bool:
        taken: dict[str, Snapshot] = {}
        for name in sorted(self._wanted[place]):
            found = self._look_up(self._session, (place, name))
            if self._session is None:
                return False
            if found is not None:
                taken[name] = found
        self._snapshots[place] = taken
        return True

    def _look_up(self, session: Session, key: tuple[int, str]) -> Snapshot | None:
        """Look a name up; one whose value killed the sandbox while it was fetched is not asked for again."""
        if key in self._lost_names:
            return Snapshot(fault=self._lost_names[key])
        name = key[1]
        try:
            found = session.lookup(name)
            return Snapshot(found.value if type(found) is Value else found)
        except Missing:
            return None
        except Unsupported as unsupported:
            return Snapshot(fault=f"{name!r} holds {unsupported}")
        except StudentRaised as raised:
            return Snapshot(fault=f"{name!r} cannot be read: it raised {raised.name}")
        except GONE:
            self._lost_names[key] = f"{name!r} cannot be read: reading it hung or ended the student's process"
            self.abandon()
            return Snapshot(fault=self._lost_names[key])


def is_handle(value: object) -> bool:
    """Tell whether a value of the sandbox client stands for an object that stayed there."""
    return type(value) is Handle


def _died(gone: Exception, seconds: float) -> str:
    if isinstance(gone, SandboxTimeout):
        return f"This cell did not end within {seconds:.0f} s and was stopped."
    if isinstance(gone, ProtocolViolation):
        return "This cell broke the connection to the grader and its process was stopped."
    return f"The process ended while this cell ran ({gone})."
