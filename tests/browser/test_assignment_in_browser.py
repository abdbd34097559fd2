"""The released assignment as a student meets it: answer a question in JupyterLab, run its check, read it."""

from pathlib import Path

import pytest
from jupyterlab_driver import DARK, LIGHT, LabNotebook
from own_jupyterlab import JupyterLab

from grading.engine.class_directory import ClassDirectory
from grading.engine.release import release_assignment

pytestmark = pytest.mark.browser
MISTAKE = (
    Path(__file__).resolve().parents[1] / "scenarios" / "convolution" / "conv-always-pads-one" / "answers.py"
)


@pytest.fixture(scope="module")
def student(chromium, tmp_path_factory):
    room = ClassDirectory.create(tmp_path_factory.mktemp("class") / "room")
    release_assignment(room, "convolution")
    with JupyterLab(room.assignment("release", "convolution"), tmp_path_factory.mktemp("home")) as server:
        notebook = LabNotebook(chromium, server, "convolution.ipynb")
        yield notebook
        notebook.close()


def write(student, cell_id, source):
    student.page.evaluate(
        "([id, source]) => jupyterapp.shell.currentWidget.content.widgets"
        ".find(cell => cell.model.id === id).model.sharedModel.setSource(source)",
        [cell_id, source],
    )


def run(student, cell_id):
    cell = student.cell(cell_id)
    student.page.evaluate("() => jupyterapp.commands.execute('notebook:run-cell')")
    student.settle()
    return cell.locator(".jp-OutputArea").first


def test_an_unanswered_question_says_so_and_a_mistake_is_named(student, artifacts):
    student.use_theme(LIGHT)
    assert student.restart_and_run_all().errors == []
    stub = student.cell("check-conv2d-forward").locator(".jp-OutputArea").first
    stub.get_by_text("not written yet").first.wait_for()

    write(student, "conv2d-forward", MISTAKE.read_text().partition("# %% conv2d_forward\n")[2])
    run(student, "conv2d-forward")
    verdict = run(student, "check-conv2d-forward")
    verdict.get_by_text("padding", exact=False).first.wait_for()
    shown = verdict.inner_text()
    assert "not written yet" not in shown
    assert "expected shape (1, 1, 1, 1), got (1, 1, 3, 3)" in shown
    assert "This looks like: padding" in shown
    assert "What counts is graded separately" in shown
    for theme, name in ((LIGHT, "light"), (DARK, "dark")):
        student.use_theme(theme)
        verdict.screenshot(path=artifacts / f"assignment_check_{name}.png")
    assert student.console_errors == []
    assert student.foreign_requests == []
