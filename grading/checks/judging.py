"""Judges one student by one check: asks, compares, searches the smallest failure, names the mistake."""

from __future__ import annotations

import ast
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from grading.checks import gradients, misconceptions
from grading.checks.comparison import Difference, Tolerance, compare, tolerance_for, unpack
from grading.checks.drawing import Example, StopShrinking
from grading.checks.evidence import call_text, counterexample_text, exhibits
from grading.checks.student import Reply, Student, StudentFault
from grading.checks.verdict import PartVerdict, Verdict

if TYPE_CHECKING:
    from grading.checks.definition import Check, Part

# After one of these the student's process may be gone, and asking again costs seconds: the check ends here.
FATAL = ("timeout", "died", "protocol")


@dataclass
class Finding:
    """A wrong answer: the example, the first difference, and what came back."""

    example: Example
    difference: Difference
    reply: Reply | StudentFault


@dataclass
class Trial:
    """Everything asked of one student during one check: no question is asked twice."""

    check: Check
    student: Student
    deadline: float
    replies: dict[bytes, Reply | StudentFault] = field(default_factory=dict)
    asked: list[Example] = field(default_factory=list)
    asked_for: dict[str, list[Example]] = field(default_factory=dict)
    truths: dict[bytes, tuple[list[tuple[np.ndarray, ...]], list[Tolerance]]] = field(default_factory=dict)
    fatal: StudentFault | None = None

    def ask(self, question: Example) -> Reply | StudentFault:
        """Call the student's function once for these arguments; the first reply is final."""
        key = question.key
        if key not in self.replies:
            if self.fatal is None and time.monotonic() > self.deadline:
                self.fatal = StudentFault("timeout", text="the time for this check is used up")
            if self.fatal is not None:
                return self.fatal
            try:
                reply = self.student.call(self.check.name, *question.args, **question.kwargs)
            except StudentFault as fault:
                reply = fault
                if fault.kind in FATAL or _is_unwritten(fault):
                    self.fatal = fault
            self.replies[key] = reply
            self.asked.append(question)
        return self.replies[key]

    def truth(self, question: Example) -> tuple[list[tuple[np.ndarray, ...]], list[Tolerance]]:
        """Return right answers by output, and a tolerance for each output."""
        if question.key not in self.truths:
            answers = right_answers(self.check, question)
            scale = _magnitudes(self.check, question, answers[0])
            values = [*question.args, *question.kwargs.values()]
            self.truths[question.key] = answers, [tolerance_for(values, size) for size in scale]
        return self.truths[question.key]

    def difference(self, part: Part, question: Example) -> Finding | None:
        """Judge one part on one example."""
        reply = self.ask(question)
        if question.key in self.replies:
            self.asked_for.setdefault(part.name, []).append(question)
        if isinstance(reply, StudentFault):
            return Finding(question, Difference("returns", fault_message(self.check.name, reply)), reply)
        outputs = self.check.outputs
        values = unpack(reply.value, outputs)
        if isinstance(values, Difference):
            return Finding(question, values, reply)
        answers, tolerances = self.truth(question)
        chosen = range(len(outputs)) if part.output is None else [outputs.index(part.output)]
        best: Difference | None = None
        for answer in answers:
            found = next(
                filter(
                    None,
                    (
                        compare(answer[i], values[i], tolerances[i], outputs[i] if len(outputs) > 1 else "")
                        for i in chosen
                    ),
                ),
                None,
            )
            if found is None:
                return None
            if best is None or _misses(found) < _misses(best):
                best = found
        return Finding(question, best, reply)


def judge(check: Check, student: Student, *, seed: bytes, budget_seconds: float) -> Verdict:
    """Judge a student's function by a check; see Check.judge."""
    try:
        early = _before_calling(check, student)
        if early is not None:
            return _verdict(check, {part.name: early for part in check.parts}, None, None)
        return _judge_calls(check, Trial(check, student, time.monotonic() + budget_seconds), seed)
    except StudentFault as fault:
        return _verdict(
            check, {part.name: fault_message(check.name, fault) for part in check.parts}, None, None
        )
    except Exception as error:  # noqa: BLE001 - a check that breaks must not stop the class
        what = f"{type(error).__name__}: {error}"
        text = f"The check itself failed ({what}). This is not your fault: tell your instructor."
        parts = tuple(PartVerdict(part.name, part.weight, "error", text) for part in check.parts)
        return Verdict(check.name, "error", 0.0, parts, text, section=check.section)


def right_answers(check: Check, question: Example) -> list[tuple[np.ndarray, ...]]:
    """Return the right answers, the reference's first, computed in float64."""
    precise = _in_float64(question)
    return [
        _as_outputs(check, compute(*precise.args, **precise.kwargs))
        for compute in (check.reference, *check.also_right)
    ]


def fault_message(name: str, fault: StudentFault) -> str:
    """Say in one or two sentences why a call gave no value."""
    if fault.kind == "exception":
        if fault.name == "NotImplementedError":
            return f"{name} is not written yet: it raises NotImplementedError."
        return f"{name} raised {fault}"
    if fault.kind == "timeout":
        return f"{name} did not answer in time: {fault.text or 'is there a loop that does not end?'}"
    if fault.kind == "died":
        return f"The process that ran {name} ended: {fault.text or 'it was killed or it exited'}"
    if fault.kind == "missing":
        return f"There is no {name}: run the cell that defines it, and keep its name."
    return f"{name} gave no value that can be judged: {fault}"


