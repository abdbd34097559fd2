"""From a checker's verdict to the result that is kept."""

from __future__ import annotations

from datetime import UTC, datetime

from grading.engine.fingerprint import engine_version
from grading.engine.submissions import Submission
from grading.engine.verdict import Verdict
from grading.results import NotebookResult


def result_of(
    submission: Submission, verdict: Verdict, *, seed: str, key: str, isolation: dict[str, str]
) -> NotebookResult:
    """Return the result to keep of one submission.

    Parameters
    ----------
    submission : Submission
        What was handed in.
    verdict : Verdict
        What the checker found.
    seed, key : str
        The seed of the drawn inputs, and the hash of everything that decides the outcome.
    isolation : dict of str to str
        What the sandbox held.
    """
    checks = tuple(test.result for test in verdict.tests)
    return NotebookResult(
        assignment=submission.assignment,
        student=submission.student,
        notebook=submission.notebook,
        score=float(sum(check.points for check in checks)),
        max_score=float(sum(check.max_points for check in checks)),
        checks=checks,
        status=verdict.status,
        reason=verdict.reason,
        isolation=dict(isolation),
        seed=seed,
        submission_hash=submission.hash,
        key=key,
        engine_version=engine_version(),
        graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
        seconds=verdict.seconds,
        restarts=verdict.restarts,
        notes=tuple(cell.note for cell in verdict.cells if cell.note),
    )
