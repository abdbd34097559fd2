"""Several checkers side by side: one sick submission costs its own time and nobody else's."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from grading.engine.checker_process import (
    CheckerError,
    CheckerProcess,
    CheckerSettings,
    CheckerTimeout,
    CheckerUnavailable,
)

# The checker holds to the submission's own budget; this is what it may take to notice, clean up and answer.
_GRACE_SECONDS = 30.0
_DEATHS_ALLOWED = 1
# Jobs a worker that are read ahead, so that a free checker never waits for the disk.
_AHEAD = 2


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


class WorkerPool:
    """Grades jobs with a number of checkers; leaves no process behind.

    Parameters
    ----------
    settings : CheckerSettings
        What the checkers grade.
    workers : int
        How many checkers.

    Raises
    ------
    ValueError
        If ``workers`` is below 1.
    """

    def __init__(self, settings: CheckerSettings, workers: int) -> None:
        if workers < 1:
            raise ValueError(f"workers is {workers}; expected 1 or more")
        self._settings = settings
        self._workers = workers
        self._checkers: list[CheckerProcess] = []
        self._stopping = threading.Event()
        self._waiting: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._answers: queue.SimpleQueue[Answer | BaseException] = queue.SimpleQueue()
        self._checkers: list[CheckerProcess] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> WorkerPool:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        self._stopping.set()
        for checker in self._checkers:
            if kind is not None:
                checker.interrupt()
            self._waiting.put(None)
        for thread in self._threads:
            thread.join()

    def run(self, jobs: Iterable[Job]) -> Iterator[Answer]:
        """Yield one answer a job, in the order in which they come.

        Jobs are taken from the iterable as checkers become free, so that only a few submissions are in
        memory.

        Parameters
        ----------
        jobs : iterable of Job
            What to grade.
        """
        source, outstanding = iter(jobs), 0
        for job in itertools.islice(source, _AHEAD * self._workers):
            outstanding += 1
            self._waiting.put(job)
            if len(self._threads) < self._workers:
                self._add_worker()
        while outstanding:
            answer = self._answers.get()
            outstanding -= 1
            if isinstance(answer, BaseException):
                raise answer
            for job in itertools.islice(source, 1):
                outstanding += 1
                self._waiting.put(job)
            yield answer

    def _add_worker(self) -> None:
        checker = CheckerProcess(self._settings)
        self._checkers.append(checker)
        thread = threading.Thread(target=self._work, args=(checker,), daemon=True)
        self._threads.append(thread)
        thread.start()

    def _work(self, checker: CheckerProcess) -> None:
        try:
            while (job := self._waiting.get()) is not None and not self._stopping.is_set():
                self._answers.put(self._grade(checker, job))
        except BaseException as problem:  # noqa: BLE001 - handed to the thread that waits for the answers
            self._answers.put(problem)
        finally:
            checker.close()

    def _grade(self, checker: CheckerProcess, job: Job) -> Answer:
        budget = self._settings.limits.submission_seconds + _GRACE_SECONDS
        deaths = 0
        while True:
            try:
                if not checker.running:
                    checker.start()
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
                if deaths > _DEATHS_ALLOWED or self._stopping.is_set():
                    reason = f"the checker died on this submission, {deaths} times: {problem}"
                    return Answer(job.name, failure=reason, isolation=checker.isolation)
