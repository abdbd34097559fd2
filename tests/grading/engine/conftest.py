"""A small class directory with an assignment of its own, graded by a stand-in for the checker."""

import json

import pytest
from fake_checker import FAKE_CHECKER

from grading.engine.checker_process import Limits
from grading.engine.class_directory import ClassDirectory
from grading.engine.coordinator import GradingOptions, grade_class
from grading.engine.release import release_assignment


def marked(cell_type, source, grade_id, **marks):
    nbgrader = {"schema_version": 3, "grade": False, "solution": False, "locked": False, "task": False}
    nbgrader |= {"grade_id": grade_id} | marks
    cell = {
        "cell_type": cell_type,
        "id": grade_id.replace("_", "-"),
        "metadata": {"nbgrader": nbgrader},
        "source": source,
    }
    return cell | ({"execution_count": None, "outputs": []} if cell_type == "code" else {})


def master_notebook():
    hidden = "### BEGIN HIDDEN TESTS\nassert add(0, 0) == 0, 'the hidden reason'\n### END HIDDEN TESTS"
    cells = [
        {
            "cell_type": "markdown",
            "id": "intro",
            "metadata": {},
            "source": "# Sums\nAdd **two** numbers: $a<b$.",
        },
        marked("code", "import numpy as np", "imports", locked=True),
        marked(
            "code",
            "def add(a, b):\n    ### BEGIN SOLUTION\n    return a + b\n    ### END SOLUTION",
            "add",
            solution=True,
        ),
        marked("code", f"assert add(1, 2) == 3\n{hidden}", "check_add", grade=True, locked=True, points=3),
        marked(
            "code",
            "def twice(a):\n    ### BEGIN SOLUTION\n    return 2 * a\n    ### END SOLUTION",
            "twice",
            solution=True,
        ),
        marked("code", "assert twice(2) == 4", "check_twice", grade=True, locked=True, points=2.5),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kernelspec": kernel}, "cells": cells}


@pytest.fixture(scope="session")
def released_template(tmp_path_factory):
    """A class directory with the assignment `sums` released; copied by `classroom`."""
    directory = ClassDirectory.create(tmp_path_factory.mktemp("template") / "class")
    source = directory.assignment("source", "sums")
    source.mkdir(parents=True)
    (source / "sums.ipynb").write_text(json.dumps(master_notebook()))
    release_assignment(directory, "sums")
    return directory.root


class Classroom:
    """A class directory, and what tests do with it."""

    def __init__(self, root):
        self.directory = ClassDirectory.open(root)
        self.released = json.loads((root / "release" / "sums" / "sums.ipynb").read_text())

    def notebook(self, behaviour="", answers=("return a + b", "return 2 * a"), extra=()):
        notebook = json.loads(json.dumps(self.released))
        for cell in notebook["cells"]:
            grade_id = cell["metadata"].get("nbgrader", {}).get("grade_id")
            if grade_id == "add":
                cell["source"] = f"def add(a, b):\n    {answers[0]}\n# BEHAVE:{behaviour}"
            if grade_id == "twice":
                cell["source"] = f"def twice(a):\n    {answers[1]}"
        notebook["cells"].extend(extra)
        return notebook

    def hand_in(self, student, behaviour="", *, raw=None, timestamp=None, **settings):
        folder = self.directory.assignment("submitted", "sums", student)
        folder.mkdir(parents=True, exist_ok=True)
        data = raw if raw is not None else json.dumps(self.notebook(behaviour, **settings)).encode()
        (folder / "sums.ipynb").write_bytes(data)
        if timestamp is not None:
            (folder / "timestamp.txt").write_text(timestamp)
        return folder

    def grade(
        self,
        *,
        workers=2,
        force=False,
        question=None,
        seconds=60.0,
        command=FAKE_CHECKER,
        cluster=None,
        **settings,
    ):
        options = GradingOptions(
            workers=workers,
            force=force,
            question=question,
            limits=Limits(submission_seconds=seconds),
            command=command,
            cluster=cluster,
        )
        return grade_class(self.directory, "sums", options=options, **settings)

    def graded(self, student):
        return json.loads(
            (self.directory.assignment("autograded", "sums", student) / "sums.ipynb").read_text()
        )


@pytest.fixture(scope="session")
def open_classroom():
    """Return what opens a class directory with an assignment `sums` for tests."""
    return Classroom


@pytest.fixture
def classroom(released_template, tmp_path):
    import shutil

    root = tmp_path / "class"
    shutil.copytree(released_template, root)
    return Classroom(root)
