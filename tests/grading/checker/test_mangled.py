"""Broken notebooks: each gets a verdict in the agreed shape, and none gets a point for nothing."""

import random

import pytest
from checker_notebooks import notebook, plain, solution
from checker_notebooks import test as make_test
from mangling import mangle

MASTER_CELLS = [
    solution("def relu(x): return max(x, 0)", "relu"),
    make_test("assert relu(-1) == 0 and relu(2) == 2", "t_relu"),
    solution("def square(x): return x * x", "square"),
    make_test("assert square(3) == 9", "t_square", 3),
]
RIGHT = notebook(MASTER_CELLS[0], plain("own = 1"), *MASTER_CELLS[1:])
STUB = notebook(
    solution("def relu(x): raise NotImplementedError()", "relu"),
    solution("def square(x): raise NotImplementedError()", "square"),
)
MAXIMA = {"t_relu": 2.0, "t_square": 3.0}


def check_shape(verdict):
    assert verdict["status"] in ("graded", "unreadable")
    assert (verdict["reason"] is None) == (verdict["status"] == "graded")
    assert [test["grade_id"] for test in verdict["tests"]] == list(MAXIMA)
    for test in verdict["tests"]:
        assert 0.0 <= test["points"] <= test["max_points"] == MAXIMA[test["grade_id"]]
        assert type(test["points"]) is float
        assert test["status"] in ("passed", "failed", "error", "skipped")
        assert test["message"]
        assert test["status"] == "passed" or test["points"] < test["max_points"]
    ids = [cell["grade_id"] for cell in verdict["cells"] if cell["grade_id"]]
    assert sorted(ids) == ["relu", "square", "t_relu", "t_square"]


@pytest.mark.parametrize("seed", range(200))
def test_a_mangled_notebook_gets_a_verdict(judge, seed):
    _, verdict = judge(MASTER_CELLS, mangle(RIGHT, random.Random(seed)))
    check_shape(verdict)


@pytest.mark.parametrize("seed", range(200, 260))
def test_mangling_a_stub_earns_nothing(judge, seed):
    _, verdict = judge(MASTER_CELLS, mangle(STUB, random.Random(seed)))
    check_shape(verdict)
    assert all(test["points"] == 0.0 for test in verdict["tests"])


def test_the_mangling_reaches_both_kinds_of_verdict(judge):
    verdicts = [judge(MASTER_CELLS, mangle(RIGHT, random.Random(seed)))[1] for seed in range(60)]
    assert {verdict["status"] for verdict in verdicts} == {"graded", "unreadable"}
    assert {test["status"] for verdict in verdicts for test in verdict["tests"]} >= {"passed", "failed"}
