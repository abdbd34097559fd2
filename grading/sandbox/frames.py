"""Length-prefixed frames over a pair of descriptors: strict JSON with raw bytes beside it.

Both ends of every boundary of the grader speak this format. One end may be hostile, so that everything is
checked before it is decoded, and any violation is an exception after which the peer must be killed.
"""

from __future__ import annotations

import json
import os
import select
import struct
import time
from collections.abc import Sequence

MAGIC = b"NTF1"
HEADER = struct.Struct(">4sIQ")
MAX_JSON_BYTES = 1 << 20
MAX_RAW_BYTES = 256 << 20
MAX_DEPTH = 32
MAX_NODES = 200_000
_MAX_INTEGER_DIGITS = 20
_NOT_BRACKETS = bytes(sorted(set(range(256)) - set(b"[]{}")))


class ProtocolViolation(Exception):
    """The peer sent something that the format does not allow; the session must end."""


class EndOfStream(Exception):
    """The peer closed its end between two frames."""


class FrameTimeout(Exception):
    """A frame did not cross within the time allowed."""


def dump_json(message: dict) -> bytes:
    """Encode a message as compact UTF-8 JSON; lone surrogates become question marks.

    Raises
    ------
    ValueError
        If the message holds NaN or an infinity, which JSON cannot say.
    """
    text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def load_json(data: bytes, *, max_depth: int = MAX_DEPTH, max_nodes: int = MAX_NODES) -> dict:
    """Decode one JSON object after its depth and node count were bounded on the undecoded bytes.

    Duplicate keys, NaN and infinities, integers of more than 20 digits and lone surrogates are refused.

    Raises
    ------
    ProtocolViolation
        If anything in ``data`` is not as described.
    """
    _bound_structure(data, max_depth, max_nodes)
    try:
        text = data.decode("utf-8")
        message = json.loads(
            text, object_pairs_hook=_object, parse_constant=_refuse_constant, parse_int=_integer
        )
    except (ValueError, RecursionError) as error:
        raise ProtocolViolation(f"not valid JSON: {error}") from None
    if type(message) is not dict:
        raise ProtocolViolation(f"a frame must hold a JSON object, not {type(message).__name__}")
    if b"\\u" in data:
        _refuse_surrogates(message)
    return message


def _bound_structure(data: bytes, max_depth: int, max_nodes: int) -> None:
    # Escaped backslashes and quotes go first, so that every remaining quote opens or closes a string.
    bare = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    structure = b"".join(bare.split(b'"')[::2])
    nodes = structure.count(b",") + structure.count(b"[") + structure.count(b"{")
    if nodes > max_nodes:
        raise ProtocolViolation(f"JSON with more than {max_nodes} nodes")
    depth = 0
    for byte in structure.translate(None, _NOT_BRACKETS):
        depth += 1 if byte in b"[{" else -1
        if depth > max_depth:
            raise ProtocolViolation(f"JSON nested deeper than {max_depth}")


def _object(pairs: list[tuple[str, object]]) -> dict:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("duplicate key in an object")
    return result


def _integer(digits: str) -> int:
    if len(digits) > _MAX_INTEGER_DIGITS:
        raise ValueError(f"integer of more than {_MAX_INTEGER_DIGITS} digits")
    return int(digits)


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refuse_surrogates(message: dict) -> None:
    pending: list[object] = [message]
    while pending:
        node = pending.pop()
        if type(node) is str:
            try:
                node.encode("utf-8")
            except UnicodeEncodeError:
                raise ProtocolViolation("a string holds a lone surrogate") from None
        elif type(node) is list:
            pending.extend(node)
        elif type(node) is dict:
            pending.extend(node.keys())
            pending.extend(node.values())


