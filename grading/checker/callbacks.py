"""Functions of a test that go with a call of student code: the sandbox asks, and the answer is computed here.

The student's code can ask whatever it likes, as often as a budget allows, and learns what a plain function
would tell it: a value, or an exception of the allow-list. It never gets the function.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from grading.checker.clean_text import clean_text
from grading.checker.faults import ALLOWED_EXCEPTIONS, EXCEPTION_TEXT
from grading.checker.handles import is_stand_in
from grading.checker.sandbox_replies import Handle
from grading.sandbox.frames import ProtocolViolation
from grading.sandbox.protocol import MAX_NAME
from grading.sandbox.values import Decoder, Encoder, Unsupported

# Requests to student code inside functions that student code called, and so on.
MAX_NESTED = 8


class BudgetExceeded(Exception):
    """Student code asked for more than it may; the text says what of."""


class Callback:
    """A function as an argument of a call.

    Parameters
    ----------
    function : callable
        The test's own function: what comes back where the sandbox returns this argument.
    compute : callable, optional
        What answers; default is the function itself.
    latches : bool
        Whether an AssertionError in it is a verdict of the test, which student code must not swallow.
    """

    __slots__ = ("compute", "function", "latches")

    def __init__(
        self,
        function: Callable[..., object],
        compute: Callable[..., object] | None = None,
        *,
        latches: bool = False,
    ) -> None:
        self.function = function
        self.compute = compute or function
        self.latches = latches


@dataclass
class CallbackBudget:
    """What student code may still use of a test cell's functions.

    Parameters
    ----------
    calls : int
        Calls altogether.
    calls_at_once : int
        Calls during one call of student code.
    raw_bytes : int
        Bytes of arrays, both ways.
    seconds : float
        Wall-clock time spent in the functions.
    """

    calls: int = 200_000
    calls_at_once: int = 20_000
    raw_bytes: int = 512 << 20
    seconds: float = 20.0

    def spend(self, *, raw_bytes: int = 0, seconds: float = 0.0) -> None:
        """Note what was used; raises `BudgetExceeded` where nothing is left."""
        self.raw_bytes -= raw_bytes
        self.seconds -= seconds
        if self.raw_bytes < 0:
            raise BudgetExceeded("it exchanged too much data with the functions that it was given")
        if self.seconds < 0:
            raise BudgetExceeded("the functions that it was given took too long for what it asked")


@dataclass
class OpenCall:
    """One call of student code in progress."""

    budget: CallbackBudget
    callbacks: dict[int, Callback] = field(default_factory=dict)
    asked: int = 0
    pending: BaseException | None = None


class OpenCalls:
    """The calls of one session in progress, the innermost last, and the functions that came with them."""

    def __init__(self) -> None:
        self._calls: list[OpenCall] = []
        self._given = 0

    @contextlib.contextmanager
    def one_more(self, budget: CallbackBudget | None) -> Iterator[OpenCall]:
        """Keep a call open during the body; what a function raised for the test is raised after it."""
        call = OpenCall(budget or CallbackBudget())
        self._calls.append(call)
        try:
            yield call
        finally:
            self._calls.pop()

    def number(self, call: OpenCall, value: object) -> int | None:
        """Return the number under which a function goes with a call; None for what is no `Callback`."""
        if type(value) is not Callback:
            return None
        self._given += 1
        call.callbacks[self._given] = value
        return self._given

    def answer(
        self, message: dict, raw: bytes, nonce: str, depth: int, is_over: Callable[[], bool]
    ) -> tuple[dict, list]:
        """Answer one question of student code.

        Parameters
        ----------
        message, raw : dict, bytes
            The frame, of which nothing is known.
        nonce : str
            Of the request in progress.
        depth : int
            How many requests are in progress.
        is_over : callable
            Tells whether the session ended meanwhile.

        Returns
        -------
        tuple
            The answer and its buffers.

        Raises
        ------
        ProtocolViolation
            If the frame is not exactly a question about a function of a call in progress.
        BudgetExceeded
            If there were too many, or too large ones.
        BaseException
            What broke off the test, if the session ended with it.
        """
        callback, args, kwargs = self._question(message, raw, nonce)
        call = self._calls[-1]
        call.asked += 1
        call.budget.calls -= 1
        if call.asked > call.budget.calls_at_once or call.budget.calls < 0:
            raise BudgetExceeded(
                f"it called the functions that it was given more than {call.asked - 1} times"
            )
        call.budget.spend(raw_bytes=len(raw))
        if call.pending is not None:
            return _raised("RuntimeError", "the test was broken off")
        if depth > MAX_NESTED:
            return _raised("RecursionError", f"functions call one another more than {MAX_NESTED} levels deep")
        began = time.monotonic()
        try:
            answer = _computed(callback, args, kwargs)
        except BaseException as error:
            if is_over():
                raise
            if isinstance(error, Exception) and not _is_verdict(error, callback):
                answer = _raised(*_described(error))
            else:
                # The student's code comes to its end first: then the session can go on being used.
                call.pending = error
                answer = _raised("RuntimeError", "the test was broken off")
        call.budget.spend(
            raw_bytes=sum(len(buffer) for buffer in answer[1]), seconds=time.monotonic() - began
        )
        return answer

    def refuse(self, reason: str) -> tuple[dict, list]:
        """Fail the innermost call as unsupported, and return what its student code is told."""
        self._calls[-1].pending = Unsupported(reason)
        return _raised("RuntimeError", "the test was broken off")

    def original(self, call: OpenCall, number: int) -> object:
        """Return the test's own function that went under a number."""
        if number not in call.callbacks:
            raise ProtocolViolation("a function that did not come with this call")
        return call.callbacks[number].function

    def _question(self, message: dict, raw: bytes, nonce: str) -> tuple[Callback, list, dict]:
        if set(message) != {"nonce", "callback", "args", "kwargs"}:
            raise ProtocolViolation("a question with other fields than it must have")
        if not self._calls or message["nonce"] != nonce:
            raise ProtocolViolation("a question from another call than the one in progress")
        number = message["callback"]
        known = {number: callback for call in self._calls for number, callback in call.callbacks.items()}
        if type(number) is not int or number not in known:
            raise ProtocolViolation("a question about a function that did not come with a call in progress")
        if type(message["args"]) is not list or type(message["kwargs"]) is not list:
            raise ProtocolViolation("a question whose arguments are no lists")
        decoder = Decoder(raw)
        args = [decoder.decode(node) for node in message["args"]]
        kwargs = {}
        for pair in message["kwargs"]:
            if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
                raise ProtocolViolation("a question with a named argument that has no name")
            name, node = pair
            if len(name) > MAX_NAME or name in kwargs:
                raise ProtocolViolation("a question with an impossible name of an argument")
            kwargs[name] = decoder.decode(node)
        decoder.finish()
        return known[number], args, kwargs


