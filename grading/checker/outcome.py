"""The outcome of one graded test cell: data first, then the text and the HTML that people read."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass, field

from grading.checker.clean_text import clean_text
from grading.checker.master import MasterCell
from grading.checks.verdict import Verdict

STATUSES = ("passed", "failed", "error", "skipped")
MESSAGE = 2_000
PRINTED = 2_000


@dataclass
class Outcome:
    """What became of one test cell.

    Attributes
    ----------
    cell : MasterCell
        The master's test cell.
    status : str
        ``"passed"``, ``"failed"``, ``"error"`` (needs the instructor) or ``"skipped"``.
    points : float
        In [0, cell.points].
    message : str
        What an instructor and a student read first.
    verdicts : list of Verdict
        Of the checks that the cell asked for.
    printed : str
        What the test cell itself printed; empty where it holds hidden tests.
    """

    cell: MasterCell
    status: str
    points: float = 0.0
    message: str = ""
    verdicts: list[Verdict] = field(default_factory=list)
    printed: str = ""

    def __post_init__(self) -> None:
        """Fail closed: a score that is no score is none.

        Raises
        ------
        ValueError
            If the status is unknown.
        """
        if self.status not in STATUSES:
            raise ValueError(f"status must be one of {STATUSES}, got {self.status!r}")
        valid = isinstance(self.points, int | float) and math.isfinite(self.points)
        if not valid or not 0.0 <= self.points <= self.cell.points:
            self.status, self.points = "error", 0.0
            self.message = "The grader computed an impossible score for this test cell."
        if self.status in ("error", "skipped"):
            self.points = 0.0
        self.points = float(self.points)
        self.message = clean_text(self.message, MESSAGE)
        self.printed = clean_text(self.printed, PRINTED)

    def to_dict(self) -> dict:
        """Return plain values for the engine."""
        leading = next((verdict for verdict in self.verdicts if verdict.status != "passed"), None)
        leading = leading or next(iter(self.verdicts), None)
        shared = {"counterexample": None, "misconception": None, "explanation": None, "section": None}
        if leading is not None:
            shared = {key: clean_text(getattr(leading, key), 8_000) or None for key in shared}
        return {
            "grade_id": self.cell.grade_id,
            "points": self.points,
            "max_points": self.cell.points,
            "status": self.status,
            "message": self.message,
            **shared,
            "parts": self._parts(),
            "text": self._text(),
            "html": self._html(),
            "checks": [verdict.check for verdict in self.verdicts],
        }

    def _parts(self) -> list[dict]:
        several = len(self.verdicts) > 1
        parts = []
        for verdict in self.verdicts:
            total = sum(part.weight for part in verdict.parts) or 1.0
            for part in verdict.parts:
                name = f"{verdict.check}: {part.name}" if several else part.name
                parts.append(
                    {
                        "name": clean_text(name, 200),
                        "weight": part.weight / total / len(self.verdicts),
                        "status": part.status,
                        "message": clean_text(part.message, MESSAGE),
                    }
                )
        return parts

    def _shows_verdicts(self) -> bool:
        return bool(self.verdicts) and self.message == summary(self.verdicts)

    def _text(self) -> str:
        pieces = [] if self._shows_verdicts() else [self.message]
        pieces += [clean_text(str(verdict), 20_000) for verdict in self.verdicts]
        if self.printed:
            pieces.append(f"Printed by the test cell:\n{self.printed}")
        return "\n\n".join(piece for piece in pieces if piece)

    def _html(self) -> str:
        pieces = []
        if not self._shows_verdicts() and self.message:
            pieces.append(f'<p style="white-space: pre-wrap">{html.escape(self.message)}</p>')
        pieces += [verdict._repr_html_() for verdict in self.verdicts]
        if self.printed:
            pieces.append(f"<p>Printed by the test cell:</p><pre>{html.escape(self.printed)}</pre>")
        return "\n".join(pieces)


def summary(verdicts: list[Verdict]) -> str:
    """Return one message for a cell's verdicts: the first thing that is wrong, or that all is right."""
    wrong = [verdict for verdict in verdicts if verdict.status != "passed"]
    if wrong:
        return clean_text(wrong[0].message, MESSAGE)
    return clean_text(verdicts[0].message, MESSAGE) or "All parts passed."


def not_judged(cell: MasterCell, reason: str, status: str = "failed") -> Outcome:
    """Return the outcome of a test cell without a completed verdict: no points, and why."""
    return Outcome(cell, status, 0.0, reason)
