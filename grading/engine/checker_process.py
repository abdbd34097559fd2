"""One checker: a limited process of its own that the engine starts, asks, outlives and, if need be, kills."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from grading.engine.extra_files import NOTHING, ExtraFiles, write_files
from grading.sandbox.frames import Channel, EndOfStream, FrameTimeout, ProtocolViolation

COMMAND = (sys.executable, "-I", "-m", "grading.checker")
_START_SECONDS = 120.0
_GOODBYE_SECONDS = 5.0
_LAST_WORDS_SECONDS = 0.5
_LOG_TAIL = 2_000
# Graded notebooks carry pictures as base64 text.
_JSON_BYTES = 64 << 20
_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "LANG": "C.UTF-8",
    "LC_ALL": "C.UTF-8",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "MPLBACKEND": "agg",
    # As nbgrader tells notebooks that they are graded.
    "NBGRADER_EXECUTION": "autograde",
}


class CheckerError(Exception):
    """The checker did not answer as agreed; it has been killed and must be started again."""


class CheckerTimeout(CheckerError):
    """A submission took longer than the wall clock allows."""


class CheckerUnavailable(CheckerError):
    """The checker cannot be started: nothing can be graded until that is put right."""


class CheckerBrokeOff(CheckerUnavailable):
    """The checker ended while it started: where it was killed, another start goes well."""


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes
    ----------
    cell_seconds, call_seconds, submission_seconds : float
        Wall clock for one cell, one call of a student's function, and everything together.
    memory_bytes, scratch_bytes, scratch_files : int
        Address space, and what may be written to the scratch directory.
    """

    cell_seconds: float = 30.0
    call_seconds: float = 10.0
    submission_seconds: float = 180.0
    memory_bytes: int = 2 << 30
    scratch_bytes: int = 100 << 20
    scratch_files: int = 2_000


@dataclass(frozen=True)
class CheckerSettings:
    """Everything a checker has to know before it sees a submission.

    Attributes
    ----------
    assignment, notebook, master : str
        Names, and the text of the master notebook.
    extra_checks : tuple of str
        Directories with the instructor's own checks.
    limits : Limits
        Budgets of one submission.
    command : tuple of str
        What to execute.
    files : ExtraFiles
        The class's own files beside the notebook.
    students_own : tuple of str
        Those among them that students are to edit.
    sent_checks : ExtraFiles
        The instructor's own checks where they come from another machine, instead of their directories.
    """

    assignment: str
    notebook: str
    master: str = field(repr=False)
    extra_checks: tuple[str, ...] = ()
    limits: Limits = Limits()
    command: tuple[str, ...] = COMMAND
    files: ExtraFiles = NOTHING
    students_own: tuple[str, ...] = ()
    sent_checks: ExtraFiles = NOTHING