def _computed(callback: Callback, args: list, kwargs: dict) -> tuple[dict, list]:
    value = callback.compute(*args, **kwargs)
    encoder = Encoder(opaque=_handle_number)
    try:
        return {"answer": {"value": encoder.encode(value)}}, encoder.buffers
    except Unsupported as unsupported:
        raise Unsupported(f"a function that the test passes returned {unsupported}") from None


def _handle_number(value: object) -> int:
    if type(value) is not Handle:
        raise Unsupported(f"a value of type {type(value).__name__}")
    return value.id


def _is_verdict(error: Exception, callback: Callback) -> bool:
    """Tell whether an exception is for the test and not for the student's code."""
    return type(error) is Unsupported or (callback.latches and isinstance(error, AssertionError))


def _described(error: Exception) -> tuple[str, str]:
    text = "" if any(is_stand_in(argument) for argument in error.args) else str(error)
    for kind in type(error).__mro__:
        if kind.__name__ in ALLOWED_EXCEPTIONS and kind.__module__ == "builtins":
            return kind.__name__, clean_text(text, EXCEPTION_TEXT)
    return "RuntimeError", clean_text(f"{type(error).__name__}: {text}", EXCEPTION_TEXT)


def _raised(name: str, text: str) -> tuple[dict, list]:
    return {"answer": {"raised": [name, text]}}, []
