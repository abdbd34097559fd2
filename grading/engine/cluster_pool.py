"""Checkers on the workers of a Dask cluster: submissions go there as bytes, and verdicts come back as JSON.

Nothing else of a class leaves this machine, and nothing but answers comes back: everything is recorded here.
Dask sends to another worker what a lost one was grading. A checker that hangs is killed by the worker that
started it; a worker that says nothing any more is given up after a while, so that nobody waits for it.
"""

from __future__ import annotations

import contextlib
import itertools
import queue
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grading.engine.checker_process import COMMAND, CheckerSettings, CheckerUnavailable, Limits
from grading.engine.cluster_address import connect, refuse_open_workers
from grading.engine.extra_files import ExtraFiles, shipped_files
from grading.engine.job import Answer, Job, seconds_for
from grading.sandbox.frames import ProtocolViolation, load_json

if TYPE_CHECKING:
    from distributed import Future

# Jobs a thread of the cluster that are under way, so that no worker waits for the coordinator.
_AHEAD = 2
_LOOK_SECONDS = 2.0
_ANSWER_BYTES = 64 << 20
_STARTING_SECONDS = 120.0
# Fetching an answer is tried for so long before others get a turn.
_FETCH_SECONDS = 10.0
_FETCHERS = 8
_GOODBYE_SECONDS = 5.0
# After five minutes without a sign of life Dask takes a worker for lost, unless it is told otherwise.
_NOTICING_SECONDS = 300.0


class ClusterPool:
    """Grades jobs on a cluster; has the interface of `WorkerPool`.

    Parameters
    ----------
    settings : CheckerSettings
        What the checkers grade.
    address : str
        Of the scheduler.
    notify : callable
        Called with a sentence while nobody is there to grade.
    patience : float, optional
        Seconds without any answer after which what is under way is given up; by default more than a
        submission can take, with a lost worker noticed on the way.

    Raises
    ------
    ClusterAddressError
        If the cluster is on other machines and not encrypted.
    CheckerUnavailable
        If it cannot be reached, or its workers lack the course.
    """

    def __init__(
        self,
        settings: CheckerSettings,
        address: str,
        notify: Callable[[str], None],
        *,
        patience: float | None = None,
    ) -> None:
        self._address = address
        self._notify = notify
        self._patience = _patience(settings.limits) if patience is None else patience
        self._plugin = f"course-{secrets.token_hex(8)}"
        self._numbers = itertools.count()
        self._sent: dict[str, tuple[Future, Job]] = {}
        self._answered: queue.SimpleQueue[tuple[str, object]] = queue.SimpleQueue()
        self._fetchers = ThreadPoolExecutor(_FETCHERS, "fetch-answer")
        self._threads, self._looked = 0, 0.0
        self._lost = False
        self._client = connect(address)
        try:
            self._look()
            self._tell_workers(settings)
        except BaseException:
            self._client.close()
            raise

    def __enter__(self) -> ClusterPool:
        return self

    def __exit__(self, *exception: object) -> None:
        self._fetchers.shutdown(wait=False, cancel_futures=True)
        # Where the scheduler is gone there is nobody left to tell, and frozen workers do not listen.
        if not self._lost:
            goodbye = threading.Thread(target=self._say_goodbye, daemon=True)
            goodbye.start()
            goodbye.join(_GOODBYE_SECONDS)
        with contextlib.suppress(OSError, RuntimeError):
            self._client.close(timeout=_GOODBYE_SECONDS)

    def run(self, jobs: Iterable[Job]) -> Iterator[Answer]:
        """Yield one answer a job, in the order in which they come.

        Jobs are taken from the iterable as workers become free, so that only a few submissions are in memory.

        Parameters
        ----------
        jobs : iterable of Job
            What to grade.

        Raises
        ------
        CheckerUnavailable
            If the cluster is lost, or has no workers for too long.
        """
        source = iter(jobs)
        self._send(source)
        while self._sent:
            done = self._next()
            if done is None:
                yield from self._give_up()
            elif done[0] in self._sent:
                future, job = self._sent.pop(done[0])
                future.release()
                answer = self._answer(job, done[1])
                self._send(source)
                yield answer
            if not self._sent:
                self._send(source)

    def _say_goodbye(self) -> None:
        with contextlib.suppress(OSError, RuntimeError):
            self._give_up()
            self._client.unregister_worker_plugin(self._plugin)

    def _tell_workers(self, settings: CheckerSettings) -> None:
        from grading.engine.cluster_worker import WarmCheckers, versions

        plugin = WarmCheckers(self._plugin, portable(settings), versions())
        try:
            self._client.register_plugin(plugin, name=self._plugin)
        except Exception as problem:  # noqa: BLE001 - whatever a worker raises comes through here
            raise CheckerUnavailable(
                f"the workers of {self._address} cannot grade: {problem}. They need the course as it is "
                "here: pip install 'neural-network-training-course[instructor,cluster]'"
            ) from problem

    def _send(self, source: Iterator[Job]) -> None:
        """Keep so many submissions under way that no worker has to wait."""
        from grading.engine.cluster_worker import grade_submission

        if time.monotonic() - self._looked > _LOOK_SECONDS:
            self._look()
        missing = _AHEAD * max(1, self._threads) - len(self._sent)
        for job in itertools.islice(source, max(0, missing)):
            key = f"{self._plugin}-{next(self._numbers)}"
            # Who a submission is from stays here.
            future = self._client.submit(
                grade_submission, self._plugin, key, job.seed, job.data, dict(job.files), key=key, pure=False
            )
            self._sent[key] = (future, job)
            future.add_done_callback(self._fetch_soon)

    def _fetch_soon(self, future: Future) -> None:
        # After the end nobody wants it any more.
        with contextlib.suppress(RuntimeError):
            self._fetchers.submit(self._fetch, future)

    def _fetch(self, future: Future) -> None:
        """Get an answer from where it lies; a worker that says nothing must not hold up the others'."""
        try:
            found: object = future.result(timeout=_FETCH_SECONDS)
        except TimeoutError as problem:
            if future.status != "error":
                if future.key in self._sent:
                    self._fetch_soon(future)
                return
            found = problem
        except BaseException as problem:  # noqa: BLE001 - looked at by the thread that waits for answers
            found = problem
        self._answered.put((future.key, found))

    def _next(self) -> tuple[str, object] | None:
        """Wait for the next answer; None after too long a silence."""
        silent_since, told = time.monotonic(), False
        while True:
            with contextlib.suppress(queue.Empty):
                return self._answered.get(timeout=_LOOK_SECONDS)
            self._look()
            waited = time.monotonic() - silent_since
            if not self._threads and not told:
                self._notify(f"the cluster {self._address} has no workers now; waiting for one to join")
                told = True
            if waited > self._patience:
                if not self._threads:
                    raise CheckerUnavailable(
                        f"the cluster {self._address} had no workers for {waited:.0f} s. Start some, and run "
                        "the command again: what was graded is kept"
                    )
                return None

    def _look(self) -> None:
        """Ask the scheduler who works for it."""
        try:
            workers = self._client.nthreads()
        except (OSError, RuntimeError) as problem:
            raise self._loss(str(problem)) from problem
        refuse_open_workers(workers)
        self._threads, self._looked = sum(workers.values()), time.monotonic()

    def _answer(self, job: Job, found: object) -> Answer:
        from distributed import CancelledError, KilledWorker

        if isinstance(found, CancelledError):
            raise self._loss("its scheduler ended the connection") from found
        if isinstance(found, ModuleNotFoundError):
            raise CheckerUnavailable(
                f"a worker of {self._address} cannot grade: {found}. Install there what is installed here"
            ) from found
        if isinstance(found, KilledWorker):
            lost = found.allowed_failures + 1
            reason = f"{lost} worker(s) of the cluster were lost while they graded this submission"
            return Answer(job.name, failure=reason)
        try:
            if isinstance(found, BaseException):
                raise found
            return _read_answer(job, found)
        except Exception as problem:  # noqa: BLE001 - one worker's trouble must not stop the class
            reason = f"the cluster sent no answer that can be read: {type(problem).__name__}: {problem}"
            return Answer(job.name, failure=reason)

    def _give_up(self) -> list[Answer]:
        """Take back everything that is under way, and say so of each."""
        given_up, self._sent = self._sent, {}
        if given_up:
            self._client.cancel([future for future, _ in given_up.values()], force=True)
        reason = f"no worker of the cluster answered for {self._patience:g} s"
        return [Answer(job.name, failure=reason) for _, job in given_up.values()]

    def _loss(self, reason: str) -> CheckerUnavailable:
        self._lost = True
        return CheckerUnavailable(
            f"the cluster {self._address} was lost: {reason}. What was graded is kept: run the command again "
            "when it is there"
        )


