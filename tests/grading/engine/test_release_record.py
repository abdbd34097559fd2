"""A release remembers what it was, and a mismatch is said to whom it concerns."""

import json

import pytest
from typer.testing import CliRunner

import grading.cli
from grading.engine import release_record
from grading.engine.extensions import read_moment
from grading.engine.model_solution import allow_from
from grading.engine.release import release_assignment
from grading.engine.release_record import checks_version, outdated, release_in, releases
from grading.engine.shipped import shipped_master
from grading.engine.single import other_checks


def mend(classroom, source="assert add(2, 2) == 4"):
    """Change a visible test in the source and release it again."""
    path = classroom.directory.assignment("source", "sums") / "sums.ipynb"
    notebook = json.loads(path.read_text())
    notebook["cells"][3]["source"] = source
    path.write_text(json.dumps(notebook))
    release_assignment(classroom.directory, "sums")


def told(classroom, **settings):
    found = []
    classroom.grade(notify=found.append, **settings)
    return found


def test_a_release_is_remembered_and_its_notebooks_are_marked(classroom):
    [made] = releases(classroom.directory, "sums")
    assert made.checks == checks_version("sums")
    path = classroom.directory.assignment("release", "sums") / "sums.ipynb"
    assert release_in(path.read_bytes()) == (made.release, made.checks)
    allow_from(path, read_moment("2026-10-05 18:00+00:00"))
    assert release_in(path.read_bytes()) == (made.release, made.checks)


def test_releasing_the_same_again_is_the_same_release(classroom):
    before = releases(classroom.directory, "sums")
    release_assignment(classroom.directory, "sums")
    assert releases(classroom.directory, "sums") == before


def test_who_worked_on_an_earlier_release_is_told(classroom):
    classroom.hand_in("ada")
    assert told(classroom) == []
    mend(classroom)
    classroom.released = json.loads(
        (classroom.directory.assignment("release", "sums") / "sums.ipynb").read_text()
    )
    classroom.hand_in("bob")
    [text] = told(classroom)
    assert "1 student(s) handed in an earlier release of sums" in text
    assert text.endswith("graded: ada")


def test_changed_checks_are_told(classroom, monkeypatch):
    classroom.hand_in("ada")
    monkeypatch.setattr(release_record, "checks_version", lambda assignment: "9.9.9+abc")
    [text] = told(classroom)
    assert "9.9.9+abc" in text
    assert "students' own checks may say something else" in text


def test_changed_checks_of_the_class_are_told(classroom):
    classroom.hand_in("ada")
    own = classroom.directory.extra_checks / "sums"
    own.mkdir(parents=True)
    (own / "add.py").write_text("CHECKS = ()\n")
    assert "own checks have changed" in told(classroom)[0]


@pytest.mark.parametrize(
    "data", [b"", b"\x00\xff", b'"release": "0123"', b'"release": "0123456789ab ' + b"x" * 100 + b'"']
)
def test_a_file_without_a_mark_says_nothing(classroom, data):
    assert release_in(data) is None
    assert outdated(data, releases(classroom.directory, "sums")) is None


def test_an_unknown_release_is_nobodys(classroom):
    mark = b'{"metadata": {"course": {"release": "0123456789ab 0.1.0+00"}}}'
    assert release_in(mark) == ("0123456789ab", "0.1.0+00")
    assert outdated(mark, releases(classroom.directory, "sums")) is None


def test_a_student_with_other_checks_is_told(tmp_path):
    path = tmp_path / "convolution.ipynb"
    notebook = json.loads(shipped_master("convolution").read_text())
    path.write_text(json.dumps(notebook))
    assert other_checks(path, "convolution") is None
    for version, says in ((checks_version("convolution"), False), ("0.0.1+abc", True)):
        notebook["metadata"]["course"] = {"release": f"0123456789ab {version}"}
        path.write_text(json.dumps(notebook))
        assert bool(other_checks(path, "convolution")) is says


def test_the_versions_of_different_assignments_differ():
    assert checks_version("convolution") != checks_version("no such assignment")


def test_the_command_says_it(tmp_path, monkeypatch):
    monkeypatch.setattr("grading.engine.single.other_checks", lambda path, assignment: "other checks")
    monkeypatch.setattr("grading.engine.single.grade_notebook", lambda path, assignment: _result())
    path = tmp_path / "convolution.ipynb"
    path.write_text("{}")
    done = CliRunner().invoke(grading.cli.app, ["check", str(path)])
    assert done.exit_code == 0, done.output
    assert "other checks" in done.output


def _result():
    from grading.results import NotebookResult

    return NotebookResult("convolution", "", 0.0, 0.0, ())
