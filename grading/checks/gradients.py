"""Finite differences of the student's own forward: they explain a wrong backward, they never score."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from grading.checks.drawing import Example
from grading.checks.student import Student, StudentFault

ELEMENT_LIMIT = 40
AGREEMENT = 1e-5


@dataclass(frozen=True)
class GradientOf:
    """How a backward function belongs to its forward function.

    Parameters
    ----------
    forward : str
        Name of the student's forward function.
    call : callable
        Takes the backward's arguments and returns the Example that calls the forward.
    upstream : int or None
        Which backward argument is the gradient of the loss by the forward's result; None where the result is
        the loss itself, one number.
    by : mapping of str to int
        For every output of the backward, which forward argument it differentiates by.
    reference : callable
        The right forward.
    place : int or None
        Where the result stands in the tuple that the forward returns; None if it returns nothing else.
    step : float
        Half the distance of the central differences.
    """

    forward: str
    call: Callable[..., Example]
    by: Mapping[str, int]
    reference: Callable[..., np.ndarray]
    upstream: int | None = 0
    place: int | None = None
    step: float = 1e-4


def explain(link: GradientOf, student: Student, failing: Example, output: str, got: object) -> str | None:
    """Say what finite differences of the student's own forward tell about a wrong gradient.

    Parameters
    ----------
    link : GradientOf
        The forward function and how to call it.
    student : Student
        Whose forward is differentiated.
    failing : Example
        Arguments for which the backward was wrong.
    output : str
        Which gradient was wrong.
    got : object
        The student's gradient.

    Returns
    -------
    str or None
        One or two sentences; None where the forward is missing, fails, or the input is too large to try.
    """
    forward = link.call(*failing.args, **failing.kwargs)
    position = link.by[output]
    variable = np.asarray(forward.args[position], dtype=np.float64)
    upstream = np.ones(())
    if link.upstream is not None:
        upstream = np.asarray(failing.args[link.upstream], dtype=np.float64)
    if variable.size > ELEMENT_LIMIT or not student.exists(link.forward):
        return None
    try:
        numeric = _central_differences(link, student, forward, position, variable, upstream)
        own = _value(student, link, forward, upstream.shape)
    except StudentFault:
        return None
    if numeric is None or own is None:
        return None
    right = np.asarray(link.reference(*forward.args, **forward.kwargs), dtype=np.float64)
    forward_is_right = bool(np.allclose(own, right, rtol=AGREEMENT, atol=AGREEMENT))
    answer = got if isinstance(got, np.ndarray) and got.dtype.kind in "fiu" else None
    agrees = answer is not None and answer.shape == numeric.shape and _close(answer, numeric)
    if agrees and not forward_is_right:
        return (
            f"This is the right gradient of a wrong forward: {output} agrees with finite differences of your "
            f"own {link.forward}, which is not right here. Repair {link.forward} first."
        )
    if agrees or not forward_is_right:
        return None
    if answer is None or answer.shape != numeric.shape:
        return f"Finite differences of your own {link.forward}, right here, give shape {numeric.shape}."
    where = np.unravel_index(int(np.argmax(np.abs(answer - numeric))), numeric.shape)
    element = f"{output}{[int(i) for i in where]}"
    return (
        f"Finite differences of your own {link.forward}, which is right here, say {element} = "
        f"{numeric[where]:.4g}; yours is {float(answer[where]):.4g}."
    )


def _central_differences(
    link: GradientOf,
    student: Student,
    forward: Example,
    position: int,
    variable: np.ndarray,
    upstream: np.ndarray,
) -> np.ndarray | None:
    """Differentiate sum(upstream * forward) by every element of one argument."""
    numeric = np.empty_like(variable)
    for where in np.ndindex(variable.shape):
        ends = []
        for sign in (1.0, -1.0):
            moved = variable.copy()
            moved[where] += sign * link.step
            args = tuple(moved if i == position else _float64(value) for i, value in enumerate(forward.args))
            value = _value(student, link, Example(args, forward.kwargs), upstream.shape)
            if value is None:
                return None
            ends.append(float((value * upstream).sum()))
        numeric[where] = (ends[0] - ends[1]) / (2 * link.step)
    return numeric


def _value(student: Student, link: GradientOf, example: Example, shape: tuple[int, ...]) -> np.ndarray | None:
    value = student.call(link.forward, *example.args, **example.kwargs).value
    if link.place is not None:
        if not isinstance(value, tuple | list) or len(value) <= link.place:
            return None
        value = value[link.place]
    try:
        array = np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        return None
    return array if array.shape == shape and np.isfinite(array).all() else None


def _float64(value: object) -> object:
    return value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value


def _close(left: np.ndarray, right: np.ndarray) -> bool:
    scale = max(1.0, float(np.abs(right).max(initial=0.0)))
    return bool(np.abs(left - right).max(initial=0.0) <= AGREEMENT * 100 * scale)
