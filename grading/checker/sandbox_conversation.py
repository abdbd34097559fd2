"""The conversation with one sandboxed process: requests with a clock outside, answers to what its code asks
meanwhile, and an end for whoever breaks the rules.
"""

from __future__ import annotations

import os
import secrets
import select
import time
from typing import TYPE_CHECKING

from grading.sandbox.frames import Channel, EndOfStream, FrameTimeout, ProtocolViolation, load_json
from grading.sandbox.limits import Limits
from grading.sandbox.protocol import EXCEPTION_NAMES, MAX_TRACEBACK, STUDENT_ERROR
from grading.sandbox.values import Unsupported

from .callbacks import BudgetExceeded, OpenCalls
from .sandbox_replies import Ended, Missing, SandboxDied, SandboxTimeout, StudentRaised

if TYPE_CHECKING:
    from .sandbox_client import SandboxServer

GRACE_SECONDS = 2.0
SETTLE_SECONDS = 5.0
_MAX_REPORT = 4096


class Conversation:
    """Requests and replies of one session. Any failure ends it: the exception says how, and every later
    request raises `SandboxDied`.
    """

    def __init__(
        self, server: SandboxServer, name: str, channel: Channel, report_fd: int, limits: Limits
    ) -> None:
        self.limits = limits
        self._server = server
        self._name = name
        self._channel = channel
        self._report_fd = report_fd
        self._deadline = time.monotonic() + limits.session_seconds
        self._calls = 0
        self._traffic = 0
        self._open_calls = OpenCalls()
        # When each request in progress must be answered; several while functions call one another.
        self._due: list[float] = []
        self._ended: Ended | None = None

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
