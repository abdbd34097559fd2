"""Code reduced to what stays when names, comments and layout are changed, with the way back to the original.

The text is read by one pattern, from left to right, and never parsed: whatever a student handed in costs time
in proportion to its length, and nothing else.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass

import numpy as np

# No part of it matches the same characters in two ways, and a text without an end ends with the code: so it
# never goes back (*+ says so), and nobody can make it slow.
_PIECE = re.compile(
    r"""
    (?P<blank>\s+|\\\n)
  | (?P<comment>\#[^\n]*)
  | (?P<text>(?:[rRbBuUfF]{1,2}(?=["']))?(?:
        \"{3}(?:[^"\\]|\\(?:.|\Z)|\"{1,2}(?!\"))*+(?:\"{3}|\"{0,2}\Z)
      | '{3}(?:[^'\\]|\\(?:.|\Z)|'{1,2}(?!'))*+(?:'{3}|'{0,2}\Z)
      | "(?:[^"\\\n]|\\(?:.|\Z))*+(?:"|(?=\n)|\Z)
      | '(?:[^'\\\n]|\\(?:.|\Z))*+(?:'|(?=\n)|\Z)
    ))
  | (?P<number>\d[\w.]*)
  | (?P<name>[^\W\d]\w*)
  | (?P<sign>.)
    """,
    re.VERBOSE | re.DOTALL,
)
# One character each, which no other piece becomes.
_KEYWORDS = {word: chr(0xE000 + place) for place, word in enumerate(sorted(keyword.kwlist))}


@dataclass(frozen=True)
class CodeText:
    """Code, and what is compared of it.

    Attributes
    ----------
    code : str
        As it was written.
    reduced : str
        One character a token: ``V`` for any name that is not followed by ``.`` or ``(``, the name's own hash
        character where it is an attribute or is called, ``0`` for a number, ``S`` for a text; keywords by
        characters of their own. Comments, blanks and docstrings are gone.
    starts, ends : numpy.ndarray
        Of int64, shape ``(len(reduced),)``: where each character's token stands in ``code``.
    """

    code: str
    reduced: str
    starts: np.ndarray
    ends: np.ndarray


def code_text(code: str) -> CodeText:
    """Return what is compared of some code.

    Parameters
    ----------
    code : str
        Any text.

    Returns
    -------
    CodeText
        Renaming variables, comments and layout leave its ``reduced`` as it is; calling another function or
        changing the order of statements does not.
    """
    found = [
        (match.lastgroup, match.group(), match.start(), match.end())
        for match in _PIECE.finditer(code)
        if match.lastgroup not in ("blank", "comment")
    ]
    reduced, starts, ends = [], [], []
    for place, (kind, text, start, end) in enumerate(found):
        before = found[place - 1][1] if place else ""
        after = found[place + 1][1] if place + 1 < len(found) else ""
        if kind == "text" and _is_statement(code, start, before, after):
            continue
        reduced.append(_character(kind, text, before, after))
        starts.append(start)
        ends.append(end)
    return CodeText(code, "".join(reduced), np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64))


def _character(kind: str | None, text: str, before: str, after: str) -> str:
    if kind == "text":
        return "S"
    if kind == "number":
        return "0"
    if kind != "name":
        return text
    if text in _KEYWORDS:
        return _KEYWORDS[text]
    # What is called or looked up says what the code does; what it is kept in does not.
    if before == "." or (after == "(" and before != "def"):
        return chr(0xF0000 + _steady_hash(text) % 0xFFFD)
    return "V"


def _is_statement(code: str, start: int, before: str, after: str) -> bool:
    """Tell a docstring, or another text that nobody uses, by its place: alone on its line."""
    line = code.rfind("\n", 0, start) + 1
    return not code[line:start].strip() and before in ("", ":", ")", "S") and after not in (".", ",", ")")


def _steady_hash(text: str) -> int:
    """Return the same number in every process: Python's own hash is drawn anew each time."""
    value = 0
    for character in text:
        value = (value * 131 + ord(character)) % 0x1FFFFFFFFFFFFFFF
    return value
