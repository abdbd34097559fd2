"""Pictures in a student's outputs, decoded and written anew: what is stored holds pixels and nothing else."""

from __future__ import annotations

import base64
import binascii
import io
import warnings

from PIL import Image

MAX_ENCODED = 12 << 20
MAX_PIXELS = 6_000_000
MAX_SIDE = 8_000
FORMATS = ("PNG", "JPEG")


def reencode(data: object) -> str | None:
    """Decode a PNG or JPEG picture and encode its pixels as a fresh PNG.

    Parameters
    ----------
    data : object
        Base64 text as notebooks hold it; anything else is refused.

    Returns
    -------
    str or None
        Base64 of a PNG without metadata; None if the data are no picture, too large, or of another format.
    """
    if type(data) is not str or len(data) > MAX_ENCODED:
        return None
    try:
        raw = base64.b64decode("".join(data.split()).encode("ascii"), validate=True)
        picture = _pixels(raw)
    # Decoders raise whatever their parsers run into; a picture that does not decode is no picture.
    except (
        OSError,
        ValueError,
        SyntaxError,
        binascii.Error,
        MemoryError,
        Image.DecompressionBombError,
        KeyError,
    ):
        return None
    except (TypeError, AttributeError, IndexError, OverflowError, EOFError, ZeroDivisionError, RuntimeError):
        return None
    if picture is None:
        return None
    written = io.BytesIO()
    picture.save(written, format="PNG", compress_level=3)
    return base64.b64encode(written.getvalue()).decode("ascii")


def _pixels(raw: bytes) -> Image.Image | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            width, height = opened.size
            if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
                return None
            mode = "RGBA" if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info else "RGB"
            if opened.mode in ("1", "L"):
                mode = "L"
            converted = opened.convert(mode)
    # A new image, so that no text chunk, profile or comment of the original is carried along.
    fresh = Image.new(mode, converted.size)
    fresh.paste(converted)
    return fresh
