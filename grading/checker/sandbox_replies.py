"""What comes back from the sandbox: reply types, exceptions, and the strict reading of frames into them."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from grading.sandbox.frames import ProtocolViolation
from grading.sandbox.values import Unsupported


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
    """Outputs of a cell in notebook format, its error as (name, text) if it had one, and its wall-clock
    seconds.
    """

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
            f"an object of type {self.type_name} cannot cross, so it cannot be compared or tested"
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


def listed(node: object) -> list:
    """Return ``node`` if it is a list, else raise `ProtocolViolation`."""
    if type(node) is not list:
        raise ProtocolViolation("a list is missing")
    return node


def described_handle(node: object) -> Handle:
    """Return the handle that ``node`` describes; anything else raises `ProtocolViolation`."""
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


def notebook_output(node: object, raw: bytes, position: int) -> tuple[dict, int]:
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
