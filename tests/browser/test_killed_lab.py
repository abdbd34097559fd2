"""JupyterLab is killed without warning: what was written and run before the current cell is on the disk."""

import json
import os
import signal
import time

import pytest
from jupyterlab_driver import LabNotebook
from own_jupyterlab import JupyterLab

from grading.lab import handed_out, jupyter_environment
from grading.own_copy import update_copy
from grading.progress import Progress
from grading.standing import look_at_cells

pytestmark = pytest.mark.browser
NAME = "lectures/01_cost_surfaces.ipynb"
SAVED_WITHIN = 30.0


class OwnCopyLab(JupyterLab):
    """A server as `course lab` starts it."""

    def _environment(self):
        return jupyter_environment(super()._environment())

    def kill(self):
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait(10)


def test_a_killed_jupyterlab_loses_nothing_that_was_done_before(chromium, tmp_path):
    root, course = tmp_path / "copy", handed_out()
    update_copy(root, course)
    (tmp_path / "private").mkdir()
    with OwnCopyLab(root, tmp_path / "private") as lab:
        notebook = LabNotebook(chromium, lab, NAME)
        notebook.page.evaluate(
            "source => jupyterapp.shell.currentWidget.content.widgets"
            ".find(cell => cell.model.id === 'imports').model.sharedModel.setSource(source)",
            "answer = 6 * 7\nprint(answer)",
        )
        notebook.cell("imports")
        notebook.page.evaluate("() => jupyterapp.commands.execute('notebook:run-cell')")
        notebook.settle()
        # Nobody saves: that is what JupyterLab has to do by itself.
        deadline = time.monotonic() + SAVED_WITHIN
        while b"42\\n" not in (root / NAME).read_bytes() and time.monotonic() < deadline:
            notebook.page.wait_for_timeout(200)
        lab.kill()
        notebook.close()
    cells = {cell["id"]: cell for cell in json.loads((root / NAME).read_bytes())["cells"]}
    assert "".join(cells["imports"]["source"]).startswith("answer = 6 * 7")
    assert "".join(cells["imports"]["outputs"][0]["text"]) == "42\n"
    progress = Progress(root)
    look_at_cells(root, course, progress)
    assert [(record.lecture, record.cell) for record in progress.cells()] == [("01_cost_surfaces", "imports")]
    newer = course[NAME].replace(b"# 01", b"# One", 1)
    assert [change.kind for change in update_copy(root, {NAME: newer})] == ["kept"]
