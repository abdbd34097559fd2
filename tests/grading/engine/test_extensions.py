"""A student's own due date decides whether their submission is late, whenever it was granted."""

import datetime

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectoryError
from grading.engine.due_dates import extend, set_due_date
from grading.engine.extensions import extensions, forget_student, read_moment

DUE = read_moment("2026-10-01 12:00+00:00")
LATER = read_moment("2026-10-01 16:00+02:00")


@pytest.fixture
def late(classroom):
    """Ada and Bob handed in an hour late; late work is worth nothing in this class."""
    config = classroom.directory.root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.LateSubmissionPlugin.penalty_method = "zero"\n')
    set_due_date(classroom.directory, "sums", DUE)
    for student in ("ada", "bob"):
        classroom.hand_in(student, timestamp="2026-10-01 13:00:00 UTC")
    return classroom


def lateness(classroom, student):
    with Gradebook(classroom.directory.db_url) as gradebook:
        submission = gradebook.find_submission("sums", student)
        return submission.total_seconds_late, submission.late_submission_penalty


def test_an_extension_before_grading_counts(late):
    extend(late.directory, "sums", "ada", LATER)
    late.grade()
    assert lateness(late, "ada") == (0, 0)
    assert lateness(late, "bob") == (3600, 5.5)


def test_an_extension_after_grading_counts_at_once_and_can_be_taken_back(late):
    late.grade()
    assert lateness(late, "ada") == (3600, 5.5)
    extend(late.directory, "sums", "ada", LATER)
    assert lateness(late, "ada") == (0, 0)
    assert late.grade().fresh == 0
    assert lateness(late, "ada") == (0, 0)
    extend(late.directory, "sums", "ada", None)
    assert lateness(late, "ada") == (3600, 5.5)
    assert extensions(late.directory, "sums") == {}


def test_an_extension_survives_a_regrade_and_a_new_due_date(late):
    extend(late.directory, "sums", "ada", LATER)
    late.grade()
    late.grade(force=True)
    assert lateness(late, "ada") == (0, 0)
    set_due_date(late.directory, "sums", read_moment("2026-10-01 10:00+00:00"))
    assert lateness(late, "ada") == (0, 0)
    assert lateness(late, "bob") == (10800, 5.5)


def test_an_extension_that_nbgrader_was_told_of_stays(late):
    late.grade()
    with Gradebook(late.directory.db_url) as gradebook:
        gradebook.grant_extension("sums", "bob", hours=2)
    late.grade(force=True)
    assert lateness(late, "bob") == (0, 0)


@pytest.mark.parametrize("text", ["tomorrow", "2026-10-05", "2026-13-05 12:00", ""])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ClassDirectoryError, match="18:00"):
        read_moment(text)


def test_a_moment_without_a_zone_is_local():
    assert read_moment("2026-10-05 18:00").utcoffset() == (
        datetime.datetime(2026, 10, 5, 18).astimezone().utcoffset()
    )


def test_without_a_due_date_there_is_nothing_to_extend(classroom):
    classroom.hand_in("ada")
    with pytest.raises(ClassDirectoryError, match="has no due date"):
        extend(classroom.directory, "sums", "ada", LATER)
    with pytest.raises(ClassDirectoryError, match="course release products"):
        extend(classroom.directory, "products", "ada", LATER)


def test_a_misspelt_student_is_not_extended(late):
    with pytest.raises(ClassDirectoryError, match="Did you mean ada"):
        extend(late.directory, "sums", "adda", LATER)
    assert extensions(late.directory, "sums") == {}


def test_a_damaged_file_is_said(late):
    extend(late.directory, "sums", "ada", LATER)
    (late.directory.memory / "extensions" / "sums.json").write_text('{"ada": "soon"}')
    with pytest.raises(ClassDirectoryError, match="damaged"):
        late.grade()


def test_a_student_who_leaves_is_forgotten(late):
    extend(late.directory, "sums", "ada", LATER)
    extend(late.directory, "sums", "bob", LATER)
    assert forget_student(late.directory, "ada") == ["sums"]
    assert list(extensions(late.directory, "sums")) == ["bob"]


def test_the_command_says_until_when(late):
    run = CliRunner().invoke
    where = ["--dir", str(late.directory.root)]
    done = run(grading.cli.app, ["extend", "sums", "ada", "2026-10-01 16:00+02:00", *where])
    assert done.exit_code == 0, done.output
    assert "Thursday, 01 October 2026, 16:00 (UTC+0200), for ada" in done.output
    assert run(grading.cli.app, ["extend", "sums", "ada", *where]).exit_code == 2
    assert run(grading.cli.app, ["extend", "sums", "ada", "--take-back", *where]).exit_code == 0
    assert extensions(late.directory, "sums") == {}
