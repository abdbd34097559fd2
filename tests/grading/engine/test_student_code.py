"""What counts as a student's own code: answers and added cells, not what was handed out."""

import json

import pytest

from grading.engine.class_directory import ClassDirectoryError
from grading.engine.student_code import MOST_CHARACTERS, handed_out, model_answers, student_code
from grading.report.public_code import public_code
from grading.report.similarity_page import write_similarity


def test_answers_and_added_cells_are_the_students_and_nothing_else(classroom):
    extra = {
        "cell_type": "code",
        "id": "x1",
        "metadata": {},
        "source": "y = 3",
        "execution_count": None,
        "outputs": [],
    }
    classroom.hand_in("ada", extra=[extra])
    classroom.grade()
    [found] = student_code(classroom.directory, "sums")
    titles = dict(found.cells)
    assert found.student == "ada"
    assert titles["add"].startswith("def add(a, b):\n    return a + b")
    assert titles["twice"].startswith("def twice(a):")
    assert sorted(titles.values())[-1] == "y = 3"
    assert "assert" not in found.text
    assert "import numpy" not in found.text


def test_an_answer_left_as_handed_out_and_an_unreadable_file_hold_nothing(classroom):
    folder = classroom.hand_in("ada")
    (folder / "sums.ipynb").write_text(json.dumps(classroom.released))
    classroom.hand_in("bo", raw=b"not a notebook")
    classroom.grade()
    assert {code.student: code.cells for code in student_code(classroom.directory, "sums")} == {
        "ada": (),
        "bo": (),
    }


def test_very_long_code_is_cut_and_says_so(classroom):
    classroom.hand_in("ada", answers=("return a + b\n" + "x = 1\n" * (MOST_CHARACTERS // 6), "return 2 * a"))
    classroom.grade()
    [found] = student_code(classroom.directory, "sums")
    assert found.cut
    assert sum(len(source) for _, source in found.cells) <= MOST_CHARACTERS


def test_before_grading_there_is_nothing_to_read(classroom):
    with pytest.raises(ClassDirectoryError, match="course grade sums"):
        student_code(classroom.directory, "sums")


def test_the_release_is_given_and_the_model_answers_are_public(classroom, tmp_path):
    assert "raise NotImplementedError" in "".join(handed_out(classroom.directory, "sums"))
    assert "return a + b" in "".join(model_answers(classroom.directory, "sums"))
    assert "return a + b" not in "".join(handed_out(classroom.directory, "sums"))
    (tmp_path / "book.ipynb").write_text(
        json.dumps({"cells": [{"cell_type": "code", "source": ["a = 1\n", "b"]}]})
    )
    found = public_code(classroom.directory, "sums", [tmp_path / "book.ipynb"])
    assert found[-1] == "a = 1\nb"
    assert any("def conv2d" in code for code in found)
    with pytest.raises(FileNotFoundError):
        public_code(classroom.directory, "sums", [tmp_path / "missing.py"])


def test_a_class_is_compared_and_the_page_is_its_owners(classroom):
    steps = "\n    ".join(f"b = [f{n}(a, {n}) for a in range(b + {n})]" for n in range(6)) + "\n    return b"
    classroom.hand_in("ada", answers=(steps, "return 2 * a"))
    classroom.hand_in("bo", answers=(steps.replace("b = ", "b =  "), "return a + a"))
    classroom.hand_in("cy")
    classroom.grade()
    page, found = write_similarity(classroom.directory, "sums")
    assert [(pair.left.student, pair.right.student) for pair in found.pairs] == [("ada", "bo")]
    assert page == classroom.directory.root / "reports" / "sums-similarity.html"
    assert page.stat().st_mode & 0o077 == 0
