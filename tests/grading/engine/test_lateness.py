"""Late submissions are recorded and penalised as nbgrader does."""

import datetime

import pytest
from nbgrader.api import Gradebook

from grading.engine.gradebook import submitted_at
from grading.engine.submissions import Submission, why_not_a_student


def set_due_date(classroom, text):
    with Gradebook(classroom.directory.db_url) as gradebook:
        gradebook.update_or_create_assignment("sums", duedate=text)


@pytest.mark.parametrize(("method", "penalty"), [("none", None), ("zero", 5.5)])
def test_late_penalties_follow_the_class_configuration(classroom, method, penalty):
    config = classroom.directory.root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nc.LateSubmissionPlugin.penalty_method = "{method}"\n')
    set_due_date(classroom, "2026-10-01 12:00:00 UTC")
    classroom.hand_in("late", timestamp="2026-10-01 13:00:00 UTC")
    classroom.hand_in("early", timestamp="2026-10-01 11:00:00 UTC")
    classroom.grade()
    with Gradebook(classroom.directory.db_url) as gradebook:
        late = gradebook.find_submission_notebook("sums", "sums", "late")
        early = gradebook.find_submission_notebook("sums", "sums", "early")
        assert (late.score, late.late_submission_penalty) == (5.5, penalty)
        assert (early.score, early.late_submission_penalty) == (5.5, None)
        assert gradebook.find_submission("sums", "late").total_seconds_late == 3600


def test_a_new_timestamp_is_recorded(classroom):
    classroom.hand_in("ada", timestamp="2026-10-01 11:00:00 UTC")
    classroom.grade()
    classroom.hand_in("ada", timestamp="2026-10-02 11:00:00 UTC")
    assert classroom.grade().fresh == 1
    with Gradebook(classroom.directory.db_url) as gradebook:
        assert gradebook.find_submission("sums", "ada").timestamp == datetime.datetime(2026, 10, 2, 11)


@pytest.mark.parametrize("text", ["yesterday", "", "99999999999999", "2026-13-45", None])
def test_a_timestamp_that_cannot_be_read_is_none(text):
    assert submitted_at(Submission("a", "b", "c", b"", None, text)) is None


@pytest.mark.parametrize("name", ["ada", "Zoë", "a.b", "-x", "日本", "a+b", "o'neil"])
def test_names_that_can_be_students(name):
    assert why_not_a_student(name) is None


@pytest.mark.parametrize(
    "name", ["", "a\nb", " a", "a ", "..", "a/b", "x" * 129, "\udce9", "a\x7f", "a\u2028b"]
)
def test_names_that_cannot(name):
    assert why_not_a_student(name)
