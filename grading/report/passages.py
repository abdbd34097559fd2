"""Where two texts are alike, for people: stretches that belong together, grown over what is between."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.report.code_text import CodeText

Stretch = tuple[int, int]


@dataclass(frozen=True)
class Passage:
    """A stretch of code that two students share.

    Attributes
    ----------
    number : int
        From 1, in the order of the left side; what is copied more than once has one number.
    start, end : int
        Characters of the student's code.
    """

    number: int
    start: int
    end: int


def shared_passages(
    texts: tuple[CodeText, CodeText],
    stretches: tuple[Sequence[Stretch], Sequence[Stretch]],
    matches: Iterable[tuple[Sequence[int], Sequence[int]]],
) -> tuple[list[Passage], list[Passage]]:
    """Return what both sides share, to be shown.

    Parameters
    ----------
    texts : tuple of CodeText
        Left and right.
    stretches : tuple of sequences of (int, int)
        Of each side: first token and the one behind the last, in order, none overlapping another.
    matches : iterable of (sequence of int, sequence of int)
        Tokens of the left and of the right side where the same stands; each lies in a stretch.

    Returns
    -------
    tuple of list of Passage
        Left and right, in order. A stretch with one partner is grown as far as both sides go on alike, over
        common code that no fingerprint stands for, and neighbours that meet on both sides become one.
    """
    left, right = map(list, stretches)
    groups = _groups(left, right, matches)
    ones: dict[int, list[int]] = {}
    others: dict[int, list[int]] = {}
    for index in range(len(left)):
        ones.setdefault(groups[index], []).append(index)
    for index in range(len(right)):
        others.setdefault(groups[len(left) + index], []).append(index)
    for group, places in ones.items():
        if len(places) == len(others[group]) == 1:
            _grow(texts, left, right, places[0], others[group][0])
    numbers: dict[int, int] = {}
    owner = {index: others[groups[index]] for index in range(len(left))}
    for index in range(len(left)):
        group = groups[index]
        before = groups[index - 1] if index else group
        alone = len(ones[group]) == len(ones[before]) == len(owner[index]) == len(others[before]) == 1
        meets = index and alone and left[index - 1][1] == left[index][0]
        if meets and right[others[before][0]][1] == right[owner[index][0]][0]:
            numbers[group] = numbers[before]
        else:
            numbers.setdefault(group, len(set(numbers.values())) + 1)
    return (
        _joined(texts[0], left, [numbers[groups[index]] for index in range(len(left))]),
        _joined(texts[1], right, [numbers[groups[len(left) + index]] for index in range(len(right))]),
    )


def _groups(
    left: Sequence[Stretch],
    right: Sequence[Stretch],
    matches: Iterable[tuple[Sequence[int], Sequence[int]]],
) -> list[int]:
    """Return which stretches, left ones first, belong together: one number a group."""
    partner = list(range(len(left) + len(right)))

    def group(index: int) -> int:
        while partner[index] != index:
            partner[index] = partner[partner[index]]
            index = partner[index]
        return index

    where = ({}, {})
    for side, stretches in enumerate((left, right)):
        for index, (start, end) in enumerate(stretches):
            where[side].update(dict.fromkeys(range(start, end), index))
    for ones, others in matches:
        joined = [where[0][token] for token in ones] + [len(left) + where[1][token] for token in others]
        for index in joined:
            partner[group(index)] = group(joined[0])
    return [group(index) for index in range(len(partner))]


def _grow(
    texts: tuple[CodeText, CodeText], left: list[Stretch], right: list[Stretch], one: int, other: int
) -> None:
    """Lengthen a pair of stretches while both texts go on alike and no neighbour is reached."""
    (start, end), (begin, stop) = left[one], right[other]
    first, second = texts[0].reduced, texts[1].reduced
    if first[start:end] != second[begin:stop]:
        return  # several matches of different places: nothing says where each begins
    low = left[one - 1][1] if one else 0
    floor = right[other - 1][1] if other else 0
    while start > low and begin > floor and first[start - 1] == second[begin - 1]:
        start, begin = start - 1, begin - 1
    high = left[one + 1][0] if one + 1 < len(left) else len(first)
    ceiling = right[other + 1][0] if other + 1 < len(right) else len(second)
    while end < high and stop < ceiling and first[end] == second[stop]:
        end, stop = end + 1, stop + 1
    left[one], right[other] = (start, end), (begin, stop)


def _joined(text: CodeText, stretches: Sequence[Stretch], numbers: Sequence[int]) -> list[Passage]:
    found: list[Passage] = []
    last = None
    for (start, end), number in zip(stretches, numbers):
        if found and last == start and found[-1].number == number:
            found[-1] = Passage(number, found[-1].start, int(text.ends[end - 1]))
        else:
            found.append(Passage(number, int(text.starts[start]), int(text.ends[end - 1])))
        last = end
    return found
