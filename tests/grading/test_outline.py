"""What the course holds is read from its notebooks and checks, and says in which order to go."""

import json

import pytest

from grading.outline import read_assignments, read_lecture, read_lectures, way_to


def write(folder, name, *texts):
    cells = [
        {"cell_type": "markdown", "id": f"text-{number}", "source": text.splitlines(keepends=True)}
        for number, text in enumerate(texts)
    ]
    cells.insert(1, {"cell_type": "code", "source": ["# a comment\n", "## and another"]})
    (folder / name).write_text(json.dumps({"cells": cells}), encoding="utf-8")
    return folder / name


def test_a_lecture_gives_title_needs_and_sections(tmp_path):
    path = write(
        tmp_path,
        "07_units.ipynb",
        "# 07 · Units, and more\n\nAfter 99 lectures.\n\nYou need lecture 01 (see 05) and 03 to 05. Not 06.",
        "## 7.1 What is new?\n\n```python\n# no heading\n```\n\n### Touch it",
        "## 7.2 Rate α",
    )
    lecture = read_lecture(path)
    assert (lecture.number, lecture.title, lecture.file) == (7, "Units, and more", "07_units.ipynb")
    assert lecture.needs == (1, 3, 4, 5)
    assert [(s.number, s.title) for s in lecture.sections] == [
        ("7.1", "What is new?"),
        ("7.1", "Touch it"),
        ("7.2", "Rate α"),
    ]
    assert [s.link for s in lecture.sections] == [
        "07_units.ipynb#cell-id=text-1",
        "07_units.ipynb#cell-id=text-1",
        "07_units.ipynb#cell-id=text-2",
    ]


def test_what_needs_no_lecture_needs_none(tmp_path):
    path = write(tmp_path, "05_c.ipynb", "# 05 · C\n\nYou need calculus (see 01) and Python. See lecture 02.")
    assert read_lecture(path).needs == ()


def test_a_notebook_without_title_or_with_impossible_needs_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"03_x.ipynb must begin with a title"):
        read_lecture(write(tmp_path, "03_x.ipynb", "## No title"))
    with pytest.raises(ValueError, match="may need earlier lectures only"):
        read_lecture(write(tmp_path, "03_x.ipynb", "# 03 · X\n\nYou need lecture 04."))


def test_the_course_s_own_lectures_come_in_order_without_the_way_in():
    lectures = read_lectures()
    assert [lecture.number for lecture in lectures] == list(range(1, len(lectures) + 1))
    assert len(lectures) >= 10
    needs = {lecture.number: lecture.needs for lecture in lectures}
    assert {n: needs[n] for n in (1, 2, 4, 5, 6)} == {1: (), 2: (1,), 4: (1, 2, 3), 5: (), 6: (5,)}
    assert all(section.title for lecture in lectures for section in lecture.sections)


def test_assignments_come_in_the_order_of_the_lectures_that_they_need():
    found = read_assignments()
    assert [assignment.name for assignment in found] == [
        *("descent", "optimisers", "convolution", "normalisation", "regularisation", "training", "transfer")
    ]
    questions = {assignment.name: assignment.questions for assignment in found}
    assert set(questions["descent"]) == {1, 2}
    assert set(questions["convolution"]) == {5, 6}
    assert all(count > 0 for counted in questions.values() for count in counted.values())


def test_the_way_holds_needs_of_needs_and_nothing_else(tmp_path):
    for number, needs in ((1, ""), (2, "You need lecture 01."), (3, ""), (4, "You need lectures 02 and 03.")):
        write(tmp_path, f"{number:02}_l.ipynb", f"# {number:02} · L\n\n{needs}")
    write(tmp_path, "00_start.ipynb", "# 00 · Start")
    lectures = read_lectures(tmp_path)
    assert way_to(2, lectures) == (1, 2)
    assert way_to(3, lectures) == (3,)
    assert way_to(4, lectures) == (1, 2, 3, 4)
    with pytest.raises(ValueError, match="number must be that of a lecture"):
        way_to(0, lectures)
