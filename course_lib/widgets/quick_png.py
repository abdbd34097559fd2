"""Writes a picture as PNG faster than a general encoder, which tries five filters on every row."""

from __future__ import annotations

import struct
import zlib

import numpy as np

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_EIGHT_BITS, _RGBA = 8, 6
_MINUS_ROW_ABOVE = 2


def quick_png(pixels: np.ndarray) -> bytes:
    """Encode a picture without loss; for one that stays on this machine, where time counts more than size.

    Every row is stored as its difference from the one above: where a figure is plain that is all zeros, which
    run-length coding takes in one go.

    Parameters
    ----------
    pixels : uint8 array (height, width, 4)
        Red, green, blue and opacity.

    Returns
    -------
    bytes
        A PNG file.

    Raises
    ------
    ValueError
        If `pixels` has another shape or type.

    Notes
    -----
    Portable Network Graphics (PNG) Specification, second edition, W3C, 2003.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or pixels.size == 0:
        raise ValueError(
            f"pixels must be uint8 of shape (height, width, 4), got {pixels.dtype} {pixels.shape}"
        )
    height, width, _ = pixels.shape
    rows = pixels.reshape(height, -1)
    data = np.empty((height, 1 + rows.shape[1]), np.uint8)
    data[:, 0] = _MINUS_ROW_ABOVE
    data[0, 1:] = rows[0]
    np.subtract(rows[1:], rows[:-1], out=data[1:, 1:])
    coder = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS, 9, zlib.Z_RLE)
    header = struct.pack(">IIBBBBB", width, height, _EIGHT_BITS, _RGBA, 0, 0, 0)
    body = coder.compress(data.data) + coder.flush()
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(data, zlib.crc32(kind)))
