"""The values that may cross the boundary, as JSON nodes and raw bytes; never pickle.

Exactly None, bool, int, float, complex, str, bytes, list, tuple, set, dict with plain keys, and NumPy scalars
and arrays of the dtypes in ``DTYPES``. The sending side may ask that subclasses and array-likes are resolved
(``resolve=True``): only the sandbox does, because resolving runs the object's own code. Decoding trusts
nothing and builds fresh objects.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from .frames import ProtocolViolation

_DTYPE_NAMES = """
    bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 complex64 complex128
"""
DTYPES = {name: np.dtype(name) for name in _DTYPE_NAMES.split()}
_SCALAR_TYPES = frozenset(dtype.type for dtype in DTYPES.values())
MAX_NESTING = 24
MAX_VALUE_NODES = 60_000
MAX_INTEGER_BITS = 1 << 16
MAX_DIMENSIONS = 32
MAX_KEYS = 4096  # of one set or dictionary: keys made to collide cost the square of their number
MAX_VALUE_BYTES = 128 << 20

_PLAIN_BASES = (int, float, complex, str, bytes, list, tuple, set, dict)
_COPIERS = {
    int: int.__int__,
    float: float.__float__,
    complex: complex.__pos__,
    str: str.__str__,
    bytes: lambda value: bytes.__getitem__(value, slice(None)),
}


class Unsupported(TypeError):
    """A value that cannot cross the boundary; the text says which and why."""


class Encoder:
    """Turns values into JSON nodes and a list of buffers that go into the frame's raw part, in order.

    Parameters
    ----------
    resolve : bool
        Turn subclasses into their plain base and objects with ``__array__`` into arrays. This runs the
        objects' own code, so only the sandbox may ask for it.
    opaque : callable, optional
        Gets every object that cannot cross and returns the number of a handle that stands for it.

    Attributes
    ----------
    callback : callable or None
        Gets every object that cannot cross, before `opaque` does, and returns the number of the call's own
        function that it is, or None.
    """

    def __init__(self, *, resolve: bool = False, opaque: Callable[[object], int] | None = None) -> None:
        self.callback: Callable[[object], int | None] | None = None
        self.buffers: list[memoryview] = []
        self.size = 0
        self._resolve = resolve
        self._opaque = opaque
        self._nodes = 0

    def encode(self, value: object, depth: int = 0) -> object:
        """Return the JSON node of ``value``; raises `Unsupported` if it cannot cross."""
        self._nodes += 1
        if self._nodes > MAX_VALUE_NODES:
            raise Unsupported(f"a value with more than {MAX_VALUE_NODES} elements outside arrays")
        if depth > MAX_NESTING:
            raise Unsupported(f"a value nested deeper than {MAX_NESTING} levels")
        kind = type(value)
        if value is None or kind is bool:
            return value
        if kind is str:
            return value.encode("utf-8", "replace").decode("utf-8")
        if kind is int:
            if value.bit_length() > MAX_INTEGER_BITS:
                raise Unsupported(f"an integer of more than {MAX_INTEGER_BITS} bits")
            return ["i", format(value, "x")]
        if kind is float:
            return ["f", value.hex()]
        if kind is complex:
            return ["c", value.real.hex(), value.imag.hex()]
        if kind is bytes:
            return ["y", self._buffer(memoryview(value))]
        if kind in (set, dict) and len(value) > MAX_KEYS:
            raise Unsupported(f"a {kind.__name__} of more than {MAX_KEYS} elements")
        if kind is list or kind is tuple or kind is set:
            # A snapshot first: a nested object's own code may change the container while it is walked.
            return [
                {list: "l", tuple: "t", set: "s"}[kind],
                *[self.encode(item, depth + 1) for item in list(value)],
            ]
        if kind is dict:
            return ["d", *[node for pair in list(value.items()) for node in self._item(*pair, depth + 1)]]
        if kind is np.ndarray:
            return self._array(value)
        if kind in _SCALAR_TYPES:
            return ["n", value.dtype.name, self._buffer(memoryview(value.tobytes()))]
        if self._resolve:
            resolved = _resolved(value)
            if resolved is not value:
                return self.encode(resolved, depth)
        return self._handle(value)

    def _item(self, key: object, value: object, depth: int) -> tuple[object, object]:
        if not _is_plain_key(key):
            raise Unsupported(f"a dictionary key of type {type(key).__name__}")
        return self.encode(key, depth), self.encode(value, depth)

    def _array(self, array: np.ndarray) -> object:
        name = array.dtype.name
        if name not in DTYPES or array.ndim > MAX_DIMENSIONS:
            return self._handle(array)
        if array.nbytes > MAX_VALUE_BYTES:
            raise Unsupported(f"an array of {array.nbytes} bytes, at most {MAX_VALUE_BYTES} can cross")
        # ravel, because memoryviews of some shapes and of zero dimensions cannot be cast to bytes.
        flat = np.array(array, dtype=DTYPES[name], order="C", copy=True, subok=False).ravel()
        return ["a", name, list(array.shape), self._buffer(memoryview(flat.view(np.uint8)))]

    def _handle(self, value: object) -> object:
        number = None if self.callback is None else self.callback(value)
        if number is not None:
            return ["b", number]
        if self._opaque is None:
            raise Unsupported(f"a value of type {type(value).__name__} cannot cross the boundary")
        return ["h", self._opaque(value)]

    def _buffer(self, view: memoryview) -> int:
        self.size += len(view)
        if self.size > MAX_VALUE_BYTES:
            raise Unsupported(f"values of more than {MAX_VALUE_BYTES} bytes together")
        if len(view):
            self.buffers.append(view)
        return len(view)


class Decoder:
    """Turns JSON nodes and the raw part of one frame back into values.

    Parameters
    ----------
    raw : bytes
        The frame's raw part. Nodes consume it in order; ``finish`` checks that nothing is left over.
    handle : callable, optional
        Gets the number of a handle and returns what stands for it. Without it handles are violations.

    Attributes
    ----------
    callback : callable or None
        Gets the number of a function of the call and returns what stands for it. Without it these are
        violations.
    """

    def __init__(self, raw: bytes, *, handle: Callable[[int], object] | None = None) -> None:
        self.callback: Callable[[int], object] | None = None
        self._raw = memoryview(raw)
        self._position = 0
        self._handle = handle

    def decode(self, node: object, depth: int = 0) -> object:
        """Return the value of ``node``.

        Raises
        ------
        ProtocolViolation
            If the node is not exactly what `Encoder` would have written.
        """
        if depth > MAX_NESTING:
            raise ProtocolViolation("a value nested too deep")
        if node is None or type(node) is bool or type(node) is str:
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise ProtocolViolation("a value node must be null, a boolean, a string or a tagged list")
        reader = self._READERS.get(node[0])
        if reader is None:
            raise ProtocolViolation("a value node with an unknown tag")
        return reader(self, node[1:], depth)

    def finish(self) -> None:
        """Check that the raw part was consumed to its last byte."""
        if self._position != len(self._raw):
            raise ProtocolViolation("raw bytes that no value uses")

    def _take(self, size: object) -> memoryview:
        if type(size) is not int or not 0 <= size <= len(self._raw) - self._position:
            raise ProtocolViolation("a value claims more raw bytes than the frame holds")
        view = self._raw[self._position : self._position + size]
        self._position += size
        return view

    def _integer(self, fields: list, depth: int) -> int:
        (digits,) = _fields(fields, str)
        if len(digits) > MAX_INTEGER_BITS // 4 + 2 or not digits.isascii():
            raise ProtocolViolation("an integer that is too long")
        body = digits.removeprefix("-")
        if not body or body.strip("0123456789abcdef"):
            raise ProtocolViolation("an integer that is not hexadecimal")
        return int(digits, 16)

    def _float(self, fields: list, depth: int) -> float:
        return _float_from_hex(*_fields(fields, str))

    def _complex(self, fields: list, depth: int) -> complex:
        real, imaginary = _fields(fields, str, str)
        return complex(_float_from_hex(real), _float_from_hex(imaginary))

    def _bytes(self, fields: list, depth: int) -> bytes:
        return bytes(self._take(*_fields(fields, int)))

    def _list(self, fields: list, depth: int) -> list:
        return [self.decode(field, depth + 1) for field in fields]

    def _tuple(self, fields: list, depth: int) -> tuple:
        return tuple(self._list(fields, depth))

    def _set(self, fields: list, depth: int) -> set:
        if len(fields) > MAX_KEYS:
            raise ProtocolViolation("a set with too many elements")
        items = self._list(fields, depth)
        if not all(_is_plain_key(item) for item in items):
            raise ProtocolViolation("a set with an element that is not plain")
        return set(items)

    def _dict(self, fields: list, depth: int) -> dict:
        if len(fields) % 2 or len(fields) > 2 * MAX_KEYS:
            raise ProtocolViolation("a dictionary with a key and no value, or with too many keys")
        items = self._list(fields, depth)
        if not all(_is_plain_key(key) for key in items[::2]):
            raise ProtocolViolation("a dictionary key that is not plain")
        return dict(zip(items[::2], items[1::2]))

    def _scalar(self, fields: list, depth: int) -> np.generic:
        name, size = _fields(fields, str, int)
        dtype = _dtype(name)
        if size != dtype.itemsize:
            raise ProtocolViolation(f"a {name} scalar of {size} bytes")
        return np.frombuffer(_normal_booleans(self._take(size), dtype), dtype)[0]

    def _array(self, fields: list, depth: int) -> np.ndarray:
        name, shape, size = _fields(fields, str, list, int)
        dtype = _dtype(name)
        if len(shape) > MAX_DIMENSIONS or any(type(length) is not int or length < 0 for length in shape):
            raise ProtocolViolation("an array with an impossible shape")
        if math.prod(shape) * dtype.itemsize != size:
            raise ProtocolViolation("an array whose shape does not fit its bytes")
        try:
            array = np.frombuffer(_normal_booleans(self._take(size), dtype), dtype).reshape(shape)
        except (ValueError, OverflowError) as error:
            raise ProtocolViolation(f"an array with an impossible shape: {error}") from None
        return array.copy()

    def _opaque(self, fields: list, depth: int) -> object:
        (number,) = _fields(fields, int)
        if self._handle is None:
            raise ProtocolViolation("a handle where a plain value belongs")
        return self._handle(number)

    def _function(self, fields: list, depth: int) -> object:
        (number,) = _fields(fields, int)
        if self.callback is None:
            raise ProtocolViolation("a function of a call where a plain value belongs")
        return self.callback(number)

    _READERS = {
        "i": _integer,
        "f": _float,
        "c": _complex,
        "y": _bytes,
        "l": _list,
        "t": _tuple,
        "s": _set,
        "d": _dict,
        "n": _scalar,
        "a": _array,
        "h": _opaque,
        "b": _function,
    }


def _resolved(value: object) -> object:
    """Return the plain value behind a subclass or an array-like, else ``value``; runs the object's code."""
    kind = type(value)  # and never __class__, which an object may lie about
    if issubclass(kind, type):
        return value
    if issubclass(kind, np.ndarray):
        return np.array(value, copy=True, subok=False)
    for base in _PLAIN_BASES:
        if issubclass(kind, base):
            return _plain_copy(value, base)
    if hasattr(kind, "__array__") and not issubclass(kind, np.generic):
        array = np.asarray(value)
        return np.array(array, copy=True, subok=False)
    return value


