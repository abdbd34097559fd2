"""Which submissions share code that nobody gave them: fingerprints of copydetect, compared pair by pair.

Winnowing: S. Schleimer, D. Wilkerson, A. Aiken, "Winnowing: local algorithms for document fingerprinting",
SIGMOD 2003.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from copydetect.utils import (
    find_fingerprint_overlap,
    get_copied_slices,
    get_token_coverage,
    winnow,
)

from grading.engine.student_code import StudentCode
from grading.report.code_text import CodeText, code_text
from grading.report.passages import Passage, shared_passages

# In tokens. Equal stretches of at least TOKENS + WINDOW - 1, about two lines, are always found.
TOKENS, WINDOW = 14, 5
FEWEST_SHARED = 40
_COMMON_STUDENTS, _COMMON_SHARE = 10, 4


@dataclass(frozen=True)
class Writing:
    """One student's code with its fingerprints.

    Attributes
    ----------
    student : str
        Who.
    text : CodeText
        What is compared.
    places : dict of int to list of int
        Fingerprint to where it stands, in tokens; those that everybody was given are not in it.
    tokens : int
        How many tokens these fingerprints cover: the student's own code.
    public : float
        Share of the tokens, without what was handed out, that stands in public code; 0 where there is none.
    cut : bool
        Whether the code was too long to be compared whole.
    """

    student: str
    text: CodeText
    places: dict[int, list[int]]
    tokens: int
    public: float
    cut: bool


@dataclass(frozen=True)
class Pair:
    """Two students, and what they share.

    Attributes
    ----------
    left, right : Writing
        Who.
    tokens : int
        Shared tokens, on the side that has fewer.
    left_share, right_share : float
        Of each student's own code, in [0, 1].
    """

    left: Writing
    right: Writing
    tokens: int
    left_share: float
    right_share: float

    @property
    def share(self) -> float:
        """The larger of both shares."""
        return max(self.left_share, self.right_share)

    def passages(self) -> tuple[list[Passage], list[Passage]]:
        """Return what both share, on the left and on the right, in order; equal numbers belong together."""
        one, other = _shared_slices(self.left, self.right)
        shared = self.left.places.keys() & self.right.places.keys()
        return shared_passages(
            (self.left.text, self.right.text),
            tuple([(int(first), int(end)) for first, end in side.T] for side in (one, other)),
            [(self.left.places[found], self.right.places[found]) for found in sorted(shared)],
        )


@dataclass(frozen=True)
class Similarity:
    """What comparing a class came to.

    Attributes
    ----------
    writings : tuple of Writing
        In the order that was asked for.
    pairs : tuple of Pair
        Those that share at least `FEWEST_SHARED` tokens, the largest share first.
    compared : int
        How many pairs there are.
    common : int
        Code of more students than this counts as common, and was left out.
    highest : dict of str to float
        The largest share of each student with anybody, 0 where there is none.
    """

    writings: tuple[Writing, ...]
    pairs: tuple[Pair, ...]
    compared: int
    common: int
    highest: dict[str, float]


def class_similarity(
    codes: Sequence[StudentCode],
    given: Iterable[str],
    public: Iterable[str] = (),
    order: Callable[[str], str] = str,
) -> Similarity:
    """Compare every student's code with every other's.

    Parameters
    ----------
    codes : sequence of StudentCode
        Of a class.
    given : iterable of str
        Code that was handed out: ignored.
    public : iterable of str, optional
        Code that everybody can read, like the course's library and model answers: ignored, and counted.
    order : callable, optional
        Sort students by this: who is on the left, and who comes first among equals.

    Returns
    -------
    Similarity
        The same for the same code, in any order of the students.
    """
    handed_out, known = _all_fingerprints(given), _all_fingerprints(public)
    texts = {code.student: code_text(code.text) for code in codes}
    prints = {student: _fingerprints(text) for student, text in texts.items()}
    holders = Counter(found for places in prints.values() for found in places)
    common = max(_COMMON_STUDENTS, len(codes) // _COMMON_SHARE)
    ignored = handed_out | known | {found for found, count in holders.items() if count > common}
    writings = []
    for code in sorted(codes, key=lambda code: order(code.student)):
        text = texts[code.student]
        places = {found: where for found, where in prints[code.student].items() if found not in ignored}
        tokens = int(get_token_coverage(places, TOKENS, len(text.reduced)))
        share = _public_share(text, handed_out, known)
        writings.append(Writing(code.student, text, places, tokens, share, code.cut))
    pairs, highest = [], dict.fromkeys(texts, 0.0)
    for left, right in itertools.combinations(writings, 2):
        pair = _compare(left, right)
        if pair is None:
            continue
        pairs.append(pair)
        for writing, share in ((left, pair.left_share), (right, pair.right_share)):
            highest[writing.student] = max(highest[writing.student], share)
    # Sorting is stable: among equals they stay in the order that was asked for.
    pairs.sort(key=lambda pair: (-pair.share, -pair.tokens))
    return Similarity(
        tuple(writings), tuple(pairs), len(writings) * (len(writings) - 1) // 2, common, highest
    )


def _fingerprints(text: CodeText) -> dict[int, list[int]]:
    if len(text.reduced) < TOKENS:
        return {}
    hashes, where = winnow(_hashes(text.reduced), WINDOW, remove_duplicates=False)
    places: dict[int, list[int]] = {}
    for found, place in zip(hashes.tolist(), where.tolist()):
        places.setdefault(found, []).append(place)
    return places


def _hashes(reduced: str) -> np.ndarray:
    """Return a hash of every stretch of `TOKENS` characters: the same in every process, unlike Python's own.

    Returns
    -------
    numpy.ndarray
        Of int64 below 2**52, so that winnowing may compare them as floats; shape
        ``(len(reduced) - TOKENS + 1,)``.
    """
    characters = np.array([ord(character) for character in reduced], dtype=np.uint64)
    number = len(reduced) - TOKENS + 1
    hashes = np.zeros(number, dtype=np.uint64)
    for shift in range(TOKENS):
        hashes = hashes * np.uint64(0x9E3779B97F4A7C15) + characters[shift : shift + number]
        hashes ^= hashes >> np.uint64(29)
    return (hashes * np.uint64(0xBF58476D1CE4E5B9) >> np.uint64(12)).astype(np.int64)


def _all_fingerprints(codes: Iterable[str]) -> set[int]:
    """Return the hash of every stretch of code: what is to be ignored is not thinned out by winnowing."""
    found: set[int] = set()
    for code in codes:
        reduced = code_text(code).reduced
        if len(reduced) >= TOKENS:
            found.update(_hashes(reduced).tolist())
    return found


def _public_share(text: CodeText, handed_out: set[int], known: set[int]) -> float:
    if len(text.reduced) < TOKENS:
        return 0.0
    public, given = np.zeros(len(text.reduced), bool), np.zeros(len(text.reduced), bool)
    for place, found in enumerate(_hashes(text.reduced).tolist()):
        if found in handed_out:
            given[place : place + TOKENS] = True
        elif found in known:
            public[place : place + TOKENS] = True
    own = ~given
    return float(public[own].mean()) if own.any() else 0.0


def _compare(left: Writing, right: Writing) -> Pair | None:
    if left.places.keys().isdisjoint(right.places):
        return None
    counts = [int((side[1] - side[0]).sum()) for side in _shared_slices(left, right)]
    if min(counts) < FEWEST_SHARED:
        return None
    return Pair(left, right, min(counts), counts[0] / left.tokens, counts[1] / right.tokens)


def _shared_slices(left: Writing, right: Writing) -> tuple[np.ndarray, np.ndarray]:
    """Return where each shares code with the other, in tokens: int arrays of shape ``(2, n)``."""
    found = find_fingerprint_overlap(set(left.places), set(right.places), left.places, right.places)
    one, other = (get_copied_slices(places, TOKENS).astype(np.int64) for places in found)
    return one, other
