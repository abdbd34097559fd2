"""Compares one answer with the expected one, in a fixed order: the first difference is the message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STEPS = (
    "exists",
    "callable",
    "signature",
    "returns",
    "type",
    "number of values",
    "ndim",
    "shape",
    "dtype",
    "finite",
    "values",
    "arguments",
)
# Float64 answers may be computed in float32 inside; float32 inputs leave seven digits, and sums lose one or
# two.
RELATIVE_TOLERANCE = {"float64": 1e-6, "float32": 1e-5}
# Below this, floating-point numbers hold every whole number.
EXACT = 2.0**53


@dataclass(frozen=True)
class Tolerance:
    """How far a value may be off, and why.

    Parameters
    ----------
    relative : float
        Share of `magnitude`.
    magnitude : float
        The largest sum of absolute terms behind any element: what rounding errors grow with.
    dtype : str
        Type of the inputs.
    """

    relative: float
    magnitude: float
    dtype: str

    @property
    def absolute(self) -> float:
        """The largest difference that passes."""
        return self.relative * self.magnitude

    def __str__(self) -> str:
        share = f"{self.relative:.0e} × {self.magnitude:.4g}, the largest sum of |terms|"
        return f"{self.absolute:.1g} ({share}, for {self.dtype})"


@dataclass(frozen=True)
class Difference:
    """The first way in which an answer is not the expected one.

    Parameters
    ----------
    step : str
        Where in the order of the comparison it showed.
    message : str
        What came and what was expected, in one or two sentences.
    wrong : ndarray of bool or None
        Which elements differ; None unless the shapes agree.
    detail : str
        How many values are off, and by what measure; completes the message where there is room.
    """

    step: str
    message: str
    wrong: np.ndarray | None = None
    detail: str = ""


def tolerance_for(arguments: Sequence[object], magnitude: object) -> Tolerance:
    """Choose the tolerance from the least precise floating argument and the conditioning.

    Parameters
    ----------
    arguments : sequence
        What the function was called with.
    magnitude : array or tuple of arrays
        Sums of absolute terms behind the expected elements.

    Returns
    -------
    Tolerance
    """
    names = [str(a.dtype) for a in arguments if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
    dtype = "float32" if "float32" in names else "float64"
    largest = float(np.max(np.abs(magnitude), initial=0.0))
    return Tolerance(RELATIVE_TOLERANCE[dtype], largest or 1.0, dtype)


def unpack(value: object, outputs: Sequence[str]) -> tuple[object, ...] | Difference:
    """Split a reply into its named outputs.

    Parameters
    ----------
    value : object
        What the student returned.
    outputs : sequence of str
        Names of the outputs; one name means that the value itself is the output.

    Returns
    -------
    tuple or Difference
        One value for each output, or what is wrong with their number.
    """
    if value is None:
        return Difference("returns", "returned None: does the function end in a `return`?")
    if len(outputs) == 1:
        return (value,)
    names = ", ".join(outputs)
    if isinstance(value, tuple | list) and len(value) == len(outputs):
        return tuple(value)
    if isinstance(value, tuple | list):
        came = "1 value" if len(value) == 1 else f"{len(value)} values"
        return Difference("number of values", f"returned {came}, expected {len(outputs)}: {names}")
    return Difference(
        "type", f"returned {article(value)}, expected a tuple of {len(outputs)} values: {names}"
    )


def compare(expected: np.ndarray, got: object, tolerance: Tolerance, label: str = "") -> Difference | None:
    """Compare one output with the expected array.

    Parameters
    ----------
    expected : ndarray
        The right answer.
    got : object
        The student's; lists of numbers are read as arrays.
    tolerance : Tolerance
        How far values may be off.
    label : str
        Name of the output, where a function has several.

    Returns
    -------
    Difference or None
        None if the answer is right.
    """
    of = f"{label}: " if label else ""
    array = _as_array(got)
    if isinstance(array, str):
        return Difference("type", f"{of}{array}, expected an array of shape {expected.shape}")
    if array.ndim != expected.ndim:
        return Difference(
            "ndim",
            f"{of}expected {expected.ndim} dimensions, shape {expected.shape}, "
            f"got {array.ndim}, shape {array.shape}",
        )
    if array.shape != expected.shape:
        return Difference("shape", f"{of}expected shape {expected.shape}, got {array.shape}")
    if array.dtype.kind not in "fiu":
        return Difference(
            "dtype", f"{of}elements of type {array.dtype}, expected real numbers such as float64"
        )
    got64 = array.astype(np.float64)
    if not np.isfinite(got64).all():
        wrong = ~np.isfinite(got64)
        where = _first(wrong)
        message = f"{of}{_told_apart(expected[where], got64[where])}{_index(where)}"
        return Difference("finite", message, wrong, f"{_count(wrong)} not finite.")
    wrong = np.abs(got64 - expected) > tolerance.absolute
    if not wrong.any():
        return None
    where = _first(wrong)
    message = f"{of}{_told_apart(expected[where], got64[where])}{_index(where)}"
    if expected.dtype.kind in "iu":
        # What is counted is right or wrong: nobody wonders about rounding.
        return Difference("values", message, wrong, f"{_count(wrong)} wrong." if wrong.size > 1 else "")
    return Difference("values", message, wrong, f"{_count(wrong)} off by more than {tolerance}.")


def changed_arguments(before: Sequence[object], after: Sequence[object]) -> tuple[int, ...]:
    """Return the positions of the array arguments that a call left changed.

    Parameters
    ----------
    before, after : sequence
        The positional arguments before and after the call; `after` may be empty where nobody kept them.

    Returns
    -------
    tuple of int
    """
    return tuple(
        position
        for position, (old, new) in enumerate(zip(before, after))
        if isinstance(old, np.ndarray)
        and not (isinstance(new, np.ndarray) and np.array_equal(old, new, equal_nan=True))
    )


def article(value: object) -> str:
    """Say what a value is: "a str", "an int", "an array of shape (2, 3)"."""
    if value is None:
        return "None"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"


def _as_array(value: object) -> np.ndarray | str:
    """Read the value as an array, or say in a few words why it is none."""
    if isinstance(value, np.ndarray):
        return value
    if isinstance(value, list | tuple):
        try:
            array = np.asarray(value)
        except (ValueError, TypeError, OverflowError):
            return f"returned {article(value)} that does not form a regular array"
        return array if array.dtype.kind != "O" else f"returned {article(value)} that holds more than numbers"
    if isinstance(value, bool | np.bool_) or not isinstance(value, int | float | np.number):
        return f"returned {article(value)}"
    try:
        return np.asarray(value, dtype=None if isinstance(value, np.number) else np.float64)
    except OverflowError:
        return "returned an int too large for an array"


def _first(wrong: np.ndarray) -> tuple[int, ...]:
    return tuple(int(i) for i in np.argwhere(wrong)[0])


def _index(where: tuple[int, ...]) -> str:
    return f" at [{', '.join(map(str, where))}]" if where else ""


def _count(wrong: np.ndarray) -> str:
    count = int(wrong.sum())
    if wrong.size == 1:
        return "The only value is"
    if wrong.all():
        return f"All {wrong.size} values are"
    return f"{count} of {wrong.size} values {'is' if count == 1 else 'are'}"


def _told_apart(expected: float, got: float) -> str:
    """Write both numbers with as many digits as it takes to see that they differ."""
    digits = next((n for n in range(6, 17) if _number(expected, n) != _number(got, n)), 17)
    return f"expected {_number(expected, digits)}, got {_number(got, digits)}"


def _number(value: float, digits: int = 6) -> str:
    """Write whole numbers in full: of two large ones the last digits may be all that differs."""
    return f"{value:.0f}" if abs(value) < EXACT and value == int(value) else f"{value:.{digits}g}"
