"""A student's own notebook: questions begin again and nothing is lost; model solutions wait for theirs."""

import json
from datetime import UTC, datetime, timedelta

import nbformat
import pytest
from typer.testing import CliRunner

import grading.cli
from grading.engine import model_solution
from grading.engine.master import read_master
from grading.engine.model_solution import allow_from
from grading.engine.question import QuestionError, handed_out, reset_question
from grading.engine.shipped import shipped_master
from grading.results import CheckResult, NotebookResult

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
RIGHT_START = "def canonical_kernel(name):\n"
runner = CliRunner()


def run(*arguments):
    return runner.invoke(grading.cli.app, [str(argument) for argument in arguments])


@pytest.fixture
def notebook(tmp_path):
    """A student's notebook as it was handed out."""
    copy = nbformat.read(shipped_master("convolution"), as_version=4)
    master = read_master(shipped_master("convolution"), "convolution")
    for cell, original in zip(copy.cells, master.cells):
        if original.nbgrader.get("solution"):
            cell.source = handed_out(original)
    path = tmp_path / "convolution.ipynb"
    nbformat.write(copy, path)
    return path


def write_answer(path, source, question="canonical_kernel"):
    copy = nbformat.read(path, as_version=4)
    place = index_of(copy, question)
    copy.cells[place].source = source
    copy.cells[place].outputs = [nbformat.v4.new_output("stream", text="printed")]
    nbformat.write(copy, path)
    return place


def index_of(copy, question):
    return next(
        i for i, c in enumerate(copy.cells) if c.metadata.get("nbgrader", {}).get("grade_id") == question
    )


def test_what_is_handed_out_is_what_nbgrader_hands_out():
    master = read_master(shipped_master("convolution"), "convolution")
    stub = handed_out(master.by_id["canonical_kernel"])
    assert stub.splitlines()[0] == RIGHT_START.rstrip()
    assert stub.endswith("\n    # YOUR CODE HERE\n    raise NotImplementedError()")
    assert "SOLUTION" not in stub
    assert "np.ones" not in stub


def test_reset_puts_back_one_question_and_keeps_what_was_written(notebook):
    before = nbformat.read(notebook, as_version=4)
    written = RIGHT_START + '    """```fenced```"""\n    return 3'
    place = write_answer(notebook, written)
    done = run("reset", notebook, "canonical_kernel")
    assert done.exit_code == 0, done.output
    after = nbformat.read(notebook, as_version=4)
    nbformat.validate(after)
    assert after.cells[place].source == before.cells[place].source
    assert after.cells[place].outputs == []
    kept = after.cells[place + 1]
    assert kept.cell_type == "markdown"
    assert f"````python\n{written}\n````" in kept.source
    del after.cells[place + 1]
    assert after == before


def test_reset_of_what_was_never_touched_changes_nothing(notebook):
    before = nbformat.read(notebook, as_version=4)
    assert reset_question(notebook, "convolution", "filter_image") is False
    assert nbformat.read(notebook, as_version=4) == before


def test_reset_brings_back_a_deleted_cell_where_it_was_and_its_type(notebook):
    copy = nbformat.read(notebook, as_version=4)
    place = index_of(copy, "conv2d_backward")
    stub = copy.cells.pop(place).source
    nbformat.write(copy, notebook)
    assert reset_question(notebook, "convolution", "conv2d_backward") is False
    back = nbformat.read(notebook, as_version=4).cells[place]
    assert (back.cell_type, back.source) == ("code", stub)
    assert back.metadata.nbgrader.solution


