"""Runs the master's ungraded cells in the checker, statement by statement, for the names that test cells
need.

What needs the student's code is not run here a second time: the sandbox ran it, and what it bound is fetched
from there.
"""

from __future__ import annotations

from grading.checker.cell_code import BOUND, UNBOUND, guarded_builtins
from grading.checker.cell_source import InertShell
from grading.checker.faults import Latched
from grading.checker.handles import HandleState, make_kind, new_stand_in
from grading.checker.master import MasterCell
from grading.checker.plan import AssignmentPlan, CheckerStatement
from grading.checker.student_side import StudentSide


class NeedsStudent(BaseException):
    """A statement of a locked cell came to use the student's code."""


class _NotHere:
    """Owner of placeholders for the student's names while locked cells run: every use says that the sandbox
    must do it.
    """

    def refuse(self, subject: object, what: str) -> BaseException:
        return NeedsStudent()

    def is_callable(self, subject: object) -> bool:
        raise NeedsStudent

    def call(self, subject: object, args: tuple, kwargs: dict) -> object:
        raise NeedsStudent

    def operate(self, subject: object, operation: str, *operands: object) -> object:
        raise NeedsStudent


class OwnNames:
    """The checker's namespace: one dictionary in which all master cells run, as in a notebook.

    Parameters
    ----------
    plan : AssignmentPlan
        The assignment.
    side : StudentSide
        Where student-dependent names of locked cells are fetched; also refuses what stand-ins must not prove.
    owner : Owner
        The bridge that the guarded builtins report to.

    Attributes
    ----------
    namespace : dict
        Globals of the cells.
    failures : dict of str to str
        Names that could not be bound, with the reason for the instructor.
    """

    def __init__(self, plan: AssignmentPlan, side: StudentSide, owner: object) -> None:
        self._plan = plan
        self._side = side
        self._builtins = guarded_builtins(owner) | {BOUND: self._bound, UNBOUND: self._unbound}
        self._students: frozenset[str] = frozenset()
        self._all_builtins = dict(self._builtins)
        self._placeholder_kind = make_kind(_NotHere())
        self.namespace: dict[str, object] = {
            "__name__": "__main__",
            "__builtins__": self._builtins,
            "get_ipython": InertShell,
            "display": _display,
        }
        self.failures: dict[str, str] = {}

    def show(self, cell: MasterCell, objects: dict[str, object]) -> None:
        """Put the student's objects in place for one cell.

        A name that a solution cell binds means the student's object or nothing: never a builtin of the same
        name, and never what an earlier cell left under it.
        """
        self._builtins.clear()
        self._builtins.update(self._all_builtins)
        self._students = self._plan.bindings.scope(cell).student if cell.role == "test" else frozenset()
        for name in self._plan.bindings.scope(cell).student:
            self.namespace.pop(name, None)
            self._builtins.pop(name, None)
        self.namespace.update(objects)

    def _bound(self, name: str, value: object) -> None:
        """Let the student's code see what a test cell sets one of its names to, as in a notebook."""
        if name in self._students:
            self._side.set_name(name, value)

    def _unbound(self, name: str) -> None:
        if name in self._students:
            self._side.delete_name(name)

    def run(self, cell: MasterCell) -> None:
        """Run the checker's part of a cell that is no test.

        A statement that fails on its own (a file that is not there) leaves its names unbound and is
        remembered: a test cell that needs them is an error, not the student's fault.
        """
        student = self._plan.bindings.scope(cell).student
        state = HandleState(None, 0, "")
        self.show(cell, {name: new_stand_in(self._placeholder_kind, state) for name in student})
        for statement in self._plan.own_statements(cell):
            if cell.role == "locked" and statement.names.runs_with & student:
                self._fetch(cell, statement)
                continue
            try:
                exec(statement.compiled.code, self.namespace)
                for name in statement.names.bound | statement.names.imported:
                    self.failures.pop(name, None)
            except NeedsStudent:
                self._fetch(cell, statement)
            except Latched as latched:
                self._lose(cell, statement, str(latched))
            except Exception as error:  # noqa: BLE001 - the instructor's cell may raise anything
                self._lose(cell, statement, f"{type(error).__name__}: {error}")

    def _fetch(self, cell: MasterCell, statement: CheckerStatement) -> None:
        if cell.role != "locked":
            self._lose(cell, statement, "it needs the student's code: the instructor must lock the cell")
            return
        found = self._side.fetched(cell, statement.touched)
        own_modules = {
            name for name in statement.touched if name in self.namespace and name not in statement.names.bound
        }
        for name in statement.touched:
            if name in found and not (name in own_modules and _is_module(self.namespace[name])):
                self.namespace[name] = found[name]
                self.failures.pop(name, None)
            elif name in statement.names.bound:
                self.namespace.pop(name, None)
                self.failures[name] = (
                    f"the sandbox did not bind {name!r}: the student's code failed in this locked cell"
                )

    def _lose(self, cell: MasterCell, statement: CheckerStatement, why: str) -> None:
        for name in statement.names.bound | statement.names.imported:
            self.namespace.pop(name, None)
            self.failures[name] = (
                f"{name!r} of the {cell.role} cell {cell.grade_id or cell.position + 1}: {why}"
            )


def _is_module(value: object) -> bool:
    return type(value).__name__ == "module" and hasattr(value, "__spec__")


def _display(*_: object, **__: object) -> None:
    """Show nothing: what a test cell displays is not part of a verdict."""
