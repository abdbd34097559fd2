"""Student objects: the notebook's names, handles for what cannot cross, and what may be done with them."""

from __future__ import annotations

import builtins
import contextlib
import inspect
import operator
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence

from .outputs import clean
from .protocol import (
    ACCESS_OPERATIONS,
    BINARY_OPERATIONS,
    EXCEPTION_NAMES,
    MAX_MESSAGE,
    MAX_NAME,
    MAX_SIGNATURE,
    STUDENT_ERROR,
    UNARY_OPERATIONS,
)
from .values import Encoder, Unsupported

MAX_HANDLES = 20_000
# Taken now, before student code can replace a builtin; aliases such as IOError are left out.
_NAMES_BY_TYPE = {
    kind: name for name, kind in vars(builtins).items() if name in EXCEPTION_NAMES and kind.__name__ == name
}


def _reflected(function: Callable) -> Callable:
    return lambda value, other: function(other, value)


_BINARY = {name: getattr(operator, f"__{name}__") for name in BINARY_OPERATIONS}
OPERATIONS: dict[str, Callable] = {
    **{name: getattr(operator, name) for name in UNARY_OPERATIONS},
    **dict(
        zip(
            ACCESS_OPERATIONS,
            (getattr, setattr, delattr, operator.getitem, operator.setitem, operator.delitem),
        )
    ),
    **_BINARY,
    **{f"r{name}": _reflected(function) for name, function in _BINARY.items()},
}


class Missing(LookupError):
    """A name that the notebook does not define."""


class Objects:
    """The namespace of one notebook and the handles that were given out."""

    def __init__(self, namespace: dict, builtin_names: dict) -> None:
        self._namespace = namespace
        self._ours = builtin_names
        self._handles: dict[int, object] = {}

    def named(self, name: str) -> object:
        """Return what the notebook bound to ``name``; builtins and the shell's own names do not count."""
        try:
            value = self._namespace[name]
        except KeyError:
            raise Missing(name) from None
        if name in self._ours and value is self._ours[name]:
            raise Missing(name)
        return value

    def bind(self, name: str, value: object) -> None:
        """Bind a name in the notebook's namespace."""
        self._namespace[name] = value

    def unbind(self, name: str) -> None:
        """Delete a name from the notebook's namespace."""
        self.named(name)
        del self._namespace[name]

    @contextlib.contextmanager
    def bound(self, others: Mapping[str, object]) -> Iterator[None]:
        """Bind some names otherwise during the body, and as they were after it."""
        before = {name: self._namespace[name] for name in others if name in self._namespace}
        self._namespace.update(others)
        try:
            yield
        finally:
            for name in others:
                self._namespace.pop(name, None)
            self._namespace.update(before)

    def handled(self, number: int) -> object:
        """Return the object behind a handle."""
        return self._handles[number]

    def hold(self, value: object) -> int:
        """Keep an object and return the number of its handle."""
        if len(self._handles) >= MAX_HANDLES:
            raise Unsupported(f"more than {MAX_HANDLES} objects that cannot cross")
        number = len(self._handles) + 1
        self._handles[number] = value
        return number


class ReplyEncoder:
    """Encodes results; objects that cannot cross become handles, described beside the values."""

    def __init__(self, objects: Objects) -> None:
        self._objects = objects
        self._encoder = Encoder(resolve=True, opaque=self._hold)
        self.handles: list[list] = []

    def encode(self, value: object) -> object:
        """Return the node of one value."""
        return self._encoder.encode(value)

    def encode_arguments(
        self, values: Sequence[object], function: Callable[[object], int | None]
    ) -> list[object]:
        """Return the nodes of a call's arguments after it; its own functions go back as their numbers."""
        self._encoder.callback = function
        return [self._encoder.encode(value) for value in values]

    @property
    def buffers(self) -> list[memoryview]:
        """The raw parts, in order."""
        return self._encoder.buffers

    def _hold(self, value: object) -> int:
        number = self._objects.hold(value)
        self.handles.append(
            [number, clean(type(value).__name__, MAX_NAME), callable(value), signature_text(value)]
        )
        return number


def signature_text(value: object) -> str | None:
    """Return the signature of a callable as text, None where there is none."""
    if not callable(value):
        return None
    try:
        return clean(inspect.signature(value), MAX_SIGNATURE)
    except Exception:  # noqa: BLE001 - signatures may come from the object's own code
        return None


def describe_exception(error: BaseException) -> dict:
    """Return an exception as an allow-listed name, its text and the notebook's own lines."""
    name = exception_name(type(error))
    text = clean(error, MAX_MESSAGE)
    if name == STUDENT_ERROR:
        text = clean(f"{clean(type(error).__qualname__, MAX_NAME)}: {text}", MAX_MESSAGE)
    return {"name": name, "text": text, "traceback": _short_traceback(error)}


def exception_name(kind: type) -> str:
    """Return the allow-listed name nearest to an exception type, or ``"StudentError"``."""
    if kind is Exception:
        return "Exception"
    for base in type.mro(kind):
        if base in (AssertionError, StopIteration, StopAsyncIteration) or base is Exception:
            return STUDENT_ERROR
        if base in _NAMES_BY_TYPE:
            return _NAMES_BY_TYPE[base]
    return STUDENT_ERROR


def _short_traceback(error: BaseException) -> str:
    try:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_cell(frame.filename)]
        lines = []
        for frame in frames[-6:]:
            lines.append(f"{_cell_name(frame.filename)}, line {frame.lineno}, in {frame.name}")
            if frame.line:
                lines.append(f"    {frame.line}")
        return clean("\n".join(lines), MAX_MESSAGE)
    except Exception:  # noqa: BLE001 - line caches may have been replaced by the notebook
        return ""


def _is_cell(filename: str) -> bool:
    return filename.startswith("<ipython-input-")


def _cell_name(filename: str) -> str:
    return f"cell {filename.removeprefix('<ipython-input-').partition('-')[0]}"
