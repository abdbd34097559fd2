"""The checker's side of the sandbox: starts the server, opens sessions, and trusts nothing that comes back.

Clocks run here, outside the sandbox. Whatever goes wrong ends the session for good and raises; no reply is
ever made up.
"""

from __future__ import annotations

import os
import secrets
import select
import socket
import sys
import tempfile
import time
from pathlib import Path
from typing import BinaryIO

from grading.sandbox.control import CONTROL_FD, ControlSocket
from grading.sandbox.frames import Channel, EndOfStream, ProtocolViolation
from grading.sandbox.limits import Limits
from grading.sandbox.protocol import SEED_BYTES
from grading.sandbox.values import Unsupported

from .sandbox_replies import (
    CallReply,
    CellReply,
    Ended,
    Handle,
    Missing,
    SandboxDied,
    SandboxTimeout,
    SandboxUnavailable,
    StudentRaised,
    Value,
)
from .sandbox_session import Session

__all__ = [
    "CallReply",
    "CellReply",
    "Ended",
    "Handle",
    "Limits",
    "Missing",
    "ProtocolViolation",
    "SandboxDied",
    "SandboxServer",
    "SandboxTimeout",
    "SandboxUnavailable",
    "Session",
    "StudentRaised",
    "Unsupported",
    "Value",
]

START_SECONDS = 60.0


class SandboxServer:
    """A warm sandbox server in a process of its own; use `start` to make one and `close` (or ``with``) to end
    it.

    Attributes
    ----------
    layers : dict
        Layer of isolation to ``"held"`` or ``"missing: why"``, as found by a first session.
    """

    def __init__(self, control: ControlSocket, pid: int, layers: dict[str, str], limits: Limits) -> None:
        self.layers = layers
        self.limits = limits
        self._control = control
        self._pid = pid
        self._owner = os.getpid()

    @classmethod
    def start(
        cls, policy: dict, limits: Limits | None = None, scratch_root: str | None = None
    ) -> SandboxServer:
        """Start a server.

        Parameters
        ----------
        policy : dict
            ``packages``: names of distributions that student code may import; ``files``: files of the project
            that it may.
        limits : Limits
            Default limits of sessions.
        scratch_root : str
            An existing directory in which scratch directories are made; default is the system's.

        Raises
        ------
        SandboxUnavailable
            If it cannot run on this system, or did not become ready.
        """
        if not hasattr(os, "fork") or not hasattr(socket, "AF_UNIX"):
            raise SandboxUnavailable("sandboxed grading needs Linux or macOS; on Windows use WSL")
        limits = limits or Limits()
        try:
            return cls._start(policy, limits, scratch_root)
        except _BrokeOff:
            # What ended it may have come from outside, and is then over.
            return cls._start(policy, limits, scratch_root)

    @classmethod
    def _start(cls, policy: dict, limits: Limits, scratch_root: str | None) -> SandboxServer:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with tempfile.TemporaryFile() as log:
            pid = _spawn(theirs.fileno(), log.fileno())
            theirs.close()
            control = ControlSocket(ours)
            server = cls(control, pid, {}, limits)
            try:
                ours.settimeout(START_SECONDS)
                order = {
                    "packages": list(policy["packages"]),
                    "files": list(policy.get("files", ())),
                    "limits": limits.to_dict(),
                    "scratch_root": str(Path(scratch_root or tempfile.gettempdir()).resolve(strict=True)),
                }
                control.send(order)
                answer, _ = control.receive()
                if answer.get("ready") is not True:
                    raise SandboxUnavailable(
                        f"the sandbox server could not start: {answer.get('problem')}\n{_tail(log)}"
                    )
                server.layers = dict(answer["layers"])
                ours.settimeout(None)
            except (OSError, EndOfStream) as error:
                server.close()
                kind = SandboxUnavailable if isinstance(error, TimeoutError) else _BrokeOff
                raise kind(f"the sandbox server did not start: {_tail(log) or error}") from None
            except BaseException:
                server.close()
                raise
        return server

    def open(self, limits: Limits | None = None, *, seed: bytes | None = None) -> Session:
        """Fork a session.

        Parameters
        ----------
        limits : Limits, optional
            Limits of this session instead of the server's.
        seed : bytes, optional
            32 bytes from which the session's random generators are seeded, so that a replay draws the same
            numbers; default is fresh randomness.

        Raises
        ------
        SandboxDied
            If the server is gone or the child could not be confined.
        """
        limits = limits or self.limits
        seed = secrets.token_bytes(SEED_BYTES) if seed is None else seed
        if len(seed) != SEED_BYTES:
            raise ValueError(f"seed: expected {SEED_BYTES} bytes, got {len(seed)}")
        pipes = [os.pipe() for _ in range(3)]
        (request_read, request_write), (reply_read, reply_write), (report_read, report_write) = pipes
        name = secrets.token_hex(16)
        channel = Channel(reply_read, request_write, max_raw=limits.reply_bytes)
        session = Session(self, name, channel, report_read, limits)
        try:
            order = {"open": name, "limits": limits.to_dict(), "seed": seed.hex()}
            self._control.send(order, (request_read, reply_write, report_write))
        except OSError as error:
            session.abandon()
            raise SandboxDied(f"the sandbox server is gone: {error}") from None
        finally:
            for fd in (request_read, reply_write, report_write):
                os.close(fd)
        session.await_hello()
        return session

    @property
    def alive(self) -> bool:
        """Whether the server still runs; if not, how a session ended says nothing of its notebook."""
        poller = select.poll()
        poller.register(self._control.sock.fileno(), 0)
        if poller.poll(0):
            return False
        return os.waitid(os.P_PID, self._pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def kill(self, name: str, reason: str) -> None:
        """Kill a session by its name."""
        self._control.send({"kill": name, "reason": reason})

    def close(self) -> None:
        """End the server and all its sessions; in a process that did not start it, let go of it only."""
        self._control.close()
        if self._pid and os.getpid() == self._owner:
            _end_process(self._pid)
        self._pid = 0

    def __enter__(self) -> SandboxServer:
        """Return the server."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the server."""
        self.close()


class _BrokeOff(SandboxUnavailable):
    """The server ended before it was ready."""


def _spawn(control_fd: int, log_fd: int) -> int:
    actions = [
        (os.POSIX_SPAWN_DUP2, log_fd, 2),
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ]
    # The log may lie on descriptor 3, so it is moved away before the control socket takes its place.
    actions.append((os.POSIX_SPAWN_DUP2, control_fd, CONTROL_FD))
    command = [sys.executable, "-I", "-m", "grading.sandbox"]
    return os.posix_spawn(sys.executable, command, {}, file_actions=actions)


def _tail(log: BinaryIO) -> str:
    log.seek(0)
    return log.read()[-2000:].decode("utf-8", "replace").strip()


def _end_process(pid: int) -> None:
    deadline = time.monotonic() + START_SECONDS / 4
    while time.monotonic() < deadline:
        done, _ = os.waitpid(pid, os.WNOHANG)
        if done:
            return
        time.sleep(0.002)
    os.kill(pid, 9)
    os.waitpid(pid, 0)
