"""What a test cell's runner needs of a student, whether a sandbox answers or a made-up student at release."""

from __future__ import annotations

from typing import Protocol

from grading.checker.faults import Latch
from grading.checker.master import MasterCell
from grading.checks.student import Student


class StaleObject(BaseException):
    """A test cell uses a student's object of an earlier test cell that is gone since student code had to be
    restarted.
    """


class StudentSide(Protocol):
    """Gives test cells the student's objects.

    Attributes
    ----------
    latch : Latch
        The latch of the test cell that runs; whatever the student's code does wrong closes it.
    """

    latch: Latch

    def begin(self, latch: Latch) -> None:
        """Make ready for one test cell, starting student code again where an earlier one ended it.

        Raises
        ------
        Latched
            If it cannot be started again; the latch says why.
        """
        ...

    def objects(self, cell: MasterCell) -> dict[str, object]:
        """Return the student's objects for a test cell, by name; unbound names are left out."""
        ...

    def fetched(self, cell: MasterCell, names: frozenset[str]) -> dict[str, object]:
        """Return what the sandbox holds under some names after it ran a locked cell."""
        ...

    def set_name(self, name: str, value: object) -> None:
        """Set a name where the student's code runs; what cannot cross leaves it as it was."""
        ...

    def delete_name(self, name: str) -> None:
        """Delete a name where the student's code runs."""
        ...

    def student(self, cell: MasterCell) -> Student:
        """Return the student as a check sees them, in one test cell."""
        ...

    def is_missing(self, cell: MasterCell) -> bool:
        """Tell whether a solution cell is missing in the submission."""
        ...

    def why_unbound(self, name: str, cell: MasterCell) -> str:
        """Say in a sentence why a name is unbound that a cell of the master should bind."""
        ...

    def abandon(self) -> None:
        """Give up the running student code, because a call was broken off in the middle."""
        ...
