"""Attacks each layer of isolation from inside a session, to see whether it holds on this machine.

The attacks are harmless where they succeed: they read, ask, or touch files made for the purpose.
"""

from __future__ import annotations

import os
import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from .reading import PROJECT_ROOT

HELD = "held"
NOT_HELD = "NOT held"

_PREAMBLE = """
import ctypes, os, signal, socket, resource, subprocess, sys
libc = ctypes.CDLL(None, use_errno=True)
def checked(result):
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
def attempt(attack):
    try:
        attack()
    except (OSError, MemoryError, ValueError) as error:
        print(f"{type(error).__name__}: {error}", end="")
    else:
        print("SUCCEEDED", end="")
"""


class _Session(Protocol):
    def run_cell(self, source: str, timeout: float | None = None) -> object: ...

    def close(self) -> object: ...


class _Server(Protocol):
    def open(self) -> _Session: ...


@dataclass(frozen=True)
class ProbeResult:
    """What one attack showed: the layer it was against, what was tried, whether it was stopped, and how."""

    layer: str
    attack: str
    held: bool
    detail: str

    def __str__(self) -> str:
        """Return one line for a terminal."""
        return f"{self.layer}: {HELD if self.held else NOT_HELD} ({self.attack}: {self.detail})"


@dataclass(frozen=True)
class _Attack:
    layer: str
    name: str
    expression: str


def _attacks(victim: str, address: str) -> list[_Attack]:
    parent = "os.getppid()"
    checks = os.path.join(PROJECT_ROOT, "grading", "checks", "__init__.py")
    return [
        _Attack("system calls", "start a process", "os.posix_spawn(sys.executable, ['python'], {})"),
        _Attack("system calls", "fork", "os.fork() or os._exit(0)"),
        _Attack("system calls", "execute a program", "os.execv(sys.executable, ['python', '-c', ''])"),
        _Attack("system calls", "open an Internet socket", "socket.socket(socket.AF_INET)"),
        _Attack("system calls", "open a Unix socket", "socket.socket(socket.AF_UNIX)"),
        _Attack("system calls", "trace the supervisor", f"checked(libc.ptrace(16, {parent}, None, None))"),
        _Attack("system calls", "signal the supervisor", f"os.kill({parent}, 0)"),
        _Attack(
            "system calls",
            "read the supervisor's limits",
            f"resource.prlimit({parent}, resource.RLIMIT_NOFILE)",
        ),
        _Attack("system calls", "make anonymous shared memory", "os.memfd_create('probe')"),
        _Attack("system calls", "make System V memory", "checked(libc.shmget(0, 4096, 0o1600))"),
        _Attack("system calls", "make a user namespace", "checked(libc.unshare(0x10000000))"),
        _Attack("system calls", "make a symbolic link", "os.symlink('/etc', 'link')"),
        _Attack("system calls", "outlive the grader", "checked(libc.prctl(1, 0, 0, 0, 0))"),
        _Attack("files", "read /etc/shadow", "open('/etc/shadow').read(1)"),
        _Attack("files", "read /etc/passwd", "open('/etc/passwd').read(1)"),
        _Attack("files", "read the checks of the grader", f"open({checks!r}).read(1)"),
        _Attack("files", "read a file of the grader's user", f"open({victim!r}).read(1)"),
        _Attack("files", "write a file of the grader's user", f"open({victim!r}, 'r+').write('x')"),
        _Attack("files", "remove a file of the grader's user", f"os.unlink({victim!r})"),
        _Attack("files", "list the root directory", "os.listdir('/')"),
        _Attack("files", "read the supervisor's environment", f"open(f'/proc/{{{parent}}}/environ').read()"),
        _Attack("files", "list the supervisor's descriptors", f"os.listdir(f'/proc/{{{parent}}}/fd')"),
        _Attack(
            "network", "connect to a local service", f"socket.socket(socket.AF_UNIX).connect({address!r})"
        ),
        _Attack("memory", "take 64 GB", "bytearray(64 << 30)"),
        _Attack("file size", "write a file of 16 GB", "os.ftruncate(os.open('big', 66, 384), 16 << 30)"),
        _Attack("privileges", "become another user", "os.setuid(12345)"),
        _Attack("privileges", "raise a limit", "resource.setrlimit(resource.RLIMIT_CORE, (-1, -1))"),
    ]


def probe(server: _Server) -> list[ProbeResult]:
    """Attack a running sandbox server and return what held.

    The attacks share a session; where one of them ends it, which counts as held, the next opens another.

    Parameters
    ----------
    server : SandboxServer
        A running server (``grading.checker.sandbox_client``).
    """
    with tempfile.TemporaryDirectory() as directory, socket.socket(socket.AF_UNIX) as listener:
        victim = Path(directory, "victim")
        victim.write_text("unchanged")
        address = os.path.join(directory, "service")
        listener.bind(address)
        listener.listen(1)
        before = victim.stat()
        results = []
        session = None
        for attack in _attacks(str(victim), address):
            session = session or _prepared(server)
            detail, session = _attempt(session, f"attempt(lambda: {attack.expression})")
            results.append(ProbeResult(attack.layer, attack.name, detail != "SUCCEEDED", detail))
        session = session or _prepared(server)
        # These seem to succeed in the sandbox, so that the truth is looked up out here.
        for name, argument in (("chmod", "0o777"), ("utime", "(1, 1)")):
            _, session = _attempt(session, f"attempt(lambda: os.{name}({str(victim)!r}, {argument}))")
            session = session or _prepared(server)
            unchanged = victim.exists() and victim.stat() == before
            detail = "nothing changed" if unchanged else "the file was changed"
            results.append(ProbeResult("metadata", f"{name} outside", unchanged, detail))
        session.close()
    return results


def _prepared(server: _Server) -> _Session:
    session = server.open()
    session.run_cell(_PREAMBLE)
    return session


def _attempt(session: _Session, source: str) -> tuple[str, _Session | None]:
    """Run one attack; returns what it printed, and the session if it lives on."""
    try:
        reply = session.run_cell(source, timeout=10.0)
    except Exception as error:  # noqa: BLE001 - the session's exceptions belong to the caller's side
        session.close()
        return f"the session was ended: {error}", None
    if reply.error is not None:
        return ": ".join(reply.error), session
    return "".join(output.get("text", "") for output in reply.outputs), session
