"""Scores leave in the formats of the platforms; no cell of them is a formula."""

import csv
import io
import zipfile

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectoryError
from grading.report.feedback_zip import write_feedback_zip
from grading.report.grade_export import export_scores, safe_cell

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,other (54),sums (55)
    Points Possible,,,,,10,3
"Lovelace, Ada",1234,u100,ada,A,7,
"Smith, Sam",1236,u102,sam1,A,7,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade,Maximum Grade
Participant 55001,Ada Lovelace,ada@example.edu,Submitted,,3
Participant 55003,Sam Smith,sam1@example.edu,None,,3
"""


@pytest.fixture
def graded(room):
    """Ada has 2 of 3 points by hand, Eve 3 and a penalty of 1; the others handed in nothing."""
    with Gradebook(room.db_url) as gradebook:
        for student, auto, manual, penalty in (("ada", 1.0, 2.0, None), ("eve", 3.0, None, 1.0)):
            gradebook.update_or_create_submission("sums", student)
            notebook = gradebook.find_submission_notebook("sums", "sums", student)
            [grade] = notebook.grades
            grade.auto_score, grade.manual_score, grade.needs_manual_grade = auto, manual, False
            notebook.late_submission_penalty = penalty
        gradebook.db.commit()
    return room


def rows(made):
    return list(csv.DictReader(io.StringIO(made.text)))


def test_csv_has_names_scores_and_penalties(graded):
    made = export_scores(graded, "sums", "csv")
    ada, eve = rows(made)
    assert (ada["student_id"], ada["score"], ada["max_score"], ada["late_penalty"]) == ("ada", "2", "3", "0")
    assert (eve["score"], eve["late_penalty"]) == ("2", "1")
    assert eve["first_name"] == '\'=HYPERLINK("x")'
    assert made.without_score == ("sam1", "sam2", "zoe")


def test_canvas_gets_its_own_rows_back(graded, tmp_path):
    (tmp_path / "canvas.csv").write_text(CANVAS)
    made = export_scores(graded, "sums", "canvas", roster=tmp_path / "canvas.csv")
    points, ada, sam = rows(made)
    assert list(ada) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "sums (55)"]
    assert (points["Student"], points["sums (55)"]) == ("Points Possible", "3")
    assert (ada["ID"], ada["sums (55)"], sam["sums (55)"]) == ("1234", "2", "")
    assert (made.without_score, made.not_in_roster) == (("sam1",), ("eve",))


def test_moodle_gets_its_worksheet_back(graded, tmp_path):
    """Moodle's worksheet knows no user names: addresses lead to the students of the class's roster."""
    (tmp_path / "moodle.csv").write_text(MOODLE)
    ada, sam = rows(export_scores(graded, "sums", "moodle", roster=tmp_path / "moodle.csv"))
    assert (ada["Identifier"], ada["Grade"], ada["Maximum Grade"]) == ("Participant 55001", "2", "3")
    assert sam["Grade"] == ""


def test_gradescope_gets_its_columns(graded):
    ada, _ = rows(export_scores(graded, "sums", "gradescope"))
    assert ada == {
        "First Name": "Ada", "Last Name": "Lovelace", "SID": "u100", "Email": "ada@example.edu",
        "Total Score": "2", "Max Points": "3", "Status": "Graded",
    }  # fmt: skip


@pytest.mark.parametrize("kind", ["canvas", "moodle"])
def test_a_format_that_needs_a_roster_asks_for_it(graded, kind):
    with pytest.raises(ClassDirectoryError, match="--roster"):
        export_scores(graded, "sums", kind)


def test_what_cannot_be_exported_is_said(room):
    with pytest.raises(ClassDirectoryError, match="course grade sums"):
        export_scores(room, "sums", "csv")
    with pytest.raises(ClassDirectoryError, match="csv, canvas, moodle, gradescope"):
        export_scores(room, "sums", "excel")


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
def test_no_text_is_a_formula(text):
    assert safe_cell(text) == f"'{text}"
    assert safe_cell(f"a{text}") == f"a{text}"


def test_the_command_writes_the_file(graded):
    done = CliRunner().invoke(grading.cli.app, ["export", "sums", "--dir", str(graded.root)])
    assert done.exit_code == 0, done.output
    assert (graded.root / "sums-csv.csv").read_text().startswith("student_id,first_name")


def test_feedback_goes_into_one_file(room, tmp_path):
    pages = []
    for student in ("zoe", "ada"):
        page = room.assignment("feedback", "sums", student) / "sums.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"for {student}")
        pages.append(page)
    target = write_feedback_zip(room, pages, tmp_path / "feedback.zip")
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["ada/sums/sums.html", "zoe/sums/sums.html"]
        assert archive.read("zoe/sums/sums.html") == b"for zoe"
    first = target.read_bytes()
    assert write_feedback_zip(room, pages, target).read_bytes() == first
