"""The wire format: frames cross whole, and anything else is a violation, never a crash or a hang."""

import contextlib
import json
import os
import struct
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.sandbox.frames import (
    HEADER,
    MAGIC,
    Channel,
    EndOfStream,
    FrameTimeout,
    ProtocolViolation,
    dump_json,
    load_json,
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**18), 10**18)
    | st.floats(allow_nan=False, allow_infinity=False)
    # Half of the strings are full of what structure is made of.
    | st.text(st.characters(exclude_categories=["Cs"]))
    | st.text('[]{}",:\\u0'),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text('ab"\\{'), inner, max_size=4),
    max_leaves=20,
)


@pytest.fixture
def ends() -> Iterator[tuple[Channel, Channel]]:
    a_read, b_write = os.pipe()
    b_read, a_write = os.pipe()
    pair = Channel(a_read, a_write, max_raw=1 << 20), Channel(b_read, b_write, max_raw=1 << 20)
    yield pair
    for channel in pair:
        channel.close()


def _receive_bytes(data: bytes) -> tuple[dict, bytes]:
    """Receive one frame from a stream that holds exactly ``data``."""
    read, write = os.pipe()
    channel = Channel(read, -1, max_raw=1 << 16)
    try:
        os.write(write, data)
        os.close(write)
        return channel.receive(timeout=5.0)
    finally:
        channel.close()


