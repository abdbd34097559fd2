"""The checker process: made ready once for an assignment, it forks one confined child for each submission.

The server itself never looks into a submission. A child that dies or is late is answered for here: no points,
with a reason.
"""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from importlib import metadata
from pathlib import Path

import course_lib
import grading
from course_lib.version import __version__
from grading.checker.child import Child, fork_child
from grading.checker.extra_files import (
    for_the_sandbox,
    listed_students_own,
    place,
    released_files,
    split_submission,
)
from grading.checker.judging import Assignment, Budget, judge_submission, lost_verdict
from grading.checker.junk import JUNK, undeserved_points
from grading.checker.master import MasterProblem, read_master
from grading.checker.plan import AssignmentPlan
from grading.checker.probes import run_probes
from grading.checker.sandbox_client import Limits, SandboxServer, SandboxUnavailable, Session
from grading.checker.seeds import derive_seed
from grading.checker.warming import warm
from grading.checks.loading import load, sandbox_policy
from grading.sandbox import landlock
from grading.sandbox.confinement import missing_layers
from grading.sandbox.frames import Channel, EndOfStream, ProtocolViolation

ANSWER_JSON = 64 << 20
GRACE_SECONDS = 10.0
_TRIES = 2
LATE = "The checker did not finish within the time for one submission. No points were given."


class NotReady(Exception):
    """The checker cannot grade this assignment; the text tells the instructor why."""


class CheckerServer:
    """One assignment, ready to be graded.

    Parameters
    ----------
    configuration : dict
        What the engine sent: ``assignment``, ``master``, ``extra_checks``, ``limits``, ``scratch_root``.

    Raises
    ------
    NotReady
        If the master, the checks or the sandbox are not usable.
    """

    def __init__(self, configuration: dict) -> None:
        limits = dict(configuration.get("limits") or {})
        budget = {name: float(limits[name]) for name in Budget.__dataclass_fields__ if name in limits}
        extra = tuple(str(directory) for directory in configuration.get("extra_checks") or ())
        try:
            plan = AssignmentPlan(read_master(configuration["master"]))
            checks = load(configuration["assignment"], extra)
            policy = sandbox_policy(configuration["assignment"])
        except (MasterProblem, ValueError, SyntaxError, ImportError) as problem:
            raise NotReady(str(problem)) from None
        self.assignment = Assignment(plan, checks, Budget(**budget))
        directory = configuration.get("files")
        self._files = released_files(directory)
        self._students_own = listed_students_own(configuration.get("students_own"))
        self._refuse_unknown_checks()
        self._limits = session_limits(limits, self.assignment.budget)
        packages = {"packages": distributions(policy.packages), "files": policy.files}
        try:
            self._sandbox = SandboxServer.start(packages, self._limits, configuration.get("scratch_root"))
        except (SandboxUnavailable, ValueError) as problem:
            raise NotReady(str(problem)) from None
        warm(self.assignment)
        self._readable = (
            landlock.open_rules(readable_paths((*extra, directory) if directory else extra), landlock.READ)
            if landlock.abi_version()
            else []
        )
        # What is loaded now stays: children share it instead of copying it at their first collection.
        gc.collect()
        gc.freeze()
        self.isolation = self._isolation()

    def close(self) -> None:
        """End the sandbox server."""
        self._sandbox.close()

    def ready(self) -> dict:
        """Return the message that tells the engine what will be graded and behind which walls."""
        plan = self.assignment.plan
        return {
            "ready": True,
            "isolation": self.isolation,
            "tests": [{"grade_id": cell.grade_id, "points": cell.points} for cell in plan.master.tests],
            "problems": [{"grade_id": grade_id, "problem": text} for grade_id, text in plan.problems.items()],
            "version": __version__,
        }

    def grade(self, job: str, seed: bytes, data: bytes, files: Mapping[str, bytes] | None = None) -> dict:
        """Have a child grade a submission; there is a verdict whatever happens to the child.

        Parameters
        ----------
        job : str
            Comes back with the verdict.
        seed : bytes
            Of the drawn inputs.
        data : bytes
            The submitted notebook.
        files : mapping of str to bytes, optional
            What was submitted beside it: laid out in the sandbox, and never read here.

        Raises
        ------
        SandboxUnavailable
            If the sandbox server is gone: then no verdict of this submission means anything.
        """
        started = time.monotonic()
        budget = self.assignment.budget

        beside = for_the_sandbox(self._files, files or {}, self._students_own)

        def work() -> dict:
            return judge_submission(
                data, seed, self.assignment, lambda: place(self._open_session(seed), beside)
            )

        # Once more if it ended early: what killed it may have come from outside.
        for _ in range(_TRIES):
            answer, fate = self._fork(work).wait(budget.submission_seconds + GRACE_SECONDS)
            if not self._sandbox.alive:
                raise SandboxUnavailable("the sandbox server died; this submission must be graded again")
            if answer is not None or fate == "late":
                break
        verdict = answer.get("result") if answer is not None else None
        if verdict is None:
            reason = (
                LATE if fate == "late" else f"The checker's process for this submission ended early ({fate})."
            )
            verdict = lost_verdict(self.assignment.plan, reason, time.monotonic() - started)
        return {"job": job, "verdict": verdict}

    def junk(self) -> dict:
        """Run students who know nothing over every test cell and return what they got."""

        def work() -> dict:
            return {"undeserved": [asdict(found) for found in undeserved_points(self.assignment)]}

        seconds = len(JUNK) * (self.assignment.budget.submission_seconds + GRACE_SECONDS)
        answer, fate = self._fork(work).wait(seconds)
        if answer is None:
            return {"junk": None, "problem": f"the test cells could not be run over junk answers ({fate})"}
        return {"junk": answer["result"]["undeserved"]}

    def _open_session(self, seed: bytes) -> Session:
        return self._sandbox.open(self._limits, seed=derive_seed(seed, "student's generators"))

    def _fork(self, work: Callable[[], dict]) -> Child:
        return fork_child(work, readable=self._readable, limits=self._limits)

    def _refuse_unknown_checks(self) -> None:
        for grade_id, names in self.assignment.plan.asked_checks.items():
            for name in names:
                if name not in self.assignment.checks:
                    known = ", ".join(sorted(self.assignment.checks)) or "none"
                    raise NotReady(
                        f"the test cell {grade_id!r} asks for the check {name!r}; there are: {known}"
                    )

    def _isolation(self) -> dict[str, str]:
        layers = dict(self._sandbox.layers)
        answer, fate = self._fork(dict).wait(GRACE_SECONDS)
        found = answer.get("layers", {}) if answer is not None else {}
        if not found:
            layers["checker"] = f"missing: its child could not be confined ({fate})"
            return layers
        lacking = missing_layers(found)
        layers["checker"] = f"missing: {', '.join(lacking)}" if lacking else "held"
        return layers


