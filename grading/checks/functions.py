"""Functions as arguments of a check: they compute, and they can be read in a counterexample.

A student's `newton_step(grad, hessian, theta)` is called with functions. What a reader needs to see of one is
its text, and what makes two of them the same question is their text and their constants.
"""

from __future__ import annotations

import ast
import functools
import hashlib
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

# What a formula may call by its bare name, so that it reads as on paper.
_NAMES = """
    abs array concatenate cos diag dot exp eye log maximum minimum ones outer pi prod sign sin sqrt stack sum
    tan tanh where zeros
"""
NAMES: dict[str, object] = {name: getattr(np, name) for name in _NAMES.split()} | {"np": np}


@dataclass(frozen=True, eq=False, repr=False)
class FunctionArgument:
    """A function that a check hands to a student's function; made by `formula` or `described`.

    Parameters
    ----------
    text : str
        How it is shown, "f(x) = x @ A @ x / 2".
    compute : callable
        What it does: the same for the same arguments, whenever it is asked and however often.
    constants : mapping of str to array or number
        What the text speaks of besides its arguments.
    """

    text: str
    compute: Callable[..., object]
    constants: Mapping[str, object] = field(default_factory=dict)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Compute; arrays are fresh, so that nobody can change a constant through a result."""
        value = self.compute(*args, **kwargs)
        return value.copy() if isinstance(value, np.ndarray) else value

    @property
    def key(self) -> bytes:
        """Equal for functions of the same text and constants."""
        digest = hashlib.sha256(self.text.encode())
        for name, value in sorted(self.constants.items()):
            array = np.asarray(value)
            digest.update(repr((name, array.dtype.str, array.shape)).encode() + array.tobytes())
        return digest.digest()

    @property
    def arrays(self) -> list[np.ndarray]:
        """The constants that are arrays."""
        return [value for value in self.constants.values() if isinstance(value, np.ndarray)]

    def __repr__(self) -> str:
        words = [f"{name} = {_written(value)}" for name, value in self.constants.items()]
        return f"{self.text}, with {', '.join(words)}" if words else self.text

    def describe(self) -> str:
        """Return the text, and a line for each constant."""
        lines = [self.text]
        for name, value in self.constants.items():
            kind = f" ({value.dtype})" if isinstance(value, np.ndarray) else ""
            lines.append(f"    {name} = {_written(value)}{kind}")
        return "\n".join(lines)


# An object of a class with __call__ may have more to it than calling, and so is none of these.
_KINDS = (
    FunctionArgument,
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    functools.partial,
    np.ufunc,
    np.vectorize,
    type(np.sum),
)


def formula(text: str, **constants: object) -> FunctionArgument:
    """Make a function from the line that shows it.

    Parameters
    ----------
    text : str
        "f(x, y) = x**2 + 3*x*y": a name, parameters, and a Python expression in these, the constants, and
        NumPy's usual functions by their bare names (`sin`, `exp`, `sum`, ...; anything else as `np.…`).
    **constants
        Numbers and arrays; copied, so that they stay as they are now.

    Returns
    -------
    FunctionArgument

    Raises
    ------
    ValueError
        If the text is no such line, or reads a name that is neither a parameter nor a constant.
    """
    head, separator, body = text.partition(") = ")
    try:
        header = ast.parse(f"def {head}): pass").body[0]
        expression = ast.parse(body.strip(), mode="eval")
    except SyntaxError as error:
        raise ValueError(f'text must read like "f(x) = x**2", got {text!r}: {error.msg}') from None
    if not separator or not isinstance(header, ast.FunctionDef):
        raise ValueError(f'text must read like "f(x) = x**2", got {text!r}')
    fixed = {
        name: value.copy() if isinstance(value, np.ndarray) else value for name, value in constants.items()
    }
    parameters = [argument.arg for argument in header.args.args]
    inside = {n.id for n in ast.walk(expression) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    read = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)} - inside
    unknown = sorted(read - {*parameters, *fixed, *NAMES, "range", "len", "float"})
    if unknown:
        raise ValueError(
            f"text {text!r} reads {unknown}, which is no parameter and no constant: pass it by name, "
            f"or write np.{unknown[0]} for NumPy's"
        )
    namespace = NAMES | fixed
    source = f"lambda {ast.unparse(header.args)}: {ast.unparse(expression)}"
    return FunctionArgument(text, eval(source, namespace), fixed)


def described(text: str, compute: Callable[..., object], **constants: object) -> FunctionArgument:
    """Make a function that no formula says, with a text that does.

    Parameters
    ----------
    text : str
        What the reader of a counterexample sees: its source, or what it does.
    compute : callable
        The function. It must depend on its arguments alone.
    **constants
        What else the text speaks of; functions of the same text and constants count as the same.

    Returns
    -------
    FunctionArgument
    """
    return FunctionArgument(text, compute, constants)


def exchanged(value: object, change: Callable[[object], object | None]) -> object:
    """Return the value with something else in the place of some things in it, also inside containers.

    Parameters
    ----------
    value : object
        An argument of a call.
    change : callable
        Gets everything that is no container, and returns what stands in its place, or None to leave it.
    """
    if type(value) in (list, tuple):
        return type(value)(exchanged(item, change) for item in value)
    if type(value) is dict:
        return {key: exchanged(item, change) for key, item in value.items()}
    instead = change(value)
    return value if instead is None else instead


def is_function(value: object) -> bool:
    """Tell whether an argument is a function to hand over: nobody misses anything of it but calling it."""
    return isinstance(value, _KINDS)


def _written(value: object) -> str:
    if isinstance(value, np.ndarray):
        return np.array2string(value, threshold=100, edgeitems=3, separator=", ").replace("\n", "")
    return f"{value:g}" if isinstance(value, float) else repr(value)
