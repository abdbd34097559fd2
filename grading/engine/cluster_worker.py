"""What runs on a worker of a cluster: it keeps checkers warm, and has them grade what it is sent as bytes.

A worker has no class directory. It gets the master, the class's files and the instructor's own checks once,
then submissions, and answers in JSON. It executes no cell itself: its checkers are processes of their own, as
they are on the coordinator's machine. It kills them when they are late, because Dask cannot stop what runs.
"""

from __future__ import annotations

import platform
import threading
from dataclasses import replace
from importlib import metadata

from distributed import Worker, WorkerPlugin, get_worker

from grading.engine.checker_process import COMMAND, CheckerProcess, CheckerSettings
from grading.engine.fingerprint import engine_version
from grading.engine.job import Answer, Job, grade_job
from grading.sandbox.frames import dump_json

# How the coordinator says: with the interpreter that this worker has.
OWN_COMMAND: tuple[str, ...] = ()


def versions() -> dict[str, str]:
    """Return what has to be the same everywhere for scores to be the same everywhere."""
    python = ".".join(platform.python_version_tuple()[:2])
    return {"course": engine_version(), "numpy": metadata.version("numpy"), "python": python}


class WarmCheckers(WorkerPlugin):
    """Checkers of one notebook on one worker; as many as grade at the same time.

    Parameters
    ----------
    name : str
        By which tasks find it.
    settings : CheckerSettings
        What is graded, without a path of the coordinator's machine.
    expected : dict of str to str
        The coordinator's `versions`.
    """

    def __init__(self, name: str, settings: CheckerSettings, expected: dict[str, str]) -> None:
        self.name = name
        self._settings = settings
        self._expected = expected

    def setup(self, worker: Worker) -> None:
        """Make ready; the first submission starts the first checker."""
        if self._settings.command == OWN_COMMAND:
            self._settings = replace(self._settings, command=COMMAND)
        self._idle: list[CheckerProcess] = []
        self._busy: set[CheckerProcess] = set()
        self._guard = threading.Lock()
        self._stopping = threading.Event()
        self._unlike = unlike(self._expected, versions())

    def teardown(self, worker: Worker) -> None:
        """Let idle checkers end, and kill those that grade for a coordinator that has gone."""
        with self._guard:
            self._stopping.set()
            idle, self._idle = self._idle, []
            for checker in self._busy:
                checker.interrupt()
        for checker in idle:
            # The worker's event loop must not wait for them.
            threading.Thread(target=checker.close).start()

    def grade(self, job: Job) -> Answer:
        """Have a checker grade a submission."""
        if self._unlike:
            return Answer(job.name, failure=self._unlike, unavailable=True)
        with self._guard:
            checker = self._idle.pop() if self._idle else CheckerProcess(self._settings)
            self._busy.add(checker)
        try:
            return grade_job(checker, job, self._settings.limits, self._stopping)
        finally:
            with self._guard:
                self._busy.discard(checker)
                keep = not self._stopping.is_set()
                if keep:
                    self._idle.append(checker)
            if not keep:
                checker.close()


def unlike(expected: dict[str, str], found: dict[str, str]) -> str | None:
    """Say what differs between the coordinator and a worker; None if nothing does."""
    differing = [
        f"{name} {found.get(name)} instead of {version}"
        for name, version in expected.items()
        if found.get(name) != version
    ]
    if not differing:
        return None
    return f"it has {', '.join(differing)}. Install there what is installed here"


def grade_submission(plugin: str, name: str, seed: str, data: bytes, files: dict[str, bytes]) -> bytes:
    """Grade one submission on the worker that this runs on.

    Parameters
    ----------
    plugin : str
        Name of the `WarmCheckers`.
    name, seed, data, files : str, str, bytes, dict of str to bytes
        As in `Job`.

    Returns
    -------
    bytes
        JSON with ``verdict``, ``failure``, ``isolation``, ``unavailable`` and ``worker``.
    """
    worker = get_worker()
    checkers = worker.plugins.get(plugin)
    if isinstance(checkers, WarmCheckers):
        answer = checkers.grade(Job(name, seed, data, files))
    else:
        answer = Answer(name, failure="it was not told what it grades", unavailable=True)
    return dump_json({
        "verdict": answer.verdict,
        "failure": answer.failure,
        "isolation": answer.isolation,
        "unavailable": answer.unavailable,
        "worker": worker.address,
    })  # fmt: skip
