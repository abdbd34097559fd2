"""Compiles a master cell so that identity tests, pattern matching and type questions meet the same refusals
as operators.

`x is None`, `match x:`, `isinstance(x, …)` and `id(x)` never ask the object, so that a stand-in cannot refuse
them itself: the cell's syntax tree and the builtins that it sees are changed instead.
"""

from __future__ import annotations

import ast
import builtins
from dataclasses import dataclass
from types import CodeType

from grading.checker.cell_source import ends_quietly, python_source
from grading.checker.handles import Owner, is_stand_in

GUARD = "__grader_known__"
BOUND, UNBOUND = "__grader_bound__", "__grader_unbound__"


@dataclass(frozen=True)
class CompiledStatement:
    """One top-level statement of a master cell.

    Attributes
    ----------
    code : CodeType
        Ready for `exec`, or for `eval` where it is the cell's last expression.
    tree : ast.stmt
        The statement as it was written.
    source : str
        Its text.
    """

    code: CodeType
    tree: ast.stmt
    source: str


@dataclass(frozen=True)
class CompiledCell:
    """A master cell, compiled statement by statement.

    Attributes
    ----------
    filename : str
        Marks the frames of this cell in tracebacks.
    statements : tuple of CompiledStatement
        In order.
    last_expression : ast.expr or None
        The last statement's expression, unless a semicolon hides its value.
    """

    filename: str
    statements: tuple[CompiledStatement, ...]
    last_expression: ast.expr | None


def compile_cell(source: str, filename: str) -> CompiledCell:
    """Compile a master cell.

    Parameters
    ----------
    source : str
        The cell's text, possibly with magics.
    filename : str
        What its frames are called.

    Returns
    -------
    CompiledCell

    Raises
    ------
    MasterProblem
        If the cell is not Python.
    """
    text = python_source(source)
    body = ast.parse(text).body
    shown = bool(body) and isinstance(body[-1], ast.Expr) and not ends_quietly(text)
    guarded = ast.fix_missing_locations(_Guard().visit(ast.parse(text))).body
    statements = []
    for position, (tree, node) in enumerate(zip(body, guarded)):
        last_shown = shown and position == len(body) - 1
        module = ast.Expression(node.value) if last_shown else ast.Module([node], type_ignores=[])
        code = compile(module, filename, "eval" if last_shown else "exec", dont_inherit=True)
        statements.append(CompiledStatement(code, tree, ast.get_source_segment(text, tree) or ""))
    return CompiledCell(filename, tuple(statements), body[-1].value if shown else None)


def guarded_builtins(owner: Owner) -> dict[str, object]:
    """Return the builtins that master cells see in the checker.

    Parameters
    ----------
    owner : Owner
        The bridge whose latch is closed when a stand-in is asked for what it must not prove.

    Returns
    -------
    dict
        A fresh copy; type questions, identity and `input` refuse.
    """

    def known(value: object, what: str = "the identity") -> object:
        if is_stand_in(value):
            raise owner.refuse(value, what)
        return value

    def guarded_isinstance(value: object, kinds: object) -> bool:
        for kind in kinds if type(kinds) is tuple else (kinds,):
            known(kind, "the type")
        return isinstance(known(value, "the type"), kinds)

    def guarded_issubclass(value: type, kinds: object) -> bool:
        for kind in kinds if type(kinds) is tuple else (kinds,):
            known(kind, "the type")
        return issubclass(known(value, "the type"), kinds)

    def guarded_callable(value: object) -> bool:
        if is_stand_in(value):
            return owner.is_callable(value)
        return callable(value)

    def no_input(prompt: object = "") -> str:
        raise EOFError("nobody answers input() while a notebook is graded")

    return {
        **vars(builtins),
        GUARD: known,
        "isinstance": guarded_isinstance,
        "issubclass": guarded_issubclass,
        "callable": guarded_callable,
        "id": lambda value: id(known(value)),
        "input": no_input,
        BOUND: lambda name, value: None,
        UNBOUND: lambda name: None,
    }


class _Guard(ast.NodeTransformer):
    """Sends operands of `is` and subjects of `match` through a function that refuses stand-ins.

    It also tells when the cell itself, outside of functions, sets or deletes a name.
    """

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        """Guard a body whose names are its own."""
        return self._inside(node)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> ast.AST:
        """Guard a body whose names are its own."""
        return self._inside(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> ast.AST:
        """Guard a body whose names are its own."""
        return self._inside(node)

    def visit_Delete(self, node: ast.Delete) -> ast.AST:
        """Tell which names are gone."""
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return self._told(self.generic_visit(node), UNBOUND, names)

    def visit_Assign(self, node: ast.Assign) -> ast.AST:
        """Tell which names are set."""
        names = [target.id for target in node.targets if isinstance(target, ast.Name)]
        return self._told(self.generic_visit(node), BOUND, names)

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        """Tell which name is set."""
        names = [node.target.id] if isinstance(node.target, ast.Name) else []
        return self._told(self.generic_visit(node), BOUND, names)

    def __init__(self) -> None:
        self._depth = 0

    def _inside(self, node: ast.AST) -> ast.AST:
        self._depth += 1
        try:
            return self.generic_visit(node)
        finally:
            self._depth -= 1

    def _told(self, node: ast.stmt, function: str, names: list[str]) -> ast.stmt:
        if self._depth or not names:
            return node
        told = [
            ast.Expr(
                ast.Call(
                    ast.Name(function, ast.Load()),
                    [ast.Constant(name), *([ast.Name(name, ast.Load())] if function == BOUND else [])],
                    [],
                )
            )
            for name in names
        ]
        # One statement stays one statement.
        return ast.copy_location(ast.If(ast.Constant(True), [node, *told], []), node)

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        """Guard the operands on both sides of every `is` and `is not`."""
        self.generic_visit(node)
        operands = [node.left, *node.comparators]
        identity = [isinstance(operator, ast.Is | ast.IsNot) for operator in node.ops]
        for place, operand in enumerate(operands):
            if any(identity[max(0, place - 1) : place + 1]):
                operands[place] = _guarded(operand)
        node.left, node.comparators = operands[0], operands[1:]
        return node

    def visit_Match(self, node: ast.Match) -> ast.AST:
        """Guard the subject."""
        self.generic_visit(node)
        node.subject = _guarded(node.subject)
        return node


def _guarded(node: ast.expr) -> ast.expr:
    return ast.copy_location(ast.Call(ast.copy_location(ast.Name(GUARD, ast.Load()), node), [node], []), node)
