"""Rosters: a person's own CSV, and what Canvas, Moodle and Gradescope export."""

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectory, ClassDirectoryError
from grading.engine.roster import Person, class_roster, read_roster

CANVAS = """Student,ID,SIS User ID,SIS Login ID,Section,sums (55)
    Points Possible,,,,,3
"Lovelace, Ada",1234,u100,ada,A,
"Student, Test",9,,testlogin,A,
"""
MOODLE = """Identifier,Full name,Email address,Status,Grade
Participant 55001,Ada Lovelace,ada@example.edu,Submitted,
"""
GRADESCOPE = """First Name,Last Name,SID,Email,Role
Ada,Lovelace,u100,ada@example.edu,Student
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (CANVAS, Person("ada", "Ada", "Lovelace", "", "1234", "u100")),
        (MOODLE, Person("ada@example.edu", "Ada", "Lovelace", "ada@example.edu", "55001", "")),
        (GRADESCOPE, Person("u100", "Ada", "Lovelace", "ada@example.edu", "u100", "u100")),
        ("student_id;first_name\nada;Ada\n", Person("ada", "Ada")),
        ("\ufeffemail\nada@example.edu\n", Person("ada@example.edu", email="ada@example.edu")),
    ],
    ids=["canvas", "moodle", "gradescope", "semicolons", "byte-order-mark"],
)
def test_every_platforms_list_is_understood(text, expected, tmp_path):
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    assert read_roster(tmp_path / "roster.csv") == [expected]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("student_id\nada\nada\n", "line 3: 'ada' appears twice"),
        ("student_id\n../ada\n", "line 2: .* is a path"),
        ("colour\nred\n", "no column with student ids"),
        ("student_id\n", "holds no students"),
        (b"student_id\ncaf\xe9\n", "not a CSV file in UTF-8"),
    ],
)
def test_what_cannot_be_a_roster_is_said(text, message, tmp_path):
    (tmp_path / "roster.csv").write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ClassDirectoryError, match=message):
        read_roster(tmp_path / "roster.csv")


def test_init_puts_the_roster_into_the_gradebook(tmp_path):
    (tmp_path / "roster.csv").write_text(CANVAS)
    arguments = ["init", str(tmp_path / "class"), "--roster", str(tmp_path / "roster.csv")]
    done = CliRunner().invoke(grading.cli.app, arguments)
    assert done.exit_code == 0, done.output
    room = ClassDirectory.open(tmp_path / "class")
    with Gradebook(room.db_url) as gradebook:
        found = [(s.id, s.first_name, s.last_name, s.lms_user_id) for s in gradebook.students]
    assert found == [("ada", "Ada", "Lovelace", "1234")]
    assert class_roster(room) == read_roster(tmp_path / "roster.csv")
