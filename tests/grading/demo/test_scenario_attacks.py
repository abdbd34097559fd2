"""The attacks are real: where nothing confines them they succeed, so failing in the sandbox means something.

Each runs here in a class directory of its own, and is bounded to it: the working directory is the first place
where it looks, and it stops at the first class that it finds.
"""

import json
import os
import re
import shutil
import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from nbgrader.api import Gradebook

from grading.demo.scenario_files import read_scenarios

FOLDER = Path(__file__).resolve().parents[2] / "scenarios" / "convolution"
SCENARIOS = {scenario.name: scenario for scenario in read_scenarios(FOLDER)}
STUDENTS = {"writes-the-gradebook": 1.0, "right-loops": 100.0, "syntax-error": 94.0}


@pytest.fixture(scope="module")
def gradebook_file(tmp_path_factory):
    """A gradebook as nbgrader makes it, which executes a command that stands beside the interpreter."""
    path = tmp_path_factory.mktemp("gradebook") / "gradebook.db"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
        with Gradebook(f"sqlite:///{path}") as gradebook:
            gradebook.add_assignment("convolution")
            gradebook.add_notebook("convolution", "convolution")
            gradebook.add_grade_cell("check", "convolution", "convolution", max_score=100, cell_type="code")
            for student, score in STUDENTS.items():
                gradebook.add_student(student)
                gradebook.add_submission("convolution", student)
                gradebook.find_grade("check", "convolution", "convolution", student).auto_score = score
            gradebook.db.commit()
    return path


@pytest.fixture
def classroom(tmp_path, monkeypatch, gradebook_file):
    """A class directory with a gradebook and three submissions; the attacker stands inside it."""
    root = tmp_path / "class"
    for student in STUDENTS:
        folder = root / "submitted" / student / "convolution"
        folder.mkdir(parents=True)
        cells = [{"cell_type": "code", "source": text} for text in SCENARIOS[student].answers.values()]
        (folder / "convolution.ipynb").write_text(json.dumps({"cells": cells}))
    shutil.copy(gradebook_file, root / "gradebook.db")
    workplace = root / "autograded" / "someone"
    workplace.mkdir(parents=True)
    monkeypatch.chdir(workplace)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("PWD", str(workplace))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return root


def attack(name: str) -> dict:
    scenario = SCENARIOS[name]
    made = {"np": np}
    for cell in scenario.extra_cells:
        exec(cell.source, made)
    for source in scenario.answers.values() if scenario.mangling.stub != "all" else ():
        exec(source, made)
    return made


def marks(root: Path) -> dict:
    with closing(sqlite3.connect(root / "gradebook.db")) as book:
        return dict(
            book.execute(
                "SELECT student_id, COALESCE(manual_score, auto_score) FROM submitted_assignment "
                "JOIN submitted_notebook ON submitted_notebook.assignment_id = submitted_assignment.id "
                "JOIN grade ON grade.notebook_id = submitted_notebook.id"
            )
        )


def test_the_reader_finds_the_best_student_and_takes_the_answers(classroom, capsys):
    made = attack("reads-the-gradebook")
    printed = capsys.readouterr().out
    assert "read the marks ['right-loops', 'syntax-error', 'writes-the-gradebook']" in printed
    assert "read the answers of right-loops" in printed
    image = np.arange(6.0).reshape(1, 1, 2, 3)
    assert made["max_pool2d_forward"](image, 2, 1).tolist() == [[[[4.0, 5.0]]]]


def test_the_writer_raises_its_marks_and_swaps_notebooks(classroom, capsys):
    assert marks(classroom) == STUDENTS
    attack("writes-the-gradebook")
    printed = capsys.readouterr().out
    assert "raised my marks" in printed
    assert "swapped the notebooks" in printed
    assert marks(classroom) == {**STUDENTS, "writes-the-gradebook": 44.0}
    mine, theirs = (
        (classroom / "submitted" / name / "convolution" / "convolution.ipynb").read_bytes()
        for name in ("writes-the-gradebook", "right-loops")
    )
    assert mine == theirs


def test_the_writer_leaves_a_class_alone_where_it_was_not_handed_in(classroom, capsys):
    shutil.rmtree(classroom / "submitted" / "writes-the-gradebook")
    attack("writes-the-gradebook")
    assert marks(classroom) == STUDENTS
    assert capsys.readouterr().out == ""


def test_the_importer_finds_the_answers_where_they_are_installed(capsys):
    made = attack("imports-the-answer")
    assert "found the answers in course_lib.functional" in capsys.readouterr().out
    image = np.arange(6.0).reshape(1, 1, 2, 3)
    assert made["max_pool2d_forward"](image, 2, 1).tolist() == [[[[4.0, 5.0]]]]


def test_what_shows_that_an_attack_got_through_is_not_in_its_source():
    """Else a traceback that quotes the source would look like a success."""
    for scenario in SCENARIOS.values():
        if scenario.expected.never_shown:
            sources = [*scenario.answers.values(), *(cell.source for cell in scenario.extra_cells)]
            assert not any(re.search(scenario.expected.never_shown, source) for source in sources)


def test_the_memory_hog_stops_by_itself(monkeypatch):
    asked = []

    def empty(count, dtype):
        asked.append(count)
        return np.zeros(1, dtype)

    made = attack("eats-memory")
    monkeypatch.setattr(np, "empty", empty)
    assert made["fill_memory"]() == 24
    assert sum(asked) == 6 * 2**30