class CheckerProcess:
    """A running checker, in an empty directory, with an empty environment and two pipes.

    Parameters
    ----------
    settings : CheckerSettings
        What it grades.
    """

    def __init__(self, settings: CheckerSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._home: Path | None = None
        self.isolation: dict[str, str] = {}
        # Why test cells cannot be run fairly, by grade id.
        self.problems: dict[str, str] = {}
        self.version = ""

    @property
    def running(self) -> bool:
        """Whether a process is there to be asked."""
        return self._process is not None

    def start(self) -> list[dict[str, Any]]:
        """Start the process and tell it what it grades.

        Returns
        -------
        list of dict
            The tests as the checker understood the master: ``grade_id`` and ``points``.

        Raises
        ------
        CheckerUnavailable
            If it cannot start, or finds a problem with the master or the checks; `CheckerBrokeOff` if it
            ended before it said so.
        """
        home = self._launch()
        settings = self._settings
        configure = {
            "assignment": settings.assignment,
            "notebook": settings.notebook,
            "master": settings.master,
            "extra_checks": list(settings.extra_checks),
            "limits": asdict(settings.limits),
            "scratch_root": str(home / "scratch"),
        }
        if settings.files.files:
            (home / "files").mkdir(mode=0o700)
            write_files(settings.files, home / "files")
            configure |= {"files": str(home / "files"), "students_own": list(settings.students_own)}
        if settings.sent_checks.files:
            (home / "checks").mkdir(mode=0o700)
            write_files(settings.sent_checks, home / "checks")
            configure["extra_checks"].append(str(home / "checks"))
        try:
            ready = self._ask({"configure": configure}, timeout=_START_SECONDS)
        except CheckerError as problem:
            kind = CheckerUnavailable if isinstance(problem, CheckerTimeout) else CheckerBrokeOff
            raise kind(f"the checker does not start: {problem}") from problem
        if ready.get("ready") is not True:
            text = str(ready.get("problem", "it gave no reason"))[:_LOG_TAIL]
            self.kill()
            raise CheckerUnavailable(f"the checker cannot grade {settings.assignment!r}: {text}")
        self.isolation = _texts(ready.get("isolation"))
        problems = ready.get("problems")
        self.problems = _texts(
            {item.get("grade_id"): item.get("problem") for item in problems if isinstance(item, dict)}
            if isinstance(problems, list)
            else None
        )
        self.version = str(ready.get("version", ""))[:200]
        tests = ready.get("tests")
        return [test for test in tests if isinstance(test, dict)] if isinstance(tests, list) else []

    def grade(
        self,
        job: str,
        seed: str,
        notebook: bytes,
        *,
        timeout: float,
        files: Mapping[str, bytes] | None = None,
    ) -> object:
        """Have one submission graded.

        Parameters
        ----------
        job : str
            Comes back with the answer.
        seed : str
            Hexadecimal seed of the drawn inputs.
        notebook : bytes
            The submitted file.
        timeout : float
            Wall clock in seconds for everything.
        files : mapping of str to bytes, optional
            What was submitted beside it, by place.

        Returns
        -------
        object
            The verdict as it came, not yet looked at.

        Raises
        ------
        CheckerTimeout
            If there was no answer in time.
        CheckerError
            If the checker died or answered something else. In both cases its process group is gone.
        """
        order: dict[str, Any] = {"job": job, "seed": seed}
        if files:
            order["files"] = [[name, len(data)] for name, data in files.items()]
        raw = (notebook, *(files or {}).values())
        answer = self._ask({"grade": order}, raw, timeout=timeout)
        if answer.get("job") != job:
            self.kill()
            raise CheckerError("the checker answered for another submission")
        return answer.get("verdict")

    def junk(self, *, timeout: float) -> list[dict[str, Any]]:
        """Have made-up students who know nothing run over every test cell.

        Parameters
        ----------
        timeout : float
            Wall clock in seconds for all of them.

        Returns
        -------
        list of dict
            ``grade_id``, ``answer`` and ``points`` of every cell that gave one of them something.

        Raises
        ------
        CheckerError
            If the checker died, was late, or could not run the cells.
        """
        answer = self._ask({"junk": True}, timeout=timeout)
        found = answer.get("junk")
        if not isinstance(found, list):
            self.kill()
            raise CheckerError(str(answer.get("problem", "it gave no list"))[:_LOG_TAIL])
        return [item for item in found if isinstance(item, dict)]

    def probe(self, *, timeout: float = 120.0) -> list[dict[str, Any]]:
        """Have the sandbox attacked layer by layer, in a process started for that.

        Returns
        -------
        list of dict
            ``name``, ``layer``, ``held`` and ``detail`` of every probe.
        """
        self._launch()
        try:
            answer = self._ask({"probe": True}, timeout=timeout)
        except CheckerError as problem:
            raise CheckerUnavailable(f"the probes cannot run: {problem}") from problem
        finally:
            self.close()
        probes = answer.get("probes")
        if not isinstance(probes, list):
            raise CheckerUnavailable(f"the checker does not know how to probe: {str(answer)[:300]}")
        return [probe for probe in probes if isinstance(probe, dict)]

    def close(self) -> None:
        """Let the process end by closing its input; kill it if it stays."""
        if self._process is None:
            return
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_GOODBYE_SECONDS)
        self.kill()

    def interrupt(self) -> None:
        """Kill the process from another thread: whoever waits for its answer gets a `CheckerError`."""
        process = self._process
        if process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)

    def kill(self) -> None:
        """Kill the process and its group at once, and remove its directory."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.kill()
            self._process.wait()
            self._process = None
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._home is not None:
            shutil.rmtree(self._home, ignore_errors=True)
            self._home = None

    def _launch(self) -> Path:
        self.kill()
        home = self._home = Path(tempfile.mkdtemp(prefix="course-checker-"))
        # The sandbox may run under another user id, who must be able to pass through to its scratch
        # directory.
        home.chmod(0o711)
        (home / "empty").mkdir()
        (home / "scratch").mkdir(mode=0o711)
        to_read, to_write = os.pipe(), os.pipe()
        try:
            with (home / "log").open("wb") as log:
                self._process = subprocess.Popen(
                    self._settings.command,
                    stdin=to_read[0],
                    stdout=to_write[1],
                    stderr=log,
                    cwd=home / "empty",
                    env=_ENVIRONMENT | {"HOME": str(home / "empty"), "TMPDIR": str(home / "scratch")},
                    start_new_session=True,
                )
        except OSError as problem:
            for descriptor in (*to_read, *to_write):
                os.close(descriptor)
            self.kill()
            raise CheckerUnavailable(f"the checker cannot be executed: {problem}") from problem
        os.close(to_read[0])
        os.close(to_write[1])
        self._channel = Channel(to_write[0], to_read[1], max_json=_JSON_BYTES)
        return home

    def _ask(
        self, message: Mapping[str, Any], raw: Sequence[bytes] = (), *, timeout: float
    ) -> dict[str, Any]:
        if self._channel is None:
            raise CheckerError("the checker is not running")
        try:
            self._channel.send(dict(message), raw, timeout=timeout)
            answer, _ = self._channel.receive(timeout=timeout)
        except FrameTimeout as problem:
            self.kill()
            raise CheckerTimeout(f"no answer within {timeout:g} s") from problem
        except (EndOfStream, ProtocolViolation, OSError, ValueError) as problem:
            text = f"{problem}{self._last_words()}"
            self.kill()
            raise CheckerError(text) from problem
        return answer

    def _last_words(self) -> str:
        """Return the end of what the process wrote to its log: usually the traceback that explains it."""
        if self._home is None or self._process is None:
            return ""
        try:
            self._process.wait(_LAST_WORDS_SECONDS)
        except subprocess.TimeoutExpired:
            self.interrupt()
        try:
            with (self._home / "log").open("rb") as log:
                log.seek(0, os.SEEK_END)
                log.seek(max(0, log.tell() - _LOG_TAIL))
                tail = log.read().decode("utf-8", "replace").strip()
        except OSError:
            return ""
        return f"; its last words: {tail}" if tail else ""


def _texts(raw: object) -> dict[str, str]:
    if not isinstance(raw, dict):
        return {}
    return {str(name)[:100]: str(state)[:500] for name, state in list(raw.items())[:50]}
