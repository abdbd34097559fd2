"""Turns what a trial found into the verdict: parts, message, smallest failure, explanation."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from grading.checks import gradients
from grading.checks.comparison import Difference, unpack
from grading.checks.evidence import call_text, counterexample_text, exhibits
from grading.checks.signatures import parameters
from grading.checks.student import StudentFault
from grading.checks.verdict import PartVerdict, Verdict

if TYPE_CHECKING:
    from grading.checks.definition import Check, Misconception, Part
    from grading.checks.trial import Finding, Trial


def failed(
    check: Check,
    findings: dict[str, Finding],
    smallest: Finding,
    trial: Trial,
    mistakes: dict[str, Misconception | None],
) -> Verdict:
    """Return the verdict on wrong answers.

    Parameters
    ----------
    check : Check
        What was checked.
    findings : dict of str to Finding
        The wrong answer of every part that failed, by its name.
    smallest : Finding
        The smallest failure of the first of them.
    trial : Trial
        Everything that was asked.
    mistakes : dict of str to Misconception or None
        The recognised mistake of every part that failed.

    Returns
    -------
    Verdict
    """
    parts = tuple(
        _part_verdict(check, part, findings.get(part.name), mistakes.get(part.name)) for part in check.parts
    )
    first = next(part for part in parts if part.status == "failed")
    part = next(part for part in check.parts if part.name == first.name)
    mistake = mistakes[first.name] or next(filter(None, mistakes.values()), None)
    unwritten = trial.unwritten
    shown = {}
    if not check.hidden and not unwritten:
        answers, tolerances = trial.truth(smallest.example)
        arguments = (check, smallest, answers, tolerances, part.output)
        shown = {
            "counterexample": counterexample_text(*arguments),
            "exhibits": exhibits(*arguments),
            "call": call_text(check, smallest.example),
        }
    explanation = mistake.explanation if mistake else None
    if mistake is None and shown:
        explanation = _by_finite_differences(check, trial, part, smallest)
    detail = "" if check.hidden else smallest.difference.detail
    return Verdict(
        check=check.name,
        status="failed",
        fraction=fraction(parts),
        parts=parts,
        message=f"{first.message}. {detail}" if detail else first.message,
        misconception=mistake.id if mistake else None,
        title=mistake.title if mistake else None,
        explanation=explanation,
        section=mistake.section if mistake else check.section,
        remark=_remark(check, trial),
        **shown,
    )


def _remark(check: Check, trial: Trial) -> str:
    if not trial.changed or check.keeps_arguments:
        return ""
    names = " and ".join(f"`{parameters(check.signature)[place]}`" for place in sorted(trial.changed))
    return (
        f"your function changes {names} in place. That costs no points here, and surprises whoever calls it."
    )


def _part_verdict(
    check: Check, part: Part, found: Finding | None, mistake: Misconception | None
) -> PartVerdict:
    if found is None:
        return PartVerdict(part.name, part.weight, "passed")
    message = found.difference.message
    if check.hidden:
        message = f"not right on inputs that are not shown ({found.difference.step})"
    return PartVerdict(part.name, part.weight, "failed", message, mistake.id if mistake else None)


def fraction(parts: tuple[PartVerdict, ...]) -> float:
    """Return the share of the points: the weight of the parts that passed."""
    total = sum(part.weight for part in parts)
    return min(max(sum(part.weight for part in parts if part.status == "passed") / total, 0.0), 1.0)


def nothing_called(check: Check, message: str) -> Verdict:
    """Return the verdict on a function that is not there or cannot be called as asked."""
    parts = tuple(PartVerdict(part.name, part.weight, "failed", message) for part in check.parts)
    return Verdict(check.name, "failed", 0.0, parts, message, section=check.section)


def inherited(check: Check, verdict: Verdict, causes: Sequence[str], still: Collection[str]) -> Verdict:
    """Return a failing verdict with its cause: another answer of the student.

    Parameters
    ----------
    check : Check
        What was checked.
    verdict : Verdict
        What came of the student's own functions.
    causes : sequence of str
        The student's functions that were called, and replaced by references.
    still : collection of str
        Names of the parts that fail even so.

    Returns
    -------
    Verdict
    """
    names = " and ".join(f"`{name}`" for name in causes)
    kept = " and ".join(f"“{part.name}”" for part in check.parts if part.name in still)
    right = (
        f"all of `{check.name}` is right"
        if not still
        else f"only {kept} {'are' if len(still) > 1 else 'is'} still wrong"
    )
    return replace(
        verdict,
        misconception="inherited-from-another-answer",
        title=f"an error inherited from your {names}",
        explanation=f"With a right {names} in place of yours, {right}. Correct {names} first.",
    )


def passed(check: Check, trial: Trial) -> Verdict:
    """Return the verdict on answers that were all right."""
    parts = tuple(PartVerdict(part.name, part.weight, "passed") for part in check.parts)
    return Verdict(check.name, "passed", 1.0, parts, section=check.section, remark=_remark(check, trial))


def _by_finite_differences(check: Check, trial: Trial, part: Part, found: Finding) -> str | None:
    link = check.gradient_of
    if link is None or trial.fatal is not None or isinstance(found.reply, StudentFault):
        return None
    values = unpack(found.reply.value, check.outputs)
    if isinstance(values, Difference):
        return None
    output = part.output or check.outputs[0]
    got = values[check.outputs.index(output)]
    return gradients.explain(link, trial.student, found.example, output, got)
