"""The diagnosis: what is wrong with a run, by which numbers, and what could not be seen."""

from __future__ import annotations

import html
from dataclasses import dataclass

from course_lib.training.doctor.measures import Measures
from course_lib.training.doctor.reading import read
from course_lib.training.doctor.rule import Rule
from course_lib.training.doctor.table import RULES
from course_lib.training.monitor import Monitor

#: How to have recorded what is missing.
SOURCES = {
    "step_loss": "the loss of every step (a History keeps it)",
    "validation_loss": "a validation loss an epoch: fit(..., validation=...)",
    "validation_examples": "the number of validation examples: diagnose(..., validation_examples=...)",
    "update_ratio": "a monitor: fit(..., callbacks=[monitor := Monitor()]), diagnose(history, monitor)",
    "silent": "a monitor: fit(..., callbacks=[monitor := Monitor()]), diagnose(history, monitor)",
    "spread": "a monitor: fit(..., callbacks=[monitor := Monitor()]), diagnose(history, monitor)",
}


@dataclass(frozen=True)
class Finding:
    """A problem that was found.

    Attributes
    ----------
    problem : str
        Its name, in a few words.
    evidence : str
        What was seen, in numbers.
    meaning, remedy : str
        What goes on, and what to do.
    lecture : str
        Where the course explains it.
    certain : bool
        False where something was not recorded that would have told better.
    """

    problem: str
    evidence: str
    meaning: str
    remedy: str
    lecture: str
    certain: bool


@dataclass(frozen=True)
class Diagnosis:
    """What `diagnose` says.

    Attributes
    ----------
    findings : tuple of Finding
        Causes before what they bring about: the first is to be dealt with first. Empty for a healthy run.
    unknown : tuple of str
        What could not be judged, and what is needed for it.
    """

    findings: tuple[Finding, ...]
    unknown: tuple[str, ...]

    @property
    def first(self) -> str:
        """Name of the first problem, or "healthy"."""
        return self.findings[0].problem if self.findings else "healthy"

    def __str__(self) -> str:
        lines = [] if self.findings else ["No problem found."]
        for number, finding in enumerate(self.findings, start=1):
            lines += [
                f"{number}. {finding.problem}{'' if finding.certain else ' (perhaps)'}: {finding.meaning}",
                f"   Evidence: {finding.evidence}.",
                f"   Remedy:   {finding.remedy}",
                f"   Lecture:  {finding.lecture}",
            ]
        return "\n".join([*lines, *(f"Not known: {line}" for line in self.unknown)])

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th scope='row' style='text-align:left'>{html.escape(finding.problem)}"
            f"{'' if finding.certain else ' (perhaps)'}</th>"
            + "".join(
                f"<td style='text-align:left'>{html.escape(text)}</td>"
                for text in (finding.evidence, finding.meaning, finding.remedy, finding.lecture)
            )
            + "</tr>"
            for finding in self.findings
        )
        head = "".join(
            f"<th scope='col' style='text-align:left'>{name}</th>"
            for name in ("problem", "evidence", "what goes on", "remedy", "lecture")
        )
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        unknown = "".join(f"<li>{html.escape(line)}</li>" for line in self.unknown)
        return (table if rows else "<p>No problem found.</p>") + (
            f"<p>Not known:</p><ul>{unknown}</ul>" if unknown else ""
        )


def diagnose(
    history: object, monitor: Monitor | None = None, *, validation_examples: int | None = None
) -> Diagnosis:
    """Name what is wrong with a training run.

    Parameters
    ----------
    history : History, mapping, sequence, or an object with a mapping in `.history`
        What `fit` returned; what Keras's `fit` returned, or its `.history`; a mapping of names (`train_loss`,
        `val_loss`, `val_acc`, …) to a list an epoch; a list of such dicts, one an epoch, as PyTorch loops
        collect them; or a bare list of losses, one an epoch or a step.
    monitor : Monitor or None
        The callback of the same run: tells what a loss cannot.
    validation_examples : int or None
        How many validation examples there were; without it the accuracies are asked.

    Returns
    -------
    Diagnosis
        Findings, the one to deal with first in front, and what could not be judged.

    Raises
    ------
    TypeError
        If `history` is nothing of the kind.
    ValueError
        If it holds no training loss.

    Notes
    -----
    The rules are in `course_lib.training.doctor.table`. They read numbers that a run leaves behind, and so
    say what is likely; `docs/doctor.md` says how often they are right.
    """
    run = read(history, monitor, validation_examples=validation_examples)
    measures = Measures(run)
    findings = []
    for rule in RULES:
        if all(run.knows(what) for what in rule.needs) and (evidence := rule.applies(measures)) is not None:
            certain = all(run.knows(what) for what in rule.better_with)
            findings.append(Finding(rule.problem, evidence, rule.meaning, rule.remedy, rule.lecture, certain))
    unknown = [line for rule in RULES if (line := _unknown(rule, run)) is not None]
    return Diagnosis(tuple(findings), tuple(unknown))


def _unknown(rule: Rule, run: object) -> str | None:
    for level, names in (("cannot be judged", rule.needs), ("can only be guessed", rule.better_with)):
        missing = [SOURCES[name] for name in names if not run.knows(name)]
        if missing:
            return f"“{rule.problem}” {level} without {missing[0]}."
    return None
