"""Reads idx files, the format in which MNIST and Fashion-MNIST are published."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from pathlib import Path

import numpy as np

from course_lib.data.embedded import DamagedFileError

GZIP_MAGIC = b"\x1f\x8b"
TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}


def read_idx(path: str | Path, *, checksum: str = "") -> np.ndarray:
    """Return the array of an idx file, packed with gzip or not.

    The header is two zero bytes, the code of a type, the number of dimensions, and each size as a big-endian
    32-bit integer; the values follow in row order, big-endian too.

    Parameters
    ----------
    path : str or Path
        The file.
    checksum : str
        ``"sha256:…"`` or ``"md5:…"`` of the unpacked bytes; empty if they are not compared.

    Returns
    -------
    ndarray
        In the machine's byte order; the caller's own.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    DamagedFileError
        If the bytes are not those of the checksum, not packed as they should be, or no idx file.

    Notes
    -----
    LeCun, Cortes and Burges, The MNIST database of handwritten digits (1998), "File formats".
    """
    path = Path(path)
    content = path.read_bytes()
    if content.startswith(GZIP_MAGIC):
        try:
            content = gzip.decompress(content)
        except (EOFError, OSError, zlib.error) as problem:
            raise DamagedFileError(
                f"{path} cannot be unpacked ({problem}): delete it and fetch it again"
            ) from None
    if checksum:
        compare_checksum(content, checksum, path)
    if len(content) < 4 or content[:2] != b"\0\0" or content[2] not in TYPES:
        raise DamagedFileError(
            f"{path} is no idx file: it starts with {content[:4].hex() or 'nothing'}, expected two zeros "
            f"and one of the types {', '.join(f'{code:02x}' for code in TYPES)}"
        )
    dtype, dimensions = np.dtype(TYPES[content[2]]), content[3]
    start = 4 + 4 * dimensions
    if len(content) < start:
        raise DamagedFileError(
            f"{path} ends within its header: {len(content)} bytes, expected {start} or more"
        )
    shape = tuple(np.frombuffer(content, ">u4", count=dimensions, offset=4).tolist())
    # Python's integers: a damaged header must not overflow into a plausible size.
    expected = dtype.itemsize
    for size in shape:
        expected *= size
    if len(content) - start != expected:
        raise DamagedFileError(
            f"{path} holds {len(content) - start} bytes of values, expected {expected} for {shape} of {dtype}"
        )
    return np.frombuffer(content, dtype, offset=start).reshape(shape).astype(dtype.newbyteorder("="))


def compare_checksum(content: bytes, checksum: str, path: Path) -> None:
    """Raise DamagedFileError, naming `path`, unless `content` has the checksum ``"algorithm:digits"``."""
    algorithm, _, expected = checksum.partition(":")
    found = hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()
    if found != expected:
        raise DamagedFileError(
            f"{path} is not the published file: its {algorithm} is {found}, expected {expected}. "
            "Delete it and fetch it again."
        )
