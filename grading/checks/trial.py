"""One student before one check: what was asked, what came back, and how it compares with the truth."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from grading.checks.comparison import (
    Difference,
    Tolerance,
    changed_arguments,
    compare,
    tolerance_for,
    unpack,
)
from grading.checks.dialogue import answered
from grading.checks.drawing import Example
from grading.checks.functions import FunctionArgument
from grading.checks.signatures import parameters
from grading.checks.student import Reply, Student, StudentFault

if TYPE_CHECKING:
    from grading.checks.definition import Check, Part

# After one of these the student's process may be gone, and asking again costs seconds: the check ends here.
FATAL = ("timeout", "died", "protocol")


@dataclass
class Finding:
    """A wrong answer: the example, the first difference, and what came back.

    `repeated` is True where the same call gave a right answer before.
    """

    example: Example
    difference: Difference
    reply: Reply | StudentFault
    repeated: bool = False


@dataclass
class Trial:
    """Everything asked of one student during one check: the first reply to a question is final.

    Calls that were right may be repeated, to see whether something stays from one call to the next.
    """

    check: Check
    student: Student
    deadline: float
    replies: dict[bytes, Reply | StudentFault] = field(default_factory=dict)
    asked: list[Example] = field(default_factory=list)
    asked_for: dict[str, list[Example]] = field(default_factory=dict)
    truths: dict[bytes, tuple[list[tuple[np.ndarray, ...]], list[Tolerance]]] = field(default_factory=dict)
    fatal: StudentFault | None = None
    changed: set[int] = field(default_factory=set)
    repeats: dict[bytes, Reply | StudentFault] = field(default_factory=dict)

    def ask(self, question: Example) -> Reply | StudentFault:
        """Call the student's function once for these arguments; the first reply is final."""
        key = question.key
        if key not in self.replies:
            if self.fatal is None and time.monotonic() > self.deadline:
                self.fatal = StudentFault("timeout", text="the time for this check is used up")
            if self.fatal is not None:
                return self.fatal
            self.replies[key] = self._call(question)
            self.asked.append(question)
        return self.replies[key]

    def _call(self, question: Example) -> Reply | StudentFault:
        try:
            if self.check.cache_of is not None:
                reply = self.check.cache_of.ask(self.student, self.check.name, question)
            elif self.check.dialogue is not None:
                reply = Reply(answered(self.check.dialogue, self._step, question))
            else:
                reply = self.student.call(self.check.name, *question.args, **question.kwargs)
            self.changed.update(changed_arguments(question.args, reply.arguments))
        except StudentFault as fault:
            if fault.kind in FATAL:
                self.fatal = fault
            return fault
        return reply

    def _step(self, *args: object, **kwargs: object) -> object:
        """Make one call of a dialogue."""
        if time.monotonic() > self.deadline:
            raise StudentFault("timeout", text="the time for this check is used up")
        reply = self.student.call(self.check.name, *args, **kwargs)
        self.changed.update(changed_arguments(args, reply.arguments))
        return reply.value

    @property
    def unwritten(self) -> bool:
        """True if every call so far raised NotImplementedError: the cell is as it was handed out."""
        return bool(self.replies) and all(
            isinstance(reply, StudentFault) and reply.name == "NotImplementedError"
            for reply in self.replies.values()
        )

    def truth(self, question: Example) -> tuple[list[tuple[np.ndarray, ...]], list[Tolerance]]:
        """Return right answers by output, and a tolerance for each output."""
        if question.key not in self.truths:
            answers = right_answers(self.check, question)
            scale = _magnitudes(self.check, question, answers[0])
            values = [*question.args, *question.kwargs.values()]
            functions = [value for value in values if isinstance(value, FunctionArgument)]
            values += [array for function in functions for array in function.arrays]
            self.truths[question.key] = answers, [tolerance_for(values, size) for size in scale]
        return self.truths[question.key]

    def difference(self, part: Part, question: Example) -> Finding | None:
        """Judge one part on one example."""
        reply = self.ask(question)
        if question.key in self.replies:
            self.asked_for.setdefault(part.name, []).append(question)
        return self._judged(part, question, reply)

    def difference_when_repeated(self, part: Part, question: Example) -> Finding | None:
        """Judge one part on a call that was right before: nothing may have stayed from earlier calls."""
        if question.key not in self.repeats:
            # A right answer that used up its time has shown enough.
            if self.fatal is not None or time.monotonic() > self.deadline:
                return None
            self.repeats[question.key] = self._call(question)
        found = self._judged(part, question, self.repeats[question.key])
        if found is None:
            return None
        message = (
            f"right at first, and wrong when called again with the same arguments: {found.difference.message}"
        )
        return replace(found, difference=replace(found.difference, message=message), repeated=True)

    def remembers(self, *questions: Example) -> bool:
        """Ask some questions again, and tell whether an answer is another one now, right or not."""
        for question in questions:
            if self.fatal is not None or time.monotonic() > self.deadline:
                return False
            if _written(self._call(question)) != _written(self.replies[question.key]):
                return self.fatal is None
        return False

    def _judged(self, part: Part, question: Example, reply: Reply | StudentFault) -> Finding | None:
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
                return self._kept(question, reply)
            if best is None or _misses(found) < _misses(best):
                best = found
        return Finding(question, best, reply)

    def _kept(self, question: Example, reply: Reply) -> Finding | None:
        """A right answer still fails if it changed an argument, where the prompt forbids that."""
        changed = changed_arguments(question.args, reply.arguments) if self.check.keeps_arguments else ()
        if not changed:
            return None
        names = parameters(self.check.signature)
        message = f"changes its argument {names[changed[0]]} in place, which the question forbids"
        return Finding(question, Difference("arguments", message), reply)


