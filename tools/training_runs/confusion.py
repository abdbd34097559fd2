"""What the doctor says of runs whose faults are known: counts, and every case that it gets wrong."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from course_lib.training.doctor import diagnose
from tools.training_runs.faults import FAULTS
from tools.training_runs.generation import LabelledRun

NAMES = tuple(FAULTS)


@dataclass
class Wrong:
    """A run whose first finding is not its fault."""

    fault: str
    number: int
    first: str
    evidence: str
    listed: bool
    recipe: str


@dataclass
class Confusion:
    """How often which first finding was given for which fault.

    Attributes
    ----------
    counts : ndarray of int, shape (F, F)
        Rows are faults, columns first findings, both in the order of `NAMES`.
    wrong : list of Wrong
    """

    counts: np.ndarray = field(default_factory=lambda: np.zeros((len(NAMES), len(NAMES)), int))
    wrong: list[Wrong] = field(default_factory=list)

    @property
    def right(self) -> float:
        """Share of ill runs whose first finding is their fault."""
        ill = self.counts[1:]
        return float(np.trace(ill[:, 1:]) / ill.sum())

    @property
    def called_ill(self) -> float:
        """Share of healthy runs with a finding."""
        return float(self.counts[0, 1:].sum() / self.counts[0].sum())

    def add(self, run: LabelledRun, *, with_monitor: bool = True) -> None:
        """Have the doctor look at one more run."""
        outcome = run.outcome
        said = diagnose(outcome.history, outcome.monitor if with_monitor else None)
        self.counts[NAMES.index(run.fault), NAMES.index(said.first)] += 1
        if said.first != run.fault:
            evidence = said.findings[0].evidence if said.findings else "no rule applies"
            listed = any(finding.problem == run.fault for finding in said.findings)
            self.wrong.append(
                Wrong(run.fault, run.number, said.first, evidence, listed, outcome.recipe.told())
            )


def judge(runs: Iterable[LabelledRun], *, with_monitor: bool = True) -> Confusion:
    """Have the doctor look at all runs."""
    confusion = Confusion()
    for run in runs:
        confusion.add(run, with_monitor=with_monitor)
    return confusion


def as_table(counts: np.ndarray) -> str:
    """Return the counts as a Markdown table; columns have letters, dots stand for 0."""
    letters = [chr(ord("a") + place) for place in range(len(NAMES))]
    lines = ["| fault | " + " | ".join(letters) + " |", "|---" * (len(NAMES) + 1) + "|"]
    for place, name in enumerate(NAMES):
        cells = [f"**{n}**" if column == place else str(n or "·") for column, n in enumerate(counts[place])]
        lines.append(f"| {letters[place]} {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def from_table(text: str) -> np.ndarray:
    """Return the counts of the first such table in a page."""
    rows = [line.split("|")[2:-1] for line in text.splitlines() if line.startswith("| ")][1 : len(NAMES) + 1]
    return np.array([[int(cell.strip(" *").replace("·", "0")) for cell in row] for row in rows])


def as_list(wrong: list[Wrong]) -> str:
    """Return the wrong cases as a Markdown table."""
    lines = ["| fault | said first | evidence | fault listed later | run |", "|---|---|---|---|---|"]
    lines += [
        f"| {case.fault} {case.number} | {case.first} | {case.evidence} | {'yes' if case.listed else 'no'} "
        f"| {case.recipe} |"
        for case in wrong
    ]
    return "\n".join(lines)
