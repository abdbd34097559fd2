"""The `course` command: what it says, what it returns, and how it fails."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import grading.cli
from grading.engine.class_directory import ClassDirectory
from grading.engine.coordinator import ClassResult
from grading.engine.shipped import copy_source
from grading.engine.submissions import Refused
from grading.results import CheckResult, NotebookResult

runner = CliRunner()
FAKE_CHECKER = (sys.executable, "-I", str(Path(__file__).parents[1] / "engine" / "fake_checker.py"))


def run(*arguments):
    return runner.invoke(grading.cli.app, [str(argument) for argument in arguments])


def result(student, status="passed", notebook_status="graded"):
    points = 10.0 if status == "passed" else 0.0
    check = CheckResult("conv2d_forward", status, points, 10.0, "message\x1b]0;owned\x07")
    return NotebookResult(
        "convolution", student, points, 10.0, (check,), notebook="convolution", status=notebook_status,
        graded_at="2026-10-01T10:00:00+00:00",
    )  # fmt: skip


@pytest.fixture
def room(tmp_path):
    return ClassDirectory.create(tmp_path / "class")


@pytest.fixture
def graded(monkeypatch, room):
    """Let `course grade` come to what a test says."""

    def come_to(*results, refused=()):
        def grade_class(directory, assignment, **settings):
            return ClassResult(assignment, results, len(results), tuple(refused), 1.0)

        monkeypatch.setattr("grading.engine.coordinator.grade_class", grade_class)
        return ("grade", "convolution", "--dir", room.root)

    return come_to


def test_help_loads_nothing_heavy():
    script = (
        "import sys, grading.cli; "
        "heavy = ('numpy', 'nbgrader', 'nbconvert', 'sqlalchemy', 'jinja2', 'nh3'); "
        "print(*(name for name in heavy if name in sys.modules))"
    )
    found = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == ""


def test_every_command_of_the_design_is_there():
    shown = run("--help").output
    for command in (
        "init",
        "release",
        "grade",
        "feedback",
        "report",
        "similarity",
        "check",
        "lab",
        "demo",
        "doctor",
    ):
        assert command in shown


def test_init_makes_a_class_and_refuses_a_taken_place(tmp_path):
    made = run("init", tmp_path / "class")
    assert made.exit_code == 0
    assert (tmp_path / "class" / "nbgrader_config.py").is_file()
    again = run("init", tmp_path / "class")
    assert again.exit_code == 2
    assert "not empty" in again.stderr
    assert "Traceback" not in again.stderr


def test_commands_outside_a_class_directory_say_what_to_do(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for command in ("release", "grade", "feedback", "report"):
        failed = run(command, "convolution")
        assert failed.exit_code == 2
        assert "course init" in failed.stderr


def test_commands_work_in_the_current_class_directory(room, monkeypatch):
    monkeypatch.chdir(room.root)
    assert run("release", "convolution").exit_code == 0
    assert (room.root / "release" / "convolution" / "convolution.ipynb").is_file()


def test_an_unknown_assignment_lists_the_known(room):
    failed = run("release", "fractions", "--dir", room.root)
    assert failed.exit_code == 2
    assert "convolution" in failed.stderr


def test_nothing_graded_yet_is_said(room):
    for command in ("feedback", "report"):
        failed = run(command, "convolution", "--dir", room.root)
        assert failed.exit_code == 2
        assert "course grade convolution" in failed.stderr


def test_a_graded_class_is_0_and_shows_who_has_what(graded):
    shown = run(*graded(result("ada"), result("bob", "failed")))
    assert shown.exit_code == 0
    assert "ada" in shown.output
    assert "10 / 10" in shown.output
    assert "gradebook.db" in shown.output.replace("\n", "")


@pytest.mark.parametrize(
    "arguments",
    [
        {"results": [result("ada", "error")]},
        {"results": [result("ada", "error", "error")]},
        {"results": [result("ada")], "refused": [Refused("'x\\n'", "a control character")]},
    ],
)
def test_grader_errors_are_1(graded, arguments):
    shown = run(*graded(*arguments["results"], refused=arguments.get("refused", ())))
    assert shown.exit_code == 1
    assert "needs the instructor" in shown.stderr or "not graded" in shown.stderr


def test_usage_errors_are_2(room):
    assert run("grade").exit_code == 2
    assert run("grade", "convolution", "--workers", "0", "--dir", room.root).exit_code == 2
    assert run("grade", "convolution", "--student", "nobody", "--dir", room.root).exit_code == 2
    assert run("check", room.root / "missing.ipynb").exit_code == 2


def test_json_is_all_of_it_and_only_it(graded):
    shown = run(*graded(result("ada"), result("bob", "failed")), "--json")
    document = json.loads(shown.stdout)
    assert document["schema_version"] == 1
    assert [NotebookResult.from_dict(item).student for item in document["results"]] == ["ada", "bob"]


def test_the_terminal_gets_no_control_characters(graded):
    named = result("eve\x1b[2J")
    shown = run(*graded(named, result("bob", "failed")))
    assert "\x1b" not in shown.stdout
    assert "\x07" not in shown.stdout


def test_a_notebook_that_is_not_named_like_an_assignment_asks_for_one(tmp_path):
    (tmp_path / "mine.ipynb").write_text("{}")
    failed = run("check", tmp_path / "mine.ipynb")
    assert failed.exit_code == 2
    assert "--assignment" in failed.stderr


def test_check_shows_the_verdicts(tmp_path, monkeypatch):
    (tmp_path / "convolution.ipynb").write_text("{}")
    monkeypatch.setattr("grading.engine.single.grade_notebook", lambda path, assignment: result("", "failed"))
    shown = run("check", tmp_path / "convolution.ipynb")
    assert shown.exit_code == 0
    assert "conv2d_forward" in shown.output
    assert "message" in shown.output
    assert "0 of 10 points" in shown.output


def test_doctor_counts_only_what_is_known_to_have_held(monkeypatch):
    from grading.engine.doctor import probe_isolation

    probes = probe_isolation(command=FAKE_CHECKER)
    assert [(probe.layer, probe.held) for probe in probes] == [("seccomp", True), ("landlock", False)]
    monkeypatch.setattr("grading.engine.doctor.probe_isolation", lambda: probes)
    shown = run("doctor")
    assert shown.exit_code == 1
    assert "DID NOT HOLD" in shown.output


@pytest.fixture
def graded_room(room):
    for number, student in enumerate(("ada", "bob")):
        path = room.result_path("convolution", student)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(result(student, "failed" if number else "passed").to_dict()))
    return room


def test_report_says_where_it_is_and_opens_nothing_unasked(graded_room, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda address: pytest.fail(f"opened {address}"))
    shown = run("report", "convolution", "--dir", graded_room.root)
    assert shown.exit_code == 0
    assert str(graded_room.root / "reports" / "convolution.html") in shown.output


def test_report_opens_the_page_when_asked(graded_room, monkeypatch):
    opened = []
    monkeypatch.setattr("webbrowser.open", lambda address: opened.append(address) or True)
    shown = run("report", "convolution", "--open", "--dir", graded_room.root)
    page = graded_room.root / "reports" / "convolution.html"
    assert (shown.exit_code, opened, shown.stderr) == (0, [page.as_uri()], "")
    assert page.is_file()


def test_without_a_browser_the_page_is_written_all_the_same(graded_room, monkeypatch):
    monkeypatch.setattr("webbrowser.open", lambda address: False)
    shown = run("report", "convolution", "--open", "--dir", graded_room.root)
    assert shown.exit_code == 0
    assert "no browser could be opened" in shown.stderr


def test_a_report_to_give_away_lies_beside_the_one_with_names(graded_room):
    assert run("report", "convolution", "--pseudonyms", "--dir", graded_room.root).exit_code == 0
    pages = graded_room.root / "reports"
    assert [path.name for path in pages.iterdir()] == ["convolution-pseudonyms.html"]
    assert ">ada<" not in (pages / "convolution-pseudonyms.html").read_text()


def test_similarity_says_that_it_is_evidence(graded_room):
    copy_source("convolution", graded_room.assignment("source", "convolution"))
    shown = run("similarity", "convolution", "--dir", graded_room.root)
    assert shown.exit_code == 0
    assert "compared 2 submissions: 0 of 1 pairs share code" in shown.output
    assert "evidence to be read, and no verdict" in shown.output


def test_similarity_before_grading_says_what_to_do(room):
    failed = run("similarity", "convolution", "--dir", room.root)
    assert failed.exit_code == 2
    assert "course grade convolution" in failed.stderr
