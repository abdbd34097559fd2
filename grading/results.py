"""What grading one notebook found out: plain data, apart from how it is shown.

Text, HTML and JSON are views of these classes. The module needs the standard library only, so that a
student's own install, the engine and the report share it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

SCHEMA_VERSION = 1
CHECK_STATUSES = ("passed", "failed", "error", "skipped")
NOTEBOOK_STATUSES = ("graded", "unreadable", "error")


@dataclass(frozen=True)
class PartResult:
    """One named part of a check (values, gradient, stride, padding …).

    Attributes
    ----------
    name : str
        What the part looks at.
    status : str
        ``"passed"``, ``"failed"``, ``"error"`` or ``"skipped"``.
    weight : float
        Share of the check's points that hangs on this part, in [0, 1].
    message : str
        What was seen; empty where there is nothing to add.
    """

    name: str
    status: str
    weight: float = 0.0
    message: str = ""


@dataclass(frozen=True)
class CheckResult:
    """The outcome of one graded test cell.

    Attributes
    ----------
    name : str
        The check's name where the cell holds one check, else the cell's grade id.
    status : str
        ``"passed"``, ``"failed"``, ``"error"`` (the grader or something unsupported: needs the instructor) or
        ``"skipped"`` (a prerequisite failed).
    points, max_points : float
        ``0 <= points <= max_points``, both finite.
    message : str
        The first thing that was wrong, or a confirmation.
    counterexample : str or None
        The smallest failing input with what was expected and what came.
    misconception, explanation, section : str or None
        Id of the known mistake that the replies equal, why it is one, and where the lectures treat it.
    parts : tuple of PartResult
        How the points are split.
    grade_id : str
        The test cell's id in the master notebook.
    """

    name: str
    status: str
    points: float
    max_points: float
    message: str = ""
    counterexample: str | None = None
    misconception: str | None = None
    explanation: str | None = None
    section: str | None = None
    parts: tuple[PartResult, ...] = ()
    grade_id: str = ""

    def __post_init__(self) -> None:
        """Refuse a status or a score that cannot be.

        Raises
        ------
        ValueError
            If ``status`` is unknown, or the points are not finite numbers with ``0 <= points <= max_points``.
        """
        if self.status not in CHECK_STATUSES:
            raise ValueError(
                f"status of check {self.name!r} is {self.status!r}; expected one of {CHECK_STATUSES}"
            )
        if not (math.isfinite(self.points) and math.isfinite(self.max_points)):
            raise ValueError(
                f"points of check {self.name!r} are not finite: {self.points} of {self.max_points}"
            )
        if not 0 <= self.points <= self.max_points:
            raise ValueError(
                f"points of check {self.name!r} are {self.points}; expected 0 to {self.max_points}"
            )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> CheckResult:
        """Rebuild a check's result from what `NotebookResult.to_dict` wrote."""
        values = {name: data[name] for name in _names(cls) if name in data}
        values["parts"] = tuple(PartResult(**_known(PartResult, part)) for part in data.get("parts", ()))
        return cls(**values)


@dataclass(frozen=True)
class NotebookResult:
    """The outcome of grading one submitted notebook.

    Attributes
    ----------
    assignment, notebook, student : str
        Names as in the class directory; ``student`` is empty for a notebook graded on its own.
    score, max_score : float
        Sums over ``checks``.
    checks : tuple of CheckResult
        One per graded test cell of the master notebook, in its order, always all of them.
    status : str
        ``"graded"``, ``"unreadable"`` (the file is not a notebook) or ``"error"`` (the grader could not
        finish).
    reason : str or None
        Why the status is not ``"graded"``.
    isolation : dict of str to str
        Layer of the sandbox to what held while this was graded.
    seed : str
        The recorded seed of the drawn inputs: a regrade of the same bytes is identical.
    submission_hash, key : str
        SHA-256 of the submitted bytes, and of everything that decides the outcome.
    engine_version, graded_at : str
        Who graded, and when (ISO 8601, UTC).
    seconds, restarts : float, int
        What grading took, and how often student code had to be started again.
    notes : tuple of str
        What had to be put right first ("the cell … is missing").
    schema_version : int
        Raised when a field changes its meaning.
    """

    assignment: str
    student: str
    score: float
    max_score: float
    checks: tuple[CheckResult, ...]
    notebook: str = ""
    status: str = "graded"
    reason: str | None = None
    isolation: dict[str, str] = field(default_factory=dict)
    seed: str = ""
    submission_hash: str = ""
    key: str = ""
    engine_version: str = ""
    graded_at: str = ""
    seconds: float = 0.0
    restarts: int = 0
    notes: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        """Refuse an unknown status.

        Raises
        ------
        ValueError
            If ``status`` is not one of `NOTEBOOK_STATUSES`.
        """
        if self.status not in NOTEBOOK_STATUSES:
            raise ValueError(
                f"status of the notebook is {self.status!r}; expected one of {NOTEBOOK_STATUSES}"
            )

    @property
    def needs_attention(self) -> bool:
        """Whether the grader, and not the student, stands in the way of a score."""
        return self.status == "error" or any(check.status == "error" for check in self.checks)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values that JSON can carry; `from_dict` is the inverse."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> NotebookResult:
        """Rebuild a result from `to_dict`'s output or from its JSON.

        Raises
        ------
        ValueError
            If the data were written in another schema version, or hold impossible scores.
        """
        version = data.get("schema_version")
        if version != SCHEMA_VERSION:
            raise ValueError(
                f"result has schema_version {version!r}; this version reads {SCHEMA_VERSION}: "
                "grade again with --force"
            )
        values = {name: data[name] for name in _names(cls) if name in data}
        values["checks"] = tuple(CheckResult.from_dict(check) for check in data["checks"])
        values["notes"] = tuple(data.get("notes", ()))
        return cls(**values)


def _names(cls: type) -> list[str]:
    return [item.name for item in fields(cls)]


def _known(cls: type, data: Mapping[str, Any]) -> dict[str, Any]:
    return {name: data[name] for name in _names(cls) if name in data}
