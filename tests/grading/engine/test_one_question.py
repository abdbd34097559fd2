"""One question is graded again on its own: its score is new, and everything else stays to the letter."""

import json
import re

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

import grading.cli
from grading.engine import notebook_run
from grading.engine.class_directory import ClassDirectoryError
from grading.engine.verdict import parse_verdict


def grades(classroom, student):
    with Gradebook(classroom.directory.db_url) as gradebook:
        notebook = gradebook.find_submission_notebook("sums", "sums", student)
        return {
            grade.name: (grade.auto_score, grade.manual_score, bool(grade.needs_manual_grade))
            for grade in notebook.grades
        }


def set_by_hand(classroom, student, name, score):
    with Gradebook(classroom.directory.db_url) as gradebook:
        grade = gradebook.find_grade(name, "sums", "sums", student)
        grade.manual_score, grade.needs_manual_grade = score, False
        gradebook.db.commit()


def outputs(classroom, student, grade_id):
    for cell in classroom.graded(student)["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == grade_id:
            shown = [output["data"].get("text/html", "") for output in cell["outputs"]]
            # Markup that was written once is written again without its blanks.
            return [re.sub(r"(?<=[:;]) ", "", html) for html in shown]
    return None


def generous(raw, master):
    """Read a verdict as if the checker had given all points."""
    points = {cell.grade_id: cell.points for cell in master.tests}
    tests = [test | {"status": "passed", "points": points[test["grade_id"]]} for test in raw["tests"]]
    return parse_verdict(raw | {"tests": tests}, master)


@pytest.fixture
def corrected(classroom, monkeypatch):
    """Half the points for everything at first; the mended grader would give all of them."""
    classroom.hand_in("ada", "half")
    classroom.hand_in("bob", "half")
    classroom.grade()
    set_by_hand(classroom, "bob", "check_add", 2.0)
    monkeypatch.setattr(notebook_run, "parse_verdict", generous)
    return classroom


def test_only_the_question_gets_a_new_score(corrected):
    shown = outputs(corrected, "ada", "check_add")
    graded = corrected.grade(question="twice")
    assert [(result.student, result.score) for result in graded.results] == [("ada", 4.0), ("bob", 4.0)]
    assert grades(corrected, "ada") == {
        "check_add": (1.5, None, False), "check_twice": (2.5, None, False),
    }  # fmt: skip
    assert grades(corrected, "bob")["check_add"] == (1.5, 2.0, False)
    assert outputs(corrected, "ada", "check_add") == shown
    assert "2.5 of 2.5 points" in outputs(corrected, "ada", "check_twice")[0]


def test_the_difference_is_told_stored_and_backed_up(corrected):
    graded = corrected.grade(question="check_twice")
    assert [(change.student, change.checks) for change in graded.changes] == [
        ("ada", {"check_twice": [1.25, 2.5]}), ("bob", {"check_twice": [1.25, 2.5]}),
    ]  # fmt: skip
    [stored] = (corrected.directory.memory / "regrades" / "sums").iterdir()
    assert len(json.loads(stored.read_text())["changes"]) == 2
    assert graded.backup.is_file()


def test_a_usual_run_afterwards_keeps_the_mixture(corrected):
    corrected.grade(question="twice")
    again = corrected.grade()
    assert again.fresh == 0
    assert [result.score for result in again.results] == [4.0, 4.0]
    assert "twice was graded again on its own" in again.results[0].notes[-1]


def test_a_file_that_was_handed_in_again_is_graded_whole_and_said(corrected):
    corrected.hand_in("ada", "half", answers=("return b + a", "return a + a"))
    told = []
    graded = corrected.grade(question="twice", notify=told.append)
    assert {result.student: result.score for result in graded.results} == {"ada": 5.5, "bob": 4.0}
    assert len(told) == 1
    assert "ada" in told[0]


def test_an_unknown_question_changes_nothing_and_names_the_known(corrected):
    before = grades(corrected, "ada")
    with pytest.raises(ClassDirectoryError, match="check_add, check_twice"):
        corrected.grade(question="thrice")
    assert grades(corrected, "ada") == before
    assert not (corrected.directory.memory / "backups").exists()


def test_the_command_takes_the_question(classroom):
    asked = ["grade", "sums", "--question", "thrice", "--dir", str(classroom.directory.root)]
    done = CliRunner().invoke(grading.cli.app, asked)
    assert done.exit_code == 2
    assert "no autograded question is called 'thrice'" in done.output
