"""Watches over the sessions of a server: starts them, bounds them from outside, and clears up behind them."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import os
import select
import signal
import time
import traceback
from dataclasses import dataclass

from .control import ControlSocket
from .frames import EndOfStream, dump_json
from .limits import Limits, prctl
from .scratch import make_scratch, quota_violation, remove_tree, unlinked_bytes
from .session import Start, run_session

OWN_FAILURE = 70
_POLL_SECONDS = 0.1
_PIPE_BYTES = 1 << 20
_PR_SET_CHILD_SUBREAPER = 36
_SIGNALS = {number.value: number.name for number in signal.Signals}


@dataclass
class _Running:
    name: str
    pid: int
    report_fd: int
    scratch: str
    limits: Limits
    deadline: float
    next_look: float
    reason: str | None = None


class Supervisor:
    """Runs sessions for the other end of the control socket.

    Parameters
    ----------
    control : ControlSocket
        Where orders come from; when it closes, everything ends.
    shell : CapturingShell
        The warm shell that children inherit.
    template : Start
        What all sessions have in common; its ``scratch`` is the directory in which scratch directories are
        made.
    """

    def __init__(self, control: ControlSocket, shell: object, template: Start) -> None:
        self._control = control
        self._shell = shell
        self._template = template
        self._sessions: dict[int, _Running] = {}
        self._wake_read, self._wake_write = os.pipe()
        os.set_blocking(self._wake_write, False)
        os.set_blocking(self._wake_read, False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        try:
            # Whatever a child left behind becomes ours, so that it can be found and killed.
            prctl(_PR_SET_CHILD_SUBREAPER, 1)
        except (NotImplementedError, OSError):
            self._adopts = False
        else:
            self._adopts = True

    def serve(self) -> None:
        """Follow orders until the control socket closes; then kill every session."""
        try:
            while True:
                self._look_after(self._wait(control=True))
        except (EndOfStream, ConnectionResetError):
            pass
        finally:
            for session in list(self._sessions.values()):
                self._kill(session, "the grader went away")
            self.wait_until_idle(time.monotonic() + 10.0)

    def wait_until_idle(self, deadline: float) -> None:
        """Supervise without taking orders until no session is left.

        Raises
        ------
        OSError
            If one is left at ``deadline``.
        """
        while self._sessions:
            if time.monotonic() > deadline:
                raise OSError(f"{len(self._sessions)} sessions did not end")
            self._look_after(self._wait(control=False))

    def open_session(self, name: str, limits: Limits, seed: bytes, descriptors: tuple[int, int, int]) -> None:
        """Fork a session; the descriptors for requests, replies and the report are taken over."""
        request_fd, reply_fd, report_fd = descriptors
        for fd in (request_fd, reply_fd):
            _widen(fd)
        scratch = make_scratch(self._template.scratch, self._template.uid)
        start = dataclasses.replace(
            self._template,
            request_fd=request_fd,
            reply_fd=reply_fd,
            limits=limits,
            scratch=scratch,
            seed=seed,
        )
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._become_child(start, parent)
        os.close(request_fd)
        os.close(reply_fd)
        now = time.monotonic()
        self._sessions[pid] = _Running(
            name, pid, report_fd, scratch, limits, now + limits.session_seconds, now + _POLL_SECONDS
        )

    def _become_child(self, start: Start, parent: int) -> None:
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            run_session(start, self._shell, parent)
        except BaseException:  # noqa: BLE001 - the log says what happened; nobody above may catch it
            traceback.print_exc()
        finally:
            # Whatever went wrong, this process must never go on as a second server.
            os._exit(OWN_FAILURE)

    def _wait(self, *, control: bool) -> dict[int, int]:
        poller = select.poll()
        poller.register(self._wake_read, select.POLLIN)
        if control:
            if self._control.has_buffered():
                return {self._control.sock.fileno(): select.POLLIN}
            poller.register(self._control.sock.fileno(), select.POLLIN)
        for session in self._sessions.values():
            poller.register(session.report_fd, 0)  # an error event tells that the reader is gone
        moments = [
            moment for session in self._sessions.values() for moment in (session.deadline, session.next_look)
        ]
        timeout = max(0.0, min(moments) - time.monotonic()) * 1000 + 1 if moments else None
        return dict(poller.poll(timeout))

    def _look_after(self, events: dict[int, int]) -> None:
        if self._wake_read in events:
            os.read(self._wake_read, 4096)
        self._reap()
        now = time.monotonic()
        for session in list(self._sessions.values()):
            if session.report_fd in events:
                self._kill(session, "the grader closed the session")
            elif now >= session.deadline:
                self._kill(session, f"it took more than {session.limits.session_seconds:g} seconds in all")
            elif now >= session.next_look:
                self._measure(session)
        self._reap()
        if self._control.sock.fileno() in events:
            self._obey()

    def _obey(self) -> None:
        message, descriptors = self._control.receive()
        if "open" in message and len(descriptors) == 3:
            limits = Limits.from_dict(message["limits"])
            try:
                self.open_session(message["open"], limits, bytes.fromhex(message["seed"]), tuple(descriptors))
            except OSError as error:  # no room on the disk, no process to be had
                _report(descriptors[2], f"it could not be started: {error}")
                for fd in descriptors:
                    os.close(fd)
            return
        for fd in descriptors:
            os.close(fd)
        for session in list(self._sessions.values()):
            if session.name == message.get("kill"):
                self._kill(session, message["reason"])

    def _measure(self, session: _Running) -> None:
        began = time.monotonic()
        limits = session.limits
        problem = quota_violation(session.scratch, limits.scratch_bytes, limits.scratch_files)
        if problem is None and unlinked_bytes(session.pid) > limits.scratch_bytes:
            problem = f"more than {limits.scratch_bytes} bytes in removed files"
        if problem is None and _thread_count(session.pid) > limits.threads:
            problem = f"more than {limits.threads} threads"
        if problem is not None:
            self._kill(session, problem)
        took = time.monotonic() - began
        session.next_look = began + max(_POLL_SECONDS, 20 * took)

    def _kill(self, session: _Running, reason: str) -> None:
        if session.reason is None:
            session.reason = reason
        for kill in (os.killpg, os.kill):
            try:
                kill(session.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                continue  # gone already, or not yet the leader of its own group

    def _reap(self) -> None:
        while True:
            try:
                # Looked at before it is reaped: until then nobody else can get its number.
                ended = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            except ChildProcessError:
                return
            if ended is None:
                break
            session = self._sessions.pop(ended.si_pid, None)
            if session is not None:
                self._kill(session, "")
            _, status, usage = os.wait4(ended.si_pid, 0)
            if session is not None:
                self._finish(session, os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime)
        if self._adopts and not self._sessions:
            # Children without a session are what sessions left behind.
            _kill_children()

    def _finish(self, session: _Running, code: int, cpu_seconds: float) -> None:
        _report(session.report_fd, session.reason or _ending(code, cpu_seconds, session.limits))
        # The report goes first, since a large tree takes a while; its end tells that nothing is left.
        try:
            remove_tree(session.scratch)
        except OSError:
            traceback.print_exc()
        finally:
            os.close(session.report_fd)


def _widen(fd: int) -> None:
    """Let a pipe hold more, where the system can, so that an array crosses in few turns."""
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        with contextlib.suppress(OSError):  # above what this user may have: the pipe stays as it is
            fcntl.fcntl(fd, command, _PIPE_BYTES)


def _report(fd: int, reason: str) -> None:
    with contextlib.suppress(BrokenPipeError):  # nobody may be waiting for it
        os.write(fd, dump_json({"reason": reason}))


def _ending(code: int, cpu_seconds: float, limits: Limits) -> str:
    if code == 0:
        return "finished"
    if code == OWN_FAILURE:
        return f"the sandbox's own code failed in it (exit code {code})"
    if code > 0:
        return f"the process ended itself with exit code {code}"
    if cpu_seconds >= limits.cpu_seconds - 1:
        return f"it used more than {limits.cpu_seconds} seconds of processor time"
    return f"the process died of {_SIGNALS.get(-code, f'signal {-code}')}"


def _thread_count(pid: int) -> int:
    try:
        return len(os.listdir(f"/proc/{pid}/task"))
    except OSError:  # no /proc on this system, or the process just ended
        return 1


def _kill_children() -> None:
    """Kill every child of this process."""
    own = os.getpid()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/stat") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
                if parent == own:
                    os.kill(int(name), signal.SIGKILL)
            except OSError:
                continue
