"""Where a name in a test cell comes from, decided by reading the master and never by what ran.

The last cell of the master that binds a name before the test cell decides: a solution cell's names are the
student's (also where a builtin has the same name), everything else is the checker's own. Imports are the
checker's own wherever they stand, because a module is never taken from a student.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grading.checker.cell_source import python_source
from grading.checker.master import Master, MasterCell, MasterProblem

COMPREHENSIONS = ("listcomp", "setcomp", "dictcomp", "genexpr")
IMPLICIT = frozenset(
    {"__name__", "__builtins__", "__file__", "__doc__", "get_ipython", "display", "In", "Out", "_"}
)


@dataclass(frozen=True)
class CellNames:
    """Names that a piece of source binds and needs at the top level of a notebook.

    Attributes
    ----------
    bound : frozenset of str
        Assigned, defined or declared global and assigned, imports excepted.
    imported : frozenset of str
        Bound by import statements.
    runs_with : frozenset of str
        Read while the source runs, outside of function bodies.
    needs : frozenset of str
        Read anywhere in it, function bodies included.
    functions : dict of str to frozenset of str
        For each function or class that it defines, the global names which that reads.
    star_import : bool
        Whether it imports ``*``, which binds names that cannot be known from the text.
    """

    bound: frozenset[str] = frozenset()
    imported: frozenset[str] = frozenset()
    runs_with: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    functions: dict[str, frozenset[str]] = field(default_factory=dict)
    star_import: bool = False


def read_names(source: str) -> CellNames:
    """Analyse plain Python source.

    Parameters
    ----------
    source : str
        Python (see `python_source`).

    Returns
    -------
    CellNames

    Raises
    ------
    SyntaxError
        If the source is not Python.
    """
    top = symtable.symtable(source, "cell", "exec")
    bound: set[str] = set()
    imported: set[str] = set()
    for symbol in top.get_symbols():
        if symbol.is_imported():
            imported.add(symbol.get_name())
        elif symbol.is_assigned() or symbol.is_namespace():
            bound.add(symbol.get_name())
    functions: dict[str, frozenset[str]] = {}
    for child in top.get_children():
        if child.get_name() not in (*COMPREHENSIONS, "lambda"):
            inside = functions.get(child.get_name(), frozenset())
            functions[child.get_name()] = inside | _global_reads(child, bodies=True)
    for table in _descendants(top):
        for symbol in table.get_symbols():
            if symbol.is_global() and symbol.is_assigned():
                bound.add(symbol.get_name())
    star = any(
        isinstance(node, ast.ImportFrom) and node.names[0].name == "*" for node in ast.walk(ast.parse(source))
    )
    return CellNames(
        bound=frozenset(bound - imported),
        imported=frozenset(imported),
        runs_with=_global_reads(top, bodies=False),
        needs=_global_reads(top, bodies=True),
        functions=functions,
        star_import=star,
    )


def _descendants(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _descendants(child)


def _global_reads(table: symtable.SymbolTable, *, bodies: bool) -> frozenset[str]:
    at_top = table.get_type() == "module"
    names = {
        symbol.get_name()
        for symbol in table.get_symbols()
        if symbol.is_referenced() and (at_top or symbol.is_global())
    }
    for child in table.get_children():
        runs_at_once = child.get_type() == "class" or child.get_name() in COMPREHENSIONS
        if bodies or runs_at_once:
            names |= _global_reads(child, bodies=bodies)
    return frozenset(names)


@dataclass(frozen=True)
class Scope:
    """What the names mean at one place of the master.

    Attributes
    ----------
    student : frozenset of str
        Names whose last binder is a solution cell: the student's objects. Where an earlier solution cell of
        the master binds nothing (its solution was never written), also every name that nothing binds.
    binders : dict of str to MasterCell
        The last binder of every name bound so far.
    unlocked : frozenset of str
        Functions and classes last defined in an unlocked, ungraded cell, which the student may have
        rewritten.
    """

    student: frozenset[str]
    binders: dict[str, MasterCell]
    unlocked: frozenset[str]


class Bindings:
    """Static name resolution over a whole master.

    Parameters
    ----------
    master : Master
        The master copy.

    Raises
    ------
    MasterProblem
        If a code cell of the master that the checker has to run is not Python.
    """

    def __init__(self, master: Master) -> None:
        self.master = master
        self._names = {cell.position: _cell_names(cell) for cell in master.cells if cell.cell_type == "code"}

    def names(self, cell: MasterCell) -> CellNames:
        """Return what one cell of the master binds and needs."""
        return self._names.get(cell.position, CellNames())

    @cached_property
    def _scopes(self) -> dict[int, Scope]:
        scopes: dict[int, Scope] = {}
        student: set[str] = set()
        unlocked: set[str] = set()
        binders: dict[str, MasterCell] = {}
        untold: MasterCell | None = None
        for cell in self.master.cells:
            names = self.names(cell)
            # A solution cell without its solution may bind anything, so what nothing else binds is meant.
            open_names = names.needs - self._known(cell, binders) if untold else frozenset()
            last_binders = binders | dict.fromkeys(open_names, untold)
            scopes[cell.position] = Scope(frozenset(student) | open_names, last_binders, frozenset(unlocked))
            for name in names.bound | names.imported:
                binders[name] = cell
                student.discard(name)
                unlocked.discard(name)
            if cell.role in ("solution", "manual"):
                student |= names.bound
                if cell.cell_type == "code" and not names.bound:
                    untold = untold or cell
            elif cell.role == "plain":
                unlocked |= names.bound & set(names.functions)
        return scopes

    def scope(self, cell: MasterCell) -> Scope:
        """Return what names mean just before a cell of the master runs."""
        return self._scopes[cell.position]

    def needs(self, cell: MasterCell) -> frozenset[str]:
        """Return every global name that a cell can come to read, through the checker's own functions too."""
        scope = self.scope(cell)
        own = self.names(cell)
        found = set(own.needs)
        queue = list(found)
        while queue:
            name = queue.pop()
            binder = scope.binders.get(name)
            if binder is None or name in scope.student or name in scope.unlocked:
                continue
            for inner in self.names(binder).functions.get(name, frozenset()) - found:
                found.add(inner)
                queue.append(inner)
        return frozenset(found)

    def student_needs(self, cell: MasterCell) -> frozenset[str]:
        """Return the student's names that a cell can come to read."""
        return self.needs(cell) & self.scope(cell).student - self.names(cell).imported

    def problem(self, cell: MasterCell) -> str | None:
        """Say why a test cell cannot be run fairly, or None.

        Parameters
        ----------
        cell : MasterCell
            A test cell.

        Returns
        -------
        str or None
            What the instructor must change: lock a helper, or bind a name that nothing binds.
        """
        scope, own, needed = self.scope(cell), self.names(cell), self.needs(cell)
        helpers = sorted((needed & scope.unlocked) - own.bound - own.imported)
        if helpers:
            where = "an unlocked cell without a grade"
            return (
                f"The instructor must lock this helper: {', '.join(map(repr, helpers))} comes from {where}, "
                "which a student may have rewritten."
            )
        earlier = [other for other in self.master.cells if other.position < cell.position]
        if own.star_import or any(self.names(other).star_import for other in earlier):
            return None
        unbound = sorted(own.runs_with - self._known(cell, scope.binders) - scope.student)
        if unbound:
            return f"Nothing before this test cell binds {', '.join(map(repr, unbound))} in the master."
        return None

    def _known(self, cell: MasterCell, binders: Mapping[str, MasterCell]) -> frozenset[str]:
        own = self.names(cell)
        return frozenset(binders) | own.bound | own.imported | frozenset(dir(builtins)) | IMPLICIT


def _cell_names(cell: MasterCell) -> CellNames:
    try:
        return read_names(python_source(cell.source))
    except (MasterProblem, SyntaxError) as error:
        if cell.role in ("test", "locked"):
            place = cell.grade_id or f"number {cell.position + 1}"
            raise MasterProblem(f"the {cell.role} cell {place} cannot be analysed: {error}") from None
        return CellNames()
