"""What students get where no nbgrader is: the same cells as from nbgrader's release, and nothing withheld."""

import json

import nbformat
import pytest

from grading.engine.class_directory import ClassDirectory
from grading.engine.release import release_assignment
from grading.engine.shipped import copy_source, shipped_master
from grading.engine.single import grade_notebook
from grading.engine.students_version import students_version, without_solution

STUB = "# YOUR CODE HERE\nraise NotImplementedError()"


def notebook(cell_type, source, **marks):
    cell = {"cell_type": cell_type, "id": "a", "metadata": {"nbgrader": {"grade_id": "a", **marks}}}
    cell |= {"source": source, "outputs": [{"text": "42"}], "execution_count": 3}
    return {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def shown(cell_type, source, **marks):
    return students_version(notebook(cell_type, source, **marks))["cells"][0]["source"]


def test_marked_solutions_become_stubs_and_the_rest_stays():
    source = "def f(x):\n    ### BEGIN SOLUTION\n    return x\n    ### END SOLUTION\n"
    stub = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()\n"
    assert shown("code", source, solution=True) == stub
    assert shown("code", stub, solution=True) == stub


def test_unmarked_solutions_go_whole():
    assert shown("code", "def f(x):\n    return x", solution=True) == STUB
    assert shown("markdown", "Because.", solution=True, grade=True) == "YOUR ANSWER HERE"
    assert without_solution("Because.", "markdown") == "YOUR ANSWER HERE"


def test_hidden_tests_and_outputs_are_left_out():
    source = 'check("f")\n### BEGIN HIDDEN TESTS\nassert f(3) == 3\n### END HIDDEN TESTS\n'
    assert shown("code", source, grade=True) == 'check("f")'
    made = students_version(notebook("code", "x = 1"))["cells"][0]
    assert (made["outputs"], made["execution_count"]) == ([], None)


@pytest.mark.parametrize("mark", ["BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END MARK SCHEME"])
def test_a_mark_without_its_partner_hands_nothing_out(mark):
    with pytest.raises(ValueError, match=f"'a' has '### {mark}' without its partner"):
        students_version(
            notebook("code", f"secret = 42\n### {mark}\nraise NotImplementedError()", solution=True)
        )


def test_the_original_is_not_changed():
    original = notebook("code", "### BEGIN SOLUTION\nx\n### END SOLUTION", solution=True)
    before = json.dumps(original)
    students_version(original)
    assert json.dumps(original) == before


@pytest.mark.slow
@pytest.mark.parametrize("assignment", ["convolution", "training"])
def test_nbgrader_hands_out_the_same(tmp_path, assignment):
    room = ClassDirectory.create(tmp_path / "class")
    (released,) = release_assignment(room, assignment).notebooks
    theirs = nbformat.read(released, as_version=4)
    ours = students_version(json.loads(shipped_master(assignment).read_text(encoding="utf-8")))
    assert [cell["source"] for cell in ours["cells"]] == [cell.source for cell in theirs.cells]


def test_an_installation_without_solutions_releases_nothing(tmp_path, monkeypatch):
    source = tmp_path / "source" / "sums"
    source.mkdir(parents=True)
    (source / "sums.ipynb").write_text(json.dumps(notebook("code", STUB, solution=True)))
    monkeypatch.setattr("grading.engine.shipped._SOURCE", tmp_path / "source")
    with pytest.raises(LookupError, match=r"without model solutions.*pip install -e '\.\[instructor\]'"):
        copy_source("sums", tmp_path / "class")
    assert not (tmp_path / "class").exists()


def test_a_right_notebook_gets_full_marks_where_no_solution_is_installed(tmp_path, monkeypatch):
    answered = shipped_master("descent")
    source = tmp_path / "source" / "descent"
    source.mkdir(parents=True)
    made = students_version(json.loads(answered.read_text(encoding="utf-8")))
    (source / "descent.ipynb").write_text(json.dumps(made), encoding="utf-8")
    monkeypatch.setattr("grading.engine.shipped._SOURCE", tmp_path / "source")
    result = grade_notebook(answered, "descent")
    assert result.status == "graded"
    assert result.score == result.max_score > 0
