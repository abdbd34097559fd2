"""Text that came from a student, made safe to store and to print: no control characters, no escapes, bounded
length.
"""

from __future__ import annotations

import re

ELLIPSIS = " … [cut]"
_ESCAPES = re.compile(r"\x1b(?:\[[0-9;:?<=>]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[ -/]*[0-~])?")
# Line separators and direction overrides make a text read differently from what it says.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


def clean_text(text: object, limit: int = 4_000) -> str:
    """Strip terminal escapes and control characters, and cut what is too long.

    Parameters
    ----------
    text : object
        A string; anything else gives the empty text, and no method of it is called.
    limit : int
        Largest number of characters kept.

    Returns
    -------
    str
        Printable text with line feeds and tabs.
    """
    if type(text) is not str:
        return ""
    # Cut before matching: the patterns never see more than a bounded text.
    shortened = text[: 2 * limit + 1_000].replace("\r\n", "\n").replace("\r", "\n")
    cleaned = _CONTROL.sub("", _ESCAPES.sub("", shortened))
    return cleaned if len(cleaned) <= limit else cleaned[:limit] + ELLIPSIS
