"""Values cross unchanged, and no node makes the decoder do anything but return a value or refuse."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grading.sandbox.frames import ProtocolViolation, dump_json, load_json
from grading.sandbox.values import DTYPES, MAX_KEYS, MAX_VALUE_NODES, Decoder, Encoder, Unsupported

keys = (
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=5)
    | st.binary(max_size=5)
)
arrays = st.sampled_from(sorted(DTYPES)).flatmap(
    lambda name: hnp.arrays(DTYPES[name], hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4))
)
values = st.recursive(
    keys | st.floats() | st.complex_numbers() | arrays,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=3).map(tuple)
        | st.sets(keys, max_size=4)
        | st.dictionaries(keys | st.tuples(keys, keys), inner, max_size=4)
    ),
    max_leaves=12,
)
nodes = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 2**62) | st.text("0123456789abcdef-xpn.", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=5)
        | st.builds(
            lambda tag, rest: [tag, *rest], st.sampled_from("ifcyltsdnah"), st.lists(inner, max_size=4)
        )
        | st.builds(
            lambda name, shape, size: ["a", name, shape, size],
            st.sampled_from(["float64", "bool", "object", "int8", "O"]),
            st.lists(st.sampled_from([0, 1, 2, 8, -1, 2**40, 2**62, True]), max_size=40),
            st.integers(-1, 64),
        )
    ),
    max_leaves=15,
)


def _carry(value: object) -> object:
    """Send a value through encoder, JSON, decoder."""
    encoder = Encoder()
    message = load_json(dump_json({"value": encoder.encode(value)}))
    decoder = Decoder(b"".join(bytes(buffer) for buffer in encoder.buffers))
    result = decoder.decode(message["value"])
    decoder.finish()
    return result


def _same(a: object, b: object) -> bool:
    if type(a) is not type(b):
        return False
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes()
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, dict):
        return len(a) == len(b) and all(
            _same(x, y) for p, q in zip(a.items(), b.items()) for x, y in zip(p, q)
        )
    if isinstance(a, float):
        return (math.isnan(a) and math.isnan(b)) or a.hex() == b.hex()
    if isinstance(a, complex):
        return _same([a.real, a.imag], [b.real, b.imag])
    return a == b


@given(values)
@settings(max_examples=300, deadline=None, derandomize=True)
def test_round_trip(value: object) -> None:
    assert _same(_carry(value), value)


@given(nodes, st.binary(max_size=64))
@settings(max_examples=600, deadline=None, derandomize=True)
def test_any_node_is_a_value_or_a_violation(node: object, raw: bytes) -> None:
    decoder = Decoder(raw)
    try:
        decoder.decode(node)
        decoder.finish()
    except ProtocolViolation:
        pass


@pytest.mark.parametrize("value", [True, 1, 1.0, np.float64(1.0), np.int64(1), np.bool_(True), np.float32(1)])
def test_kinds_that_compare_equal_stay_apart(value: object) -> None:
    assert type(_carry(value)) is type(value)


@pytest.mark.parametrize("name", sorted(DTYPES))
def test_foreign_byte_order_becomes_native(name: str) -> None:
    array = np.arange(3).astype(DTYPES[name].newbyteorder(">"))
    result = _carry(array)
    assert result.dtype == DTYPES[name]
    np.testing.assert_array_equal(result, array)


def test_decoded_arrays_are_fresh_and_writeable() -> None:
    array = np.zeros(3)
    result = _carry(array)
    result[0] = 1
    assert array[0] == 0


def test_surrogates_are_replaced() -> None:
    assert _carry("a\ud800b") == "a?b"


@pytest.mark.parametrize(
    "value",
    [
        object(),
        lambda: 1,
        int,
        frozenset(),
        bytearray(b"x"),
        np.array([None]),
        np.array(["a"]),
        np.array([1], "datetime64[s]"),
        np.zeros(2, [("a", int)]),
        np.longdouble(1),
        np.ma.masked_array([1]),
        type("I", (int,), {})(1),
        [object()],
        {frozenset(): 1},
        1 << 70_000,
        dict.fromkeys(range(MAX_KEYS + 1)),
        list(range(MAX_VALUE_NODES)),
        np.zeros((1,) * 33) if np.lib.NumpyVersion(np.__version__) >= "2.0.0" else object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_unsupported_values_are_refused_without_resolving(value: object) -> None:
    with pytest.raises(Unsupported):
        Encoder().encode(value)


def test_cycles_and_depth_are_refused() -> None:
    loop: list = []
    loop.append(loop)
    with pytest.raises(Unsupported, match="deeper"):
        Encoder().encode(loop)


def test_opaque_objects_become_handles() -> None:
    held = []
    encoder = Encoder(opaque=lambda value: held.append(value) or len(held))
    node = encoder.encode([object, 1])
    assert held == [object]
    assert Decoder(b"", handle=lambda number: f"handle {number}").decode(node) == ["handle 1", 1]
    with pytest.raises(ProtocolViolation, match="handle"):
        Decoder(b"").decode(node)


@pytest.mark.parametrize(
    "node",
    [
        1,
        1.5,
        [],
        {},
        ["x"],
        [1],
        ["i", 5],
        ["i", ""],
        ["i", "-"],
        ["i", "0x5"],
        ["i", " 5"],
        ["i", "5_5"],
        ["i", "٣"],
        ["i", "f" * 20_000],
        ["f", "abc"],
        ["f", "0x1p99999"],
        ["f", "1" * 50],
        ["y", -1],
        ["y", 9],
        ["y", True],
        ["s", ["l"]],
        ["d", None],
        ["d", ["l"], None],
        ["n", "float64", 4],
        ["n", "object", 8],
        ["a", "float64", [2], 8],
        ["a", "float64", [-1], 8],
        ["a", "float64", [True], 8],
        ["a", "float64", [1.0], 8],
        ["a", "float64", [2**61, 8], 0],
        ["a", "float64", [0, 2**63], 0],
        ["a", "float64", [1] * 40, 8],
        ["a", "<f8", [1], 8],
        ["a", "O", [1], 8],
        ["h", 1],
    ],
    ids=str,
)
def test_bad_nodes_are_violations(node: object) -> None:
    with pytest.raises(ProtocolViolation):
        decoder = Decoder(bytes(8))
        decoder.decode(node)
        decoder.finish()


def test_booleans_that_are_neither_are_refused() -> None:
    with pytest.raises(ProtocolViolation, match="boolean"):
        Decoder(b"\x02").decode(["a", "bool", [1], 1])


def test_left_over_bytes_are_a_violation() -> None:
    with pytest.raises(ProtocolViolation, match="no value uses"):
        Decoder(b"x").finish()


def test_depth_is_bounded_when_decoding() -> None:
    node: object = None
    for _ in range(100):
        node = ["l", node]
    with pytest.raises(ProtocolViolation, match="deep"):
        Decoder(b"").decode(node)


class TestResolving:
    def test_an_object_that_lies_about_its_class_is_opaque(self) -> None:
        class Liar:
            __class__ = property(lambda self: list)

        with pytest.raises(Unsupported):
            Encoder(resolve=True).encode(Liar())

    def test_overridden_conversions_have_no_say(self) -> None:
        class F(float):
            def __float__(self) -> float:
                return 9.0

        class D(dict):
            def items(self) -> list:
                return [("lie", 1)]

        result = Decoder(b"").decode(Encoder(resolve=True).encode([F(1.5), D(a=2)]))
        assert result == [1.5, {"a": 2}]
        assert [type(item) for item in result] == [float, dict]

    def test_record_and_masked_arrays_become_arrays(self) -> None:
        for value in (np.zeros(2).view(np.recarray), np.ma.masked_array([1.0, 2.0], [True, False])):
            node = Encoder(resolve=True).encode(value)
            assert node[:3] == ["a", "float64", list(value.shape)]
