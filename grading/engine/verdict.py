"""What a checker says about one submission, read as strictly as if it lied.

Points are taken only where they are finite numbers between 0 and what the *master* gives the cell. Everything
else is an error of that test, worth nothing, with a reason.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from grading.engine.master import Master, MasterCell
from grading.engine.outputs import plain_text
from grading.results import CHECK_STATUSES, CheckResult, PartResult

GRADER_FAILED = "The grader could not finish. This is not your fault; your instructor has been told."
ROLES = ("solution", "locked", "test", "plain", "markdown", "manual")
_MESSAGE = 4_000
_COUNTEREXAMPLE = 20_000
_HTML = 400_000
_CELLS = 2_000
_SOURCE = 500_000


@dataclass(frozen=True)
class GradedCell:
    """A cell of the submitted notebook as the checker gives it back; outputs are not cleaned yet."""

    grade_id: str | None
    role: str
    cell_type: str
    source: str
    outputs: object = field(default=(), repr=False)
    note: str | None = None


@dataclass(frozen=True)
class GradedTest:
    """The result of one test cell, and the HTML to show for it (not filtered yet)."""

    result: CheckResult
    html: str = field(default="", repr=False)


@dataclass(frozen=True)
class Verdict:
    """What there is to record of one submission."""

    status: str
    reason: str | None
    cells: tuple[GradedCell, ...]
    tests: tuple[GradedTest, ...]
    seconds: float = 0.0
    restarts: int = 0


def parse_verdict(raw: object, master: Master) -> Verdict:
    """Return a verdict in which every test of the master appears once, with points that can be.

    Parameters
    ----------
    raw : object
        The decoded JSON from the checker.
    master : Master
        Decides which tests there are and what they are worth.

    Returns
    -------
    Verdict
        Status ``"error"`` if ``raw`` as a whole makes no sense.
    """
    if not isinstance(raw, dict) or raw.get("status") not in ("graded", "unreadable"):
        return failed_verdict(master, "the checker's answer has no known status")
    given: dict[str, Any] = {}
    for test in raw.get("tests") if isinstance(raw.get("tests"), list) else []:
        if isinstance(test, dict) and isinstance(test.get("grade_id"), str):
            # A second answer for the same test is a contradiction, not a choice.
            given[test["grade_id"]] = None if test["grade_id"] in given else test
    tests = tuple(_test(given.get(cell.grade_id), cell) for cell in master.tests)
    cells = raw.get("cells") if isinstance(raw.get("cells"), list) else []
    return Verdict(
        status=raw["status"],
        reason=_text(raw.get("reason"), _MESSAGE),
        cells=tuple(filter(None, map(_cell, cells[:_CELLS]))),
        tests=tests,
        seconds=_number(raw.get("seconds"), 0.0, 1e6) or 0.0,
        restarts=int(_number(raw.get("restarts"), 0, 1e6) or 0),
    )


def failed_verdict(master: Master, reason: str, *, status: str = "error") -> Verdict:
    """Return the verdict of a submission that was not judged: no points, and why.

    Parameters
    ----------
    master : Master
        Its tests.
    reason : str
        Shown to the instructor.
    status : str, optional
        ``"error"`` if the grader failed, ``"unreadable"`` if the file could not be taken.
    """
    test_status, message = ("error", GRADER_FAILED) if status == "error" else ("failed", reason)
    tests = tuple(
        GradedTest(
            CheckResult(
                _name(cell, None), test_status, 0.0, cell.points, message, grade_id=cell.grade_id or ""
            )
        )
        for cell in master.tests
    )
    return Verdict(status, reason, (), tests)


def _test(raw: dict[str, Any] | None, cell: MasterCell) -> GradedTest:
    if raw is None:
        return GradedTest(_error(cell, "the checker gave no answer, or two, for this test"))
    status = raw.get("status")
    if status not in CHECK_STATUSES:
        return GradedTest(_error(cell, f"the checker gave the unknown status {str(status)[:40]!r}"))
    points = _number(raw.get("points"), 0.0, cell.points)
    if points is None:
        shown = plain_text(repr(raw.get("points"))[:60])
        return GradedTest(
            _error(cell, f"the checker gave {shown} points; expected a number from 0 to {cell.points:g}")
        )
    result = CheckResult(
        name=_name(cell, raw.get("checks")),
        status=status,
        points=points,
        max_points=cell.points,
        message=_text(raw.get("message"), _MESSAGE) or "",
        counterexample=_text(raw.get("counterexample"), _COUNTEREXAMPLE),
        misconception=_text(raw.get("misconception"), 200),
        explanation=_text(raw.get("explanation"), _MESSAGE),
        section=_text(raw.get("section"), 400),
        parts=_parts(raw.get("parts")),
        grade_id=cell.grade_id or "",
    )
    markup = raw.get("html")
    return GradedTest(result, markup if isinstance(markup, str) and len(markup) <= _HTML else "")


def _error(cell: MasterCell, message: str) -> CheckResult:
    return CheckResult(_name(cell, None), "error", 0.0, cell.points, message, grade_id=cell.grade_id or "")


def _name(cell: MasterCell, checks: object) -> str:
    if isinstance(checks, list) and len(checks) == 1 and isinstance(checks[0], str) and checks[0]:
        return plain_text(checks[0][:200])
    return (cell.grade_id or "").removeprefix("check_")


def _parts(raw: object) -> tuple[PartResult, ...]:
    parts = []
    for part in raw[:100] if isinstance(raw, list) else []:
        if isinstance(part, dict) and part.get("status") in CHECK_STATUSES:
            name, message = _text(part.get("name"), 200) or "", _text(part.get("message"), _MESSAGE) or ""
            parts.append(
                PartResult(name, part["status"], _number(part.get("weight"), 0.0, 1e6) or 0.0, message)
            )
    return tuple(parts)


def _cell(raw: object) -> GradedCell | None:
    if not isinstance(raw, dict) or raw.get("cell_type") not in ("code", "markdown", "raw"):
        return None
    source, grade_id, role = raw.get("source"), raw.get("grade_id"), raw.get("role")
    if not isinstance(source, str) or role not in ROLES:
        return None
    return GradedCell(
        grade_id if isinstance(grade_id, str) else None,
        role,
        raw["cell_type"],
        plain_text(source[:_SOURCE]),
        raw.get("outputs", []) if raw["cell_type"] == "code" else [],
        _text(raw.get("note"), _MESSAGE),
    )


def _text(raw: object, limit: int) -> str | None:
    return plain_text(raw[:limit]) if isinstance(raw, str) and raw else None


def _number(raw: object, low: float, high: float) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float):
        return None
    try:
        value = float(raw)
    except OverflowError:
        return None
    return value if math.isfinite(value) and low <= value <= high else None