def portable(settings: CheckerSettings) -> CheckerSettings:
    """Return settings that mean the same on another machine: files instead of where they lie here.

    Parameters
    ----------
    settings : CheckerSettings
        As for a checker of this machine.
    """
    files: dict[str, bytes] = {}
    for folder in settings.extra_checks:
        files |= shipped_files(Path(folder)).files
    command = () if settings.command == COMMAND else settings.command
    return replace(settings, extra_checks=(), sent_checks=ExtraFiles(files), command=command)


def _read_answer(job: Job, raw: Any) -> Answer:  # noqa: ANN401 - whatever a worker returned
    if not isinstance(raw, bytes) or len(raw) > _ANSWER_BYTES:
        raise ProtocolViolation("it is not bytes, or too long")
    answer = load_json(raw)
    worker = str(answer.get("worker"))[:200]
    failure = answer.get("failure")
    if failure is not None:
        failure = str(failure)
    if answer.get("unavailable") is True:
        return Answer(job.name, failure=f"the worker {worker} cannot grade: {failure}", unavailable=True)
    isolation = answer.get("isolation")
    layers = (
        {str(layer): str(state) for layer, state in isolation.items()} if isinstance(isolation, dict) else {}
    )
    return Answer(job.name, answer.get("verdict"), failure, layers)


def _patience(limits: Limits) -> float:
    """Return how long a silence means that nothing will come any more.

    A submission may be graded twice on a worker where its checker dies; a lost worker is noticed late.
    """
    return 2 * (seconds_for(limits) + _STARTING_SECONDS) + _NOTICING_SECONDS
