"""The gradebook on a PostgreSQL server: a whole round, locks that others hold, and what goes wrong."""

import csv
import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from postgresql_server import PASSWORD, running_server, server_programs
from sqlalchemy import URL, create_engine, text
from sqlalchemy.exc import OperationalError

from grading.engine.checker_process import COMMAND
from grading.engine.database_locks import is_lock
from grading.engine.gradebook import ClassGradebook, GradebookError
from grading.engine.nbgrader_session import scripts_on_path

needs_server = pytest.mark.skipif(
    server_programs() is None, reason="no PostgreSQL server is installed here (Debian: postgresql)"
)
BIN = Path(sys.executable).parent
_NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server():
    with running_server() as socket:
        yield socket


@pytest.fixture
def address(server):
    """Return the address of a new, empty database."""
    administration = create_engine(_address(server, "postgres"), isolation_level="AUTOCOMMIT")
    name = f"gradebook{next(_NUMBERS)}"
    with administration.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    administration.dispose()
    return _address(server, name)


def _address(server, database, password=PASSWORD):
    return URL.create(
        "postgresql+psycopg", "course", password, database=database, query={"host": str(server)}
    )


def keep_gradebook_at(classroom, address):
    config = classroom.directory.root / "nbgrader_config.py"
    shown = address.render_as_string(hide_password=False)
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {shown!r}\n")


def run(*command, cwd):
    """Run a command in an environment that is not activated: its folder of commands is not on the path."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd.parent)}
    if "PYTHONPATH" in os.environ:
        environment["PYTHONPATH"] = os.environ["PYTHONPATH"]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=240)


def course(*arguments, cwd):
    return run(sys.executable, "-m", "grading.cli", *arguments, cwd=cwd)


def scores(url):
    with scripts_on_path(), Gradebook(url) as gradebook:
        return {
            (item.student.id, grade.name): (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for item in gradebook.assignment_submissions("sums")
            for notebook in item.notebooks
            for grade in notebook.grades
        }


@needs_server
@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_round_from_release_to_export(address, classroom, open_classroom, tmp_path):
    classroom.hand_in("right")
    classroom.hand_in("wrong", answers=("return a - b", "return 2 * a"), timestamp="2026-10-01 10:00:00 UTC")
    classroom.hand_in("Zoë Müller", answers=("raise ValueError('no')", "return a + a"))
    shutil.copytree(classroom.directory.root, tmp_path / "sqlite")
    room = classroom.directory.root
    (room / "gradebook.db").unlink()
    shutil.rmtree(room / "release")
    keep_gradebook_at(classroom, address)
    released = course("release", "sums", cwd=room)
    assert released.returncode == 0, released.stderr
    graded = course("grade", "sums", cwd=room)
    assert graded.returncode == 0, graded.stderr
    assert f"postgresql+psycopg://course:***@/{address.database}" in graded.stdout
    assert PASSWORD not in graded.stdout + graded.stderr
    here = open_classroom(tmp_path / "sqlite")
    here.grade(command=COMMAND)
    assert scores(address.render_as_string(hide_password=False)) == scores(here.directory.db_url)
    for step in ("feedback", "report"):
        done = course(step, "sums", cwd=room)
        assert done.returncode == 0, done.stderr
    again = course("grade", "sums", "--json", cwd=room)
    assert {result["student"]: result["score"] for result in json.loads(again.stdout)["results"]} == {
        "right": 5.5,
        "wrong": 2.5,
        "Zoë Müller": 2.5,
    }
    exported = run(BIN / "nbgrader", "export", cwd=room)
    assert exported.returncode == 0, exported.stderr
    with (room / "grades.csv").open(newline="") as rows:
        assert {row["student_id"]: float(row["score"]) for row in csv.DictReader(rows)} == {
            "right": 5.5,
            "wrong": 2.5,
            "Zoë Müller": 2.5,
        }
    assert not (room / "gradebook.db").exists()


@needs_server
@pytest.mark.slow
def test_nbgraders_own_command_makes_a_gradebook_without_an_activated_environment(address, classroom):
    keep_gradebook_at(classroom, address)
    released = run(BIN / "nbgrader", "generate_assignment", "sums", "--force", cwd=classroom.directory.root)
    assert released.returncode == 0, released.stderr
    classroom.hand_in("ada", "half")
    assert classroom.grade().results[0].score == 2.75


@needs_server
@pytest.mark.slow
def test_a_table_that_somebody_holds_is_waited_for(address, classroom):
    keep_gradebook_at(classroom, address)
    assert course("release", "sums", cwd=classroom.directory.root).returncode == 0
    classroom.hand_in("ada", "half")
    holder = create_engine(address).connect()
    holder.execute(text("LOCK TABLE submitted_notebook IN ACCESS EXCLUSIVE MODE"))
    told = []

    def let_go(said):
        told.append(said)
        holder.rollback()

    assert classroom.grade(notify=let_go).results[0].score == 2.75
    assert told == ["the gradebook is locked by another program (formgrader?); waiting for it"]
    holder.execute(text("LOCK TABLE assignment IN ACCESS EXCLUSIVE MODE"))
    impatient = ClassGradebook(classroom.directory, "sums", told.append, patience=0.0)
    with pytest.raises(GradebookError, match=r"course:\*\*\*@.*stayed locked.*nothing is lost"), impatient:
        pass
    holder.close()


@needs_server
@pytest.mark.slow
def test_a_wrong_password_is_named_and_not_shown(server, classroom):
    keep_gradebook_at(classroom, _address(server, "postgres", password="guessed-wrong"))
    classroom.hand_in("ada")
    with pytest.raises(GradebookError, match="password authentication failed") as refused:
        classroom.grade()
    assert "guessed-wrong" not in str(refused.value)
    assert classroom.directory.result_path("sums", "ada").exists() is False


@pytest.mark.parametrize(
    ("state", "message", "expected"),
    [
        ("55P03", "canceling statement due to lock timeout", True),
        ("40P01", "deadlock detected", True),
        ("28P01", "password authentication failed; the account is locked", False),
        (None, "database is locked", True),
        (None, "attempt to write a readonly database", False),
    ],
)
def test_locks_are_told_from_refusals(state, message, expected):
    original = Exception(message)
    if state is not None:
        original.sqlstate = state
    assert is_lock(OperationalError("UPDATE grade", {}, original)) is expected