def test_reset_of_a_retyped_cell_makes_it_code_again(notebook):
    raw = json.loads(notebook.read_text())
    cell = next(
        c for c in raw["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == "filter_image"
    )
    cell.update(cell_type="markdown", source=["my ", "thoughts"])
    del cell["outputs"], cell["execution_count"]
    notebook.write_text(json.dumps(raw))
    assert reset_question(notebook, "convolution", "filter_image") is True
    after = nbformat.read(notebook, as_version=4)
    place = index_of(after, "filter_image")
    assert after.cells[place].cell_type == "code"
    assert "my thoughts" in after.cells[place + 1].source


def test_what_cannot_be_reset_is_said_and_left_as_it_is(notebook, tmp_path):
    unknown = run("reset", notebook, "conv2d_foward")
    assert unknown.exit_code == 2
    assert "Did you mean 'conv2d_forward'?" in unknown.stderr
    missing = run("reset", tmp_path / "missing.ipynb", "conv2d_forward", "--assignment", "convolution")
    assert missing.exit_code == 2
    assert "there is no file" in missing.stderr
    twice = nbformat.read(notebook, as_version=4)
    twice.cells.append(twice.cells[index_of(twice, "filter_image")].copy())
    twice.cells[-1].id = "another"
    nbformat.write(twice, notebook)
    text = notebook.read_bytes()
    with pytest.raises(QuestionError, match="2 cells for 'filter_image'"):
        reset_question(notebook, "convolution", "filter_image")
    assert notebook.read_bytes() == text
    for broken in ("[]", "{", '{"nbformat": 3}', '{"nbformat": 4, "cells": [3]}', "[" * 100_000):
        notebook.write_text(broken)
        with pytest.raises(QuestionError):
            reset_question(notebook, "convolution", "filter_image")
        assert notebook.read_text() == broken


@pytest.fixture
def judged(monkeypatch):
    """Let the checks come to what a test says; returns what was asked."""
    asked = []

    def come_to(status):
        def grade(path, assignment):
            asked.append((path, assignment))
            check = CheckResult("canonical_kernel", status, 0.0, 4.0, "the blur is off.")
            return NotebookResult(assignment, "", 0.0, 4.0, (check,))

        monkeypatch.setattr(model_solution, "grade_notebook", grade)
        return asked

    return come_to


def test_the_model_solution_is_shown_beside_a_right_answer(notebook, judged):
    judged("passed")
    write_answer(notebook, RIGHT_START + "    return mine[name]  # [bold]\x1b[31m")
    shown = run("solution", notebook, "canonical_kernel")
    assert shown.exit_code == 0
    assert "return mine[name]  # [bold]" in shown.output
    assert "return kernels[name]" in shown.output
    assert "\x1b[31m" not in shown.output
    assert "SOLUTION" not in shown.output


def test_the_model_solution_is_withheld_from_a_wrong_answer(notebook, judged):
    judged("failed")
    withheld = run("solution", notebook, "canonical_kernel")
    assert withheld.exit_code == 1
    assert "after full marks. canonical_kernel: failed (the blur is off)" in withheld.stderr
    assert "return kernels[name]" not in withheld.output


def test_a_class_may_open_its_solutions_on_a_day(notebook, judged):
    asked = judged("failed")
    allow_from(notebook, NOW)

    def look(now):
        return model_solution.model_solution(notebook, "convolution", "canonical_kernel", now=now)

    early = look(NOW - timedelta(seconds=1))
    assert (early.model, len(asked)) == ("", 1)
    assert "or from 01 December 2026, 12:00" in early.withheld
    assert "return kernels[name]" in look(NOW).model
    assert len(asked) == 1, "nothing is graded once the day has come"
    with pytest.raises(ValueError, match="time zone"):
        allow_from(notebook, datetime(2026, 12, 1))


def test_an_unreadable_day_opens_nothing(notebook, judged):
    judged("failed")
    for day in ("soon", "2020-01-01", 3, None):
        raw = json.loads(notebook.read_text())
        raw["metadata"]["course"] = {"solutions_from": day}
        notebook.write_text(json.dumps(raw))
        shown = model_solution.model_solution(notebook, "convolution", "canonical_kernel", now=NOW)
        assert shown.model == ""


def test_installed_without_solutions_says_where_they_are(notebook, judged, monkeypatch):
    judged("passed")
    monkeypatch.setattr(model_solution, "shipped_master", lambda assignment: notebook)
    with pytest.raises(QuestionError, match="course's repository"):
        model_solution.model_solution(notebook, "convolution", "canonical_kernel")


def test_release_writes_the_day_into_the_students_notebook(tmp_path):
    room = tmp_path / "class"
    assert run("init", room).exit_code == 0
    done = run("release", "convolution", "--dir", room, "--solutions-from", "2026-12-01T12:00:00")
    assert done.exit_code == 0, done.output
    released = nbformat.read(room / "release" / "convolution" / "convolution.ipynb", as_version=4)
    opens = datetime.fromisoformat(released.metadata.course.solutions_from)
    assert opens.tzinfo is not None
    assert opens.replace(tzinfo=None) == datetime(2026, 12, 1, 12)
    nbformat.validate(released)
