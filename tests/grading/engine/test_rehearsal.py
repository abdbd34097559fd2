"""Releasing an assignment: tests that give points for nothing, or cannot be graded, are reported."""

import json
import sys

import pytest
from typer.testing import CliRunner

import grading.cli
from grading.engine.checker_process import CheckerError, CheckerUnavailable
from grading.engine.class_directory import ClassDirectory
from grading.engine.rehearsal import UnfairTest, WeakTest, rehearse


def cell(source, grade_id, **marks):
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {
        "cell_type": "code",
        "id": grade_id.replace("_", "-"),
        "metadata": {"nbgrader": nbgrader | {"grade_id": grade_id} | marks} if marks else {},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }


@pytest.fixture
def room(tmp_path):
    """A class with an assignment of a good test, two weak ones, and one that needs an unlocked helper."""
    directory = ClassDirectory.create(tmp_path / "class")
    solution = "def {0}(a):\n    ### BEGIN SOLUTION\n    return [a]\n    ### END SOLUTION"
    cells = [
        cell(solution.format("wrap"), "wrap", solution=True),
        cell("assert wrap(3) == [3]", "check_good", grade=True, locked=True, points=2),
        cell("assert wrap(3) is not None", "check_weak", grade=True, locked=True, points=3),
        cell("int(isinstance(wrap(3), list))", "check_partial", grade=True, locked=True, points=4),
        cell("def helper(x):\n    return x", "helper"),
        cell("assert helper(wrap(1)) == [1]", "check_unfair", grade=True, locked=True, points=1),
    ]
    source = directory.assignment("source", "lists")
    source.mkdir(parents=True)
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (source / "lists.ipynb").write_text(json.dumps(notebook))
    return directory


def test_weak_and_unfair_tests_are_told_by_cell(room):
    found = {item.grade_id: item for item in rehearse(room, "lists")}
    assert set(found) == {"check_weak", "check_partial", "check_unfair"}
    weak, partial, unfair = found["check_weak"], found["check_partial"], found["check_unfair"]
    assert isinstance(weak, WeakTest)
    assert (weak.points, weak.max_points) == (3.0, 3.0)
    assert {"an empty list", "NaN", "True"} <= set(weak.answers)
    assert "None" not in weak.answers
    assert (partial.points, partial.answers) == (1.0, ("an empty list",))
    assert isinstance(unfair, UnfairTest)
    assert "lock" in unfair.problem


@pytest.mark.slow
def test_the_command_reports_them_and_releases_all_the_same(room):
    done = CliRunner().invoke(grading.cli.app, ["release", "lists", "--dir", str(room.root)])
    assert done.exit_code == 0, done.output
    assert (room.assignment("release", "lists") / "lists.ipynb").is_file()
    assert "check_weak gives 3 of 3 points" in done.output
    assert "check_unfair cannot be graded" in done.output
    assert "check_good" not in done.output


@pytest.mark.slow
def test_the_instructors_own_checks_are_found(room):
    source = room.assignment("source", "lists") / "lists.ipynb"
    notebook = json.loads(source.read_text())
    notebook["cells"] = notebook["cells"][:1] + [
        cell('from grading import check\ncheck("wrap")', "check_wrap", grade=True, locked=True, points=2)
    ]
    source.write_text(json.dumps(notebook))
    with pytest.raises(CheckerUnavailable, match="asks for the check 'wrap'"):
        rehearse(room, "lists")
    own = room.extra_checks / "lists"
    own.mkdir(parents=True)
    (own / "wrap.py").write_text(
        "from grading.checks.definition import Check, Part, example\n"
        "check = Check('wrap', '(a)', lambda a: [a], (Part('one', 1, (example(3),)),), 'none')\n"
    )
    assert rehearse(room, "lists") == []


def test_a_checker_that_answers_otherwise_is_an_error(room, tmp_path):
    script = tmp_path / "checker.py"
    script.write_text(
        "from grading.sandbox.frames import Channel\n"
        "channel = Channel(0, 1)\nchannel.receive()\nchannel.send({'ready': True, 'tests': []})\n"
        "channel.receive()\nchannel.send({'junk': [{'grade_id': 'other', 'points': 1}]})\n"
    )
    with pytest.raises(CheckerError, match="no known way"):
        rehearse(room, "lists", command=(sys.executable, "-I", str(script)))
