"""Judges mutants in processes of their own: endless loops, crashes and memory hogs cost only themselves."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess

from grading.checks.definition import Check
from grading.checks.student import LocalStudent
from tools.mutation.mutants import Mutant
from tools.mutation.solutions import Solutions

PROCESSES = 2
CALL_SECONDS = 2.0
CHECK_SECONDS = 10.0
# Above the time for checks, so that only what no alarm can stop is killed from outside.
WALL_SECONDS = 60.0
EXTRA_MEMORY = 2 << 30
SEEDS = (b"mutation 1", b"mutation 2")

SURVIVED, KILLED, BROKE = "survived", "killed", "broke the check"


@dataclass(frozen=True)
class Outcome:
    """What became of one mutant.

    Attributes
    ----------
    check : str
        The check that judged it.
    mutant : Mutant
        The wrong program.
    state : str
        "killed" if it failed with every seed, "survived" if it passed with one, "broke the check" if the
        check itself raised.
    detail : str
        What the check said.
    """

    check: str
    mutant: Mutant
    state: str
    detail: str = ""


@dataclass
class _Running:
    check: str
    mutant: Mutant
    process: ForkProcess
    deadline: float


def judge_all(
    solutions: Solutions,
    jobs: Iterable[tuple[str, str, Mutant]],
    *,
    processes: int = PROCESSES,
    seeds: Sequence[bytes] = SEEDS,
    wall_seconds: float = WALL_SECONDS,
) -> Iterator[Outcome]:
    """Judge mutants side by side.

    Parameters
    ----------
    solutions : Solutions
        The assignment.
    jobs : iterable of (check, grade id, mutant)
        What to judge: the cell of that grade id is replaced by the mutant's source.
    processes : int
        How many at a time.
    seeds : sequence of bytes
        A mutant is killed only if it fails with each of them: no student may pass by luck.
    wall_seconds : float
        Longest time for one mutant.

    Yields
    ------
    Outcome
        In the order in which they finish.
    """
    solutions.warm()
    waiting = iter(jobs)
    running: dict[Connection, _Running] = {}
    try:
        while True:
            while len(running) < processes and (job := next(waiting, None)) is not None:
                end, started = _start(solutions, *job, seeds, wall_seconds)
                running[end] = started
            if not running:
                return
            nearest = min(item.deadline for item in running.values())
            ready = wait(list(running), timeout=max(nearest - time.monotonic(), 0))
            late = [end for end, item in running.items() if time.monotonic() > item.deadline]
            for end in dict.fromkeys([*ready, *late]):
                yield _finish(end, running.pop(end))
    finally:
        for end, item in running.items():
            item.process.kill()
            item.process.join()
            end.close()


def state_of(check: Check, names: dict[str, object], seeds: Sequence[bytes]) -> tuple[str, str]:
    """Judge what a notebook binds by one check, with several seeds; return the state and what was said."""
    told = ""
    for seed in seeds:
        student = LocalStudent(names, call_seconds=CALL_SECONDS)
        verdict = check.judge(student, seed=seed, budget_seconds=CHECK_SECONDS)
        if verdict.status == "error":
            return BROKE, verdict.message
        if verdict.fraction == 1.0:
            return SURVIVED, f"full marks with seed {seed!r}"
        told = told or verdict.message
    return KILLED, told


def _start(
    solutions: Solutions, check: str, grade_id: str, mutant: Mutant, seeds: Sequence[bytes], seconds: float
) -> tuple[Connection, _Running]:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(
        target=_judge_here,
        args=(solutions, check, grade_id, mutant.source, seeds, seconds, theirs),
        daemon=True,
    )
    process.start()
    theirs.close()
    return ours, _Running(check, mutant, process, time.monotonic() + seconds)


def _judge_here(
    solutions: Solutions,
    check: str,
    grade_id: str,
    source: str,
    seeds: Sequence[bytes],
    seconds: float,
    end: Connection,
) -> None:
    # Where the right answer's files lie, for what is handed in beside the notebook.
    os.chdir(solutions.folder)
    used = resource.getpagesize() * int(_statm())
    resource.setrlimit(resource.RLIMIT_AS, (used + EXTRA_MEMORY,) * 2)
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
    try:
        names = solutions.names({grade_id: source})
    except Exception as error:  # noqa: BLE001 - a notebook that does not run earns nothing
        end.send((KILLED, f"the cell raises {type(error).__name__}"))
        return
    end.send(state_of(solutions.checks[check], names, seeds))


def _statm() -> str:
    with open("/proc/self/statm") as sizes:
        return sizes.read().split()[0]


def _finish(end: Connection, item: _Running) -> Outcome:
    """Read what a process says; one that says nothing is dead, or is killed now."""
    state, detail = KILLED, "its process died, or was stopped"
    with contextlib.suppress(EOFError):
        if end.poll():
            state, detail = end.recv()
    item.process.kill()
    item.process.join()
    end.close()
    return Outcome(item.check, item.mutant, state, detail)
