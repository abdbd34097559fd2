"""Stock nbgrader commands in a graded class directory do their work, and keep the trust boundary."""

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from fake_checker import FAKE_CHECKER
from nbgrader.api import Gradebook

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent


def nbgrader(classroom, *arguments, **environment):
    return subprocess.run(
        [BIN / "nbgrader", *arguments],
        cwd=classroom.directory.root,
        env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"} | environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_export_lists_every_score(classroom):
    classroom.hand_in("ada")
    classroom.hand_in("bob", "half")
    classroom.grade()
    run = nbgrader(classroom, "export")
    assert run.returncode == 0, run.stderr
    with (classroom.directory.root / "grades.csv").open() as stream:
        rows = {
            row["student_id"]: (float(row["score"]), float(row["max_score"]))
            for row in csv.DictReader(stream)
        }
    assert rows == {"ada": (5.5, 5.5), "bob": (2.75, 5.5)}


def test_generate_feedback_writes_the_course_page_without_hidden_tests(classroom):
    classroom.hand_in("ada")
    classroom.grade()
    run = nbgrader(classroom, "generate_feedback", "sums")
    assert run.returncode == 0, run.stderr
    page = (classroom.directory.assignment("feedback", "sums", "ada") / "sums.html").read_text()
    assert "Content-Security-Policy" in page
    assert "the hidden reason" not in page
    assert "<script" not in page


def test_autograde_hands_over_to_the_engine(classroom, tmp_path):
    """The stand-in for the checker is put in place of the real one through the class's own configuration."""
    classroom.hand_in("ada")
    classroom.hand_in("bob", "half")
    classroom.hand_in("eve", "hostile")
    config = classroom.directory.root / "nbgrader_config.py"
    usual = config.read_text()
    config.write_text(
        usual
        + "\nfrom grading.engine import coordinator\n"
        + "coordinator.GradingOptions.__init__.__kwdefaults__ = None\n"
        + "coordinator.GradingOptions.__init__.__defaults__ = "
        + f"(1, False, None, coordinator.GradingOptions().limits, {FAKE_CHECKER!r}, None)\n"
    )
    run = nbgrader(classroom, "autograde", "sums")
    assert run.returncode == 0, run.stderr
    by_nbgrader = scores(classroom)
    # Grading reads the configuration in this process, where the stand-in would stay for all later tests.
    config.write_text(usual)
    for student in ("ada", "bob", "eve"):
        classroom.directory.result_path("sums", student).unlink()
    classroom.grade()
    assert by_nbgrader == scores(classroom) == {"ada": 5.5, "bob": 2.75, "eve": 5.5}


def test_autograde_refuses_where_the_engine_does_not_take_over(classroom):
    """Student code must not run unprotected only because an import failed."""
    marker = classroom.directory.root / "executed"
    classroom.hand_in("ada", answers=(f"open({str(marker)!r}, 'w')", "return 2 * a"))
    config = classroom.directory.root / "nbgrader_config.py"
    config.write_text(config.read_text().replace("import hand_over", "import no_such_name"))
    run = nbgrader(classroom, "autograde", "sums")
    assert run.returncode != 0
    assert "nothing was executed" in run.stderr
    assert not marker.exists()
    assert not (classroom.directory.assignment("autograded", "sums", "ada") / "sums.ipynb").exists()


def scores(classroom):
    with Gradebook(classroom.directory.db_url) as gradebook:
        return {item.student.id: item.score for item in gradebook.assignment_submissions("sums")}
