"""What can be changed at one place of a program: each operator yields the wrong nodes for a right one."""

from __future__ import annotations

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

ARITHMETIC = {
    ast.Add: (ast.Sub,),
    ast.Sub: (ast.Add,),
    ast.Mult: (ast.Add, ast.Div),
    ast.Div: (ast.Mult, ast.FloorDiv),
    ast.FloorDiv: (ast.Div, ast.Mult),
    ast.Mod: (ast.FloorDiv,),
    ast.Pow: (ast.Mult,),
}
COMPARISONS = {
    ast.Lt: (ast.LtE, ast.Gt),
    ast.LtE: (ast.Lt, ast.GtE),
    ast.Gt: (ast.GtE, ast.Lt),
    ast.GtE: (ast.Gt, ast.LtE),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_PAIRS = (
    ("max", "min"), ("argmax", "argmin"), ("maximum", "minimum"), ("sum", "mean"), ("zeros", "ones"),
    ("zeros_like", "ones_like"), ("var", "std"), ("floor", "ceil"), ("any", "all"), ("exp", "expm1"),
    ("log", "log1p"), ("sin", "cos"), ("hstack", "vstack"),
)  # fmt: skip
LOOKALIKES = {a: b for pair in _PAIRS for a, b in (pair, pair[::-1])}
# Calls whose first argument, or whose object, is a plausible value by itself.
DROPPABLE = frozenset(
    {"abs", "sqrt", "square", "exp", "log", "tanh", "pad", "flip", "rot90", "copy", "astype", "squeeze"}
    | {"ravel", "reshape", "transpose", "swapaxes", "cumsum", "round", "clip"}
)
MAKERS = frozenset({"zeros", "zeros_like", "ones", "ones_like", "empty", "empty_like", "full", "full_like"})
AXES = frozenset({"axis", "axes"})


@dataclass(frozen=True)
class Place:
    """A node, with what an operator must know of its surroundings.

    Attributes
    ----------
    node : ast.AST
        The node that may be changed.
    parent : ast.AST or None
        What it stands in.
    siblings : dict of str to tuple of str
        For a variable's name those that it is easily confused with.
    """

    node: ast.AST
    parent: ast.AST | None = None
    siblings: dict[str, tuple[str, ...]] = field(default_factory=dict)


def arithmetic(place: Place) -> Iterator[ast.AST]:
    """Another operation; rounding up for rounding down; `=` and `-=` for `+=`."""
    node = place.node
    if isinstance(node, ast.BinOp):
        yield from (changed(node, op=other()) for other in ARITHMETIC.get(type(node.op), ()))
        if isinstance(node.op, ast.FloorDiv):
            negated = changed(node, left=ast.UnaryOp(ast.USub(), copy.deepcopy(node.left)))
            yield ast.UnaryOp(ast.USub(), negated)
        if isinstance(node.op, ast.MatMult | ast.Sub | ast.Div | ast.FloorDiv):
            yield changed(node, left=node.right, right=node.left)
    elif isinstance(node, ast.AugAssign):
        yield from (changed(node, op=other()) for other in ARITHMETIC.get(type(node.op), ()))
        yield ast.Assign([copy.deepcopy(node.target)], copy.deepcopy(node.value))


def missing_term(place: Place) -> Iterator[ast.AST]:
    """One operand alone; a minus sign forgotten; a statement left out."""
    node = place.node
    if isinstance(node, ast.BinOp):
        yield copy.deepcopy(node.left)
        if not isinstance(node.op, ast.Sub | ast.Div | ast.FloorDiv):
            yield copy.deepcopy(node.right)
    elif isinstance(node, ast.UnaryOp):
        yield copy.deepcopy(node.operand)
    elif _acts(node):
        yield ast.Pass()


def constants(place: Place) -> Iterator[ast.AST]:
    """Numbers one off or with the other sign, truth values flipped, text misspelt."""
    node = place.node
    if not isinstance(node, ast.Constant) or isinstance(place.parent, ast.Expr | ast.JoinedStr):
        return
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
        yield signed(value - 1)
        if isinstance(value, float) and value:
            yield signed(-value)
    elif isinstance(value, str):
        yield ast.Constant(value + "_")


def comparisons(place: Place) -> Iterator[ast.AST]:
    """Another comparison; `or` for `and`; a condition that is always or never true."""
    node = place.node
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield from (changed(node, ops=[other()]) for other in COMPARISONS[type(node.ops[0])])
    elif isinstance(node, ast.BoolOp):
        yield changed(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.If | ast.IfExp):
        yield from (changed(node, test=ast.Constant(value)) for value in (True, False))


def axes(place: Place) -> Iterator[ast.AST]:
    """Other axes, fewer axes, all axes."""
    node = place.node
    if not isinstance(node, ast.keyword) or node.arg not in AXES:
        return
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, int):
        right = node.value.value
        yield from (changed(node, value=ast.Constant(axis)) for axis in range(4) if axis != right)
    elif isinstance(node.value, ast.Tuple | ast.List):
        for i in range(len(node.value.elts)):
            fewer = copy.deepcopy(node.value)
            del fewer.elts[i]
            yield changed(node, value=fewer)


