"""Names a mistake: the student's replies equal, on every input that was tried, what the mistake computes."""

from __future__ import annotations

import re
import warnings
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from grading.checks.comparison import Difference, compare, unpack
from grading.checks.dialogue import answered
from grading.checks.student import StudentFault

if TYPE_CHECKING:
    from collections.abc import Callable

    from grading.checks.comparison import Tolerance
    from grading.checks.definition import Check, Misconception, Part
    from grading.checks.drawing import Example
    from grading.checks.trial import Trial

# Exceptions that always mean the same, whatever the function: (exception, message) -> (id, title,
# explanation).
TELLING_EXCEPTIONS = (
    (
        "TypeError",
        r"'(numpy\.)?float\d*' object cannot be interpreted as an integer|slice indices must be integers",
        "size-is-a-float",
        "a size or an index is a float",
        "In Python / gives a float, also where it divides without rest: sizes and indexes need //.",
    ),
    (
        "IndexError",
        r"only integers, slices",
        "size-is-a-float",
        "a size or an index is a float",
        "In Python / gives a float, also where it divides without rest: sizes and indexes need //.",
    ),
    (
        "ValueError",
        r"(assignment destination|output array) is read-only",
        "writes-into-its-argument",
        "an argument is written to",
        "An argument may be a read-only view. Make a new array, or a copy, and write into that.",
    ),
)


def recognise(check: Check, trial: Trial, part: Part) -> Misconception | None:
    """Return the first misconception that explains all replies of a trial.

    Parameters
    ----------
    check : Check
        Holds the misconceptions.
    trial : Trial
        The questions asked so far, and the replies.
    part : Part
        The part that failed: a mistake in another part or output explains nothing here.

    Returns
    -------
    Misconception or None
    """
    if trial.fatal is not None:
        return None
    if all(isinstance(reply, StudentFault) for reply in trial.replies.values()):
        # Exceptions alone are no pattern: an untouched stub would "be" any mistake that crashes.
        return from_exceptions(check, list(trial.replies.values()))
    for mistake in check.misconceptions:
        if mistake.output not in (None, part.output) or mistake.part not in (None, part.name):
            continue
        questions = trial.asked if mistake.part is None else trial.asked_for[part.name]
        for compute in mistake.computes:
            if all(_same(trial, mistake, compute, question) for question in questions):
                return mistake
    return None


def something_stays(check: Check) -> Misconception:
    """Return the mistake behind calls that are right at first and wrong when they are repeated."""
    from grading.checks.definition import Misconception

    return Misconception(
        "state-stays-between-calls",
        "something stays from one call to the next",
        "Your function finds what an earlier call left behind: in an array made outside of it, a default "
        "argument that it changes, or a global name. Make new arrays inside, in every call.",
        check.section,
        (),
    )


def from_exceptions(check: Check, faults: list[StudentFault]) -> Misconception | None:
    """Return the mistake that an exception tells by itself, if every call ended in it."""
    from grading.checks.definition import Misconception

    for exception, pattern, identifier, title, explanation in TELLING_EXCEPTIONS:
        if faults and all(fault.name == exception and re.search(pattern, fault.text) for fault in faults):
            return Misconception(identifier, title, explanation, check.section, ())
    return None


def _same(trial: Trial, mistake: Misconception, compute: Callable[..., object], question: Example) -> bool:
    """Tell whether the reply to one question is the mistaken one."""
    reply = trial.replies[question.key]
    failed = isinstance(reply, StudentFault)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            mistaken = answered(trial.check.dialogue, compute, question)
    except StudentFault as fault:
        return failed and (reply.kind, reply.text) == (fault.kind, fault.text)
    except (ValueError, IndexError, TypeError, ZeroDivisionError):
        return failed and reply.kind == "exception"
    if failed:
        return False
    outputs = trial.check.outputs
    values = unpack(reply.value, outputs)
    if isinstance(values, Difference):
        return False
    _, tolerances = trial.truth(question)
    if mistake.output is not None:
        place = outputs.index(mistake.output)
        return _equal(mistaken, values[place], tolerances[place])
    wanted = mistaken if len(outputs) > 1 else (mistaken,)
    return all(_equal(*pair) for pair in zip(wanted, values, tolerances, strict=True))


def _equal(mistaken: object, value: object, tolerance: Tolerance) -> bool:
    wanted = np.asarray(mistaken, dtype=np.float64)
    if isinstance(value, np.ndarray) and value.dtype == bool:
        # A mask is no answer, but which mistake it is shows in where it is true.
        value = value.astype(np.float64)
    if np.isfinite(wanted).all():
        # What a mistake computes may be far larger than the right answer, and so may its rounding.
        size = max(tolerance.magnitude, float(np.abs(wanted).max(initial=0.0)))
        return compare(wanted, value, replace(tolerance, magnitude=size)) is None
    try:
        got = np.asarray(value)
    except ValueError:
        # Rows of several lengths form no array.
        return False
    return got.shape == wanted.shape and got.dtype.kind in "fiu" and np.allclose(got, wanted, equal_nan=True)
