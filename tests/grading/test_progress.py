"""Progress: what ran and passed stays recorded, can be taken out, can be deleted, and survives a kill."""

import csv
import io
import json
import os
import signal
import sqlite3
import subprocess
import sys

import pytest
from typer.testing import CliRunner

import grading.cli
from grading.lab import handed_out
from grading.own_copy import update_copy
from grading.progress import Progress, ProgressError, as_csv, as_json
from grading.results import CheckResult, NotebookResult
from grading.self_check import check
from grading.standing import assignment_standings, lecture_standings, look_at_cells

runner = CliRunner()
LECTURE = "lectures/05_convolution.ipynb"


def run(*arguments):
    return runner.invoke(grading.cli.app, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def course():
    return handed_out()


@pytest.fixture
def root(tmp_path, course):
    update_copy(tmp_path / "copy", course)
    return tmp_path / "copy"


def run_cells(root, count=None):
    """Do to the lecture what running its first cells does."""
    document = json.loads((root / LECTURE).read_bytes())
    code = [cell for cell in document["cells"] if cell["cell_type"] == "code"]
    for number, cell in enumerate(code[:count], start=1):
        cell["execution_count"] = number
    (root / LECTURE).write_text(json.dumps(document))
    return len(code)


def standing(standings, name):
    return next(found for found in standings if found.name == name)


def test_a_lecture_is_worked_through_when_all_its_cells_ran(root, course):
    progress = Progress(root)
    total = run_cells(root, 3)
    look_at_cells(root, course, progress)
    found = standing(lecture_standings(course, progress), "05_convolution")
    assert (found.done, found.total, found.complete) == (3, total, False)
    run_cells(root)
    look_at_cells(root, course, progress)
    assert standing(lecture_standings(course, progress), "05_convolution").complete
    assert standing(lecture_standings(course, progress), "01_cost_surfaces").done == 0


def test_clearing_outputs_takes_no_progress_away(root, course):
    progress = Progress(root)
    run_cells(root, 5)
    look_at_cells(root, course, progress)
    (root / LECTURE).write_bytes(course[LECTURE])
    look_at_cells(root, course, progress)
    assert standing(lecture_standings(course, progress), "05_convolution").done == 5


def test_a_check_that_passed_once_has_passed(root, course):
    progress = Progress(root)
    progress.record_checks([("convolve1d", "failed"), ("im2col", "failed")])
    progress.record_checks([("convolve1d", "passed")])
    first = progress.checks()[0].passed_at
    progress.record_checks([("convolve1d", "error")])
    record = {found.name: found for found in progress.checks()}
    assert record["convolve1d"].status == "error"
    assert record["convolve1d"].tries == 3
    assert record["convolve1d"].passed_at == first is not None
    assert record["im2col"].passed_at is None
    found = standing(assignment_standings(course, progress), "convolution")
    assert (found.done, found.total) == (1, 20)


def test_a_check_in_a_notebook_is_recorded_where_it_lies_in_a_copy(root, course, monkeypatch, tmp_path):
    monkeypatch.chdir(root / "assignments" / "convolution")
    assert check("convolve1d", {"convolve1d": lambda *arguments, **options: None}).status == "failed"
    assert [(found.name, found.status) for found in Progress(root).checks()] == [("convolve1d", "failed")]
    monkeypatch.chdir(tmp_path)
    check("convolve1d", {"convolve1d": lambda *arguments, **options: None})
    assert [found.tries for found in Progress(root).checks()] == [1]


def test_a_broken_record_costs_no_verdict(root, monkeypatch):
    Progress(root).path.write_bytes(b"this is no database" * 100)
    monkeypatch.chdir(root)
    with pytest.warns(UserWarning, match="course progress --delete"):
        assert check("convolve1d", {}).status == "failed"


def test_a_broken_record_keeps_nobody_from_learning_and_can_be_deleted(root):
    run_cells(root, 1)
    Progress(root).path.write_bytes(b"this is no database" * 100)
    updated = run("lab", "--dir", root, "--no-start")
    assert updated.exit_code == 0
    assert "course progress --delete" in updated.stderr
    shown = run("progress", "--dir", root)
    assert shown.exit_code == 2
    assert "cannot be used" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert run("progress", "--dir", root, "--delete").exit_code == 0
    assert run("progress", "--dir", root).exit_code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no sandbox on this system")
def test_course_check_records_what_the_sandbox_said(root, monkeypatch):
    checks = (CheckResult("convolve1d", "passed", 6, 6), CheckResult("im2col", "failed", 0, 5))
    result = NotebookResult("convolution", "", 6.0, 11.0, checks)
    monkeypatch.setattr("grading.engine.single.grade_notebook", lambda path, assignment: result)
    path = root / "assignments" / "convolution" / "convolution.ipynb"
    assert run("check", path).exit_code == 0
    assert [(c.name, c.status) for c in Progress(root).checks()] == [
        ("convolve1d", "passed"),
        ("im2col", "failed"),
    ]


def test_the_command_shows_exports_and_deletes(root, tmp_path):
    run_cells(root, 2)
    Progress(root).record_checks([("convolve1d", "passed")])
    shown = run("progress", "--dir", root)
    assert shown.exit_code == 0, shown.output
    lines = [line.split() for line in shown.output.splitlines()]
    assert ["05_convolution", "2", "of"] in [line[:3] for line in lines]
    assert ["convolution", "1", "of", "20", "checks", "passed"] in lines
    for suffix in ("json", "csv"):
        assert run("progress", "--dir", root, "--export", tmp_path / f"mine.{suffix}").exit_code == 0
    document = json.loads((tmp_path / "mine.json").read_text())
    assert [record["name"] for record in document["checks"]] == ["convolve1d"]
    assert {record["lecture"] for record in document["cells"]} == {"05_convolution"}
    rows = list(csv.DictReader(io.StringIO((tmp_path / "mine.csv").read_text())))
    assert [row["kind"] for row in rows] == ["cell", "cell", "check"]
    assert run("progress", "--dir", root, "--export", tmp_path / "mine.xml").exit_code == 2
    assert run("progress", "--dir", root, "--delete").exit_code == 0
    assert not Progress(root).path.exists()
    assert (root / LECTURE).exists()
    assert run("progress", "--dir", tmp_path).exit_code == 2


def test_what_is_recorded_comes_out_the_same_in_json_and_csv(root):
    progress = Progress(root)
    assert json.loads(as_json(progress))["cells"] == []
    assert not progress.path.exists()
    progress.record_cells("a", ["x", "x", "y"])
    assert [record.cell for record in progress.cells()] == ["x", "y"]
    assert len(as_csv(progress).splitlines()) == 3


def test_a_record_of_a_newer_version_is_left_alone(root):
    progress = Progress(root)
    progress.record_checks([("convolve1d", "passed")])
    with sqlite3.connect(progress.path) as database:
        database.execute("pragma user_version = 99")
    database.close()
    with pytest.raises(ProgressError, match="newer version"):
        progress.checks()


ENDLESS = """
import sys
from pathlib import Path
from grading.progress import Progress
progress = Progress(Path(sys.argv[1]))
count = 0
while True:
    progress.record_checks([(f"check_{count}", "passed")])
    print(count, flush=True)
    count += 1
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="no kill on this system")
def test_a_kill_loses_nothing_that_was_recorded(root):
    writer = subprocess.Popen([sys.executable, "-c", ENDLESS, str(root)], stdout=subprocess.PIPE, text=True)
    told = [int(writer.stdout.readline()) for _ in range(5)]
    os.kill(writer.pid, signal.SIGKILL)
    told += [int(line) for line in writer.stdout.read().split()]
    writer.stdout.close()
    writer.wait()
    names = {record.name for record in Progress(root).checks()}
    assert names >= {f"check_{count}" for count in told}
    assert len(names) <= len(told) + 1