def _written(value: object) -> object:
    """Return what is equal for equal answers, to the last digit."""
    if isinstance(value, StudentFault):
        return value.kind, str(value)
    if isinstance(value, Reply):
        return _written(value.value)
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, list | tuple):
        return [_written(item) for item in value]
    if isinstance(value, dict):
        return [(name, _written(item)) for name, item in value.items()]
    # An int of any length; floats of which one is NaN are equal here, too.
    return hex(value) if isinstance(value, int) else repr(value)


def right_answers(check: Check, question: Example) -> list[tuple[np.ndarray, ...]]:
    """Return the right answers, the reference's first, computed in float64."""
    precise = _in_float64(question)
    return [
        _as_outputs(check, answered(check.dialogue, compute, precise))
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
        return f"There is no {name}. {fault.text or 'Run the cell that defines it, and keep its name.'}"
    return f"{name} gave no value that can be judged: {fault}"


def _in_float64(question: Example) -> Example:
    def precise(value: object) -> object:
        return (
            value.astype(np.float64) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value
        )

    return Example(tuple(map(precise, question.args)), {k: precise(v) for k, v in question.kwargs.items()})


def _magnitudes(check: Check, question: Example, answer: tuple[np.ndarray, ...]) -> tuple[np.ndarray, ...]:
    """Sums of absolute terms behind every element; for what is not linear, the answer's own size."""
    precise = _in_float64(question)
    if check.magnitude is not None:
        return _as_outputs(check, check.magnitude(*precise.args, **precise.kwargs))
    if not check.linear:
        return answer
    args = tuple(np.abs(value) if isinstance(value, np.ndarray) else value for value in precise.args)
    return _as_outputs(check, check.reference(*args, **precise.kwargs))


def _as_outputs(check: Check, value: object) -> tuple[np.ndarray, ...]:
    values = value if len(check.outputs) > 1 else (value,)
    return tuple(np.asarray(item) for item in values)


def _misses(difference: Difference) -> int:
    return 2**62 if difference.wrong is None else int(difference.wrong.sum())
