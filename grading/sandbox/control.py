"""Control messages to the sandbox server: JSON with descriptors, over a Unix socket."""

from __future__ import annotations

import array
import os
import socket
import struct
from collections import deque

from .frames import EndOfStream, ProtocolViolation, dump_json, load_json

CONTROL_FD = 3
MAX_MESSAGE = 64 << 10
MAX_DESCRIPTORS = 3
_LENGTH = struct.Struct(">I")


class ControlSocket:
    """Sends and receives messages with up to three descriptors each.

    One ``sendmsg`` carries one whole message, so that processes that share the sending end cannot mix theirs.
    """

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self._bytes = bytearray()
        self._descriptors: deque[int] = deque()

    def send(self, message: dict, descriptors: tuple[int, ...] = ()) -> None:
        """Send one message; raises OSError if the other end is gone."""
        data = dump_json({**message, "descriptors": len(descriptors)})
        if len(data) > MAX_MESSAGE or len(descriptors) > MAX_DESCRIPTORS:
            raise ValueError(
                f"a control message of {len(data)} bytes and {len(descriptors)} descriptors is too large"
            )
        payload = _LENGTH.pack(len(data)) + data
        rights = (
            [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
        )
        sent = self.sock.sendmsg([payload], rights)
        while sent < len(payload):
            sent += self.sock.sendmsg([payload[sent:]])

    def receive(self) -> tuple[dict, list[int]]:
        """Return the next message and its descriptors, which the caller owns.

        Raises
        ------
        EndOfStream
            If the other end was closed.
        ProtocolViolation
            If the message is malformed.
        TimeoutError
            If the socket has a timeout and it passed.
        """
        size = _LENGTH.unpack(self._take(_LENGTH.size))[0]
        if size > MAX_MESSAGE:
            raise ProtocolViolation(f"a control message of {size} bytes")
        message = load_json(self._take(size))
        count = message.pop("descriptors", None)
        if type(count) is not int or not 0 <= count <= len(self._descriptors):
            raise ProtocolViolation("a control message without its descriptors")
        return message, [self._descriptors.popleft() for _ in range(count)]

    def has_buffered(self) -> bool:
        """Tell whether a message may be complete already, so that waiting on the socket could be in vain."""
        return bool(self._bytes)

    def close(self) -> None:
        """Close the socket and descriptors that nobody claimed."""
        while self._descriptors:
            os.close(self._descriptors.popleft())
        self.sock.close()

    def _take(self, size: int) -> bytes:
        space = socket.CMSG_SPACE(MAX_DESCRIPTORS * array.array("i").itemsize)
        while len(self._bytes) < size:
            data, ancillary, _, _ = self.sock.recvmsg(MAX_MESSAGE, space)
            for level, kind, payload in ancillary:
                if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
                    received = array.array("i")
                    received.frombytes(payload[: len(payload) - len(payload) % received.itemsize])
                    self._descriptors.extend(received)
            if not data:
                raise EndOfStream("the control socket was closed")
            self._bytes += data
        taken = bytes(self._bytes[:size])
        del self._bytes[:size]
        return taken