def _judge_calls(check: Check, trial: Trial, seed: bytes) -> Verdict:
    """Fixed examples of all parts first, then drawn ones; then shrink the first failure."""
    findings: dict[str, Finding] = {}
    for part in check.parts:
        for question in part.examples:
            found = trial.difference(part, question)
            if found is not None:
                findings.setdefault(part.name, found)
    for part in check.parts:
        if part.drawn is not None and part.name not in findings:
            found = next(filter(None, (trial.difference(part, q) for q in part.drawn.draw(seed))), None)
            if found is not None:
                findings[part.name] = found
    first = next((part for part in check.parts if part.name in findings), None)
    if first is None:
        return _verdict(check, {}, None, None)
    mistakes = {name: misconceptions.recognise(check, trial, part_of(check, name)) for name in findings}
    smallest = _smallest(trial, first, findings[first.name], seed)
    messages = {name: found.difference.message for name, found in findings.items()}
    messages[first.name] = smallest.difference.message
    return _verdict(check, messages, smallest, trial, mistakes)


def _is_unwritten(fault: StudentFault) -> bool:
    return fault.kind == "exception" and fault.name == "NotImplementedError"


def part_of(check: Check, name: str) -> Part:
    """Return the part of that name."""
    return next(part for part in check.parts if part.name == name)


def _before_calling(check: Check, student: Student) -> str | None:
    """Exists, callable, signature: what can be told without a call."""
    if not student.exists(check.name):
        return fault_message(check.name, StudentFault("missing"))
    signature = student.signature(check.name)
    if signature is None:
        return f"{check.name} is not a function: was the name used again for something else?"
    if not accepts(signature, check.signature):
        wanted = f"{check.name}{check.signature}"
        return f"{check.name} must be callable as {wanted}; yours is {check.name}{signature}."
    return None


def accepts(signature: str, wanted: str) -> bool:
    """Tell whether a function of one signature can be called in all the ways of another.

    Parameters
    ----------
    signature : str
        The student's, as text; one that cannot be read is given the benefit of the doubt.
    wanted : str
        The one that the prompt fixes.

    Returns
    -------
    bool
    """
    try:
        own = ast.parse(f"def f{signature}: pass").body[0].args
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return True
    asked = ast.parse(f"def f{wanted}: pass").body[0].args
    positional = [*own.posonlyargs, *own.args]
    required = len(positional) - len(own.defaults)
    names = [argument.arg for argument in asked.args]
    free = len(names) - len(asked.defaults)
    if own.vararg is None and len(positional) < free:
        return False
    if required > free or any(default is None for default in own.kw_defaults):
        return False
    by_name = {argument.arg for argument in [*own.args, *own.kwonlyargs]}
    return own.kwarg is not None or all(name in by_name for name in names[free:])


def _smallest(trial: Trial, part: Part, found: Finding, seed: bytes) -> Finding:
    """Shrink a wrong answer; what ends in a time-out or a dead process is shown as it is."""
    if part.drawn is None or trial.fatal is not None:
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


def _verdict(
    check: Check,
    messages: dict[str, str],
    smallest: Finding | None,
    trial: Trial | None,
    mistakes: dict[str, object] | None = None,
) -> Verdict:
    """Put the verdict together."""
    mistakes = mistakes or {}
    total = sum(part.weight for part in check.parts)
    earned = sum(part.weight for part in check.parts if part.name not in messages)
    parts = []
    for part in check.parts:
        mistake = mistakes.get(part.name)
        status = "failed" if part.name in messages else "passed"
        message = messages.get(part.name, "")
        if check.hidden and message:
            message = "This part is judged on inputs that are not shown."
        parts.append(PartVerdict(part.name, part.weight, status, message, mistake.id if mistake else None))
    first = next((part for part in parts if part.status == "failed"), None)
    if first is None:
        return Verdict(check.name, "passed", 1.0, tuple(parts), section=check.section)
    mistake = mistakes.get(first.name) or next(filter(None, mistakes.values()), None)
    shown = smallest
    if check.hidden or (trial is not None and trial.fatal is not None and _is_unwritten(trial.fatal)):
        shown = None
    answers, tolerances = trial.truth(shown.example) if shown else ([], [])
    explanation = mistake.explanation if mistake else None
    if shown and not mistake:
        explanation = _by_finite_differences(check, trial, part_of(check, first.name), shown)
    arguments = (check, shown, answers, tolerances, part_of(check, first.name).output)
    return Verdict(
        check=check.name,
        status="failed",
        fraction=min(max(earned / total, 0.0), 1.0),
        parts=tuple(parts),
        message=first.message,
        counterexample=counterexample_text(*arguments) if shown else None,
        misconception=mistake.id if mistake else None,
        title=mistake.title if mistake else None,
        explanation=explanation,
        section=mistake.section if mistake else check.section,
        exhibits=exhibits(*arguments) if shown else (),
        call=call_text(check, shown.example) if shown else "",
    )


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


def _in_float64(question: Example) -> Example:
    def precise(value: object) -> object:
        return (
            value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value
        )

    return Example(tuple(map(precise, question.args)), {k: precise(v) for k, v in question.kwargs.items()})


def _magnitudes(check: Check, question: Example, answer: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Sums of absolute terms behind every element; for what is not linear, the answer's own size."""
    if not check.linear:
        return answer
    precise = _in_float64(question)
    args = tuple(np.abs(value) if isinstance(value, np.ndarray) else value for value in precise.args)
    return _as_outputs(check, check.reference(*args, **precise.kwargs))


def _as_outputs(check: Check, value: object) -> tuple[np.ndarray, ...]:
    values = value if len(check.outputs) > 1 else (value,)
    return tuple(np.asarray(item) for item in values)


def _misses(difference: Difference) -> int:
    return 2**62 if difference.wrong is None else int(difference.wrong.sum())
