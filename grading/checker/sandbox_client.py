"""The checker's side of the sandbox: starts the server, opens sessions, and trusts nothing that comes back.

Clocks run here, outside the sandbox. Whatever goes wrong ends the session for good and raises; no reply is ever made up.
"""

from __future__ import annotations

import base64
import os
import secrets
import select
import socket
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from grading.sandbox.control import CONTROL_FD, ControlSocket
from grading.sandbox.frames import Channel, EndOfStream, FrameTimeout, ProtocolViolation, load_json
from grading.sandbox.limits import Limits
from grading.sandbox.values import Decoder, Encoder, Unsupported

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
OPEN_SECONDS = 15.0
GRACE_SECONDS = 2.0
_MAX_REPORT = 4096
_MAX_TRACEBACK = 20_000
_EXCEPTION_NAMES = frozenset(
    """ArithmeticError AttributeError BufferError EOFError FileExistsError FileNotFoundError FloatingPointError ImportError
    IndentationError IndexError IsADirectoryError KeyError LookupError MemoryError ModuleNotFoundError NameError
    NotADirectoryError NotImplementedError OSError OverflowError PermissionError RecursionError ReferenceError RuntimeError
    SyntaxError TabError TimeoutError TypeError UnboundLocalError UnicodeDecodeError UnicodeEncodeError UnicodeError
    ValueError ZeroDivisionError Exception StudentError""".split()
)


class SandboxUnavailable(Exception):
    """The sandbox server could not be started here; the text says why."""


class SandboxDied(Exception):
    """The session ended: the process died, or it was killed for exceeding a limit."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SandboxTimeout(SandboxDied):
    """The session was killed because a reply took too long."""


class StudentRaised(Exception):
    """A student's function raised; ``name`` is an allow-listed builtin name or ``"StudentError"``."""

    def __init__(self, name: str, text: str, traceback: str) -> None:
        super().__init__(f"{name}: {text}")
        self.name = name
        self.text = text
        self.traceback = traceback


class Missing(LookupError):
    """The notebook does not define the name."""


@dataclass(frozen=True)
class Ended:
    """How a session ended: ``"finished"``, or what went wrong."""

    reason: str


@dataclass(frozen=True)
class CellReply:
    """Outputs of a cell in notebook format, its error as (name, text) if it had one, and its wall-clock seconds."""

    outputs: list[dict]
    error: tuple[str, str] | None
    seconds: float


@dataclass(frozen=True)
class Value:
    """A plain value of the notebook's namespace."""

    value: object


class Handle:
    """Stands for a student's object that cannot cross. It can be passed back, and proves nothing.

    Attributes
    ----------
    id : int
        Number within its session.
    type_name : str
        What the student's process calls the type; not to be trusted.
    callable : bool
        Whether it says that it can be called.
    signature : str or None
        Its signature as text, for messages.
    """

    __slots__ = ("callable", "id", "signature", "type_name")

    def __init__(self, id: int, type_name: str, callable: bool, signature: str | None) -> None:
        self.id = id
        self.type_name = type_name
        self.callable = callable
        self.signature = signature

    def __repr__(self) -> str:
        """Describe the handle for a message."""
        return f"<{self.type_name} in the sandbox>"

    def _refuse(self, *_: object) -> None:
        raise Unsupported(
            f"an object of type {self.type_name} cannot cross the boundary, so it cannot be compared or tested"
        )

    __bool__ = __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __len__ = __iter__ = __contains__ = (
        _refuse
    )
    __hash__ = __array__ = __float__ = __int__ = __index__ = __complex__ = __format__ = _refuse


@dataclass(frozen=True)
class CallReply:
    """What a call returned, and its arguments (positional, then by name) as they are after it."""

    value: object
    arguments: tuple


class SandboxServer:
    """A warm sandbox server in a process of its own; use `start` to make one and `close` (or ``with``) to end it.

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
            ``packages``: names of distributions that student code may import; ``files``: files of the project that it may.
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
                raise SandboxUnavailable(f"the sandbox server did not start: {_tail(log) or error}") from None
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
            32 bytes from which the session's random generators are seeded, so that a replay draws the same numbers;
            default is fresh randomness.

        Raises
        ------
        SandboxDied
            If the server is gone or the child could not be confined.
        """
        limits = limits or self.limits
        seed = secrets.token_bytes(32) if seed is None else seed
        if len(seed) != 32:
            raise ValueError(f"seed: expected 32 bytes, got {len(seed)}")
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


