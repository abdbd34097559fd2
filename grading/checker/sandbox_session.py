"""One session as the checker sees it: what can be asked of a student's process, and replies that are believed
only so far.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from grading.sandbox.frames import Channel, ProtocolViolation
from grading.sandbox.limits import Limits
from grading.sandbox.protocol import OPERATIONS
from grading.sandbox.values import Decoder, Encoder, Unsupported

from .callbacks import Callback, CallbackBudget, OpenCall
from .sandbox_conversation import GRACE_SECONDS, Conversation
from .sandbox_replies import (
    CallReply,
    CellReply,
    Handle,
    StudentRaised,
    Value,
    described_handle,
    listed,
    notebook_output,
)

if TYPE_CHECKING:
    from .sandbox_client import SandboxServer

OPEN_SECONDS = 15.0


class Session(Conversation):
    """One student's process. Any failure ends it: the exception says how, and every later request raises
    `SandboxDied`.
    """

    def __init__(
        self, server: SandboxServer, name: str, channel: Channel, report_fd: int, limits: Limits
    ) -> None:
        super().__init__(server, name, channel, report_fd, limits)
        self.layers: dict[str, str] = {}
        self._handles: dict[int, Handle] = {}

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

    def place(self, name: str, data: bytes) -> None:
        """Write a file into the notebook's directory that its code can read but not change.

        Raises
        ------
        Unsupported
            If the place is outside that directory, or the file cannot be written there.
        """
        self._request({"do": "place", "name": name}, [data], self.limits.call_seconds)

    def unbind(self, name: str) -> None:
        """Delete a name from the notebook's namespace; raises `Missing` where it is not bound."""
        self._request({"do": "unbind", "name": name}, [], self.limits.call_seconds)

    def __enter__(self) -> Session:
        """Return the session."""
        return self

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


def _handle_number(value: object) -> int:
    if type(value) is Callback:
        raise Unsupported("a function can be an argument of a call, and nothing else")
    if type(value) is not Handle:
        raise Unsupported(f"an argument of type {type(value).__name__} cannot cross the boundary")
    return value.id