def session_limits(limits: dict, budget: Budget) -> Limits:
    """Return the sandbox's limits for one session: the engine's, and the sandbox's defaults for the rest."""
    values = {
        name: limits[name] for name in ("memory_bytes", "scratch_bytes", "scratch_files") if name in limits
    }
    return Limits(
        cell_seconds=budget.cell_seconds,
        call_seconds=budget.call_seconds,
        session_seconds=budget.submission_seconds + GRACE_SECONDS,
        cpu_seconds=max(1, int(budget.submission_seconds + GRACE_SECONDS)),
        **values,
    )


def distributions(packages: tuple[str, ...]) -> list[str]:
    """Return the installed distributions that provide some import names."""
    owners = metadata.packages_distributions()
    return sorted({name for package in packages for name in owners.get(package, ())})


def readable_paths(extra_checks: tuple[str, ...]) -> list[str]:
    """Return what a checker's child may read: interpreter, packages, this project, the class's own checks."""
    roots = {sys.prefix, sys.base_prefix, "/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/share/zoneinfo"}
    roots |= {str(Path(module.__file__).parent) for module in (grading, course_lib)}
    # Packages may lie elsewhere: a rule for an environment does not cover what it links to.
    roots |= {entry for entry in sys.path if os.path.basename(entry) in ("site-packages", "dist-packages")}
    return sorted(
        root
        for root in roots | set(extra_checks) | {"/dev/urandom", "/etc/localtime"}
        if os.path.exists(root)
    )


def serve(reading: int, writing: int) -> int:
    """Answer the engine until it closes its end.

    Parameters
    ----------
    reading, writing : int
        Descriptors of the protocol.

    Returns
    -------
    int
        Exit status: 0 after a regular end, 1 if the assignment could not be made ready, 2 after a malformed
        request.
    """
    channel = Channel(reading, writing, max_json=ANSWER_JSON)
    try:
        message, _ = channel.receive()
    except EndOfStream:
        return 0
    if message.get("probe") is True:
        channel.send(_probes())
        return 0
    if type(message.get("configure")) is not dict:
        channel.send({"ready": False, "problem": "the first request must be to configure"})
        return 2
    try:
        server = CheckerServer(message["configure"])
    except NotReady as problem:
        channel.send({"ready": False, "problem": str(problem)})
        return 1
    try:
        channel.send(server.ready())
        return _answer(channel, server)
    finally:
        server.close()


def _probes() -> dict:
    try:
        return {"probes": run_probes()}
    except SandboxUnavailable as problem:
        return {"problem": str(problem)}


def _answer(channel: Channel, server: CheckerServer) -> int:
    while True:
        try:
            message, data = channel.receive()
            if message.get("junk") is True:
                channel.send(server.junk())
                continue
            order = message["grade"]
            job, seed = order["job"], bytes.fromhex(order["seed"])
            notebook, files = split_submission(data, order)
        except EndOfStream:
            return 0
        except (ProtocolViolation, KeyError, TypeError, ValueError) as problem:
            channel.send({"problem": f"not a request to grade: {type(problem).__name__}: {problem}"})
            return 2
        channel.send(server.grade(str(job), seed, notebook, files))
        del data, notebook, files
