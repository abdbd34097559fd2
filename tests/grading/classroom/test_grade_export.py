"""Scores leave in the formats of the platforms; no cell of them is a formula."""

import csv
import io
import zipfile
from pathlib import PurePosixPath

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectoryError
from grading.engine.export_names import owner_of
from grading.engine.roster import Person
from grading.report.feedback_zip import moodle_name, write_feedback_zip
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
    target = write_feedback_zip(room, pages, tmp_path / "feedback.zip").path
    with zipfile.ZipFile(target) as archive:
        assert archive.namelist() == ["ada/sums/sums.html", "zoe/sums/sums.html"]
        assert archive.read("zoe/sums/sums.html") == b"for zoe"
    first = target.read_bytes()
    assert write_feedback_zip(room, pages, target).path.read_bytes() == first


def test_moodle_finds_each_students_page_by_the_participant_in_its_name(room, tmp_path):
    """The same names as in Moodle's own download, which `collect` reads."""
    pages = []
    for student in ("zoe", "ada", "stranger"):
        page = room.assignment("feedback", "sums", student) / "sums.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"for {student}")
        pages.append(page)
    made = write_feedback_zip(room, pages, tmp_path / "moodle.zip", platform="moodle")
    assert made.left_out == ("stranger",)
    with zipfile.ZipFile(made.path) as archive:
        names = archive.namelist()
        assert names == [
            "Ada Lovelace_1234_assignsubmission_file_sums.html",
            "Zoë Müller_1235_assignsubmission_file_sums.html",
        ]
        assert archive.read(names[1]) == b"for zoe"
    owners = [owner_of(PurePosixPath(name), {}) for name in names]
    assert [(owner.platform, owner.platform_id, owner.file) for owner in owners] == [
        ("Moodle", "1234", "sums.html"), ("Moodle", "1235", "sums.html"),
    ]  # fmt: skip


def test_a_name_cannot_move_the_participant(room):
    person = Person("eve", "Eve_9_", "../x", platform_id="7")
    assert moodle_name(person, "sums.html") == "Eve 9 .. x_7_assignsubmission_file_sums.html"


def test_a_zip_that_moodle_could_not_read_is_not_made(room, tmp_path):
    page = room.assignment("feedback", "sums", "stranger") / "sums.html"
    page.parent.mkdir(parents=True)
    page.write_text("x")
    with pytest.raises(ClassDirectoryError, match="participant number"):
        write_feedback_zip(room, [page], tmp_path / "x.zip", platform="moodle")
    with pytest.raises(ClassDirectoryError, match="canvas"):
        write_feedback_zip(room, [page], tmp_path / "x.zip", platform="canvas")
    assert not (tmp_path / "x.zip").exists()
