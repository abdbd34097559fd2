"""Between a test cell and the sandbox: stand-ins become handles, replies become plain values or stand-ins."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

from grading.checker.callbacks import Callback, CallbackBudget
from grading.checker.clean_text import clean_text
from grading.checker.copy_back import copy_back
from grading.checker.faults import Latch, as_exception
from grading.checker.handles import HandleState, is_stand_in, make_kind, new_stand_in, state_of
from grading.checker.sandbox_client import (
    Missing,
    ProtocolViolation,
    SandboxTimeout,
    StudentRaised,
    Unsupported,
)
from grading.checker.staging import GONE, Snapshot, Stage, is_handle
from grading.checker.student_side import StaleObject
from grading.checks.functions import is_function

# Things that honest notebooks hold and that cannot cross: the instructor has to change the test, not the
# student.
_UNSUPPORTED = (
    "generator coroutine module DataFrame Series Index Figure Axes AxesSubplot Tensor map filter zip range "
    "TextIOWrapper Generator RandomState"
)
UNSUPPORTED_TYPES = frozenset(_UNSUPPORTED.split())


class Bridge:
    """Carries out what test cells do with the student's objects, under the latch of the cell that runs.

    Parameters
    ----------
    stage : Stage
        The submission in its sandbox.
    call_seconds : float
        Longest time for one call or operation.

    Attributes
    ----------
    latch : Latch
        Of the running test cell.
    budget : CallbackBudget
        What student code may still use of its functions.
    """

    def __init__(self, stage: Stage, *, call_seconds: float) -> None:
        self._stage = stage
        self._call_seconds = call_seconds
        self._kind = make_kind(self)
        self.latch = Latch()
        self.budget = CallbackBudget()

    def stand_in(self, snapshot: Snapshot) -> object:
        """Return what a name is in a test cell: a plain value, or a stand-in."""
        if snapshot.fault is not None:
            return new_stand_in(self._kind, HandleState(None, self._stage.epoch, "", fault=snapshot.fault))
        return self.wrap(snapshot.value)

    def wrap(self, value: object) -> object:
        """Replace handles in a reply, also inside containers, by stand-ins."""
        if is_handle(value):
            name = clean_text(value.type_name, 80) or "object"
            state = HandleState(value, self._stage.epoch, name, bool(value.callable))
            return new_stand_in(self._kind, state)
        if type(value) in (list, tuple):
            return type(value)(self.wrap(item) for item in value)
        if type(value) is dict:
            return {key: self.wrap(item) for key, item in value.items()}
        return value

    def unwrap(self, value: object) -> object:
        """Replace stand-ins in arguments, also inside containers, by handles, and functions by callbacks."""
        if is_stand_in(value):
            return self._state(value).handle
        if is_function(value):
            return Callback(value, lambda *args, **kwargs: self.unwrap(value(*args, **kwargs)), latches=True)
        if type(value) in (list, tuple):
            return type(value)(self.unwrap(item) for item in value)
        if type(value) is dict:
            return {key: self.unwrap(item) for key, item in value.items()}
        return value

    def refuse(self, subject: object, what: str) -> BaseException:
        """Close the latch because a test asked a student's object for what only a plain value can tell."""
        kind = ""
        if type(type(subject)) is type(self._kind):
            state = state_of(subject)
            if state.fault is not None:
                return self.latch.close("error", f"Unsupported: {state.fault}.")
            kind = state.type_name
        if kind in UNSUPPORTED_TYPES:
            return self.latch.close(
                "error",
                f"Unsupported: the test needs {what} of a {kind}, which cannot leave the student's process.",
            )
        of = f" of type {kind!r}" if kind else ""
        return self.latch.close(
            "failed",
            f"The test needs {what} of an object{of} that only the student's own code can tell. "
            "Expected is a plain value: a number, a text, a list, a dictionary or an array.",
        )

    def is_callable(self, subject: object) -> bool:
        """Tell what the sandbox said about an object."""
        return self._state(subject).is_callable

    def call(self, subject: object, args: tuple, kwargs: dict) -> object:
        """Call a student's object; arguments that it changed in place are changed here, too."""
        handle = self._state(subject).handle
        sent = [self.unwrap(argument) for argument in args]
        named = {name: self.unwrap(argument) for name, argument in kwargs.items()}

        def action() -> object:
            reply = self._stage.session().call(
                handle, sent, named, timeout=self._stage.remaining(self._call_seconds), budget=self.budget
            )
            for before, after in zip(args, reply.arguments):
                copy_back(before, after)
            return self.wrap(reply.value)

        return self._guarded(action)

    def operate(self, subject: object, operation: str, *operands: object) -> object:
        """Run one operation on a student's object in the sandbox."""
        handle = self._state(subject).handle
        sent = [self.unwrap(operand) for operand in operands]
        seconds = self._stage.remaining(self._call_seconds)

        def action() -> object:
            session = self._stage.session()
            if operation.startswith("__"):
                return self.wrap(session.call(handle, sent, timeout=seconds, method=operation).value)
            return self.wrap(session.operate(handle, operation, *sent, timeout=seconds))

        return self._guarded(action)

    def set_name(self, name: str, value: object) -> None:
        """Set a name in the sandbox to a plain value or to an object of the student."""
        sent = self.unwrap(value)

        def action() -> None:
            with contextlib.suppress(Unsupported):
                self._stage.session().bind(name, sent)

        self._guarded(action)

    def delete_name(self, name: str) -> None:
        """Delete a name in the sandbox."""

        def action() -> None:
            with contextlib.suppress(Missing):
                self._stage.session().unbind(name)

        self._guarded(action)

    def _state(self, subject: object) -> HandleState:
        state = state_of(subject)
        if state.fault is not None:
            raise self.latch.close("error", f"Unsupported: {state.fault}.")
        if self.latch.fatal:
            raise self.latch.close("failed", self.latch.reason)
        if state.epoch != self._stage.epoch:
            self.latch.stale = True
            raise StaleObject
        return state

    def _guarded(self, action: Callable[[], object]) -> object:
        try:
            return action()
        except StudentRaised as raised:
            error = as_exception(raised.name, raised.text)
        except Unsupported as unsupported:
            raise self.latch.close("error", f"Unsupported: {unsupported}.") from None
        except GONE as gone:
            self._stage.abandon()
            raise self.latch.close("failed", gone_reason(gone), fatal=True) from None
        raise error


def gone_reason(gone: Exception) -> str:
    """Say why a call will never be answered."""
    if isinstance(gone, SandboxTimeout):
        return "The student's code did not answer in time."
    if isinstance(gone, ProtocolViolation):
        return "The student's process broke the connection to the grader and was stopped."
    return f"The student's process ended during a call ({gone})."
