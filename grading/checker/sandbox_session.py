"""One session as the checker sees it: requests with a clock outside the sandbox, and replies that are
believed only so far.
"""

from __future__ import annotations

import os
import secrets
import select
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from grading.sandbox.frames import Channel, EndOfStream, FrameTimeout, ProtocolViolation, load_json
from grading.sandbox.limits import Limits
from grading.sandbox.protocol import EXCEPTION_NAMES, MAX_TRACEBACK, OPERATIONS, STUDENT_ERROR
from grading.sandbox.values import Decoder, Encoder, Unsupported

from .callbacks import BudgetExceeded, Callback, CallbackBudget, OpenCall, OpenCalls
from .sandbox_replies import (
    CallReply,
    CellReply,
    Ended,
    Handle,
    Missing,
    SandboxDied,
    SandboxTimeout,
    StudentRaised,
    Value,
    described_handle,
    listed,
    notebook_output,
)

if TYPE_CHECKING:
    from .sandbox_client import SandboxServer

OPEN_SECONDS = 15.0
GRACE_SECONDS = 2.0
SETTLE_SECONDS = 5.0
_MAX_REPORT = 4096


class Session:
    """One student's process. Any failure ends it: the exception says how, and every later request raises
    `SandboxDied`.
    """

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
        self._open_calls = OpenCalls()
        # When each request in progress must be answered; several while functions call one another.
        self._due: list[float] = []
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
        budget: CallbackBudget | None = None,
        injected: Mapping[str, object] | None = None,
    ) -> CallReply:
        """Call a student's function, or a method of a student's object.

        Parameters
        ----------
        target : str or Handle
            A name of the notebook, or an object that was returned earlier.
        args, kwargs
            Arguments: plain values, handles and `Callback`s. The student's process gets copies, and
            functions that ask here.
        timeout : float, optional
            Seconds, measured here; default is the session's.
        method : str, optional
            Call this method of the target instead of the target itself.
        budget : CallbackBudget, optional
            What the student's code may use of the callbacks; default is a new one.
        injected : mapping of str to value, optional
            What names of the notebook mean during this call.

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
        AssertionError, BaseException
            What a callback raised for the test itself, once the student's function has come to its end.
        """
        kwargs, injected = kwargs or {}, injected or {}
        with self._open_calls.one_more(budget) as passed:
            encoder = Encoder(opaque=_handle_number)
            encoder.callback = lambda value: self._open_calls.number(passed, value)
            request = {
                "do": "call",
                "target": target.id if type(target) is Handle else target,
                "method": method,
                "args": [encoder.encode(value) for value in args],
                "kwargs": [[name, encoder.encode(value)] for name, value in kwargs.items()],
                "injected": [[name, encoder.encode(value)] for name, value in injected.items()],
            }
            seconds = self.limits.call_seconds if timeout is None else timeout
            try:
                message, raw = self._request(request, encoder.buffers, seconds)
                value, arguments = self._result(message, raw, len(args) + len(kwargs), passed)
            except (StudentRaised, Unsupported):
                if passed.pending is not None:
                    raise passed.pending from None
                raise
            if passed.pending is not None:
                raise passed.pending
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
            ``getattr``, ``setattr``, ``delattr``, ``getitem``, ``setitem``, ``delitem``, ``neg``, ``pos``,
            ``abs``, ``invert``, a binary operator (``add``, ``matmul``, …) or its reflected form (``radd``,
            …).
        operands
            Plain values or handles.

        Returns
        -------
        object
            A plain value or a `Handle`.

        Raises
        ------
        ValueError
            For another operation.
        StudentRaised, Unsupported, SandboxTimeout, SandboxDied, ProtocolViolation
            As for `call`.
        """
        if operation not in OPERATIONS:
            raise ValueError(f"operation={operation!r}: expected one of {sorted(OPERATIONS)}")
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
        if self._due:
            seconds = min(seconds, max(0.0, self._due[-1] - began))
        self._due.append(began + seconds)
        try:
            try:
                self._send({**message, "nonce": nonce}, raw, seconds)
            except ValueError as error:
                raise Unsupported(f"the request is too large: {error}") from None
            reply, raw_reply = self._replied(nonce, seconds)
        finally:
            self._due.pop()
        if reply.get("nonce") != nonce:
            self._violation("a reply to another request than the last")
        return self._checked_outcome(reply), raw_reply

    def _send(self, message: dict, raw: list, seconds: float) -> None:
        try:
            remaining = max(0.0, self._due[-1] - time.monotonic())
            self._traffic += self._channel.send(message, raw, timeout=remaining)
        except FrameTimeout:
            self._timed_out(seconds)
        except EndOfStream:
            self._died()

    def _replied(self, nonce: str, seconds: float) -> tuple[dict, bytes]:
        """Return the reply to a request, answering what the student's code asks meanwhile."""
        while True:
            reply, raw = self._receive(max(0.0, self._due[-1] - time.monotonic()), seconds)
            self._traffic += len(raw)
            if self._traffic > self.limits.traffic_bytes:
                self._fail(f"more than {self.limits.traffic_bytes} bytes of requests and replies")
            if "callback" not in reply:
                return reply, raw
            try:
                depth = len(self._due)
                answer, buffers = self._open_calls.answer(
                    reply, raw, nonce, depth, lambda: self._ended is not None
                )
            except ProtocolViolation as error:
                self._violation(str(error))
            except BudgetExceeded as error:
                self._fail(str(error))
            if self._ended is not None:
                raise SandboxDied(f"the session has ended: {self._ended.reason}")
            try:
                self._send(answer, buffers, seconds)
            except ValueError as error:
                refusal = f"a function that the test passes returned too large a value: {error}"
                self._send(*self._open_calls.refuse(refusal), seconds)

    def _checked_outcome(self, reply: dict) -> dict:
        if "unsupported" in reply:
            raise Unsupported(self._text(reply["unsupported"]))
        if "missing" in reply:
            raise Missing(self._text(reply["missing"]))
        raised = reply.get("raised")
        if raised is not None:
            if type(raised) is not dict or set(raised) != {"name", "text", "traceback"}:
                self._violation("an exception that is not described by name, text and traceback")
            if raised["name"] not in EXCEPTION_NAMES | {STUDENT_ERROR}:
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

    def _result(
        self, message: dict, raw: bytes, arguments: int | None = None, call: OpenCall | None = None
    ) -> tuple[object, tuple]:
        expected = {"nonce", "value", "handles"} | ({"arguments"} if arguments is not None else set())
        if set(message) != expected:
            self._violation("a reply with other fields than it must have")
        try:
            for description in listed(message["handles"]):
                handle = described_handle(description)
                self._handles[handle.id] = handle
            decoder = Decoder(raw, handle=self._known_handle)
            value = decoder.decode(message["value"])
            nodes = listed(message["arguments"]) if arguments is not None else []
            if arguments is not None and len(nodes) != arguments:
                raise ProtocolViolation("a reply with another number of arguments")
            if call is not None:
                decoder.callback = lambda number: self._open_calls.original(call, number)
            after = tuple(decoder.decode(node) for node in nodes)
            decoder.finish()
        except ProtocolViolation as error:
            self._violation(str(error))
        return value, after

    def _outputs(self, nodes: object, raw: bytes) -> list[dict]:
        try:
            position = 0
            outputs = []
            if len(listed(nodes)) > self.limits.outputs + 2:
                raise ProtocolViolation("more outputs than allowed")
            for node in nodes:
                output, position = notebook_output(node, raw, position)
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
        if type(text) is not str or len(text) > 2 * MAX_TRACEBACK:
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
        """Return how the server says that the session ended, None if it says nothing in time."""
        poller = select.poll()
        poller.register(self._report_fd, select.POLLIN)
        if not poller.poll(seconds * 1000):
            return None
        data = os.read(self._report_fd, _MAX_REPORT)
        if not data:
            return "the sandbox server is gone"
        # The stream ends when what the session left behind is removed.
        poller.poll(SETTLE_SECONDS * 1000)
        return str(load_json(data)["reason"])


def _handle_number(value: object) -> int:
    if type(value) is Callback:
        raise Unsupported("a function can be an argument of a call, and nothing else")
    if type(value) is not Handle:
        raise Unsupported(f"an argument of type {type(value).__name__} cannot cross the boundary")
    return value.id
