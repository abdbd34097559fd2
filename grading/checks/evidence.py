"""Turns a wrong answer into what is shown: the call, its arguments, what was expected, and what came back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grading.checks.comparison import EXACT, Tolerance, article
from grading.checks.functions import FunctionArgument
from grading.checks.signatures import parameters
from grading.checks.student import StudentFault
from grading.checks.verdict import Exhibit

if TYPE_CHECKING:
    from grading.checks.definition import Check
    from grading.checks.drawing import Example
    from grading.checks.trial import Finding

CELL_LIMIT = 1024
TEXT_CELL_LIMIT = 400
REPR_LIMIT = 300
# Stands behind every wrong element in the text.
MARK = "*"


def call_text(check: Check, example: Example) -> str:
    """Write a call as the student could: arrays and functions by name, everything else by value."""
    if check.dialogue is not None:
        return check.dialogue.text(example)
    words = [
        name if isinstance(value, np.ndarray | FunctionArgument) else repr(value)
        for name, value in _named_positional(check, example)
    ]
    words += [f"{name}={value!r}" for name, value in example.kwargs.items()]
    if check.cache_of is not None:
        forward = f"{check.cache_of.forward}({', '.join(words[1:])})"
        return f"{check.name}(dy, cache), with y, cache = {forward}"
    return f"{check.name}({', '.join(words)})"


def exhibits(
    check: Check,
    finding: Finding,
    answers: list[tuple[np.ndarray, ...]],
    tolerances: list[Tolerance],
    output: str | None,
) -> tuple[Exhibit, ...]:
    """Return array and function arguments, the expected output and the student's, wrong elements marked.

    Parameters
    ----------
    check : Check
        Names arguments and outputs.
    finding : Finding
        The failing example and the reply.
    answers : list of tuple of ndarray
        Right answers by output, the reference's first.
    tolerances : list of Tolerance
        One for each output.
    output : str or None
        The output that was judged; None shows the first that differs.

    Returns
    -------
    tuple of Exhibit
    """
    shown = [
        show(name, value)
        for name, value in _named_positional(check, finding.example)
        if isinstance(value, np.ndarray | FunctionArgument)
    ]
    place, got = _judged_output(check, finding, answers, tolerances, output)
    expected = answers[0][place]
    suffix = f" {check.outputs[place]}" if len(check.outputs) > 1 else ""
    shown.append(show(f"expected{suffix}", expected))
    if isinstance(finding.reply, StudentFault):
        text = finding.reply.traceback or str(finding.reply)
        return (*shown, Exhibit("yours", text, dtype=finding.reply.name or finding.reply.kind))
    return (*shown, show(f"yours{suffix}", got, expected, tolerances[place]))


def counterexample_text(
    check: Check,
    finding: Finding,
    answers: list[tuple[np.ndarray, ...]],
    tolerances: list[Tolerance],
    output: str | None,
) -> str:
    """Write the failing call, its arguments, the expected value and the student's as text."""
    lines = [call_text(check, finding.example)]
    for exhibit in exhibits(check, finding, answers, tolerances, output):
        kind = f", shape {exhibit.shape}, {exhibit.dtype}" if exhibit.shape is not None else ""
        lines += [f"{exhibit.label}{kind}:", *(f"    {line}" for line in exhibit.text.splitlines())]
    return "\n".join(lines)


def show(
    label: str, value: object, expected: np.ndarray | None = None, tolerance: Tolerance | None = None
) -> Exhibit:
    """Turn a value into an exhibit, marking where it differs from an expected array of the same shape."""
    if isinstance(value, FunctionArgument):
        return Exhibit(label, value.describe(), dtype="function")
    array = value
    single = isinstance(value, np.generic | np.ndarray) and value.shape == () and value.dtype.kind in "fiubc"
    if single or (type(value) in (int, float) and abs(value) < EXACT):
        # A single number needs no shape; its value says it all.
        return Exhibit(label, _number(value), dtype=str(value.dtype) if single else type(value).__name__)
    if isinstance(value, list) and value:
        try:
            array = np.asarray(value)
        except (ValueError, TypeError, OverflowError):
            array = value
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiubc":
        return Exhibit(label, _short_repr(value), dtype=type(value).__name__)
    small = array.size <= CELL_LIMIT
    cells = tuple(_number(item) for item in array.flat) if small else ()
    heat: tuple[float, ...] = ()
    if expected is not None and array.shape == expected.shape and array.dtype.kind in "fiu" and small:
        heat = _heat(array.astype(np.float64), expected, tolerance)
    marked = [f"{cell}{MARK if off else ''}" for cell, off in zip(cells, heat or [0.0] * len(cells))]
    text = _as_lines(array, marked)
    return Exhibit(label, text, array.shape, str(array.dtype), cells, heat)


def _as_lines(array: np.ndarray, cells: list[str]) -> str:
    """Write an array as NumPy does, with the cells already formatted; large ones in short."""
    if not array.size:
        return "(no elements)"
    if len(cells) != array.size or array.size > TEXT_CELL_LIMIT:
        return np.array2string(array, threshold=0, edgeitems=3, formatter={"all": _number}, separator=" ")
    width = max(map(len, cells))
    table = np.array([cell.rjust(width) for cell in cells]).reshape(array.shape)
    return np.array2string(
        table, threshold=array.size + 1, formatter={"all": str}, separator=" ", max_line_width=110
    )


def _heat(got: np.ndarray, expected: np.ndarray, tolerance: Tolerance | None) -> tuple[float, ...]:
    off = np.abs(got - expected)
    allowed = tolerance.absolute if tolerance else 0.0
    wrong = ~(off <= allowed)
    worst = off[wrong & np.isfinite(off)].max(initial=0.0)
    share = np.where(np.isfinite(off), off / worst if worst else 1.0, 1.0)
    return tuple(float(round(item, 3)) for item in np.where(wrong, np.clip(share, 0.05, 1.0), 0.0).flat)


def _judged_output(
    check: Check,
    finding: Finding,
    answers: list[tuple[np.ndarray, ...]],
    tolerances: list[Tolerance],
    output: str | None,
) -> tuple[int, object]:
    """Return which output to show, and the student's value of it."""
    place = check.outputs.index(output) if output else 0
    if isinstance(finding.reply, StudentFault) or len(check.outputs) == 1:
        return place, None if isinstance(finding.reply, StudentFault) else finding.reply.value
    value = finding.reply.value
    if not isinstance(value, tuple | list) or len(value) != len(check.outputs):
        return place, value
    return place, value[place]


def _named_positional(check: Check, example: Example) -> list[tuple[str, object]]:
    """Pair the positional arguments with the parameter names of the signature, or of the forward's."""
    names = parameters(check.signature) if check.cache_of is None else check.cache_of.parameters
    if check.dialogue is not None:
        names = check.dialogue.inputs
    return list(zip(names, example.args))


def _short_repr(value: object) -> str:
    if isinstance(value, np.ndarray):
        return article(value)
    try:
        text = repr(value)
    except ValueError:
        # Python refuses to write out integers of thousands of digits.
        return article(value)
    return text if len(text) <= REPR_LIMIT else text[: REPR_LIMIT - 1] + "…"


def _number(item: object) -> str:
    if isinstance(item, bool | np.bool_):
        return str(bool(item))
    if isinstance(item, complex | np.complexfloating):
        return f"{item:.4g}"
    if abs(item) < EXACT and item == int(item):
        return str(int(item))
    return f"{item:.5g}"
