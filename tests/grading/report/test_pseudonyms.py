"""Pseudonyms tell students apart, and tell nobody who they are."""

import re

import pytest

from grading.report.pseudonyms import pseudonyms


def test_every_student_has_one_of_their_own_and_always_the_same():
    students = [f"student-{number}" for number in range(5000)]
    found = pseudonyms(b"key", students)
    assert len(set(found.values())) == len(students)
    assert all(re.fullmatch("S-[2-79CDFGHJKMNPQRTVWXZ]{5,}", alias) for alias in found.values())
    assert pseudonyms(b"key", students[::-1]) == found


def test_where_two_begin_alike_both_are_longer():
    students = [f"student-{number}" for number in range(20_000)]
    longer = [alias for alias in pseudonyms(b"key", students).values() if len(alias) > len("S-") + 5]
    begins = [alias[:7] for alias in longer]
    assert longer
    assert all(begins.count(begin) > 1 for begin in begins)


def test_another_class_has_others():
    assert pseudonyms(b"key", ["ada"]) != pseudonyms(b"other", ["ada"])


def test_without_a_key_there_are_none():
    with pytest.raises(ValueError, match="key is empty"):
        pseudonyms(b"", ["ada"])
