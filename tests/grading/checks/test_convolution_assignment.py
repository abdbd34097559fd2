"""The assignment itself: full marks for the instructor, none for the handed-out stubs, true prompts."""

import os
import subprocess
import sys
from pathlib import Path

import matplotlib
import nbformat
import numpy as np
import pytest
from convolution_students import CHECKS, SEED

from grading.checks.student import LocalStudent

ROOT = Path(__file__).resolve().parents[3]
SOURCE = ROOT / "grading" / "source" / "convolution" / "convolution.ipynb"
POINTS = {
    "conv2d_forward": 10,
    "conv2d_backward": 10,
    "max_pool2d_forward": 6,
    "max_pool2d_backward": 8,
    "canonical_kernel": 4,
    "filter_image": 6,
}


@pytest.fixture(scope="module")
def source():
    return nbformat.read(SOURCE, as_version=4)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """What nbgrader hands out."""
    pytest.importorskip("nbgrader")
    course = tmp_path_factory.mktemp("course")
    folder = course / "source" / "convolution"
    folder.mkdir(parents=True)
    (folder / SOURCE.name).write_bytes(SOURCE.read_bytes())
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'test'\n")
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_assignment", "convolution", "--create"],
        cwd=course,
        # nbgrader calls alembic by its name.
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    return nbformat.read(course / "release" / "convolution" / SOURCE.name, as_version=4)


def names_bound_by(notebook):
    matplotlib.use("agg")
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            exec(cell.source, names)
    return names


def graded(notebook):
    return {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}


def test_every_check_has_a_solution_cell_and_a_test_cell_worth_its_points(source):
    cells = graded(source)
    assert POINTS.keys() == CHECKS.keys()
    for name, points in POINTS.items():
        assert cells[name].metadata.nbgrader.solution
        assert not cells[name].metadata.nbgrader.locked
        test = cells[f"check_{name}"]
        assert test.source == f'check("{name}")'
        assert (test.metadata.nbgrader.points, test.metadata.nbgrader.locked) == (points, True)
        assert f"({points} points)" in cells[f"prompt_{name}"].source
    assert all(c.metadata.nbgrader.schema_version == 3 for c in cells.values())
    assert sum(POINTS.values()) == 44
    assert [c.id for c in source.cells if c.cell_type == "code"][0] == "imports"


def test_the_prompts_say_what_each_part_is_worth(source):
    for name, points in POINTS.items():
        weights = [part.weight for part in CHECKS[name].parts]
        line = next(
            line
            for line in graded(source)[f"prompt_{name}"].source.splitlines()
            if line.startswith("*Points:")
        )
        for weight in weights:
            assert f"{weight * points / sum(weights):g} for" in line


def test_every_prompt_points_to_its_lecture_section(source):
    for name, check in CHECKS.items():
        prompt = graded(source)[f"prompt_{name}"].source
        section = check.section.split("“")[1].rstrip("”")
        assert f"“{section}”" in prompt, name


def test_the_instructor_gets_full_marks(source):
    student = LocalStudent(names_bound_by(source))
    for check in CHECKS.values():
        assert check.judge(student, seed=SEED).fraction == 1.0


def test_what_is_handed_out_is_empty_and_earns_nothing(released):
    text = nbformat.writes(released)
    assert "SOLUTION" not in text
    assert "tensordot" not in text
    assert text.count("raise NotImplementedError") == len(POINTS)
    student = LocalStudent(names_bound_by(released))
    for check in CHECKS.values():
        verdict = check.judge(student, seed=SEED)
        assert (verdict.status, verdict.fraction) == ("failed", 0.0)


def test_what_is_handed_out_runs_to_its_end(released):
    # The experiments say what is missing instead of stopping.
    assert "fig" in names_bound_by(released)


def test_the_worked_examples_are_true(source):
    names = names_bound_by(source)
    x, w = np.arange(1.0, 10).reshape(1, 1, 3, 3), np.array([[[[1.0, 2.0], [0.0, -1.0]]]])
    prompts = {name: graded(source)[f"prompt_{name}"].source for name in POINTS}

    def matrix(array):
        rows = [r"&".join(f"{value:g}" for value in row) for row in array]
        return r"\begin{pmatrix}" + r"\\".join(rows) + r"\end{pmatrix}"

    assert "y = " + matrix(names["conv2d_forward"](x, w, np.zeros(1))[0, 0]) in prompts["conv2d_forward"]
    dx, dw, db = names["conv2d_backward"](np.ones((1, 1, 2, 2)), x, w)
    assert "dx = " + matrix(dx[0, 0]) in prompts["conv2d_backward"]
    assert "dw = " + matrix(dw[0, 0]) in prompts["conv2d_backward"]
    assert f"db = ({db[0]:g})" in prompts["conv2d_backward"]
    pooled = names["max_pool2d_forward"](np.arange(1.0, 17).reshape(1, 1, 4, 4), 2, 2)
    assert matrix(pooled[0, 0]) in prompts["max_pool2d_forward"]
    image = np.array([[[[1.0, 2, 1], [0, 9, 3], [4, 0, 5]]]])
    dx = names["max_pool2d_backward"](np.array([[[[1.0, 2], [3, 4]]]]), image, 2, 1)
    assert "dx = " + matrix(dx[0, 0]) in prompts["max_pool2d_backward"]
    for name, part in (("conv2d_forward", 0), ("conv2d_backward", 0), ("max_pool2d_forward", 0)):
        assert "of the prompt" in CHECKS[name].parts[part].examples[0].note


def test_the_experiment_runs_within_the_sandbox_policy(source):
    import ast

    import grading.checks

    policy = grading.checks.sandbox_policy("convolution")
    code = "\n".join(c.source for c in source.cells if c.cell_type == "code")
    modules = {node.module for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)}
    modules |= {
        a.name for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Import) for a in node.names
    }
    assert modules == {"numpy", "matplotlib.pyplot", "grading", "course_lib.data"}
    assert "course_lib/data" in policy.files
