"""One confined child process that does one piece of work, sends its result through a pipe, and is killed if
it is late.
"""

from __future__ import annotations

import os
import signal
import sys
import traceback
from collections.abc import Callable, Sequence

from grading.checker.sandbox_client import Limits
from grading.sandbox.confinement import confine
from grading.sandbox.frames import Channel, EndOfStream, FrameTimeout, ProtocolViolation

RESULT_JSON = 64 << 20
FAILED = 70


class Child:
    """The parent's side of a child.

    Parameters
    ----------
    pid : int
        The child.
    channel : Channel
        Where its result comes from.
    """

    def __init__(self, pid: int, channel: Channel) -> None:
        self._pid = pid
        self._channel = channel

    def wait(self, seconds: float) -> tuple[dict | None, str]:
        """Wait for the result, then make sure that nothing of the child is left.

        Returns
        -------
        result : dict or None
            ``layers`` and ``result``; None if there is none.
        fate : str
            ``"finished"``, ``"late"``, or how the child ended.
        """
        answer, fate = None, "finished"
        try:
            answer, _ = self._channel.receive(timeout=seconds)
        except FrameTimeout:
            fate = "late"
        except (EndOfStream, ProtocolViolation):
            fate = "it sent no result"
        self._channel.close()
        status = self._end()
        if answer is None and fate != "late" and status:
            fate = f"signal {signal.Signals(-status).name}" if status < 0 else f"exit status {status}"
        return answer, fate

    def _end(self) -> int:
        for kill in (os.killpg, os.kill):
            try:
                kill(self._pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue  # it ended already, or never became the leader of a group
        _, status = os.waitpid(self._pid, 0)
        return os.waitstatus_to_exitcode(status)


def fork_child(work: Callable[[], dict], *, readable: Sequence[object], limits: Limits) -> Child:
    """Fork a confined child that does some work.

    Parameters
    ----------
    work : callable
        Runs in the child, behind all walls; returns what JSON can carry.
    readable : sequence
        Rules for what the child may read; it can write nothing.
    limits : Limits
        Memory and processor limits.

    Returns
    -------
    Child
        To wait for.
    """
    parent = os.getpid()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _become_child(work, writing, readable, limits, parent)
    os.close(writing)
    return Child(pid, Channel(reading, -1, max_json=RESULT_JSON))


def _become_child(
    work: Callable[[], dict], writing: int, readable: Sequence[object], limits: Limits, parent: int
) -> None:
    try:
        layers = confine(read=readable, limits=limits, parent=parent, allow_socket_messages=True)
        channel = Channel(-1, writing, max_json=RESULT_JSON)
        channel.send({"layers": layers, "result": work()})
        os._exit(0)
    except BaseException:  # noqa: BLE001 - no exception may carry this process back into the server
        traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(FAILED)
