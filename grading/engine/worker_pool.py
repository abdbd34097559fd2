"""Several checkers side by side: one sick submission costs its own time and nobody else's."""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Iterable, Iterator

from grading.engine.checker_process import CheckerProcess, CheckerSettings
from grading.engine.job import Answer, Job, grade_job

# Jobs a worker that are read ahead, so that a free checker never waits for the disk.
_AHEAD = 2


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
                self._answers.put(grade_job(checker, job, self._settings.limits, self._stopping))
        except BaseException as problem:  # noqa: BLE001 - handed to the thread that waits for the answers
            self._answers.put(problem)
        finally:
            checker.close()
