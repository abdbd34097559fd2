import json

import pytest
from checker_notebooks import cell, locked, markdown, notebook, plain, solution
from checker_notebooks import test as make_test

from grading.checker.master import MasterProblem, read_master


def test_roles_follow_the_nbgrader_marks():
    master = read_master(
        notebook(
            markdown("# Title"),
            locked("import numpy", "imports"),
            plain("x = 1"),
            solution("def f(): pass", "f"),
            make_test("assert f", "t", 3),
            cell("", "essay", kind="markdown", solution=True, grade=True, points=5),
            cell("y = 0", "free", solution=True, grade=True, points=5),
            markdown("Read", "text", locked=True),
        )
    )
    roles = [c.role for c in master.cells]
    assert roles == ["markdown", "locked", "plain", "solution", "test", "manual", "manual", "locked"]
    assert [(c.grade_id, c.points) for c in master.tests] == [("t", 3.0)]


def test_the_released_source_holds_a_stub_in_place_of_the_solution():
    source = "def f(x):\n    '''Doc.'''\n    ### BEGIN SOLUTION\n    return 42\n    ### END SOLUTION"
    released = read_master(notebook(solution(source, "f"))).cells[0].released_source
    assert "42" not in released
    assert released.startswith("def f(x):")
    assert "    raise NotImplementedError()" in released


def test_a_master_without_its_solutions_is_the_students_text_already():
    stub = "def f(x):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    assert read_master(notebook(solution(stub, "f"))).cells[0].released_source == stub


def test_a_solution_without_a_region_is_replaced_whole():
    assert "42" not in read_master(notebook(solution("answer = 42", "a"))).cells[0].released_source


def test_hidden_lines_are_those_between_the_marks():
    source = "a = 1\n### BEGIN HIDDEN TESTS\nassert a\n### END HIDDEN TESTS\nassert a"
    assert read_master(notebook(make_test(source, "t"))).cells[0].hidden_lines == {2, 3, 4}


@pytest.mark.parametrize("points", ["three", -1, True, None, float("inf")])
def test_points_that_are_no_number_from_zero_up_are_refused(points):
    with pytest.raises(MasterProblem, match="points of 't'"):
        read_master(
            notebook(
                cell("", "t", grade=True, locked=True)
                | {"metadata": {"nbgrader": {"grade_id": "t", "grade": True, "points": points}}}
            )
        )


def test_double_grade_ids_and_missing_ones_are_refused():
    with pytest.raises(MasterProblem, match="two cells"):
        read_master(notebook(solution("", "a"), solution("", "a")))
    with pytest.raises(MasterProblem, match="without a grade id"):
        read_master(json.dumps({"cells": [cell("") | {"metadata": {"nbgrader": {"solution": True}}}]}))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cells": 3}', '{"cells": [3]}'])
def test_what_is_no_notebook_is_refused(text):
    with pytest.raises(MasterProblem, match="not an nbformat 4 notebook"):
        read_master(text)
