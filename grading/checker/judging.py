"""Grades one submission from its bytes to its verdict; never raises because of what was submitted."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from grading.checker.alignment import PlacedCell, align, released
from grading.checker.cell_runner import CellRunner
from grading.checker.faults import Exhausted
from grading.checker.inheriting import name_causes
from grading.checker.outcome import Outcome, not_judged
from grading.checker.plan import AssignmentPlan
from grading.checker.sandbox_client import Session
from grading.checker.sandbox_side import SandboxSide
from grading.checker.staging import Stage
from grading.checker.submission import Unreadable, read_submission
from grading.checks.definition import Check


@dataclass(frozen=True)
class Budget:
    """Time limits of one submission, in seconds.

    Attributes
    ----------
    cell_seconds : float
        For one cell of the student, and for one test cell.
    call_seconds : float
        For one call of the student's code by a test.
    submission_seconds : float
        For everything together.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    submission_seconds: float = 180.0


@dataclass(frozen=True)
class Assignment:
    """All that grading a submission needs to know of its assignment.

    Attributes
    ----------
    plan : AssignmentPlan
        The master copy, made ready.
    checks : mapping of str to Check
        What test cells may ask for.
    budget : Budget
        Time limits.
    """

    plan: AssignmentPlan
    checks: Mapping[str, Check]
    budget: Budget


def judge_submission(
    data: bytes, seed: bytes, assignment: Assignment, open_session: Callable[[], Session]
) -> dict:
    """Grade one submission.

    Parameters
    ----------
    data : bytes
        The submitted file.
    seed : bytes
        The submission's seed.
    assignment : Assignment
        Master copy, checks and limits.
    open_session : callable
        Opens a sandbox session.

    Returns
    -------
    dict
        The verdict: every graded test cell of the master is in it, whatever was submitted.
    """
    started = time.monotonic()
    plan, budget = assignment.plan, assignment.budget
    try:
        cells = align(read_submission(data), plan.master)
    except Unreadable as unreadable:
        return unreadable_verdict(plan, str(unreadable), time.monotonic() - started)
    deadline = started + budget.submission_seconds

    def new_stage(until: float) -> Stage:
        return Stage(open_session, cells, plan, cell_seconds=budget.cell_seconds, deadline=until)

    stage = new_stage(deadline)
    try:
        # Where student code cannot be kept running, each test cell says so itself, in SandboxSide.begin.
        with contextlib.suppress(Exhausted):
            stage.session()
        side = SandboxSide(stage, plan, call_seconds=budget.call_seconds)
        runner = CellRunner(
            plan,
            assignment.checks,
            side,
            side.bridge,
            seed=seed,
            cell_seconds=budget.cell_seconds,
            deadline=deadline,
        )
        outcomes = runner.run()
    finally:
        stage.abandon()
    name_causes(
        outcomes,
        plan,
        assignment.checks,
        new_stage,
        seed=seed,
        call_seconds=budget.call_seconds,
        deadline=deadline,
    )
    return {
        "status": "graded",
        "reason": None,
        "seconds": time.monotonic() - started,
        "restarts": stage.restarts,
        "cells": written_cells(cells, stage.outputs, stage.notes),
        "tests": [outcome.to_dict() for outcome in outcomes],
    }


def unreadable_verdict(plan: AssignmentPlan, reason: str, seconds: float = 0.0) -> dict:
    """Return the verdict of a file that cannot be read: the released notebook, no points, and the reason."""
    outcomes = [not_judged(cell, f"The submission cannot be read. {reason}") for cell in plan.master.tests]
    return _verdict("unreadable", reason, seconds, plan, outcomes)


def lost_verdict(plan: AssignmentPlan, reason: str, seconds: float = 0.0) -> dict:
    """Return the verdict of a submission whose checker gave none: no points, and why."""
    outcomes = [not_judged(cell, reason, "error") for cell in plan.master.tests]
    return _verdict("graded", reason, seconds, plan, outcomes)


def written_cells(
    cells: Sequence[PlacedCell], outputs: Mapping[int, list[dict]], notes: Mapping[int, str]
) -> list[dict]:
    """Return the whole notebook as the engine writes it, in order."""
    written = []
    for place, cell in enumerate(cells):
        told = [note for note in (cell.note, notes.get(place)) if note]
        written.append(
            {
                "grade_id": cell.grade_id,
                "role": cell.role,
                "cell_type": cell.cell_type,
                "source": cell.source,
                "outputs": outputs.get(place, []) if cell.cell_type == "code" else [],
                "note": " ".join(told) or None,
            }
        )
    return written


def _verdict(status: str, reason: str, seconds: float, plan: AssignmentPlan, outcomes: list[Outcome]) -> dict:
    return {
        "status": status,
        "reason": reason,
        "seconds": seconds,
        "restarts": 0,
        "cells": written_cells(released(plan.master), {}, {}),
        "tests": [outcome.to_dict() for outcome in outcomes],
    }
