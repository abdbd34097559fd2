"""The student of a submission, as checks see one: names and functions answered by the sandbox."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from grading.checker.bridge import gone_reason
from grading.checker.callbacks import Callback, CallbackBudget
from grading.checker.faults import Latch
from grading.checker.master import MasterCell
from grading.checker.sandbox_client import ProtocolViolation, SandboxTimeout, StudentRaised, Unsupported
from grading.checker.staging import GONE, Snapshot, Stage, is_handle
from grading.checks.functions import exchanged, is_function
from grading.checks.student import Reply, StudentFault


class SandboxStudent:
    """Answers the checks of one test cell with the objects that its names had there.

    A name that was not bound yet at the test cell (its cell was moved down) means what it means at the
    notebook's end.

    Parameters
    ----------
    stage : Stage
        The submission in its sandbox.
    cell : MasterCell
        The test cell.
    latch : Latch
        Closed for good when the student's code hangs or dies.
    binders : mapping of str to MasterCell
        Which cell of the master should bind a name.
    call_seconds : float
        Longest time for one call.
    budget : CallbackBudget
        What the student's code may use of the functions among the arguments, in all calls together.

    Attributes
    ----------
    injected_calls : set of str
        Which injected functions the student's code called.
    """

    def __init__(
        self,
        stage: Stage,
        cell: MasterCell,
        latch: Latch,
        *,
        binders: Mapping[str, MasterCell],
        call_seconds: float,
        budget: CallbackBudget | None = None,
    ) -> None:
        self._stage = stage
        self._cell = cell
        self._latch = latch
        self._binders = binders
        self._call_seconds = call_seconds
        self._budget = budget or CallbackBudget()
        self._injected: dict[str, Callback] = {}
        self.injected_calls: set[str] = set()
        self._known: dict[str, Snapshot | None] = {}

    def injecting(self, functions: Mapping[str, Callable[..., object]]) -> SandboxStudent:
        """Return the same student whose functions, while one is called, find others under some names.

        These ask here. What they tell the student's code stays in its process, so that this is for sessions
        in which nothing earns points.
        """
        twin = SandboxStudent(
            self._stage,
            self._cell,
            self._latch,
            binders=self._binders,
            call_seconds=self._call_seconds,
            budget=self._budget,
        )

        def recorded(name: str, function: Callable[..., object]) -> Callable[..., object]:
            def answer(*args: object, **kwargs: object) -> object:
                twin.injected_calls.add(name)
                return function(*args, **kwargs)

            return answer

        twin._injected = {name: Callback(recorded(name, function)) for name, function in functions.items()}
        return twin

    def exists(self, name: str) -> bool:
        """Tell whether the student's code binds this name."""
        return self._find(name) is not None

    def why_missing(self, name: str) -> str:
        """Say in a sentence why the student's code does not bind this name."""
        binder = self._binders.get(name)
        return self._stage.why_unbound(name, None if binder is None else binder.position)

    def signature(self, name: str) -> str | None:
        """Return the parameters as text; None if `name` is not callable, empty if they cannot be read."""
        found = self._find(name)
        if found is None or not is_handle(found.value) or not found.value.callable:
            return None
        signature = found.value.signature
        return signature if isinstance(signature, str) else ""

    def call(self, name: str, *args: object, **kwargs: object) -> Reply:
        """Call a function of the student.

        Returns
        -------
        Reply
            Plain values only.

        Raises
        ------
        StudentFault
            If no plain value comes back.
        """
        if self._latch.fatal:
            raise StudentFault("died", text=self._latch.reason)
        found = self._find(name)
        if found is None:
            raise StudentFault("missing", text=self.why_missing(name))
        if found.fault is not None:
            raise StudentFault("unsupported", text=found.fault)
        if not is_handle(found.value):
            raise StudentFault("exception", "TypeError", f"{name} is not a function")
        sent, named = exchanged(list(args), _callback), exchanged(kwargs, _callback)
        try:
            seconds = self._stage.remaining(self._call_seconds)
            reply = self._stage.session().call(
                found.value, sent, named, timeout=seconds, budget=self._budget, injected=self._injected
            )
        except StudentRaised as raised:
            raise StudentFault("exception", raised.name, raised.text, raised.traceback) from None
        except Unsupported as unsupported:
            raise StudentFault("unsupported", text=str(unsupported)) from None
        except GONE as gone:
            raise self._gone(gone) from None
        stayed = _first_handle(reply.value)
        if stayed is not None:
            text = f"it returned an object of type {stayed.type_name}, which is no plain value"
            raise StudentFault("unsupported", text=text)
        return Reply(reply.value, tuple(reply.arguments)[: len(args)])

    def _find(self, name: str) -> Snapshot | None:
        if name not in self._known:
            found = self._stage.snapshot(self._cell.position, name)
            if found is None and not self._latch.fatal:
                found = self._stage.look_up(name)
            self._known[name] = found
        return self._known[name]

    def _gone(self, gone: Exception) -> StudentFault:
        self._stage.abandon()
        reason = gone_reason(gone)
        self._latch.close("failed", reason, fatal=True)
        if isinstance(gone, SandboxTimeout):
            stopped = f"it was stopped after {self._call_seconds:g} s. Is there a loop that does not end?"
            return StudentFault("timeout", text=stopped)
        if isinstance(gone, ProtocolViolation):
            return StudentFault("protocol", text=reason)
        return StudentFault("died", text=str(gone))


def _callback(value: object) -> Callback | None:
    return Callback(value) if is_function(value) else None


def _first_handle(value: object) -> object | None:
    if is_handle(value):
        return value
    items = value.values() if type(value) is dict else value if type(value) in (list, tuple) else ()
    return next((found for item in items if (found := _first_handle(item)) is not None), None)