class Session:
    """One student's process. Any failure ends it: the exception says how, and every later request raises `SandboxDied`."""

    def __init__(
        self, server: SandboxServer, name: str, channel: Channel, report_fd: int, limits: Limits
    ) -> None:
        self.limits = limits
        self.layers: dict[str, str] = {}
        self._server = server
        self._name = name
        self._channel = channel
        self._report_fd = report_fd
        self._deadline = time.monotonic() + limits.session_seconds
        self._calls = 0
        self._traffic = 0
        self._handles: dict[int, Handle] = {}
        self._ended: Ended | None = None

    def await_hello(self) -> None:
        """Wait until the child is confined; the layers that it found are in ``layers``."""
        message, _ = self._receive(OPEN_SECONDS)
        layers = message.get("hello")
        if type(layers) is not dict or not all(type(state) is str for state in layers.values()):
            self._violation("the child did not introduce itself")
        self.layers = layers

    def run_cell(self, source: str, timeout: float | None = None) -> CellReply:
        """Run one cell with IPython semantics.

        Raises
        ------
        SandboxTimeout
            If the cell could not be stopped within the time-out and a grace of two seconds.
        SandboxDied
            If the process died or was killed.
        """
        seconds = self.limits.cell_seconds if timeout is None else timeout
        began = time.monotonic()
        source_bytes = source.encode("utf-8", "replace")
        message, raw = self._request(
            {"do": "run", "seconds": seconds}, [source_bytes], seconds + GRACE_SECONDS
        )
        took = time.monotonic() - began
        error = message.get("error")
        if error is not None and not (type(error) is list and [type(part) for part in error] == [str, str]):
            self._violation("an error that is not a name and a text")
        outputs = self._outputs(message.get("outputs"), raw)
        return CellReply(outputs, None if error is None else (error[0], error[1]), took)

    def lookup(self, name: str) -> Value | Handle:
        """Return what the notebook bound to a name; raises `Missing` where it bound nothing."""
        message, raw = self._request({"do": "lookup", "name": name}, [], self.limits.call_seconds)
        value, _ = self._result(message, raw)
        return value if type(value) is Handle else Value(value)

    def call(
        self,
        target: str | Handle,
        args: tuple | list = (),
        kwargs: dict | None = None,
        timeout: float | None = None,
        *,
        method: str | None = None,
    ) -> CallReply:
        """Call a student's function, or a method of a student's object.

        Parameters
        ----------
        target : str or Handle
            A name of the notebook, or an object that was returned earlier.
        args, kwargs
            Arguments: plain values and handles. The student's process gets copies.
        timeout : float, optional
            Seconds, measured here; default is the session's.
        method : str, optional
            Call this method of the target instead of the target itself.

        Raises
        ------
        StudentRaised
            If the function raised.
        Unsupported
            If an argument cannot cross, or the result is too large.
        Missing
            If the notebook does not define the name.
        SandboxTimeout, SandboxDied, ProtocolViolation
            If the session ended.
        """
        kwargs = kwargs or {}
        encoder = Encoder(opaque=_handle_number)
        request = {
            "do": "call",
            "target": target.id if type(target) is Handle else target,
            "method": method,
            "args": [encoder.encode(value) for value in args],
            "kwargs": [[name, encoder.encode(value)] for name, value in kwargs.items()],
        }
        seconds = self.limits.call_seconds if timeout is None else timeout
        message, raw = self._request(request, encoder.buffers, seconds)
        value, arguments = self._result(message, raw, len(args) + len(kwargs))
        return CallReply(value, arguments)

    def operate(
        self, handle: Handle, operation: str, *operands: object, timeout: float | None = None
    ) -> object:
        """Apply an operation to a student's object in the sandbox.

        Parameters
        ----------
        handle : Handle
            The object.
        operation : str
            ``getattr``, ``setattr``, ``delattr``, ``getitem``, ``setitem``, ``delitem``, ``neg``, ``pos``, ``abs``, ``invert``,
            a binary operator (``add``, ``matmul``, …) or its reflected form (``radd``, …).
        operands
            Plain values or handles.

        Returns
        -------
        object
            A plain value or a `Handle`.
        """
        encoder = Encoder(opaque=_handle_number)
        nodes = [encoder.encode(operand) for operand in operands]
        request = {"do": "operate", "handle": handle.id, "operation": operation, "operands": nodes}
        seconds = self.limits.call_seconds if timeout is None else timeout
        message, raw = self._request(request, encoder.buffers, seconds)
        return self._result(message, raw)[0]

    def bind(self, name: str, value: object) -> None:
        """Bind a plain value or a handle to a name in the notebook's namespace."""
        encoder = Encoder(opaque=_handle_number)
        node = encoder.encode(value)
        self._request({"do": "bind", "name": name, "value": node}, encoder.buffers, self.limits.call_seconds)

    def unbind(self, name: str) -> None:
        """Delete a name from the notebook's namespace; raises `Missing` where it is not bound."""
        self._request({"do": "unbind", "name": name}, [], self.limits.call_seconds)

    def close(self) -> Ended:
        """End the session and say how it ended; closing twice returns the same."""
        if self._ended is None:
            os.close(self._channel.write_fd)
            self._channel.write_fd = -1
            report = self._read_report(GRACE_SECONDS)
            if report is None:
                self._end("it did not end when it was asked to")
            else:
                self._ended = Ended(report)
                self.abandon()
        return self._ended

    def abandon(self) -> None:
        """Close the descriptors of this session; the server kills what is left of it."""
        self._channel.close()
        if self._report_fd >= 0:
            os.close(self._report_fd)
            self._report_fd = -1
        if self._ended is None:
            self._ended = Ended("abandoned")

    def __enter__(self) -> Session:
        """Return the session."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close the session."""
        self.close()

    def _request(self, message: dict, raw: list, seconds: float) -> tuple[dict, bytes]:
        if self._ended is not None:
            raise SandboxDied(f"the session has ended: {self._ended.reason}")
        self._calls += 1
        if self._calls > self.limits.calls:
            self._fail(f"more than {self.limits.calls} requests in one session")
        if self._channel.pending():
            self._unexpected()
        nonce = secrets.token_hex(16)
        began = time.monotonic()
        seconds = min(seconds, max(0.0, self._deadline - began) + GRACE_SECONDS)
        try:
            self._traffic += self._channel.send({**message, "nonce": nonce}, raw, timeout=seconds)
        except ValueError as error:
            raise Unsupported(f"the request is too large: {error}") from None
        except FrameTimeout:
            self._timed_out(seconds)
        except EndOfStream:
            self._died()
        reply, raw_reply = self._receive(max(0.0, began + seconds - time.monotonic()), seconds)
        self._traffic += len(raw_reply)
        if self._traffic > self.limits.traffic_bytes:
            self._fail(f"more than {self.limits.traffic_bytes} bytes of requests and replies")
        if reply.get("nonce") != nonce:
            self._violation("a reply to another request than the last")
        return self._checked_outcome(reply), raw_reply

    def _checked_outcome(self, reply: dict) -> dict:
        if "unsupported" in reply:
            raise Unsupported(self._text(reply["unsupported"]))
        if "missing" in reply:
            raise Missing(self._text(reply["missing"]))
        raised = reply.get("raised")
        if raised is not None:
            if type(raised) is not dict or set(raised) != {"name", "text", "traceback"}:
                self._violation("an exception that is not described by name, text and traceback")
            if raised["name"] not in _EXCEPTION_NAMES:
                self._violation("an exception whose name is not allowed")
            raise StudentRaised(raised["name"], self._text(raised["text"]), self._text(raised["traceback"]))
        return reply

    def _receive(self, remaining: float, allowed: float | None = None) -> tuple[dict, bytes]:
        try:
            return self._channel.receive(timeout=remaining)
        except FrameTimeout:
            self._timed_out(allowed or remaining)
        except EndOfStream:
            self._died()
        except ProtocolViolation as error:
            self._violation(str(error))
        raise AssertionError("unreachable: every branch above raises")

    def _result(self, message: dict, raw: bytes, arguments: int | None = None) -> tuple[object, tuple]:
        expected = {"nonce", "value", "handles"} | ({"arguments"} if arguments is not None else set())
        if set(message) != expected:
            self._violation("a reply with other fields than it must have")
        try:
            for description in _listed(message["handles"]):
                handle = _described_handle(description)
                self._handles[handle.id] = handle
            decoder = Decoder(raw, handle=self._known_handle)
            value = decoder.decode(message["value"])
            nodes = _listed(message["arguments"]) if arguments is not None else []
            if arguments is not None and len(nodes) != arguments:
                raise ProtocolViolation("a reply with another number of arguments")
            after = tuple(decoder.decode(node) for node in nodes)
            decoder.finish()
        except ProtocolViolation as error:
            self._violation(str(error))
        return value, after

    def _outputs(self, nodes: object, raw: bytes) -> list[dict]:
        try:
            position = 0
            outputs = []
            if len(_listed(nodes)) > self.limits.outputs + 2:
                raise ProtocolViolation("more outputs than allowed")
            for node in nodes:
                output, position = _notebook_output(node, raw, position)
                outputs.append(output)
            if position != len(raw):
                raise ProtocolViolation("raw bytes that no output uses")
        except ProtocolViolation as error:
            self._violation(str(error))
        return outputs

    def _known_handle(self, number: int) -> Handle:
        if number not in self._handles:
            raise ProtocolViolation("a handle that was never described")
        return self._handles[number]

    def _text(self, text: object) -> str:
        if type(text) is not str or len(text) > _MAX_TRACEBACK:
            self._violation("a text that is too long, or none")
        return text

    def _unexpected(self) -> None:
        # Bytes that nobody asked for, or the end of the stream.
        try:
            self._channel.receive(timeout=GRACE_SECONDS)
        except EndOfStream:
            self._died()
        except (ProtocolViolation, FrameTimeout):
            pass
        self._violation("a frame that nobody asked for")

    def _died(self) -> None:
        reason = self._read_report(GRACE_SECONDS)
        if reason is None:
            self._violation("the process closed its pipe and went on")
        if reason == "finished":
            reason = "the process ended itself"
        self._ended = Ended(reason)
        self.abandon()
        raise SandboxDied(reason)

    def _timed_out(self, seconds: float) -> None:
        reason = self._end(f"no reply within {seconds:g} seconds")
        raise SandboxTimeout(reason)

    def _fail(self, reason: str) -> None:
        raise SandboxDied(self._end(reason))

    def _violation(self, text: str) -> None:
        if self._ended is None:
            report = self._read_report(0.05)
            if report is not None and report != "finished":
                # A process that dies inside a frame leaves a torn one; its death is the cause.
                self._ended = Ended(report)
                self.abandon()
                raise SandboxDied(report)
            self._end(f"protocol violation: {text}")
        raise ProtocolViolation(text)

    def _end(self, reason: str) -> str:
        try:
            self._server.kill(self._name, reason)
            reported = self._read_report(GRACE_SECONDS)
        except OSError:
            reported = None
        self._ended = Ended(reported or reason)
        self.abandon()
        return self._ended.reason

    def _read_report(self, seconds: float) -> str | None:
        poller = select.poll()
        poller.register(self._report_fd, select.POLLIN)
        if not poller.poll(seconds * 1000):
            return None
        data = os.read(self._report_fd, _MAX_REPORT)
        if not data:
            return "the sandbox server is gone"
        return str(load_json(data)["reason"])


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


