"""Functions that came with a call: student code gets plain ones, and calling them asks the other side.

While a question waits for its answer, the other side may call student code in turn, so that requests are
served until the answer is there.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import threading
from collections.abc import Callable, Iterator

from .frames import Channel, EndOfStream
from .protocol import EXCEPTION_NAMES
from .values import Decoder, Encoder, Unsupported

# Taken now, before student code can replace a builtin.
_TYPES = {name: getattr(builtins, name) for name in EXCEPTION_NAMES}


class RunningCall:
    """One call of student code in progress, and the functions that came with it."""

    def __init__(self) -> None:
        self.running = True
        self._numbers: dict[int, int] = {}
        self._held: list[Callable] = []

    def hold(self, function: Callable, number: int) -> None:
        """Remember under which number a function came."""
        self._held.append(function)
        self._numbers[id(function)] = number

    def number(self, value: object) -> int | None:
        """Return the number of a function that came with this call, None for anything else."""
        return self._numbers.get(id(value))


class Callbacks:
    """Asks the other side what its functions give.

    Parameters
    ----------
    channel : Channel
        The session's.
    serve : callable
        Answers one request that arrives instead of an answer.
    handled : callable
        Returns the object behind a handle.
    """

    def __init__(
        self, channel: Channel, serve: Callable[[dict, bytes], None], handled: Callable[[int], object]
    ) -> None:
        self._channel = channel
        self._serve = serve
        self._handled = handled
        self._nonces: list[str] = []
        self._thread = threading.get_ident()
        self._speaking = False

    @contextlib.contextmanager
    def serving(self, nonce: str) -> Iterator[None]:
        """Remember the innermost request that is being served: questions are asked in its name."""
        self._nonces.append(nonce)
        try:
            yield
        finally:
            self._nonces.pop()

    @contextlib.contextmanager
    def during_call(self) -> Iterator[RunningCall]:
        """Let the functions of one call be called during the body."""
        call = RunningCall()
        try:
            yield call
        finally:
            call.running = False

    @contextlib.contextmanager
    def speaking(self) -> Iterator[None]:
        """Keep finalisers from asking in the middle of a frame."""
        before, self._speaking = self._speaking, True
        try:
            yield
        finally:
            self._speaking = before

    def received(self, call: RunningCall, number: int) -> Callable:
        """Return what student code gets in the place of a function of the other side."""

        def function(*args: object, **kwargs: object) -> object:
            return self._ask(call, number, args, kwargs)

        call.hold(function, number)
        return function

    def _ask(self, call: RunningCall, number: int, args: tuple, kwargs: dict) -> object:
        if not call.running:
            raise RuntimeError("this function can be called only while the call that it came with runs")
        if threading.get_ident() != self._thread:
            raise RuntimeError("this function can be called only from the thread in which yours was called")
        encoder = Encoder(resolve=True)
        try:
            question = {
                "nonce": self._nonces[-1],
                "callback": number,
                "args": [encoder.encode(value) for value in args],
                "kwargs": [[name, encoder.encode(value)] for name, value in kwargs.items()],
            }
        except Unsupported as unsupported:
            raise TypeError(f"the function was called with what is no plain value: {unsupported}") from None
        answer, raw = self._exchange(question, encoder.buffers)
        if "raised" in answer:
            name, text = answer["raised"]
            raise _TYPES[name](text)
        return Decoder(raw, handle=self._handled).decode(answer["value"])

    def _exchange(self, question: dict, buffers: list) -> tuple[dict, bytes]:
        if self._speaking:
            raise RuntimeError("this function cannot be called while a message is on its way")
        try:
            with self.speaking():
                try:
                    self._channel.send(question, buffers)
                except ValueError as error:
                    raise TypeError(f"the function was called with too large a value: {error}") from None
                message, raw = self._channel.receive()
            while "answer" not in message:
                self._serve(message, raw)
                with self.speaking():
                    message, raw = self._channel.receive()
        except EndOfStream:
            # Nobody is there to answer, and student code could go on as if that were an exception of its own.
            os._exit(0)
        return message["answer"], raw
