"""The engine with the real checker and sandbox: the whole path, and the same gradebook as stock nbgrader."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from own_sockets import KERNELS_ON_FILES

from grading.engine import grade_notebook
from grading.engine.checker_process import COMMAND
from grading.engine.shipped import shipped_master

pytestmark = pytest.mark.slow

BIN = Path(sys.executable).parent


def auto_scores(root):
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as gradebook:
        return {
            (item.student.id, grade.name): grade.auto_score
            for item in gradebook.assignment_submissions("sums")
            for notebook in item.notebooks
            for grade in notebook.grades
        }


def test_the_gradebook_equals_that_of_stock_nbgrader(classroom, tmp_path):
    classroom.hand_in("right")
    classroom.hand_in("wrong", answers=("return a - b", "return 2 * a"))
    classroom.hand_in("raises", answers=("raise ValueError('no')", "return 2 * a"))
    classroom.hand_in("hidden-only", answers=("return 3", "return a + a"))
    classroom.hand_in("stub", raw=json.dumps(classroom.released).encode())
    stock = tmp_path / "stock"
    shutil.copytree(classroom.directory.root, stock)
    (stock / "nbgrader_config.py").write_text("c = get_config()\n" + KERNELS_ON_FILES)
    run = subprocess.run(
        [BIN / "nbgrader", "autograde", "sums"],
        cwd=stock,
        env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    graded = classroom.grade(command=COMMAND)
    assert not graded.grader_errors
    ours = auto_scores(classroom.directory.root)
    assert ours == auto_scores(stock)
    assert ours["hidden-only", "check_add"] == 0.0
    assert ours["right", "check_add"] == 3.0


def test_the_masters_own_solution_gets_every_point():
    result = grade_notebook(shipped_master("convolution"), "convolution")
    assert (result.score, result.max_score) == (100.0, 100.0)
    assert [check.status for check in result.checks] == ["passed"] * 20
    assert result.isolation


def test_a_notebook_that_is_none_is_unreadable_and_not_an_exception(tmp_path):
    path = tmp_path / "convolution.ipynb"
    path.write_bytes(b"\x00\xff not json")
    result = grade_notebook(path, "convolution")
    assert (result.status, result.score) == ("unreadable", 0.0)
    path.unlink()
    path.symlink_to(shipped_master("convolution"))
    assert grade_notebook(path, "convolution").status == "unreadable"
    with pytest.raises(LookupError, match="no assignment 'fractions'"):
        grade_notebook(path, "fractions")
    with pytest.raises(FileNotFoundError):
        grade_notebook(tmp_path / "missing.ipynb", "convolution")