class TestJson:
    @given(st.dictionaries(st.text("abc"), json_values, max_size=4))
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_round_trip(self, message: dict) -> None:
        assert load_json(dump_json(message)) == message

    @given(st.binary(max_size=200))
    @settings(max_examples=300, deadline=None, derandomize=True)
    def test_any_bytes_are_an_object_or_a_violation(self, data: bytes) -> None:
        with contextlib.suppress(ProtocolViolation):
            assert type(load_json(data)) is dict

    @given(st.text('{}[]",:\\ua0e1-.'), st.data())
    @settings(max_examples=300, deadline=None, derandomize=True)
    def test_depth_is_never_underestimated(self, text: str, data: st.DataObject) -> None:
        try:
            decoded = json.loads(text)
        except ValueError:
            return
        limit = data.draw(st.integers(1, 4))
        if _depth(decoded) > limit:
            with pytest.raises(ProtocolViolation):
                load_json(text.encode(), max_depth=limit)

    @pytest.mark.parametrize(
        "text",
        [
            '{"a": NaN}',
            '{"a": Infinity}',
            '{"a": 1, "a": 2}',
            '{"a": "\\ud800"}',
            '{"\\udfff": 1}',
            '{"a": 123456789012345678901}',
            '{"a": 1} {}',
            "[1]",
            "1",
            "",
            '{"a": "unterminated',
            '{"a": "\\\\"",}',
        ],
    )
    def test_what_strict_json_forbids(self, text: str) -> None:
        with pytest.raises(ProtocolViolation):
            load_json(text.encode())

    def test_invalid_utf8(self) -> None:
        with pytest.raises(ProtocolViolation):
            load_json(b'{"a": "\xff"}')

    def test_brackets_inside_strings_do_not_count(self) -> None:
        message = {"a": "[" * 1000 + '"' + "{" * 1000 + "\\"}
        assert load_json(dump_json(message)) == message

    @pytest.mark.parametrize(
        "bomb", [b"[" * 500_000, b'{"a":' * 100_000, b"[" * 33 + b"]" * 33, b'["\\"' * 200_000]
    )
    def test_deep_json_is_refused_at_once(self, bomb: bytes) -> None:
        began = time.thread_time()
        with pytest.raises(ProtocolViolation):
            load_json(b'{"a":' + bomb)
        assert time.thread_time() - began < 1.0

    def test_wide_json_is_refused(self) -> None:
        with pytest.raises(ProtocolViolation, match="nodes"):
            load_json(b'{"a":[' + b"0," * 300_000 + b"0]}")

    @pytest.mark.parametrize("unit", [b'\\"', b'"', b"\\", b'"\\', b'"[\\"'])
    def test_quotes_and_escapes_cost_linear_time(self, unit: bytes) -> None:
        began = time.thread_time()
        with pytest.raises(ProtocolViolation):
            load_json(b'{"a":"' + unit * (1_000_000 // len(unit)))
        assert time.thread_time() - began < 2.0

    def test_nan_cannot_be_sent(self) -> None:
        with pytest.raises(ValueError, match="JSON"):
            dump_json({"a": float("nan")})


def _depth(value: object) -> int:
    if isinstance(value, dict):
        value = list(value.values())
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


class TestChannel:
    @given(
        st.dictionaries(st.text("abc"), json_values, max_size=3), st.lists(st.binary(max_size=50), max_size=4)
    )
    @settings(max_examples=50, deadline=None, derandomize=True)
    def test_round_trip(self, message: dict, parts: list[bytes]) -> None:
        read, write = os.pipe()
        channel = Channel(read, write)
        try:
            channel.send(message, parts)
            assert channel.receive(timeout=5.0) == (message, b"".join(parts))
        finally:
            channel.close()

    @given(st.binary(max_size=300))
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_any_bytes_are_a_frame_an_end_or_a_violation(self, data: bytes) -> None:
        with pytest.raises((ProtocolViolation, EndOfStream)):
            _receive_bytes(data)

    @given(st.binary(max_size=60), st.integers(0, 60))
    @settings(max_examples=200, deadline=None, derandomize=True)
    def test_any_bytes_behind_a_good_header_are_harmless(self, body: bytes, json_size: int) -> None:
        try:
            message, raw = _receive_bytes(HEADER.pack(MAGIC, json_size, max(0, len(body) - json_size)) + body)
        except ProtocolViolation:
            return
        assert type(message) is dict
        assert len(raw) == len(body) - json_size

    def test_more_than_a_pipe_holds_crosses(self, ends: tuple[Channel, Channel]) -> None:
        here, there = ends
        big = os.urandom(1 << 20)
        sender = threading.Thread(target=here.send, args=({"n": 1}, [big]), kwargs={"timeout": 10.0})
        sender.start()
        assert there.receive(timeout=10.0) == ({"n": 1}, big)
        sender.join()

    def test_end_between_frames_is_told_from_an_end_inside_one(self) -> None:
        with pytest.raises(EndOfStream):
            _receive_bytes(b"")
        whole = HEADER.pack(MAGIC, 2, 0) + b"{}"
        assert _receive_bytes(whole) == ({}, b"")
        for cut in range(1, len(whole)):
            with pytest.raises(ProtocolViolation, match="inside a frame"):
                _receive_bytes(whole[:cut])

    @pytest.mark.parametrize(("json_size", "raw_size"), [(2**32 - 1, 0), (2, 2**64 - 1), (2, (1 << 16) + 1)])
    def test_sizes_beyond_the_caps_are_refused_unread(self, json_size: int, raw_size: int) -> None:
        with pytest.raises(ProtocolViolation, match="at most"):
            _receive_bytes(struct.pack(">4sIQ", MAGIC, json_size, raw_size) + b"{}")

    def test_too_large_a_frame_is_not_begun(self, ends: tuple[Channel, Channel]) -> None:
        here, there = ends
        with pytest.raises(ValueError, match="raw part"):
            here.send({}, [bytes((1 << 20) + 1)])
        with pytest.raises(ValueError, match="JSON part"):
            here.send({"a": "x" * (1 << 20)})
        assert not there.pending()

    def test_slow_peers_time_out(self, ends: tuple[Channel, Channel]) -> None:
        here, there = ends
        with pytest.raises(FrameTimeout):
            there.receive(timeout=0.05)
        os.write(here.write_fd, MAGIC)
        with pytest.raises(FrameTimeout):
            there.receive(timeout=0.05)
        with pytest.raises(FrameTimeout):
            here.send({}, [bytes(1 << 20)], timeout=0.05)

    def test_writing_to_a_closed_end(self, ends: tuple[Channel, Channel]) -> None:
        here, there = ends
        there.close()
        with pytest.raises(EndOfStream):
            here.send({"a": 1}, timeout=1.0)
