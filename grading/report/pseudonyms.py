"""Names that stand for students: the same in every report of a class, and nothing to guess a student by."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable

# Neither vowels nor what looks alike: no code is a word, and each can be read out.
_ALPHABET = "2345679CDFGHJKMNPQRTVWXZ"
_SHORTEST = 5


def pseudonyms(key: bytes, students: Iterable[str]) -> dict[str, str]:
    """Return a pseudonym for every student.

    Parameters
    ----------
    key : bytes
        The class key: without it, nobody can tell which name a pseudonym was made of.
    students : iterable of str
        Ids.

    Returns
    -------
    dict of str to str
        Different for different students, like ``"S-7KD3M"``. Where two would be the same, both are longer.

    Raises
    ------
    ValueError
        If the key is empty: pseudonyms could be made, and compared, by anybody.
    """
    if not key:
        raise ValueError("key is empty; expected the class's secret key, as ClassDirectory.key() returns it")
    codes = {student: _code(key, student) for student in students}
    length = _SHORTEST
    found: dict[str, str] = {}
    open_students = dict(codes)
    while open_students:
        seen: dict[str, list[str]] = {}
        for student, code in open_students.items():
            seen.setdefault(code[:length], []).append(student)
        alone = {owners[0]: short for short, owners in seen.items() if len(owners) == 1}
        found |= {student: f"S-{short}" for student, short in alone.items()}
        open_students = {student: code for student, code in open_students.items() if student not in alone}
        length += 1
    return found


def _code(key: bytes, student: str) -> str:
    digest = hmac.digest(key, b"pseudonym:" + student.encode("utf-8", "surrogatepass"), hashlib.sha256)
    number, letters = int.from_bytes(digest, "big"), []
    for _ in range(48):
        number, rest = divmod(number, len(_ALPHABET))
        letters.append(_ALPHABET[rest])
    return "".join(letters)
