"""Judges one student by one check: asks, compares, searches the smallest failure, names the mistake."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from grading.checks import conclusion, misconceptions
from grading.checks.drawing import Example, StopShrinking
from grading.checks.signatures import accepts
from grading.checks.student import InjectedStudent, Student, StudentFault
from grading.checks.trial import Finding, Trial, fault_message
from grading.checks.verdict import PartVerdict, Verdict

if TYPE_CHECKING:
    from grading.checks.definition import Check, Misconception, Part


def judge(check: Check, student: Student, *, seed: bytes, budget_seconds: float) -> Verdict:
    """Judge a student's function by a check; see Check.judge."""
    try:
        early = before_calling(check, student)
        if early is not None:
            return conclusion.nothing_called(check, early)
        deadline = time.monotonic() + budget_seconds
        verdict = _judge_calls(check, Trial(check, student, deadline), seed)
        return _inherited(check, student, verdict, seed, deadline)
    except StudentFault as fault:
        return conclusion.nothing_called(check, fault_message(check.name, fault))
    except Exception as error:  # noqa: BLE001 - a check that breaks must not stop the class
        return broken(check, error)


def broken(check: Check, error: Exception) -> Verdict:
    """Return the verdict of a check that failed itself."""
    what = f"{type(error).__name__}: {error}"
    text = f"The check itself failed ({what}). This is not your fault: tell your instructor."
    parts = tuple(PartVerdict(part.name, part.weight, "error", text) for part in check.parts)
    return Verdict(check.name, "error", 0.0, parts, text, section=check.section)


def before_calling(check: Check, student: Student) -> str | None:
    """Return what is wrong before any call (exists, callable, signature), or None."""
    if not student.exists(check.name):
        # Who runs a whole notebook knows which cell failed; a student's own kernel does not.
        why = getattr(student, "why_missing", lambda name: "")(check.name)
        return fault_message(check.name, StudentFault("missing", text=why))
    signature = student.signature(check.name)
    if signature is None:
        return f"{check.name} is not a function: was the name used again for something else?"
    if not accepts(signature, check.signature):
        wanted = f"{check.name}{check.signature}"
        return f"{check.name} must be callable as {wanted}; yours is {check.name}{signature}."
    return None


def _findings(check: Check, trial: Trial, seed: bytes) -> dict[str, Finding]:
    """Try fixed examples of all parts first, then drawn ones, then some again; return the first failures."""
    findings: dict[str, Finding] = {}
    for part in check.parts:
        for question in part.examples:
            found = trial.difference(part, question)
            if found is not None:
                findings.setdefault(part.name, found)
    draws: dict[int, list[Example]] = {}
    for part in check.parts:
        if part.drawn is not None and part.name not in findings:
            # Parts that look at several outputs of one function draw the same inputs.
            if id(part.drawn) not in draws:
                draws[id(part.drawn)] = part.drawn.draw(seed)
            differences = (trial.difference(part, question) for question in draws[id(part.drawn)])
            found = next(filter(None, differences), None)
            if found is not None:
                findings[part.name] = found
    return findings or _when_repeated(check, trial)


def _judge_calls(check: Check, trial: Trial, seed: bytes) -> Verdict:
    """Collect the failures, name the mistake behind each, and shrink the first."""
    findings = _findings(check, trial, seed)
    first = next((part for part in check.parts if part.name in findings), None)
    if first is None:
        return conclusion.passed(check, trial)
    parts = {part.name: part for part in check.parts}
    mistakes = {name: _mistake(check, trial, parts[name], found) for name, found in findings.items()}
    smallest = _smallest(trial, first, findings[first.name], seed)
    findings[first.name] = smallest
    return conclusion.failed(check, findings, smallest, trial, mistakes)


def _mistake(check: Check, trial: Trial, part: Part, found: Finding) -> Misconception | None:
    """Name what is behind a wrong answer: a known mistake, or that answers depend on earlier calls."""
    if not found.repeated:
        known = misconceptions.recognise(check, trial, part)
        if known is not None or not trial.remembers(found.example, *trial.asked[:3]):
            return known
    return misconceptions.something_stays(check)


def _inherited(check: Check, student: Student, verdict: Verdict, seed: bytes, deadline: float) -> Verdict:
    """Name the cause at once where the student's code may see references: in their own notebook."""
    inject = getattr(student, "with_injected", None)
    if verdict.status != "failed" or not check.uses or inject is None:
        return verdict
    return with_cause(check, inject(check.uses), verdict, seed=seed, deadline=deadline)


def with_cause(
    check: Check, mended: InjectedStudent, verdict: Verdict, *, seed: bytes, deadline: float
) -> Verdict:
    """Judge a failure again with references in place of the student's other answers, and say what that mends.

    Parameters
    ----------
    check : Check
        What was checked.
    mended : InjectedStudent
        The student with references under the names of other answers.
    verdict : Verdict
        On the student's own functions.
    seed : bytes
        Decides the drawn inputs.
    deadline : float
        `time.monotonic()` at which asking ends.

    Returns
    -------
    Verdict
        The same, or the same with its cause. Points stay as they are.
    """
    try:
        still = _findings(check, Trial(check, mended, deadline), seed)
    except Exception:  # noqa: BLE001 - what only explains must not cost the verdict
        return verdict
    failed = {part.name for part in verdict.parts if part.status == "failed"}
    if not mended.injected_calls or not failed - still.keys():
        return verdict
    return conclusion.inherited(check, verdict, sorted(mended.injected_calls), still.keys())


def _when_repeated(check: Check, trial: Trial) -> dict[str, Finding]:
    """Ask once more what every part asked first, after all the other calls."""
    findings: dict[str, Finding] = {}
    for part in check.parts:
        first = next(iter(trial.asked_for.get(part.name, ())), None)
        found = trial.difference_when_repeated(part, first) if first is not None else None
        if found is not None:
            findings[part.name] = found
    return findings


def _smallest(trial: Trial, part: Part, found: Finding, seed: bytes) -> Finding:
    """Shrink a wrong answer; what ends in a time-out or a dead process is shown as it is."""
    if found.repeated or part.drawn is None or trial.fatal is not None or trial.unwritten:
        return found
    kept = {found.example.key: found}

    def wrong(candidate: Example) -> bool:
        finding = trial.difference(part, candidate)
        if trial.fatal is not None:
            raise StopShrinking
        if finding is not None:
            kept[candidate.key] = finding
        return finding is not None

    shrunk = part.drawn.shrink(seed, wrong)
    candidates = [found] if shrunk is None else [found, kept[shrunk.key]]
    return min(candidates, key=lambda finding: finding.example.size)
