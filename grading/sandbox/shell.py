"""Cells with IPython semantics: magics, display, the last expression's value; outputs are recorded."""

from __future__ import annotations

import builtins
import getpass
import os
import signal
import sys
import sysconfig
from types import FrameType

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from .limits import Limits
from .outputs import RecordedStream, Recorder, clean
from .protocol import MAX_MESSAGE, MAX_NAME

HIDDEN_FILE_HINT = " (files outside the notebook's own directory are not available while grading)"
RECORDER = Recorder(Limits())
_OWN_DIRECTORY = os.path.dirname(os.path.abspath(__file__))
_INSTALLED = tuple(sorted({sysconfig.get_path(name) for name in ("purelib", "platlib", "stdlib")}, key=len))[
    ::-1
]


class CellTimeout(BaseException):
    """Raised in a cell that runs too long; no ``except Exception`` stops it."""


class InputUnavailable(RuntimeError):
    """Raised by input(): nobody is there to answer while a notebook is graded."""


class _Publisher(DisplayPublisher):
    def publish(self, data: dict, metadata: dict | None = None, **_: object) -> None:
        RECORDER.display("display_data", data)

    def clear_output(self, wait: bool = False) -> None:
        RECORDER.clear()


class _Hook(DisplayHook):
    def __call__(self, result: object = None) -> None:
        self.check_for_underscore()
        if result is not None and not self.quiet():
            data, _ = self.compute_format_data(result)
            self.update_user_ns(result)
            self.fill_exec_result(result)
            RECORDER.display("execute_result", data, self.prompt_count)


class CapturingShell(InteractiveShell):
    """An interactive shell without history, prompts or files."""

    displayhook_class = _Hook
    display_pub_class = _Publisher

    def _showtraceback(self, etype: type, evalue: BaseException, stb: list[str]) -> None:
        hint = HIDDEN_FILE_HINT if isinstance(evalue, PermissionError) and evalue.filename is not None else ""
        # Frames of this folder are no concern of a student, and neither is where the grader is installed.
        text = "\n".join(str(part) for part in stb if _OWN_DIRECTORY not in str(part))
        for directory in _INSTALLED:
            text = text.replace(directory + os.sep, "")
        RECORDER.error(etype.__name__, clean(evalue, MAX_MESSAGE) + hint, text + hint)

    def enable_gui(self, gui: str | None = None) -> None:
        """Do nothing: there is no event loop to integrate with."""

    def ask_exit(self) -> None:
        """End the cell, not the session, when a notebook calls exit() or quit()."""
        raise SystemExit("exit() ends this cell only while grading")

    def init_sys_modules(self) -> None:
        """Register the notebook's namespace as ``__main__`` as a kernel does."""
        super().init_sys_modules()


def make_shell() -> CapturingShell:
    """Make the process's one shell; displays and tracebacks go to the recorder, streams are left alone."""
    config = Config()
    config.HistoryManager.enabled = False
    config.InteractiveShell.colors = "nocolor"
    config.InteractiveShell.autoawait = False
    return CapturingShell.instance(config=config)


def _no_input(prompt: object = "") -> str:
    __tracebackhide__ = True
    raise InputUnavailable("input() is not available while grading: nobody is there to answer")


def redirect_streams() -> None:
    """Record the streams of this process, and refuse questions to a person."""
    sys.stdout = sys.__stdout__ = RecordedStream("stdout", RECORDER)
    sys.stderr = sys.__stderr__ = RecordedStream("stderr", RECORDER)
    builtins.input = _no_input
    getpass.getpass = _no_input


class Stopwatch:
    """Raises `CellTimeout` in the main thread when a cell has run for too long.

    This is for honest loops, so that the cells behind them still run; who defeats it is killed from outside.
    """

    def __init__(self) -> None:
        self._armed = False
        signal.signal(signal.SIGALRM, self._ring)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        __tracebackhide__ = True
        if self._armed:
            self._armed = False
            raise CellTimeout("the cell ran for too long and was stopped")

    def start(self, seconds: float) -> None:
        """Begin to measure."""
        self._armed = True
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def stop(self) -> None:
        """Stop measuring; afterwards nothing is raised."""
        self._armed = False
        signal.setitimer(signal.ITIMER_REAL, 0)


def run_cell(shell: CapturingShell, source: str, limits: Limits, seconds: float, watch: Stopwatch) -> dict:
    """Run one cell and return ``{"error": [name, text] or None}``; its outputs are in the recorder."""
    RECORDER.start(limits)
    error: BaseException | None = None
    try:
        watch.start(seconds)
        result = shell.run_cell(source, store_history=True)
        watch.stop()
        error = result.error_before_exec or result.error_in_exec
    except BaseException as caught:  # noqa: BLE001 - the cell may have broken the shell itself
        watch.stop()
        error = caught
        RECORDER.error(
            type(caught).__name__, clean(caught, MAX_MESSAGE), f"{type(caught).__name__} outside the cell"
        )
    if not isinstance(error, BaseException):
        return {"error": None}
    return {"error": [clean(type(error).__name__, MAX_NAME), clean(error, MAX_MESSAGE)]}