def _plain_copy(value: object, base: type) -> object:
    # The base's own slots, called unbound, so that an overridden __iter__ or __int__ has no say.
    if base in _COPIERS:
        return _COPIERS[base](value)
    if base is dict:
        return dict(dict.items(value))
    return base(base.__iter__(value))


def _is_plain_key(key: object) -> bool:
    if type(key) is tuple:
        return all(_is_plain_key(item) for item in key)
    return key is None or type(key) in (bool, int, float, complex, str, bytes)


def _fields(fields: list, *kinds: type) -> list:
    if [type(field) for field in fields] != list(kinds):
        raise ProtocolViolation("a value node with fields of the wrong number or kind")
    return fields


def _dtype(name: str) -> np.dtype:
    if name not in DTYPES:
        raise ProtocolViolation("an array of a dtype that may not cross")
    return DTYPES[name]


def _float_from_hex(text: str) -> float:
    if len(text) > 32:
        raise ProtocolViolation("a float that is too long")
    try:
        return float.fromhex(text)
    except (ValueError, OverflowError):
        raise ProtocolViolation("a float that is not hexadecimal") from None


def _normal_booleans(view: memoryview, dtype: np.dtype) -> memoryview:
    # A NumPy bool with another bit pattern than 0 or 1 is undefined behaviour wherever it is used.
    if dtype.kind == "b" and len(view) and np.frombuffer(view, np.uint8).max() > 1:
        raise ProtocolViolation("a boolean that is neither 0 nor 1")
    return view