def _tail(log: object) -> str:
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


def _handle_number(value: object) -> int:
    if type(value) is not Handle:
        raise Unsupported(f"an argument of type {type(value).__name__} cannot cross the boundary")
    return value.id


def _listed(node: object) -> list:
    if type(node) is not list:
        raise ProtocolViolation("a list is missing")
    return node


def _described_handle(node: object) -> Handle:
    if type(node) is not list or len(node) != 4:
        raise ProtocolViolation("a handle that is not described by four fields")
    number, type_name, is_callable, signature = node
    if type(number) is not int or type(type_name) is not str or type(is_callable) is not bool:
        raise ProtocolViolation("a handle with fields of the wrong kind")
    if (
        not (signature is None or type(signature) is str)
        or len(type_name) > 300
        or len(signature or "") > 600
    ):
        raise ProtocolViolation("a handle with a description that is too long")
    return Handle(number, type_name, is_callable, signature)


def _notebook_output(node: object, raw: bytes, position: int) -> tuple[dict, int]:
    """Return one output in notebook format and the position behind its bytes."""

    def take(size: object) -> bytes:
        nonlocal position
        if type(size) is not int or not 0 <= size <= len(raw) - position:
            raise ProtocolViolation("an output claims more bytes than the frame holds")
        position += size
        return raw[position - size : position]

    def text(size: object) -> str:
        return take(size).decode("utf-8", "replace")

    kind = node.get("output_type") if type(node) is dict else None
    if (
        kind == "stream"
        and set(node) == {"output_type", "name", "text"}
        and node["name"] in ("stdout", "stderr")
    ):
        return {"output_type": "stream", "name": node["name"], "text": text(node["text"])}, position
    if kind == "error" and set(node) == {"output_type", "ename", "evalue", "text"}:
        if type(node["ename"]) is not str or type(node["evalue"]) is not str:
            raise ProtocolViolation("an error output whose name or value is not text")
        lines = text(node["text"]).splitlines()
        return {
            "output_type": "error",
            "ename": node["ename"],
            "evalue": node["evalue"],
            "traceback": lines,
        }, position
    if kind in ("display_data", "execute_result") and set(node) == {"output_type", "data", "count"}:
        if type(node["data"]) is not dict or not set(node["data"]) <= {"text/plain", "image/png"}:
            raise ProtocolViolation("an output of a kind that is not allowed")
        data = {}
        for mime, size in node["data"].items():
            data[mime] = text(size) if mime == "text/plain" else base64.b64encode(take(size)).decode("ascii")
        output = {"output_type": kind, "data": data, "metadata": {}}
        if kind == "execute_result":
            count = node["count"]
            output["execution_count"] = count if type(count) is int and 0 <= count < 10**6 else None
        return output, position
    raise ProtocolViolation("an output of a kind that is not allowed")
