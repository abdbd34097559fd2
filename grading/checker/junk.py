"""Made-up students who know nothing: a test cell that gives one of them points tests nothing.

They run through the same runner as real submissions, without a sandbox, because all of their code is here.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checker.cell_runner import CellRunner
from grading.checker.faults import Latch, as_exception
from grading.checker.judging import Assignment
from grading.checker.master import MasterCell
from grading.checker.plan import AssignmentPlan
from grading.checks.student import Reply, StudentFault

JUNK_SEED = b"students who know nothing".ljust(32, b"\0")


def _raise_stop_iteration(*_: object) -> object:
    raise as_exception("StopIteration", "")


def _echo(*arguments: object) -> object:
    return arguments[0] if arguments else None


def _zeros_over_arguments(*arguments: object) -> object:
    """Set the arguments to zero and return zeros: right wherever a test compares with its own arguments."""
    for argument in arguments:
        if isinstance(argument, np.ndarray) and argument.flags.writeable:
            argument[...] = np.zeros((), argument.dtype)
        elif isinstance(argument, list):
            argument[:] = [0] * len(argument)
    first = arguments[0] if arguments else 0
    return [0] * len(first) if isinstance(first, list) else np.zeros(np.shape(first))


JUNK: dict[str, Callable[..., object]] = {
    "an empty list": lambda *_: [],
    "an empty array": lambda *_: np.empty(0),
    "NaN": lambda *_: float("nan"),
    "None": lambda *_: None,
    "True": lambda *_: True,
    "its first argument": _echo,
    "zeros, its arguments set to zero, too": _zeros_over_arguments,
    "StopIteration": _raise_stop_iteration,
}


@dataclass(frozen=True)
class Undeserved:
    """Points that a junk student got.

    Attributes
    ----------
    grade_id : str
        The test cell.
    answer : str
        What every function of that student returns, or raises.
    points : float
        What the cell gave for it.
    """

    grade_id: str
    answer: str
    points: float


class JunkSide:
    """A student all of whose functions do the same useless thing; implements `StudentSide` and its owner.

    Parameters
    ----------
    plan : AssignmentPlan
        The assignment.
    answer : callable
        The one function of this student.
    """

    def __init__(self, plan: AssignmentPlan, answer: Callable[..., object]) -> None:
        self._plan = plan
        self._answer = answer
        self.latch = Latch()

    def begin(self, latch: Latch) -> None:
        """Take the latch of the next test cell."""
        self.latch = latch

    def objects(self, cell: MasterCell) -> dict[str, object]:
        """Return the useless function for every function of the student, its answer for every variable."""
        found = {}
        scope = self._plan.bindings.scope(cell)
        for name in scope.student:
            if name in self._plan.bindings.names(scope.binders[name]).functions:
                found[name] = lambda *args, **kwargs: self._answer(*args, *kwargs.values())
            else:
                found[name] = self._value()
        return found

    def fetched(self, cell: MasterCell, names: frozenset[str]) -> dict[str, object]:
        """Return the useless answer for what a locked cell computed with the student's code."""
        return dict.fromkeys(names, self._value())

    def set_name(self, name: str, value: object) -> None:
        """Keep nothing: useless functions read no names."""

    def delete_name(self, name: str) -> None:
        """Keep nothing."""

    def student(self, cell: MasterCell) -> JunkStudent:
        """Return the student as checks see one."""
        return JunkStudent(self._answer)

    def is_missing(self, cell: MasterCell) -> bool:
        """Tell that no cell is missing."""
        return False

    def why_unbound(self, name: str, cell: MasterCell) -> str:
        """Say that junk students define everything; nobody asks them for more."""
        return f"{name} is junk."

    def abandon(self) -> None:
        """There is no process to give up."""

    def refuse(self, subject: object, what: str) -> BaseException:
        """Close the latch; junk students have plain values only, so that nothing comes here."""
        return self.latch.close("failed", f"a stand-in was asked for {what}")

    def is_callable(self, subject: object) -> bool:
        """Tell that there are no stand-ins here."""
        return False

    def _value(self) -> object:
        try:
            return self._answer()
        except Exception:  # noqa: BLE001 - a student who only raises has no variables worth anything
            return None


class JunkStudent:
    """Implements `Student`: every name exists, and every call does the same useless thing.

    Parameters
    ----------
    answer : callable
        What is done.
    """

    def __init__(self, answer: Callable[..., object]) -> None:
        self._answer = answer

    def exists(self, name: str) -> bool:
        """Tell that the name exists."""
        return True

    def signature(self, name: str) -> str:
        """Return the empty text: callable, with a signature that cannot be read."""
        return ""

    def call(self, name: str, *args: object, **kwargs: object) -> Reply:
        """Answer uselessly."""
        # As through a sandbox: what happens to the arguments does not happen to the check's own.
        args, kwargs = copy.deepcopy((args, kwargs))
        try:
            return Reply(self._answer(*args, *kwargs.values()), args)
        except Exception as error:  # noqa: BLE001 - the student who raises
            raise StudentFault("exception", type(error).__name__, str(error)) from None


def undeserved_points(assignment: Assignment) -> list[Undeserved]:
    """Run every junk student over every autograded cell.

    Parameters
    ----------
    assignment : Assignment
        Master copy, checks and limits.

    Returns
    -------
    list of Undeserved
        Empty if no test cell that is worth something gives anything to a student who knows nothing.
    """
    found = []
    for name, answer in JUNK.items():
        side = JunkSide(assignment.plan, answer)
        budget = assignment.budget
        runner = CellRunner(
            assignment.plan,
            assignment.checks,
            side,
            side,
            seed=JUNK_SEED,
            cell_seconds=budget.cell_seconds,
            deadline=time.monotonic() + budget.submission_seconds,
        )
        found += [Undeserved(o.cell.grade_id, name, o.points) for o in runner.run() if o.points > 0]
    return found
