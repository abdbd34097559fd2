"""The weights of a net that is handed in, read from the bytes of an npz file that a stranger wrote."""

from __future__ import annotations

import ast
import io
import math
import struct
import zipfile
import zlib
from collections.abc import Mapping

import numpy as np

from grading.checks.measured import Refused

FILE_BYTES = 200_000
HEADER_BYTES = 1_000
DTYPES = {"<f2", "<f4", "<f8"}
# What zipfile raises on archives that are broken, or made to break it.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    RuntimeError,
    OSError,
    ValueError,
    OverflowError,
    struct.error,
    LookupError,
)


def read_weights(data: object, wanted: Mapping[str, tuple[int, ...]]) -> dict[str, np.ndarray]:
    """Read the arrays that a net needs.

    Parameters
    ----------
    data : object
        Bytes of an npz file, as a student's function returned them.
    wanted : mapping of str to tuple of int
        Shape of every array by name: exactly these are read.

    Returns
    -------
    dict of str to ndarray of float32
        Finite numbers of the wanted shapes.

    Raises
    ------
    Refused
        If the file is not what was agreed; says in what.
    """
    if type(data) is not bytes:
        kind = "None" if data is None else f"a {type(data).__name__}"
        raise Refused(f"the weights must be the bytes of an npz file, got {kind}")
    if len(data) > FILE_BYTES:
        raise Refused(f"the npz file has {len(data):,} bytes; at most {FILE_BYTES:,} are read")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _members(archive.infolist(), wanted)
            return {name: _array(archive, members[name], name, shape) for name, shape in wanted.items()}
    except Refused:
        raise
    except BROKEN as problem:
        raise Refused(
            f"the weights are not an npz file: {type(problem).__name__}: {str(problem)[:120]}"
        ) from None


def _members(
    listed: list[zipfile.ZipInfo], wanted: Mapping[str, tuple[int, ...]]
) -> dict[str, zipfile.ZipInfo]:
    found: dict[str, zipfile.ZipInfo] = {}
    for member in listed:
        name = member.filename.removesuffix(".npy")
        if name not in wanted or not member.filename.endswith(".npy"):
            raise Refused(
                f"the npz file holds {ascii(member.filename)[:60]}, which belongs to no layer of the list: "
                "are these the weights of this net?"
            )
        if name in found:
            raise Refused(f"the npz file holds {name!r} twice")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Refused(f"{name!r} is packed in a way that np.savez and np.savez_compressed never use")
        found[name] = member
    lacking = [name for name in wanted if name not in found]
    if lacking:
        raise Refused(f"the npz file lacks {lacking[0]!r}: are these the weights of this net?")
    return found


def _array(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, shape: tuple[int, ...]
) -> np.ndarray:
    most = HEADER_BYTES + 8 * math.prod(shape)
    # What the archive says of a member's size proves nothing: no more is unpacked than is needed.
    with archive.open(member) as stream:
        content = stream.read(most + 1)
    if len(content) > most:
        raise Refused(f"{name!r} is longer than an array of shape {shape} can be")
    dtype, fortran, start = _header(content, name, shape)
    body = content[start:]
    if len(body) != math.prod(shape) * dtype.itemsize:
        raise Refused(f"{name!r} holds {len(body):,} bytes of numbers, not those of the shape {shape}")
    array = np.frombuffer(body, dtype).reshape(shape, order="F" if fortran else "C")
    with np.errstate(over="ignore"):
        array = np.array(array, dtype=np.float32, order="C")
    if not np.isfinite(array).all():
        raise Refused(f"{name!r} holds numbers that are not finite (NaN or infinite)")
    return array


def _header(content: bytes, name: str, shape: tuple[int, ...]) -> tuple[np.dtype, bool, int]:
    """Read an array's header: a literal, never evaluated as code; returns type, order, and where it ends."""
    if content[:6] != b"\x93NUMPY" or content[6:8] not in (b"\x01\x00", b"\x02\x00", b"\x03\x00"):
        raise Refused(f"{name!r} is no array in NumPy's format")
    wide = content[6] > 1
    (length,) = struct.unpack("<I" if wide else "<H", content[8:12] if wide else content[8:10])
    start = (12 if wide else 10) + length
    if length > HEADER_BYTES:
        raise Refused(f"{name!r} has a header of {length:,} bytes; at most {HEADER_BYTES:,} are read")
    try:
        header = ast.literal_eval(content[start - length : start].decode("latin-1").strip())
    except (ValueError, SyntaxError, RecursionError, MemoryError):
        raise Refused(f"{name!r} has a header that cannot be read") from None
    if type(header) is not dict or set(header) != {"descr", "fortran_order", "shape"}:
        raise Refused(f"{name!r} has a header that cannot be read")
    if type(header["descr"]) is not str or header["descr"] not in DTYPES:
        came = ascii(header["descr"])[:30]
        raise Refused(
            f"{name!r} has elements of type {came}; taken are float16, float32 and float64, and nothing that "
            "would have to be unpickled"
        )
    if header["shape"] != shape:
        raise Refused(
            f"{name!r} has the shape {ascii(header['shape'])[:40]}; the list of layers asks for {shape}"
        )
    return np.dtype(header["descr"]), header["fortran_order"] is True, start
