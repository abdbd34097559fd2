"""A full disk, a database that cannot be written or stays locked: a clear message, and nothing is lost."""

import json
import os
import resource
import sqlite3
import subprocess
import sys

import pytest
from fake_checker import FAKE_CHECKER

from grading.engine.gradebook import ClassGradebook, GradebookError

LONG = {"cell_type": "code", "metadata": {}, "source": "x" * 190_000, "outputs": []}
# Runs `course grade` with the stand-in for the checker, under a limit on the size of files.
_SCRIPT = """
import resource, sys
from grading.engine import coordinator
limits = coordinator.GradingOptions().limits
coordinator.GradingOptions.__init__.__kwdefaults__ = None
coordinator.GradingOptions.__init__.__defaults__ = (1, False, None, limits, tuple({command!r}), None)
limit = int(sys.argv.pop(1))
if limit:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))
import grading.cli
grading.cli.main()
"""


def course_grade(classroom, limit=0):
    script = _SCRIPT.format(command=FAKE_CHECKER)
    command = [sys.executable, "-c", script, str(limit), "grade", "sums", "--json", "--workers", "1"]
    return subprocess.run(command, cwd=classroom.directory.root, capture_output=True, text=True, timeout=120)


def complete(classroom):
    """Return the scores in results that are whole: a torn file would raise."""
    found = {}
    for path in (classroom.directory.memory / "results").rglob("*.json"):
        data = json.loads(path.read_text())
        found[data["student"]] = data["score"]
    return found


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(resource, "RLIMIT_FSIZE"), reason="needs a limit on the size of files")
def test_no_room_for_a_notebook_stops_cleanly_and_the_next_run_goes_on(classroom):
    classroom.hand_in("ada")
    classroom.hand_in("bob", extra=[LONG] * 20)
    classroom.hand_in("eve", "half")
    stopped = course_grade(classroom, limit=2_000_000)
    assert stopped.returncode == 1
    assert "Traceback" not in stopped.stderr
    assert "File too large" in stopped.stderr
    assert "is kept" in stopped.stderr
    assert complete(classroom) == {"ada": 5.5}
    assert not list(classroom.directory.root.rglob(".writing-*"))
    again = course_grade(classroom)
    assert again.returncode == 0, again.stderr
    assert complete(classroom) == {"ada": 5.5, "bob": 5.5, "eve": 2.75}


@pytest.mark.slow
def test_no_room_in_the_database_stops_cleanly_and_keeps_it_whole(classroom):
    students = [f"student{number:02d}" for number in range(60)]
    for student in students:
        classroom.hand_in(student)
    size = (classroom.directory.root / "gradebook.db").stat().st_size
    stopped = course_grade(classroom, limit=size)
    assert stopped.returncode == 1
    assert "Traceback" not in stopped.stderr
    assert "gradebook.db refuses" in stopped.stderr
    with sqlite3.connect(classroom.directory.root / "gradebook.db") as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        [(recorded,)] = database.execute("SELECT count(*) FROM submitted_assignment")
    done = complete(classroom)
    assert len(done) == recorded < len(students)
    assert course_grade(classroom).returncode == 0
    assert complete(classroom) == dict.fromkeys(students, 5.5)


@pytest.mark.slow
def test_a_read_only_database_is_named_and_nothing_is_called_done(classroom):
    classroom.hand_in("ada")
    config = classroom.directory.root / "nbgrader_config.py"
    address = f"sqlite:///file:{classroom.directory.root / 'gradebook.db'}?mode=ro&uri=true"
    config.write_text(config.read_text() + f"\nc.CourseDirectory.db_url = {address!r}\n")
    stopped = course_grade(classroom)
    assert stopped.returncode == 1
    assert "Traceback" not in stopped.stderr
    assert "readonly database" in stopped.stderr
    assert "permissions" in stopped.stderr
    assert complete(classroom) == {}


@pytest.mark.slow
def test_a_database_that_stays_locked_is_given_up_with_a_way_out(classroom):
    holder = sqlite3.connect(classroom.directory.root / "gradebook.db", isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    told = []
    gradebook = ClassGradebook(classroom.directory, "sums", told.append, patience=0.0)
    with pytest.raises(GradebookError, match="stayed locked.*nothing is lost"), gradebook:
        pass
    holder.close()


@pytest.mark.slow
def test_a_place_that_cannot_be_written_is_named(classroom):
    classroom.hand_in("ada")
    folder = classroom.directory.assignment("autograded", "sums", "ada")
    # A file where the directory must be fails for every user, root too.
    folder.parent.write_text("in the way")
    stopped = course_grade(classroom)
    assert stopped.returncode in (1, 2)
    assert "Traceback" not in stopped.stderr
    assert os.fspath(folder.parent) in stopped.stderr
    assert complete(classroom) == {}