class Channel:
    """One end of a conversation: frames are read from one descriptor and written to another.

    Parameters
    ----------
    read_fd, write_fd : int
        Descriptors of pipes (or any streams that ``poll`` understands). The channel owns them: ``close``
        closes both.
    max_json, max_raw : int
        Largest JSON part and raw part, in bytes, that is accepted or sent.
    """

    def __init__(
        self, read_fd: int, write_fd: int, *, max_json: int = MAX_JSON_BYTES, max_raw: int = MAX_RAW_BYTES
    ) -> None:
        self.read_fd = read_fd
        self.write_fd = write_fd
        self.max_json = max_json
        self.max_raw = max_raw

    def send(
        self, message: dict, raw: Sequence[bytes | memoryview] = (), timeout: float | None = None
    ) -> int:
        """Write one frame and return its size in bytes.

        Raises
        ------
        ValueError
            If the frame is larger than the caps; nothing was written then.
        EndOfStream
            If the peer closed its end.
        FrameTimeout
            If the peer did not take the frame within ``timeout`` seconds; the stream is unusable afterwards.
        """
        data = dump_json(message)
        parts = [memoryview(part).cast("B") for part in raw if len(part)]
        raw_size = sum(len(part) for part in parts)
        if len(data) > self.max_json:
            raise ValueError(f"the JSON part has {len(data)} bytes, at most {self.max_json} are allowed")
        if raw_size > self.max_raw:
            raise ValueError(f"the raw part has {raw_size} bytes, at most {self.max_raw} are allowed")
        deadline = None if timeout is None else time.monotonic() + timeout
        if deadline is not None:
            os.set_blocking(self.write_fd, False)
        self._write(memoryview(HEADER.pack(MAGIC, len(data), raw_size) + data), deadline)
        for part in parts:
            self._write(part, deadline)
        return HEADER.size + len(data) + raw_size

    def receive(self, timeout: float | None = None) -> tuple[dict, bytes]:
        """Read one frame: the message and its raw bytes.

        Raises
        ------
        EndOfStream
            If the peer closed its end before the first byte of a frame.
        ProtocolViolation
            If the frame is not well formed, exceeds a cap, or ends early.
        FrameTimeout
            If it was not complete within ``timeout`` seconds.
        """
        deadline = None if timeout is None else time.monotonic() + timeout
        header = self._read(HEADER.size, deadline, may_end=True)
        magic, json_size, raw_size = HEADER.unpack(header)
        if magic != MAGIC:
            raise ProtocolViolation("a frame does not begin with the magic bytes")
        if json_size > self.max_json:
            raise ProtocolViolation(f"JSON part of {json_size} bytes, at most {self.max_json} are allowed")
        if raw_size > self.max_raw:
            raise ProtocolViolation(f"raw part of {raw_size} bytes, at most {self.max_raw} are allowed")
        message = load_json(self._read(json_size, deadline))
        return message, self._read(raw_size, deadline)

    def pending(self) -> bool:
        """Tell whether bytes (or the end of the stream) wait to be read."""
        return bool(_poll(self.read_fd, select.POLLIN, 0.0))

    def close(self) -> None:
        """Close both descriptors; closing twice does nothing."""
        for fd in {self.read_fd, self.write_fd} - {-1}:
            os.close(fd)
        self.read_fd = self.write_fd = -1

    def _read(self, size: int, deadline: float | None, *, may_end: bool = False) -> bytes:
        chunks: list[bytes] = []
        missing = size
        while missing:
            if deadline is not None:
                self._wait(self.read_fd, select.POLLIN, deadline)
            chunk = os.read(self.read_fd, min(missing, 1 << 20))
            if not chunk:
                if may_end and missing == size:
                    raise EndOfStream("the peer closed its end")
                raise ProtocolViolation("the stream ended inside a frame")
            chunks.append(chunk)
            missing -= len(chunk)
        return b"".join(chunks)

    def _write(self, data: memoryview, deadline: float | None) -> None:
        while data:
            try:
                data = data[os.write(self.write_fd, data) :]
            except BlockingIOError:
                self._wait(self.write_fd, select.POLLOUT, deadline)
            except BrokenPipeError:
                raise EndOfStream("the peer closed its end") from None

    def _wait(self, fd: int, event: int, deadline: float | None) -> None:
        remaining = None if deadline is None else deadline - time.monotonic()
        if (remaining is not None and remaining <= 0) or not _poll(fd, event, remaining):
            raise FrameTimeout("no complete frame within the time allowed")


def _poll(fd: int, event: int, timeout: float | None) -> list[tuple[int, int]]:
    poller = select.poll()
    poller.register(fd, event)
    return poller.poll(None if timeout is None else max(0.0, timeout) * 1000)
