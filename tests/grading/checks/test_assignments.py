"""Every assignment: full marks for the instructor, none for stubs, prompts that say what counts."""

import ast
import contextlib
import importlib.util
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import matplotlib
import nbformat
import pytest
from assignment_students import ASSIGNMENTS, CHECKS, SEED, STYLES

import grading.checks
from grading.checks.student import LocalStudent
from grading.engine.shipped import shipped_assignments

ROOT = Path(__file__).resolve().parents[3]
EVERY_CHECK = [(assignment, name) for assignment in ASSIGNMENTS for name in grading.checks.load(assignment)]
SOLUTION = re.compile(r"### BEGIN SOLUTION\n(.*?)### END SOLUTION", re.DOTALL)


@cache
def source(assignment):
    return nbformat.read(ROOT / "grading" / "source" / assignment / f"{assignment}.ipynb", as_version=4)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """What nbgrader hands out, by assignment."""
    pytest.importorskip("nbgrader")
    course = tmp_path_factory.mktemp("course")
    (course / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id = 'test'\n")
    for assignment in ASSIGNMENTS:
        folder = course / "source" / assignment
        folder.mkdir(parents=True)
        nbformat.write(source(assignment), folder / f"{assignment}.ipynb")
    # nbgrader calls alembic by its name.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    for assignment in ASSIGNMENTS:
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", assignment, "--create"],
            cwd=course,
            env={**os.environ, "PATH": path},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
    return {a: nbformat.read(course / "release" / a / f"{a}.ipynb", as_version=4) for a in ASSIGNMENTS}


def in_the_folder_of(assignment):
    """Run with what the right answer hands in beside its notebook at hand."""
    return contextlib.chdir(Path(grading.checks.__file__).parent / assignment)


def names_bound_by(notebook):
    matplotlib.use("agg")
    names = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and not cell.source.startswith("check("):
            exec(cell.source, names)
    return names


def graded(notebook):
    return {c.metadata.nbgrader.grade_id: c for c in notebook.cells if "nbgrader" in c.metadata}


def points(assignment):
    return {
        name.removeprefix("check_"): cell.metadata.nbgrader.points
        for name, cell in graded(source(assignment)).items()
        if cell.metadata.nbgrader.grade
    }


def home(assignment, name):
    """The solution cell that defines a function."""
    return next(
        cell
        for cell in graded(source(assignment)).values()
        if cell.metadata.nbgrader.solution and re.search(rf"^def {name}\(", cell.source, re.MULTILINE)
    )


def test_every_assignment_is_complete():
    assert set(ASSIGNMENTS) == set(shipped_assignments())
    for assignment in ASSIGNMENTS:
        assert STYLES[assignment], assignment
        assert (ROOT / "tests" / "scenarios" / assignment / "right.py").is_file()


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_every_check_has_a_test_cell_and_the_introduction_the_sum_of_points(assignment):
    cells = graded(source(assignment))
    assert points(assignment).keys() == grading.checks.load(assignment).keys()
    assert f"{sum(points(assignment).values()):g} points" in cells["introduction"].source
    assert all(c.metadata.nbgrader.schema_version == 3 for c in cells.values())
    assert [c.id for c in source(assignment).cells if c.cell_type == "code"][0] == "imports"


@pytest.mark.parametrize(("assignment", "name"), EVERY_CHECK)
def test_a_question_has_its_cells_and_says_what_its_parts_are_worth(assignment, name):
    cells, check = graded(source(assignment)), CHECKS[name]
    worth = points(assignment)[name]
    assert not home(assignment, name).metadata.nbgrader.locked
    test = cells[f"check_{name}"]
    assert test.source == f'check("{name}")'
    assert test.metadata.nbgrader.locked
    prompt = cells[f"prompt_{home(assignment, name).metadata.nbgrader.grade_id}"].source
    assert f"({worth:g} points)" in prompt
    line = next(line for line in prompt.splitlines() if line.startswith("*Points:"))
    weights = [part.weight for part in check.parts]
    for weight in weights if len(weights) > 1 else ():
        assert f"{weight * worth / sum(weights):g} for" in line


@pytest.mark.parametrize(("assignment", "name"), EVERY_CHECK)
def test_a_prompt_points_to_its_lecture_section(assignment, name):
    prompt = graded(source(assignment))[f"prompt_{home(assignment, name).metadata.nbgrader.grade_id}"].source
    lecture, _, title = CHECKS[name].section.partition(",")
    assert lecture in prompt
    if "“" in title:
        assert f"“{title.split('“')[1].rstrip('”')}”" in prompt


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_the_instructor_gets_full_marks(assignment):
    with in_the_folder_of(assignment):
        student = LocalStudent(names_bound_by(source(assignment)))
        for check in grading.checks.load(assignment).values():
            verdict = check.judge(student, seed=SEED)
            assert verdict.fraction == 1.0, str(verdict)


@pytest.mark.parametrize(
    "assignment",
    [pytest.param(a, marks=() if a in ("descent", "training") else pytest.mark.slow) for a in ASSIGNMENTS],
)
def test_what_is_handed_out_is_empty_runs_to_its_end_and_earns_nothing(released, assignment):
    text = "\n".join(cell.source for cell in released[assignment].cells)
    bodies = [body for cell in source(assignment).cells for body in SOLUTION.findall(cell.source)]
    assert "SOLUTION" not in text
    assert [body for body in bodies if body.strip() in text] == []
    assert text.count("raise NotImplementedError") == len(bodies) > 0
    # The experiments say what is missing instead of stopping.
    with in_the_folder_of(assignment):
        student = LocalStudent(names_bound_by(released[assignment]))
        for check in grading.checks.load(assignment).values():
            verdict = check.judge(student, seed=SEED)
            assert (verdict.status, verdict.fraction) == ("failed", 0.0)


@pytest.mark.parametrize("assignment", ASSIGNMENTS)
def test_all_cells_run_within_the_sandbox_policy(assignment):
    policy = grading.checks.sandbox_policy(assignment)
    code = "\n".join(c.source for c in source(assignment).cells if c.cell_type == "code")
    nodes = list(ast.walk(ast.parse(code)))
    modules = {node.module for node in nodes if isinstance(node, ast.ImportFrom)}
    modules |= {a.name for node in nodes if isinstance(node, ast.Import) for a in node.names}
    for module in modules - {"grading"}:
        top = module.partition(".")[0]
        path = Path(importlib.util.find_spec(module).origin)
        exposed = path.is_relative_to(ROOT) and any(path.is_relative_to(ROOT / file) for file in policy.files)
        assert top in policy.packages or top in sys.stdlib_module_names or exposed, module
    assert {"grading", "course_lib", "scipy", "sklearn", "torch", "hypothesis"}.isdisjoint(policy.packages)
