"""What a run of grading is told, what it tells on the way, and what it came to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grading.engine.checker_process import COMMAND, Limits
from grading.engine.regrade import Change
from grading.engine.submissions import Refused
from grading.results import NotebookResult


@dataclass(frozen=True)
class Progress:
    """One more submission is done.

    Attributes
    ----------
    done, total : int
        How many of how many.
    result : NotebookResult
        The newest.
    fresh : bool
        False where it was graded in an earlier run and nothing has changed.
    """

    done: int
    total: int
    result: NotebookResult
    fresh: bool


@dataclass(frozen=True)
class ClassResult:
    """What grading a class came to.

    Attributes
    ----------
    assignment : str
        Its name.
    results : tuple of NotebookResult
        By student and notebook.
    fresh : int
        How many were graded now, not before.
    refused : tuple of Refused
        What could not be taken for a submission.
    seconds : float
        Wall clock of this run.
    changes : tuple of Change
        What a forced regrade changed.
    backup : Path or None
        The gradebook as it was before a forced regrade.
    """

    assignment: str
    results: tuple[NotebookResult, ...]
    fresh: int
    refused: tuple[Refused, ...]
    seconds: float
    changes: tuple[Change, ...] = ()
    backup: Path | None = None

    @property
    def grader_errors(self) -> tuple[NotebookResult, ...]:
        """Results where the grader, not the student, is at fault."""
        return tuple(result for result in self.results if result.needs_attention)


@dataclass(frozen=True)
class GradingOptions:
    """How to grade.

    Attributes
    ----------
    workers : int or None
        Checkers side by side; None for one a processor.
    force : bool
        Grade again what is done already.
    question : str or None
        Grade again this question alone; all other scores stay.
    limits : Limits
        Budgets of one submission.
    command : tuple of str
        The checker to execute.
    cluster : str or None
        Address of a Dask scheduler whose workers grade; None for checkers on this machine.
    """

    workers: int | None = None
    force: bool = False
    question: str | None = None
    limits: Limits = Limits()
    command: tuple[str, ...] = COMMAND
    cluster: str | None = None
