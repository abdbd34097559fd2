"""The student as a check sees them: names to look up, functions to call, plain values that come back."""

from __future__ import annotations

import contextlib
import copy
import inspect
import io
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import FrameType
from typing import Protocol, runtime_checkable

import numpy as np

from grading.checks.functions import exchanged, is_function

FAULT_KINDS = ("exception", "timeout", "died", "unsupported", "missing", "protocol")
TEXT_LIMIT = 2000
DEPTH_LIMIT = 16
# After the first alarm, ring again this often: code that swallows every exception is interrupted again.
RING_AGAIN_SECONDS = 0.05


@dataclass(frozen=True)
class Reply:
    """What one call gave back.

    Parameters
    ----------
    value : object
        The returned value: plain Python values and NumPy arrays only.
    arguments : tuple
        The positional arguments as they are after the call: shows changes in place.
    """

    value: object
    arguments: tuple = ()


class StudentFault(Exception):
    """A call that gave no value.

    Parameters
    ----------
    kind : str
        One of "exception", "timeout", "died", "unsupported", "missing", "protocol".
    name : str
        Class name of the exception that the student's code raised, where there is one.
    text : str
        Its message, or what happened in one sentence.
    traceback : str
        A short traceback of the student's own frames.

    Raises
    ------
    ValueError
        If `kind` is none of the above.
    """

    def __init__(self, kind: str, name: str = "", text: str = "", traceback: str = "") -> None:
        if kind not in FAULT_KINDS:
            raise ValueError(f"kind must be one of {FAULT_KINDS}, got {kind!r}")
        super().__init__(kind, name, text, traceback)
        self.kind = kind
        self.name = str(name)[:TEXT_LIMIT]
        self.text = str(text)[:TEXT_LIMIT]
        self.traceback = str(traceback)[:TEXT_LIMIT]

    def __str__(self) -> str:
        if self.kind == "exception":
            return f"{self.name}: {self.text}" if self.text else self.name
        return self.text or self.kind


@runtime_checkable
class Student(Protocol):
    """What a check needs of a student, wherever their code runs.

    One who knows may also have ``why_missing(name) -> str``: a sentence on why nothing binds a name; and one
    whose code may see references ``with_injected(functions)``, as LocalStudent has.
    """

    def exists(self, name: str) -> bool:
        """Tell whether the student's code binds this name."""
        ...

    def signature(self, name: str) -> str | None:
        """Return the parameters as text, "(x, w, b, stride=1)"; None if `name` is not callable.

        An empty string means callable, with a signature that cannot be read.
        """
        ...

    def call(self, name: str, *args: object, **kwargs: object) -> Reply:
        """Call the student's function; raise StudentFault if no plain value comes back."""
        ...


class InjectedStudent(Student, Protocol):
    """A student whose functions find others under some names while they are called.

    Attributes
    ----------
    injected_calls : set of str
        Names of those that were called so far.
    """

    injected_calls: set[str]


class _TimeUp(BaseException):
    """Raised by the alarm inside the student's code; no Exception: `except Exception` lets it pass."""


class LocalStudent:
    """A student whose functions live in this very process: their own notebook, for quick advice.

    Nothing here withstands code that means to cheat; what counts is graded in the sandbox.

    Parameters
    ----------
    namespace : mapping
        Names that the student's cells bound.
    call_seconds : float
        Longest time for one call, where the main thread and the system have alarms.
    """

    def __init__(self, namespace: Mapping[str, object], *, call_seconds: float = 5.0) -> None:
        self._namespace = namespace
        self._call_seconds = call_seconds
        self._injected: Mapping[str, Callable[..., object]] = {}
        self.injected_calls: set[str] = set()

    def with_injected(self, functions: Mapping[str, Callable[..., object]]) -> LocalStudent:
        """Return the same student whose functions, while one is called, find others under some names.

        What they call of these is recorded in `injected_calls`.
        """
        twin = LocalStudent(self._namespace, call_seconds=self._call_seconds)

        def recorded(name: str, function: Callable[..., object]) -> Callable[..., object]:
            def answer(*args: object, **kwargs: object) -> object:
                twin.injected_calls.add(name)
                return function(*args, **kwargs)

            return answer

        twin._injected = {name: recorded(name, function) for name, function in functions.items()}
        return twin

    def exists(self, name: str) -> bool:
        """Tell whether the namespace binds this name."""
        return name in self._namespace

    def signature(self, name: str) -> str | None:
        """Return the parameters as text; None if `name` is missing or not callable."""
        function = self._namespace.get(name)
        if not callable(function):
            return None
        try:
            return str(inspect.signature(function))
        except (TypeError, ValueError):
            return ""

    def call(self, name: str, *args: object, **kwargs: object) -> Reply:
        """Call the function on copies of the arguments.

        Functions among the arguments can be called while this call is in progress, as in the sandbox, and
        get and give copies.

        Returns
        -------
        Reply
            A copy of what was returned, taken at once, and the arguments after the call.

        Raises
        ------
        StudentFault
            If the name is missing, the call raises, takes too long, or returns what is not plain.
        """
        if name not in self._namespace:
            raise StudentFault("missing", text=f"there is no {name}")
        function = self._namespace[name]
        handed = _HandedOver()
        args, kwargs = copy.deepcopy((handed.over(args), handed.over(kwargs)))
        sink = _Sink()
        try:
            with (
                handed,
                contextlib.redirect_stdout(sink),
                contextlib.redirect_stderr(sink),
                _bound(getattr(function, "__globals__", {}), self._injected),
                _alarm(self._call_seconds),
            ):
                returned = function(*args, **kwargs)
                value = plain(returned)
        except _TimeUp:
            raise StudentFault("timeout", text=f"no answer within {self._call_seconds:g} s") from None
        except StudentFault:
            raise
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 - SystemExit of a student must not end their kernel
            raise StudentFault("exception", *_describe(error)) from None
        return Reply(value, args)


