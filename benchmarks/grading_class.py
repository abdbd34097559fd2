"""The class that the grading benchmark grades: ordinary assert-style notebooks of any nbgrader course."""

import json
import random
import shutil
from pathlib import Path

from grading.engine.class_directory import ClassDirectory
from grading.engine.release import release_assignment

ASSIGNMENT = "bench"
_STOCK_CONFIG = """import os
c = get_config()
c.CourseDirectory.root = os.path.dirname(os.path.abspath(__file__))
c.CourseDirectory.course_id = "stock"
"""
_FIGURE = "fig, ax = plt.subplots()\nx = np.linspace(0, 6, 50)\nax.plot(x, np.sin(x))\nplt.show()"
# Name, arguments, right body, a typical wrong body, test with its hidden part.
_TASKS = [
    (
        "mean_square",
        "x",
        "return float(np.mean(np.asarray(x) ** 2))",
        "return float(np.mean(x)) ** 2",
        "assert mean_square(np.array([1.0, 2.0, 3.0])) == 14 / 3",
        "assert abs(mean_square(np.array([0.5, -0.5])) - 0.25) < 1e-12",
    ),
    (
        "softmax",
        "z",
        "e = np.exp(z - np.max(z))\n    return e / e.sum()",
        "return np.exp(z)",
        "assert np.allclose(softmax(np.zeros(4)), 0.25)",
        "assert np.isfinite(softmax(np.array([1000.0, 0.0]))).all()",
    ),
    (
        "gradient_step",
        "w, g, lr=0.1",
        "return w - lr * g",
        "return w + lr * g",
        "assert np.allclose(gradient_step(np.ones(3), np.ones(3)), 0.9)",
        "assert np.allclose(gradient_step(np.ones(2), np.ones(2), lr=1.0), 0)",
    ),
    (
        "one_hot",
        "labels, classes",
        "return np.eye(classes)[labels]",
        "return np.eye(classes)",
        "assert one_hot(np.array([0, 2]), 3).tolist() == [[1, 0, 0], [0, 0, 1]]",
        "assert one_hot(np.array([1]), 2).shape == (1, 2)",
    ),
]


def make_classes(parent: Path, submissions: int, *, figure: bool) -> tuple[ClassDirectory, Path]:
    """Make the same class twice.

    Parameters
    ----------
    parent : Path
        Where the two directories go.
    submissions : int
        Number of students.
    figure : bool
        Whether every notebook draws a figure.

    Returns
    -------
    ours : ClassDirectory
        Ready for ``course grade``.
    stock : Path
        The same for ``nbgrader autograde`` with nbgrader's own configuration.
    """
    ours = make_class(parent / "ours", submissions, figure=figure)
    stock = parent / "stock"
    shutil.copytree(ours.root, stock)
    (stock / "nbgrader_config.py").write_text(_STOCK_CONFIG)
    return ours, stock


def make_class(root: Path, submissions: int, *, figure: bool, questions: int = len(_TASKS)) -> ClassDirectory:
    """Make a class directory at ``root``, ready for ``course grade``; parameters as in `make_classes`."""
    ours = ClassDirectory.create(root)
    source = ours.assignment("source", ASSIGNMENT)
    source.mkdir(parents=True)
    (source / f"{ASSIGNMENT}.ipynb").write_text(json.dumps(master(figure=figure, questions=questions)))
    release_assignment(ours, ASSIGNMENT)
    released = json.loads((ours.assignment("release", ASSIGNMENT) / f"{ASSIGNMENT}.ipynb").read_text())
    rng = random.Random(7)
    for number in range(submissions):
        folder = ours.assignment("submitted", ASSIGNMENT, f"student{number:04d}")
        folder.mkdir(parents=True)
        answered = json.dumps(_answered(released, number, rng))
        (folder / f"{ASSIGNMENT}.ipynb").write_text(answered)
    return ours


def master(*, figure: bool, questions: int = len(_TASKS)) -> dict:
    """Return the source notebook: with all questions ten code cells, four of them solutions, five tests."""
    imports = "import numpy as np\nimport matplotlib.pyplot as plt"
    cells = [_cell(f"{imports}\n{_FIGURE}" if figure else imports, "imports", locked=True)]
    for name, arguments, right, _, visible, hidden in _TASKS[:questions]:
        body = f"def {name}({arguments}):\n    ### BEGIN SOLUTION\n    {right}\n    ### END SOLUTION"
        cells.append(_cell(body, name, solution=True))
        test = f"{visible}\n### BEGIN HIDDEN TESTS\n{hidden}\n### END HIDDEN TESTS"
        cells.append(_cell(test, f"test_{name}", grade=True, locked=True, points=2))
    together = "assert abs(mean_square(softmax(np.zeros(2))) - 0.25) < 1e-12"
    if questions == len(_TASKS):
        cells.append(_cell(together, "test_together", grade=True, locked=True, points=2))
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


def _answered(released: dict, number: int, rng: random.Random) -> dict:
    """Fill in answers: three of four are right, so that most notebooks have a failing test."""
    notebook = json.loads(json.dumps(released))
    answers = {task[0]: task for task in _TASKS}
    for cell in notebook["cells"]:
        task = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        if task is not None:
            name, arguments, right, wrong, *_ = task
            body = right if rng.random() < 0.75 else wrong
            cell["source"] = f"# student {number}\ndef {name}({arguments}):\n    {body}"
    return notebook


def _cell(source: str, grade_id: str, **marks: object) -> dict:
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    return {
        "cell_type": "code",
        "id": grade_id.replace("_", "-"),
        "metadata": {"nbgrader": nbgrader | {"grade_id": grade_id} | marks},
        "source": source,
        "execution_count": None,
        "outputs": [],
    }
