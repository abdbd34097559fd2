from pathlib import Path

import pytest
from checker_notebooks import locked, notebook, solution
from checker_notebooks import test as make_test

import grading
from grading.checker.judging import Assignment, Budget
from grading.checker.junk import JUNK, undeserved_points
from grading.checker.master import read_master
from grading.checker.plan import AssignmentPlan
from grading.checks.loading import assignments, load

ZEROS = "zeros, its arguments set to zero, too"
SQUARE = solution("def square(x): return x * x", "square")
IMPORTS = locked("import numpy as np", "imports")


def winners(test_source, *cells, checks=None):
    master = read_master(notebook(IMPORTS, *(cells or (SQUARE,)), make_test(test_source, "t")))
    assignment = Assignment(AssignmentPlan(master), checks or {}, Budget(5.0, 2.0, 30.0))
    return {found.answer for found in undeserved_points(assignment)}


@pytest.mark.parametrize(
    ("test_source", "junk"),
    [
        ("square(3)", set(JUNK) - {"StopIteration", "NaN", "its first argument"}),
        ("x = np.array([1.0, 2.0])\nassert np.allclose(square(x), x * x)", {ZEROS}),
        ("x = np.array([1.0, 2.0])\ny = x * x\nassert np.allclose(square(x).sum(), y.sum())", set()),
        ("assert square(3) is not None", set(JUNK) - {"StopIteration", "None"}),
        ("assert np.allclose(square(3), 9)", {"an empty list", "an empty array"}),
        ("assert all(a == b for a, b in zip(square([1, 2]), [1, 4]))", {"an empty list", "an empty array"}),
        ("assert square(1) == 1", {"True", "its first argument"}),
        ("assert not square(3) > 100", {"NaN", "True", "its first argument", ZEROS}),
        ("try:\n    square(-1)\nexcept Exception:\n    pass", set(JUNK)),
        ("float(isinstance(square(2), float)) * 2", {"NaN"}),
    ],
)
def test_weak_tests_are_found_with_the_answers_that_pass_them(test_source, junk):
    assert winners(test_source) == junk


def test_a_real_test_gives_nobody_anything():
    assert winners("assert square(3) == 9 and square(-2.5) == 6.25") == set()


def test_variables_and_locked_cells_of_a_junk_student_are_junk_too():
    answer = solution("answer = 42", "a")
    assert winners("assert answer == 42", answer) == set()
    assert winners("assert answer is not None", answer) == JUNK.keys() - {
        "None",
        "its first argument",
        "StopIteration",
    }
    after = locked("result = square(4)", "l")
    assert winners("assert result == 16", SQUARE, after) == set()


@pytest.mark.parametrize(
    "name",
    [pytest.param(name, marks=() if name == "descent" else pytest.mark.slow) for name in assignments()],
)
def test_the_courses_own_checks_give_nobody_anything(name):
    text = (Path(grading.__file__).parent / f"source/{name}/{name}.ipynb").read_text("utf-8")
    assignment = Assignment(AssignmentPlan(read_master(text)), load(name), Budget())
    assert undeserved_points(assignment) == []
