"""One submission to grade, what became of it, and how a checker is asked: the same here and on a cluster."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field

from grading.engine.checker_process import (
    CheckerBrokeOff,
    CheckerError,
    CheckerProcess,
    CheckerTimeout,
    CheckerUnavailable,
    Limits,
)

# The checker holds to the submission's own budget; this is what it may take to notice, clean up and answer.
_GRACE_SECONDS = 30.0
_DEATHS_ALLOWED = 1


@dataclass(frozen=True)
class Job:
    """One submission to grade.

    Attributes
    ----------
    name : str
        Unique among the jobs of one run.
    seed : str
        Hexadecimal seed of its drawn inputs.
    data : bytes
        The submitted file.
    files : mapping of str to bytes
        What was submitted beside it.
    """

    name: str
    seed: str
    data: bytes
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """What became of a job: a raw verdict, or the reason why there is none.

    Attributes
    ----------
    name : str
        The job's.
    verdict : object
        As the checker sent it; None where there is a ``failure``.
    failure : str or None
        Why the job was not judged.
    isolation : dict of str to str
        What the checker's sandbox held.
    unavailable : bool
        True where no checker can be started, so that the job is still to be done.
    """

    name: str
    verdict: object = None
    failure: str | None = None
    isolation: dict[str, str] | None = None
    unavailable: bool = False


def seconds_for(limits: Limits) -> float:
    """Return after how many seconds a checker that has not answered is killed."""
    return limits.submission_seconds + _GRACE_SECONDS


def grade_job(checker: CheckerProcess, job: Job, limits: Limits, stopping: threading.Event) -> Answer:
    """Have a checker grade a submission; there is an answer whatever happens to the checker.

    Parameters
    ----------
    checker : CheckerProcess
        Started where it does not run; killed where it is late or breaks off.
    job : Job
        The submission.
    limits : Limits
        Its budgets.
    stopping : threading.Event
        Set where the answer is not wanted any more: then a checker that dies is not started again.
    """
    budget = seconds_for(limits)
    deaths = 0
    while True:
        try:
            if not checker.running:
                _start(checker, stopping)
            verdict = checker.grade(job.name, job.seed, job.data, timeout=budget, files=job.files)
            return Answer(job.name, verdict, isolation=checker.isolation)
        except CheckerUnavailable as problem:
            return Answer(job.name, failure=str(problem), unavailable=True)
        except CheckerTimeout:
            # Whatever hangs once hangs again: the others should not wait for it.
            reason = f"grading took longer than {budget:g} s and was stopped"
            return Answer(job.name, failure=reason, isolation=checker.isolation)
        except CheckerError as problem:
            deaths += 1
            if deaths > _DEATHS_ALLOWED or stopping.is_set():
                reason = f"the checker died on this submission, {deaths} times: {problem}"
                return Answer(job.name, failure=reason, isolation=checker.isolation)


def _start(checker: CheckerProcess, stopping: threading.Event) -> None:
    try:
        checker.start()
    except CheckerBrokeOff:
        # What ended it may have come from outside, and is then over.
        if stopping.is_set():
            raise
        checker.start()