class _HandedOver:
    """The functions among the arguments of one call: as the sandbox does it, copies in and out, and only
    while the call is in progress.
    """

    def __init__(self) -> None:
        self._open = False

    def over(self, arguments: object) -> object:
        """Return the arguments with a function to hand out in the place of each function."""
        return exchanged(arguments, lambda value: self._wrapped(value) if is_function(value) else None)

    def __enter__(self) -> None:
        self._open = True

    def __exit__(self, *_: object) -> None:
        self._open = False

    def _wrapped(self, function: Callable[..., object]) -> Callable[..., object]:
        def given(*args: object, **kwargs: object) -> object:
            if not self._open:
                raise RuntimeError("this function can be called only while the call that it came with runs")
            try:
                args, kwargs = plain(args), plain(kwargs)
            except StudentFault as fault:
                raise TypeError(f"the function was called with what is no plain value: {fault}") from None
            return copy.deepcopy(function(*args, **kwargs))

        return given


def plain(value: object, depth: int = 0) -> object:
    """Copy a returned value down to plain types: what the sandbox could carry, too.

    Parameters
    ----------
    value : object
        None, bool, numbers, str, bytes, NumPy scalars and arrays of numbers or text, and lists, tuples,
        sets and dictionaries of these.
    depth : int
        How deep inside containers we are.

    Returns
    -------
    object
        The same value, made of exact built-in types and base-class arrays, sharing no memory with the
        original.

    Raises
    ------
    StudentFault
        Of kind "unsupported", for anything else.
    """
    if value is None or type(value) in (bool, int, float, complex, str, bytes):
        return value
    if depth > DEPTH_LIMIT:
        raise StudentFault(
            "unsupported", text=f"the returned value is nested deeper than {DEPTH_LIMIT} levels"
        )
    if isinstance(value, np.ndarray | np.generic):
        array = np.array(value, copy=True, subok=False)
        if array.dtype.kind not in "?biufcSU":
            raise StudentFault("unsupported", text=f"the returned array has dtype {array.dtype}, not numbers")
        return array[()] if isinstance(value, np.generic) else array
    if isinstance(value, dict):
        return {plain(key, depth + 1): plain(item, depth + 1) for key, item in value.items()}
    for kind in (tuple, list, set):
        if isinstance(value, kind):
            return kind(plain(item, depth + 1) for item in value)
    for kind in (bool, int, float, complex, str, bytes):
        if isinstance(value, kind):
            return kind(value)
    raise StudentFault(
        "unsupported", text=f"the function returned a {type(value).__name__}, not plain values"
    )


@contextlib.contextmanager
def _bound(names: dict[str, object], others: Mapping[str, object]) -> Iterator[None]:
    """Bind some names otherwise during the body, and as they were after it."""
    before = {name: names[name] for name in others if name in names}
    names.update(others)
    try:
        yield
    finally:
        for name in others:
            names.pop(name, None)
        names.update(before)


class _Sink(io.TextIOBase):
    """Swallows what the student prints: a check calls a function dozens of times."""

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return len(text)


@contextlib.contextmanager
def _alarm(seconds: float) -> Iterator[None]:
    """Interrupt the body after `seconds`, where the system and this thread allow it."""
    possible = hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread()
    if not possible or seconds <= 0:
        yield
        return

    def ring(_number: int, frame: FrameType | None) -> None:
        # On the way out, between the student's code and the end of the alarm, nothing is there to interrupt.
        if frame is None or frame.f_code not in (*_LEAVING, ring.__code__):
            raise _TimeUp

    before = signal.signal(signal.SIGALRM, ring)
    outer, interval = signal.setitimer(signal.ITIMER_REAL, seconds, RING_AGAIN_SECONDS)
    started = time.monotonic()
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        if outer:
            left = max(outer - (time.monotonic() - started), RING_AGAIN_SECONDS)
            signal.setitimer(signal.ITIMER_REAL, left, interval)


_LEAVING = (_alarm.__wrapped__.__code__, contextlib._GeneratorContextManager.__exit__.__code__)


def _describe(error: BaseException) -> tuple[str, str, str]:
    """Name, message and a short traceback of an exception, safe against exceptions that misbehave."""
    name = type(error).__name__
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 - a student's __str__ may raise anything
        text = "(its message cannot be shown)"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename != __file__]
    return name, text, "".join(traceback.format_list(frames[-3:]))
