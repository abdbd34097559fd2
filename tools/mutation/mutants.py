"""All mutants of a piece of source: one change each, described so that the description outlives edits."""

from __future__ import annotations

import ast
import copy
import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from tools.mutation.operators import OPERATORS, Place


@dataclass(frozen=True)
class Mutant:
    """A program with one mistake.

    Attributes
    ----------
    function : str
        The function that the change is in.
    operator : str
        Which kind of change.
    before, after : str
        The changed statement (its first line), as Python writes syntax trees: no matter where it stands.
    occurrence : int
        Tells apart equal changes of equal statements, from 1.
    source : str
        The whole changed source.
    original : str
        The unchanged source, written the same way.
    """

    function: str
    operator: str
    before: str
    after: str
    occurrence: int
    source: str
    original: str

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What identifies the mutant, also after the solution was edited elsewhere."""
        return self.function, self.before, self.after, self.occurrence

    @property
    def diff(self) -> str:
        """The change as a diff without its surroundings."""
        lines = difflib.unified_diff(self.original.splitlines(), self.source.splitlines(), lineterm="", n=0)
        return "\n".join(line for line in lines if not line.startswith(("---", "+++", "@@")))


def mutants(source: str) -> Iterator[Mutant]:
    """Yield every mutant of a source's functions, each different program once.

    Parameters
    ----------
    source : str
        Python source; what stands outside of functions is left alone.

    Yields
    ------
    Mutant
        In the order of the source.

    Raises
    ------
    SyntaxError
        If the source cannot be parsed.
    """
    tree = ast.parse(source)
    original = ast.unparse(tree)
    seen, counted = {original}, {}
    for number, (node, parent, statement, function) in enumerate(_surroundings(tree)):
        if function is None:
            continue
        place = Place(node, parent, siblings(function))
        for operator in OPERATORS:
            for replacement in operator(place):
                changed, after = _with(tree, number, replacement, statement)
                text = ast.unparse(changed)
                if text in seen:
                    continue
                seen.add(text)
                key = (function.name, headline(statement), after)
                counted[key] = counted.get(key, 0) + 1
                yield Mutant(function.name, operator.__name__, *key[1:], counted[key], text, original)


def siblings(function: ast.FunctionDef) -> dict[str, tuple[str, ...]]:
    """Return for every variable those that are bound beside it, and so easily taken for it.

    Beside each other are neighbours in the parameter list and in one unpacking, assignments that follow each
    other, and the variables of nested loops.
    """
    groups = [[argument.arg for argument in function.args.args]]
    for node in ast.walk(function):
        if isinstance(node, ast.Assign | ast.For | ast.comprehension):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            groups += [_names(target) for target in targets]
        if isinstance(node, ast.For):
            groups += [
                _names(node.target)[-1:] + _names(inner.target)[:1]
                for inner in node.body
                if isinstance(inner, ast.For)
            ]
        body = getattr(node, "body", None)
        for one, other in zip(body, body[1:]) if isinstance(body, list) else ():
            if isinstance(one, ast.Assign) and isinstance(other, ast.Assign):
                groups.append(_names(one.targets[0])[-1:] + _names(other.targets[0])[:1])
    found: dict[str, dict[str, None]] = {}
    for group in groups:
        for one, other in zip(group, group[1:]):
            if one != other:
                found.setdefault(one, {})[other] = None
                found.setdefault(other, {})[one] = None
    return {name: tuple(others) for name, others in found.items()}


def headline(statement: ast.AST) -> str:
    """Write a statement's first line; of a function that is the line with its name."""
    if isinstance(statement, ast.FunctionDef):
        return f"def {statement.name}({ast.unparse(statement.args)}):"
    return ast.unparse(statement).split("\n")[0]


def _names(target: ast.AST) -> list[str]:
    items = target.elts if isinstance(target, ast.Tuple | ast.List) else [target]
    return [item.id for item in items if isinstance(item, ast.Name)]


Surroundings = tuple[ast.AST, ast.AST | None, ast.stmt | None, ast.FunctionDef | None]


def _surroundings(tree: ast.AST) -> list[Surroundings]:
    """List all nodes in a fixed order, each with its parent, its statement and the outermost function."""
    found: list[Surroundings] = []

    def visit(
        node: ast.AST, parent: ast.AST | None, statement: ast.stmt | None, function: ast.FunctionDef | None
    ) -> None:
        if isinstance(node, ast.stmt):
            statement = node
        if isinstance(node, ast.FunctionDef):
            function = function or node
        found.append((node, parent, statement, function))
        for child in ast.iter_child_nodes(node):
            visit(child, node, statement, function)

    visit(tree, None, None, None)
    return found


def _with(tree: ast.AST, number: int, replacement: ast.AST, statement: ast.stmt) -> tuple[ast.AST, str]:
    """Return a copy of the tree with its numbered node replaced, and the changed statement's first line."""
    twin = copy.deepcopy(tree)
    node, parent, within, _ = _surroundings(twin)[number]
    if isinstance(replacement, ast.expr) and hasattr(node, "ctx") and isinstance(node.ctx, ast.Store):
        replacement.ctx = ast.Store()
    for name, value in ast.iter_fields(parent):
        if value is node:
            setattr(parent, name, replacement)
        elif isinstance(value, list):
            value[:] = [replacement if item is node else item for item in value]
    ast.fix_missing_locations(twin)
    return twin, headline(replacement if node is within else within)
