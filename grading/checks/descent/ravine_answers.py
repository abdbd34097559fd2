"""ravine_answers(): what an experiment with prepared and unprepared digits shows."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Dialogue, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.ravine_experiment import answers, condition, steps_needed

OUTPUTS = ("raw", "centred", "scaled", "slow", "fast")


def rounded(call: Callable[..., object]) -> object:
    """Ask for the numbers, and round what was not rounded."""
    value = call()
    if isinstance(value, tuple | list):
        return tuple(map(_whole, value))
    return _whole(value)


def _whole(value: object) -> object:
    if isinstance(value, float | np.floating) and np.isfinite(value):
        return float(np.round(value))
    return value


def _one_mistake(
    title: str, *, root: str, other: str, output: str, others: tuple[str, ...]
) -> tuple[Misconception, ...]:
    """Return what goes wrong with one condition number: its root, or another one's place."""
    return (
        Misconception(
            root,
            f"the condition number of the features is given for {title}",
            "np.linalg.cond(X) is the root of the Hessian's condition number. Asked for is that of H = "
            "XᵀX/N.",
            sections.INPUTS,
            (lambda: np.sqrt(condition(output)),),
            output=output,
        ),
        Misconception(
            other,
            f"another row of the table is given for {title}",
            "Read again: the order is raw, centred, scaled.",
            sections.INPUTS,
            tuple(lambda kind=kind: condition(kind) for kind in others),
            output=output,
        ),
    )


MISCONCEPTIONS = (
    *_one_mistake(
        "the raw features",
        root="raw-condition-of-the-features",
        other="raw-condition-from-another-row",
        output="raw",
        others=("centred", "scaled"),
    ),
    *_one_mistake(
        "the centred features",
        root="centred-condition-of-the-features",
        other="centred-condition-from-another-row",
        output="centred",
        others=("raw", "scaled"),
    ),
    *_one_mistake(
        "the scaled features",
        root="scaled-condition-of-the-features",
        other="scaled-condition-from-another-row",
        output="scaled",
        others=("raw", "centred"),
    ),
    Misconception(
        "slow-steps-one-off",
        "the number of steps is one off",
        "Row 0 of a path is the start, so the row's number is the number of steps that were made.",
        sections.INPUTS,
        (lambda: steps_needed("raw") + 1, lambda: steps_needed("raw") - 1),
        output="slow",
    ),
    Misconception(
        "slow-steps-at-another-rate",
        "the steps belong to another rate or another row",
        "Asked for are the raw features at half the stability limit, 1/λmax.",
        sections.INPUTS,
        (
            lambda: steps_needed("raw", 0.995),
            lambda: steps_needed("raw", 0.25),
            lambda: steps_needed("centred"),
            lambda: steps_needed("scaled"),
        ),
        output="slow",
    ),
    Misconception(
        "fast-steps-one-off",
        "the number of steps is one off",
        "Row 0 of a path is the start, so the row's number is the number of steps that were made.",
        sections.INPUTS,
        (lambda: steps_needed("scaled") + 1, lambda: steps_needed("scaled") - 1),
        output="fast",
    ),
    Misconception(
        "fast-steps-at-another-rate",
        "the steps belong to another rate or another row",
        "Asked for are the scaled features at half the stability limit, 1/λmax.",
        sections.INPUTS,
        (
            lambda: steps_needed("scaled", 0.995),
            lambda: steps_needed("scaled", 0.25),
            lambda: steps_needed("centred"),
            lambda: steps_needed("raw"),
        ),
        output="fast",
    ),
)
check = Check(
    name="ravine_answers",
    signature="()",
    section=sections.INPUTS,
    reference=answers,
    outputs=OUTPUTS,
    parts=tuple(
        Part(name, 1, (example(),), output=output)
        for name, output in (
            ("the raw condition number", "raw"),
            ("the centred one", "centred"),
            ("the scaled one", "scaled"),
            ("the slow descent", "slow"),
            ("the fast one", "fast"),
        )
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(rounded, (), "ravine_answers()"),
)
