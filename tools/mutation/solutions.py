"""The solution cells of a shipped assignment, and students whose notebooks hold a changed one."""

from __future__ import annotations

import ast
import functools
import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import grading.checks
from grading.checks.definition import Check
from grading.checks.student import LocalStudent
from grading.engine.master import Master, read_master
from grading.engine.shipped import shipped_assignments, shipped_master
from tools.mutation.mutants import Mutant, mutants

_WARM: set[str] = set()


@dataclass(frozen=True)
class Solutions:
    """What the model solution of one assignment is made of.

    Attributes
    ----------
    assignment : str
        Its name.
    shared : mapping of str to object
        The names that the locked cells bind, such as imports.
    cells : mapping of str to str
        Sources of the solution cells, by grade id, in order.
    checks : mapping of str to Check
        The assignment's checks.
    """

    assignment: str
    shared: Mapping[str, object]
    cells: Mapping[str, str]
    checks: Mapping[str, Check]

    @classmethod
    def of(cls, assignment: str) -> Solutions:
        """Read a shipped assignment, and run its locked cells."""
        master = read_master(shipped_master(assignment), assignment)
        shared: dict[str, object] = {}
        for source in _locked_cells(master):
            exec(compile(source, f"<{assignment}>", "exec"), shared)
        cells = {
            cell.grade_id: cell.source
            for cell in master.cells
            if cell.cell_type == "code" and cell.nbgrader.get("solution")
        }
        return cls(assignment, shared, cells, grading.checks.load(assignment))

    def names(self, changed: Mapping[str, str] | None = None) -> dict[str, object]:
        """Run the solution cells, some with another source, and return all names that are bound then."""
        names = dict(self.shared)
        # A function of a locked cell calls the student's by their names: it must find this student's.
        names |= {n: _at_home_in(names, f) for n, f in names.items() if _of(self.shared, f)}
        for grade_id, source in (dict(self.cells) | dict(changed or {})).items():
            exec(compile(source, f"<{grade_id}>", "exec"), names)
        return names

    @property
    def folder(self) -> Path:
        """The folder of the checks, which holds what the model solution hands in beside its notebook."""
        return Path(grading.checks.__file__).parent / self.assignment

    def warm(self) -> None:
        """Judge right answers once: what the checks compute for all is then not computed by each fork."""
        if self.assignment not in _WARM:
            _WARM.add(self.assignment)
            for check in self.checks.values():
                check.judge(LocalStudent(check.right_functions()), seed=b"warming")

    @functools.cached_property
    def checked_by_cell(self) -> dict[str, tuple[str, ...]]:
        """The checks that judge what each solution cell binds."""
        bound = {grade_id: _bound(source) for grade_id, source in self.cells.items()}
        return {grade_id: tuple(n for n in names if n in self.checks) for grade_id, names in bound.items()}

    def mutants(self, check: str) -> Iterator[tuple[str, Mutant]]:
        """Yield the mutants of the cell that a check judges, with the cell's grade id.

        Raises
        ------
        LookupError
            If no solution cell binds what the check judges: nothing would be tested.
        """
        homes = [grade_id for grade_id, names in self.checked_by_cell.items() if check in names]
        if not homes:
            raise LookupError(f"no solution cell of {self.assignment} binds {check}")
        for grade_id in homes:
            alone = len(self.checked_by_cell[grade_id]) == 1
            for mutant in mutants(self.cells[grade_id]):
                # In a cell with one checked function its helpers count as parts of it.
                if alone or mutant.function == check:
                    yield grade_id, mutant


def assignments_with_checks() -> tuple[str, ...]:
    """Return the shipped assignments that have checks: those whose checks mutation can test."""
    return tuple(name for name in shipped_assignments() if name in grading.checks.assignments())


def _locked_cells(master: Master) -> list[str]:
    return [
        cell.source
        for cell in master.cells
        if cell.cell_type == "code" and cell.nbgrader.get("locked") and not cell.is_test
    ]


def _of(names: Mapping[str, object], value: object) -> bool:
    return isinstance(value, types.FunctionType) and value.__globals__ is names


def _at_home_in(names: dict[str, object], function: types.FunctionType) -> types.FunctionType:
    """Return the same function, looking up names in another place."""
    twin = types.FunctionType(
        function.__code__, names, function.__name__, function.__defaults__, function.__closure__
    )
    twin.__kwdefaults__ = function.__kwdefaults__
    return twin


def _bound(source: str) -> list[str]:
    return [node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)]
