"""From the value of a test cell's last expression to points, refusing numbers that a student could have
chosen.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Set as AbstractSet

import numpy as np

from grading.checker.cell_code import CompiledCell

# A number that only passes through one of these is still the student's own.
PASSED_THROUGH = frozenset({"float", "int", "round", "abs", "min", "max", "sum", "bool", "str"})


class RefusedCredit(Exception):
    """The test cell gave a number that cannot count; the text tells the instructor why."""


def comes_from_student(cell: CompiledCell, student: AbstractSet[str]) -> bool:
    """Tell whether a cell's last expression is the student's answer itself, and not a judgement of it.

    Parameters
    ----------
    cell : CompiledCell
        The master's test cell.
    student : set of str
        Names that mean the student's objects there.

    Returns
    -------
    bool
        True for a direct call of the student's code, a student's variable, or a name that was set to one of
        these.
    """
    if cell.last_expression is None:
        return False
    direct = set(student)
    for statement in cell.statements[:-1]:
        tree = statement.tree
        if isinstance(tree, ast.Assign | ast.AnnAssign) and tree.value is not None:
            targets = tree.targets if isinstance(tree, ast.Assign) else [tree.target]
            names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
            direct = direct | names if _is_direct(tree.value, direct) else direct - names
    return _is_direct(cell.last_expression, direct)


def points_for(value: object, max_points: float, *, direct: bool) -> float:
    """Return the points of a test cell that ran to its end.

    Parameters
    ----------
    value : object
        What its last expression gave; None where there is none.
    max_points : float
        What the cell is worth.
    direct : bool
        Whether the last expression is the student's answer itself.

    Returns
    -------
    float
        In [0, max_points]: a plain number counts as partial credit, False as none, anything else as all.

    Raises
    ------
    RefusedCredit
        If the number is not finite, outside the range, or the student's own.
    """
    if type(value) in (bool, np.bool_):
        return max_points if value else 0.0
    if not _is_number(value):
        return max_points
    if direct:
        raise RefusedCredit(
            "The last expression of this test cell is the student's own answer, so that its number cannot be "
            "told from partial credit. The instructor must end the cell with an assertion or an own number."
        )
    points = float(value)
    if not math.isfinite(points) or not 0.0 <= points <= max_points:
        raise RefusedCredit(
            f"The last expression of this test cell gave {points:g}, which is not a number of points "
            f"from 0 to {max_points:g}."
        )
    return points


def _is_number(value: object) -> bool:
    if type(value) in (int, float):
        return True
    return isinstance(value, np.integer | np.floating) and type(value).__module__ == "numpy"


def _is_direct(node: ast.expr, student: AbstractSet[str]) -> bool:
    while isinstance(node, ast.Attribute | ast.Subscript | ast.Starred | ast.Await | ast.NamedExpr):
        node = node.value
    if isinstance(node, ast.Call):
        through = (
            isinstance(node.func, ast.Name) and node.func.id in PASSED_THROUGH and node.func.id not in student
        )
        if through:
            return any(_is_direct(argument, student) for argument in node.args)
        return _is_direct(node.func, student)
    if isinstance(node, ast.UnaryOp):
        return _is_direct(node.operand, student)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div):
        # Scaling by a constant judges nothing; a difference from something expected does.
        for scaled, factor in ((node.left, node.right), (node.right, node.left)):
            if isinstance(factor, ast.Constant) and _is_direct(scaled, student):
                return True
        return False
    if isinstance(node, ast.IfExp):
        return _is_direct(node.body, student) or _is_direct(node.orelse, student)
    if isinstance(node, ast.BoolOp):
        return any(_is_direct(part, student) for part in node.values)
    return isinstance(node, ast.Name) and node.id in student
