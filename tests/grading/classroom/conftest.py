"""A class directory with a released assignment `sums` and a roster of five students."""

import json
import shutil

import pytest

from grading.engine.class_directory import ClassDirectory
from grading.engine.release import release_assignment
from grading.engine.roster import read_roster, save_roster

# Two students share a name; one has an accent; one a name that a spreadsheet would compute.
ROSTER = """student_id,first_name,last_name,email,platform_id,number
ada,Ada,Lovelace,ada@example.edu,1234,u100
zoe,Zoë,Müller,zoe@example.edu,1235,u101
sam1,Sam,Smith,sam1@example.edu,1236,u102
sam2,Sam,Smith,sam2@example.edu,1237,u103
eve,"=HYPERLINK(""x"")",Evil,eve@example.edu,1238,u104
"""


@pytest.fixture(scope="session")
def class_template(tmp_path_factory):
    base = tmp_path_factory.mktemp("template")
    directory = ClassDirectory.create(base / "class")
    source = directory.assignment("source", "sums")
    source.mkdir(parents=True)
    marks = {"schema_version": 3, "grade": True, "solution": False, "locked": True, "task": False}
    test = {
        "cell_type": "code", "id": "t", "source": "assert True", "execution_count": None, "outputs": [],
        "metadata": {"nbgrader": marks | {"grade_id": "check_add", "points": 3}},
    }  # fmt: skip
    notebook = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [test]}
    (source / "sums.ipynb").write_text(json.dumps(notebook))
    release_assignment(directory, "sums")
    (base / "roster.csv").write_text(ROSTER, encoding="utf-8")
    save_roster(directory, read_roster(base / "roster.csv"))
    return directory.root


@pytest.fixture
def room(class_template, tmp_path):
    root = tmp_path / "class"
    shutil.copytree(class_template, root)
    return ClassDirectory.open(root)


@pytest.fixture
def submitted(room):
    """Return what lies in ``submitted/``, by student."""

    def look():
        return {
            path.parent.parent.name: path.read_bytes()
            for path in (room.root / "submitted").glob("*/sums/sums.ipynb")
        }

    return look
