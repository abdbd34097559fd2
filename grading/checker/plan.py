"""Everything about an assignment that is worked out once, before the first submission: compiled cells and
resolved names.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from grading.checker.binding import Bindings, CellNames, read_names
from grading.checker.cell_code import CompiledCell, CompiledStatement, compile_cell
from grading.checker.master import Master, MasterCell

# A cell that uses one of these may reach names that its text does not show.
DYNAMIC = frozenset({"check", "eval", "exec", "globals", "locals", "vars", "grading"})


@dataclass(frozen=True)
class CheckerStatement:
    """A statement of a cell that the checker runs for its own names.

    Attributes
    ----------
    compiled : CompiledStatement
        The code.
    names : CellNames
        What it binds and reads.
    touched : frozenset of str
        Names that it binds or whose objects it changes: what has to be fetched where only the sandbox can run
        it.
    """

    compiled: CompiledStatement
    names: CellNames
    touched: frozenset[str]


class AssignmentPlan:
    """A master copy, made ready for grading.

    Parameters
    ----------
    master : Master
        The master copy.

    Raises
    ------
    MasterProblem
        If a test or locked cell is not Python.
    """

    def __init__(self, master: Master) -> None:
        self.master = master
        self.bindings = Bindings(master)
        self.compiled: dict[int, CompiledCell] = {
            cell.position: compile_cell(cell.source, cell_filename(cell)) for cell in master.tests
        }
        self._own = {
            cell.position: self._own_statements(cell) for cell in master.cells if cell.cell_type == "code"
        }

    def own_statements(self, cell: MasterCell) -> tuple[CheckerStatement, ...]:
        """Return what the checker runs of a cell that is no test.

        A locked cell runs whole; of a solution cell only the imports; of an unlocked cell the imports, and
        its other statements (never its functions and classes) where something graded needs what they bind.
        """
        return self._own.get(cell.position, ())

    def wanted(self, cell: MasterCell) -> frozenset[str]:
        """Return the student's names that must be known when a test cell runs."""
        scope = self.bindings.scope(cell)
        if self.bindings.needs(cell) & DYNAMIC:
            return scope.student
        return self.bindings.student_needs(cell)

    def candidates(self, cell: MasterCell) -> frozenset[str]:
        """Return the names that may have to be fetched from the sandbox after a locked cell ran there."""
        scope = self.bindings.scope(cell)
        if cell.role != "locked" or not scope.student & self.bindings.needs(cell):
            return frozenset()
        touched: frozenset[str] = frozenset()
        for statement in self.own_statements(cell):
            touched |= statement.touched
        return touched

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Names of the modules that the checker's part of the cells imports: loaded before the first fork."""
        found: list[str] = []
        trees = [statement.compiled.tree for own in self._own.values() for statement in own]
        trees += [statement.tree for cell in self.compiled.values() for statement in cell.statements]
        for tree in trees:
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    found += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom) and not node.level and node.module:
                    found.append(node.module)
        return tuple(dict.fromkeys(found))

    @cached_property
    def asked_checks(self) -> dict[str, tuple[str, ...]]:
        """Names that test cells give to `check`, where they are written out, by grade id."""
        asked = {}
        for cell in self.master.tests:
            asked[cell.grade_id] = tuple(
                node.args[0].value
                for statement in self.compiled[cell.position].statements
                for node in ast.walk(statement.tree)
                if isinstance(node, ast.Call)
                and _called(node) == "check"
                and node.args
                and isinstance(node.args[0], ast.Constant)
                and isinstance(node.args[0].value, str)
            )
        return asked

    @cached_property
    def problems(self) -> dict[str, str]:
        """Why a test cell cannot be run fairly, by grade id: for the instructor, before grading."""
        found = {cell.grade_id: self.bindings.problem(cell) for cell in self.master.tests}
        return {grade_id: text for grade_id, text in found.items() if text}

    @cached_property
    def _graded_needs(self) -> frozenset[str]:
        needs: set[str] = set()
        for cell in self.master.cells:
            if cell.role in ("test", "locked"):
                needs |= self.bindings.needs(cell)
        for cell in reversed(self.master.cells):
            if cell.role == "plain" and self.bindings.names(cell).bound & needs:
                needs |= self.bindings.names(cell).needs
        return frozenset(needs)

    def _own_statements(self, cell: MasterCell) -> tuple[CheckerStatement, ...]:
        if cell.role == "test":
            return ()
        if cell.role != "locked" and not self.bindings.names(cell).imported | self.bindings.names(cell).bound:
            return ()
        kept = []
        for compiled in compile_cell(cell.source, cell_filename(cell)).statements:
            if self._checker_runs(cell, compiled.tree):
                names = read_names(ast.unparse(compiled.tree))
                touched = names.bound | names.imported | _changed(compiled.tree)
                kept.append(CheckerStatement(compiled, names, touched))
        return tuple(kept)

    def _checker_runs(self, cell: MasterCell, tree: ast.stmt) -> bool:
        if cell.role == "locked" or isinstance(tree, ast.Import | ast.ImportFrom):
            return True
        if cell.role != "plain" or isinstance(tree, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            return False
        return bool(read_names(ast.unparse(tree)).bound & self._graded_needs)


def cell_filename(cell: MasterCell) -> str:
    """Return the name that marks a cell's frames in tracebacks."""
    return f"<{cell.role} cell {cell.grade_id or cell.position + 1}>"


def _called(call: ast.Call) -> str | None:
    if isinstance(call.func, ast.Name):
        return call.func.id
    return call.func.attr if isinstance(call.func, ast.Attribute) else None


def _changed(tree: ast.stmt) -> frozenset[str]:
    """Names whose objects a statement may change: targets of item and attribute assignment, receivers."""
    names = set()
    for node in ast.walk(tree):
        stored = isinstance(node, ast.Attribute | ast.Subscript) and isinstance(node.ctx, ast.Store | ast.Del)
        receiver = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
        inner = node if stored else node.func if receiver else None
        while isinstance(inner, ast.Attribute | ast.Subscript):
            inner = inner.value
        if isinstance(inner, ast.Name):
            names.add(inner.id)
    return frozenset(names)