def keywords(place: Place) -> Iterator[ast.AST]:
    """A keyword argument left out: keepdims, axis, ddof and their like."""
    node = place.node
    if isinstance(node, ast.Call):
        for i in range(len(node.keywords)):
            yield changed(node, keywords=node.keywords[:i] + node.keywords[i + 1 :])


def slices(place: Place) -> Iterator[ast.AST]:
    """A bound or step left out, a bound one off; ranges that miss their first or last number."""
    node = place.node
    one = ast.Constant(1)
    if isinstance(node, ast.Slice):
        for bound in ("lower", "upper", "step"):
            if getattr(node, bound) is not None:
                yield changed(node, **{bound: None})
        if node.lower is not None:
            yield changed(node, lower=ast.BinOp(node.lower, ast.Add(), one))
        if node.upper is not None:
            yield changed(node, upper=ast.BinOp(node.upper, ast.Sub(), one))
    elif is_call(node, "range") and len(node.args) == 1:
        yield changed(node, args=[ast.BinOp(node.args[0], ast.Sub(), one)])
        yield changed(node, args=[one, node.args[0]])


def exchanged(place: Place) -> Iterator[ast.AST]:
    """Neighbouring arguments, elements or names of an unpacking exchanged."""
    node = place.node
    where = "args" if isinstance(node, ast.Call) else "elts" if isinstance(node, ast.Tuple | ast.List) else ""
    items = getattr(node, where, [])
    for i in range(len(items) - 1):
        if ast.dump(items[i]) != ast.dump(items[i + 1]):
            yield changed(node, **{where: [*items[:i], items[i + 1], items[i], *items[i + 2 :]]})


def confused_names(place: Place) -> Iterator[ast.AST]:
    """Height for width, i for j: a variable for one that is bound beside it."""
    node = place.node
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
        yield from (changed(node, id=other) for other in place.siblings.get(node.id, ()))


def lookalikes(place: Place) -> Iterator[ast.AST]:
    """Another function of the same kind; a call, or a transposition, left out."""
    node = place.node
    if isinstance(node, ast.Attribute) and node.attr in LOOKALIKES:
        yield changed(node, attr=LOOKALIKES[node.attr])
    elif isinstance(node, ast.Name) and node.id in LOOKALIKES and isinstance(node.ctx, ast.Load):
        yield changed(node, id=LOOKALIKES[node.id])
    elif isinstance(node, ast.Attribute) and node.attr == "T":
        yield copy.deepcopy(node.value)
    elif is_call(node, *DROPPABLE) and isinstance(node.func, ast.Attribute):
        if not _is_module(node.func.value):
            yield copy.deepcopy(node.func.value)
        elif node.args:
            yield copy.deepcopy(node.args[0])


def stale_state(place: Place) -> Iterator[ast.AST]:
    """An array that is made once and found as the last call left it."""
    node = place.node
    if is_call(node, *MAKERS) and node.args:
        shapes = [f"getattr({ast.unparse(arg)}, 'shape', {ast.unparse(arg)})" for arg in node.args]
        text = ast.unparse(node)
        kept = f"globals().setdefault(repr(({text!r}, {', '.join(shapes)})), {text})"
        yield ast.parse(kept, mode="eval").body


OPERATORS: tuple[Callable[[Place], Iterator[ast.AST]], ...] = (
    arithmetic, missing_term, constants, comparisons, axes, keywords, slices, exchanged, confused_names,
    lookalikes, stale_state,
)  # fmt: skip


def changed(node: ast.AST, **fields: object) -> ast.AST:
    """Copy a node with some fields replaced; copies share nothing."""
    twin = copy.deepcopy(node)
    for name, value in fields.items():
        setattr(twin, name, copy.deepcopy(value))
    return twin


def signed(value: float) -> ast.AST:
    """Write a number as Python's grammar does: a minus sign is an operator."""
    return ast.Constant(value) if value >= 0 else ast.UnaryOp(ast.USub(), ast.Constant(-value))


def is_call(node: ast.AST, *names: str) -> bool:
    """Tell whether a node calls a function or method of one of these names."""
    if not isinstance(node, ast.Call):
        return False
    return getattr(node.func, "attr", getattr(node.func, "id", None)) in names


def _is_module(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and node.id in ("np", "numpy")


def _acts(node: ast.AST) -> bool:
    """Tell whether a statement changes something that is there without it, too."""
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Subscript | ast.Attribute) for target in node.targets)
    if isinstance(node, ast.Expr):
        return not isinstance(node.value, ast.Constant)
    return isinstance(node, ast.AugAssign)
