"""Which bytes may be embedded as a picture: a PNG made of nothing but the four chunks that draw it.

The checker re-encodes every picture. The engine does not decode again (a decoder is no place for a stranger's
bytes): it walks the container and refuses whatever a re-encoded picture cannot contain.
"""

from __future__ import annotations

import base64
import binascii
import struct
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_ALLOWED = (b"IHDR", b"PLTE", b"tRNS", b"pHYs", b"IDAT", b"IEND")
_LARGEST_SIDE = 8192
_LARGEST_BYTES = 4_000_000


def is_plain_png(encoded: str) -> bool:
    """Tell whether base64 text is a well-formed PNG of allowed chunks and modest size.

    Parameters
    ----------
    encoded : str
        Base64, as notebooks keep pictures.

    Returns
    -------
    bool
        True only if the signature, every chunk's name, length and checksum, and the declared size are
        acceptable, and nothing follows the last chunk.
    """
    if len(encoded) > _LARGEST_BYTES * 4 // 3 + 4:
        return False
    try:
        data = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        return False
    if not data.startswith(SIGNATURE):
        return False
    position, names = len(SIGNATURE), []
    while position < len(data):
        if position + 12 > len(data):
            return False
        length, name = struct.unpack_from(">I4s", data, position)
        end = position + 12 + length
        if name not in _ALLOWED or end > len(data):
            return False
        if zlib.crc32(data[position + 4 : end - 4]) != struct.unpack_from(">I", data, end - 4)[0]:
            return False
        if not names and not (name == b"IHDR" and length == 13 and _modest(data, position + 8)):
            return False
        names.append(name)
        position = end
        if name == b"IEND":
            break
    return (
        position == len(data) and names[-1:] == [b"IEND"] and b"IDAT" in names and names.count(b"IHDR") == 1
    )


def _modest(data: bytes, position: int) -> bool:
    width, height = struct.unpack_from(">II", data, position)
    return 0 < width <= _LARGEST_SIDE and 0 < height <= _LARGEST_SIDE
