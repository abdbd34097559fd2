"""A submission in its sandbox, as the runner of test cells needs it."""

from __future__ import annotations

from grading.checker.bridge import Bridge
from grading.checker.callbacks import CallbackBudget
from grading.checker.faults import Exhausted, Latch
from grading.checker.master import MasterCell
from grading.checker.plan import AssignmentPlan
from grading.checker.sandbox_student import SandboxStudent
from grading.checker.staging import Stage


class SandboxSide:
    """Implements `StudentSide` for a submission.

    Parameters
    ----------
    stage : Stage
        The submission in its sandbox.
    plan : AssignmentPlan
        The assignment.
    call_seconds : float
        Longest time for one call of the student's code.
    """

    def __init__(self, stage: Stage, plan: AssignmentPlan, *, call_seconds: float) -> None:
        self._stage = stage
        self._plan = plan
        self._call_seconds = call_seconds
        self.bridge = Bridge(stage, call_seconds=call_seconds)

    @property
    def latch(self) -> Latch:
        """The latch of the cell that runs."""
        return self.bridge.latch

    @latch.setter
    def latch(self, latch: Latch) -> None:
        self.bridge.latch = latch

    def begin(self, latch: Latch) -> None:
        """Make ready for a test cell; raises Latched if the student's code cannot be started again."""
        self.bridge.latch, self.bridge.budget = latch, CallbackBudget()
        try:
            self._stage.session()
        except Exhausted as exhausted:
            raise latch.close("failed", str(exhausted)) from None

    def objects(self, cell: MasterCell) -> dict[str, object]:
        """Return the student's objects for a test cell, by name."""
        found = {}
        for name in self._plan.wanted(cell):
            snapshot = self._stage.snapshot(cell.position, name) or self._stage.look_up(name)
            if snapshot is not None:
                found[name] = self.bridge.stand_in(snapshot)
        return found

    def fetched(self, cell: MasterCell, names: frozenset[str]) -> dict[str, object]:
        """Return what the sandbox holds under some names after it ran a locked cell."""
        found = {}
        for name in names:
            snapshot = self._stage.snapshot(cell.position, name)
            if snapshot is not None:
                found[name] = self.bridge.stand_in(snapshot)
        return found

    def set_name(self, name: str, value: object) -> None:
        """Set a name in the sandbox; a function of the test cannot be kept there, and leaves it as it was."""
        self.bridge.set_name(name, value)

    def delete_name(self, name: str) -> None:
        """Delete a name in the sandbox, if it is there."""
        self.bridge.delete_name(name)

    def student(self, cell: MasterCell) -> SandboxStudent:
        """Return the student as the checks of a test cell see them."""
        binders = self._plan.bindings.scope(cell).binders
        return SandboxStudent(
            self._stage,
            cell,
            self.latch,
            binders=binders,
            call_seconds=self._call_seconds,
            budget=self.bridge.budget,
        )

    def is_missing(self, cell: MasterCell) -> bool:
        """Tell whether the submission lacks a cell of the master."""
        return self._stage.is_missing(cell.position)

    def why_unbound(self, name: str, cell: MasterCell) -> str:
        """Say in a sentence why a name is unbound that a cell of the master should bind."""
        return self._stage.why_unbound(name, cell.position)

    def abandon(self) -> None:
        """Give up the running session."""
        self._stage.abandon()
