"""Answers that are measured rather than compared: a net to be evaluated, settings to be tried, names to be
matched.

The student's function is called once, without arguments. What it returns is a plain value, and everything
that earns points is worked out from that value here: what an answer claims about itself counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grading.checks import conclusion, judging
from grading.checks.definition import Check, Misconception
from grading.checks.student import Student, StudentFault
from grading.checks.trial import fault_message
from grading.checks.verdict import PartVerdict, Verdict

TEXT_LIMIT = 600


class Refused(Exception):
    """An answer that cannot be measured; the text says why, and what would be right.

    Parameters
    ----------
    text : str
        Shown to the student.
    mistake : Misconception or None
        The known mistake that this is.
    """

    def __init__(self, text: str, mistake: Misconception | None = None) -> None:
        super().__init__(text)
        self.mistake = mistake


@dataclass(frozen=True)
class Shortfall:
    """Why one part earns nothing.

    Attributes
    ----------
    message : str
        What came and what was expected.
    mistake : Misconception or None
        The known mistake behind it.
    """

    message: str
    mistake: Misconception | None = None


@dataclass(frozen=True)
class Measurement:
    """What an answer is worth.

    Attributes
    ----------
    shortfalls : mapping of str to Shortfall
        By the names of the parts that earn nothing.
    told : str
        What was measured, in a sentence, whether it was enough or not.
    """

    shortfalls: Mapping[str, Shortfall] = field(default_factory=dict)
    told: str = ""


def _unset(value: object, seed: bytes) -> Measurement:
    raise NotImplementedError("a Measured check needs measure=")


@dataclass(frozen=True)
class Measured(Check):
    """A check that measures one plain value.

    Parameters
    ----------
    measure : callable
        `measure(value, seed) -> Measurement`, or raises Refused. Whatever else it raises is the check's own
        fault, so that it has to expect any plain value.
    name, signature, reference, parts, section, misconceptions, …
        As for `Check`; examples of the parts are calls without arguments.
    """

    measure: Callable[[object, bytes], Measurement] = _unset

    def judge(self, student: Student, *, seed: bytes, budget_seconds: float = 20.0) -> Verdict:
        """Call the student's function once and measure what it returns; see `Check.judge`."""
        early = judging.before_calling(self, student)
        if early is not None:
            return conclusion.nothing_called(self, early)
        try:
            value = student.call(self.name).value
        except StudentFault as fault:
            return conclusion.nothing_called(self, fault_message(self.name, fault))
        try:
            found = self.measure(value, seed)
        except Refused as refused:
            shortfall = Shortfall(str(refused)[:TEXT_LIMIT], refused.mistake)
            found = Measurement(dict.fromkeys((part.name for part in self.parts), shortfall))
        except Exception as error:  # noqa: BLE001 - a check that breaks must not stop the class
            return judging.broken(self, error)
        return self._verdict(found)

    def _verdict(self, found: Measurement) -> Verdict:
        parts = []
        for part in self.parts:
            short = found.shortfalls.get(part.name)
            if short is None:
                parts.append(PartVerdict(part.name, part.weight, "passed"))
            else:
                known = short.mistake.id if short.mistake else None
                parts.append(PartVerdict(part.name, part.weight, "failed", short.message, known))
        if not found.shortfalls:
            return Verdict(self.name, "passed", 1.0, tuple(parts), section=self.section, remark=found.told)
        first = next(found.shortfalls[part.name] for part in self.parts if part.name in found.shortfalls)
        mistakes = (
            found.shortfalls[part.name].mistake for part in self.parts if part.name in found.shortfalls
        )
        mistake = next(filter(None, mistakes), None)
        return Verdict(
            check=self.name,
            status="failed",
            fraction=conclusion.fraction(tuple(parts)),
            parts=tuple(parts),
            message=first.message,
            misconception=mistake.id if mistake else None,
            title=mistake.title if mistake else None,
            explanation=mistake.explanation if mistake else None,
            section=mistake.section if mistake else self.section,
            remark=found.told,
        )
