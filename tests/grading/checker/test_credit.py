import numpy as np
import pytest

from grading.checker.cell_code import compile_cell
from grading.checker.credit import RefusedCredit, comes_from_student, points_for


@pytest.mark.parametrize(
    ("value", "points"),
    [(None, 5.0), (2, 2.0), (2.5, 2.5), (0, 0.0), (5, 5.0), (np.float64(2.5), 2.5), (np.int64(3), 3.0)]
    + [
        (True, 5.0),
        (np.True_, 5.0),
        (False, 0.0),
        (np.False_, 0.0),
        ("text", 5.0),
        ([1], 5.0),
        (np.ones(2), 5.0),
    ],
)
def test_plain_numbers_are_points_and_false_is_none(value, points):
    given = points_for(value, 5.0, direct=False)
    assert given == points
    assert type(given) is float


@pytest.mark.parametrize(
    "value",
    [float("nan"), float("inf"), -float("inf"), -1, -1e-9, 5.001, 10**400, np.float64("nan"), np.int64(-3)],
)
def test_numbers_that_are_no_score_are_refused(value):
    with pytest.raises((RefusedCredit, OverflowError)):
        points_for(value, 5.0, direct=False)


@pytest.mark.parametrize("value", [3, 2.5, np.float64(1.0), 10**9])
def test_the_students_own_number_is_refused(value):
    with pytest.raises(RefusedCredit, match="student's own answer"):
        points_for(value, 5.0, direct=True)


@pytest.mark.parametrize(
    "source",
    [
        "f(3)",
        "score",
        "f(3)[0]",
        "f(3).total",
        "model.score()",
        "f(3)(4)",
        "float(f(3))",
        "round(f(3), 2)",
        "min(f(3), 5)",
        "-f(3)",
        "f(3) * 2",
        "2 * f(3)",
        "f(3) / 10",
        "(y := f(3))",
        "f(3) if True else 0",
        "f(3) or 5",
        "y = f(3)\ny",
        "y = f(3)\nz = float(y)\nz",
        "y, z = f(3)\nz",
    ],
)
def test_the_students_own_answer_is_recognised(source):
    assert comes_from_student(compile_cell(source, "<t>"), {"f", "score", "model"})


@pytest.mark.parametrize(
    "source",
    [
        "",
        "assert f(3) == 9",
        "f(3);",
        "x = f(3)",
        "sum(f(i) == i * i for i in range(5))",
        "5 * (f(3) == 9)",
        "5 - abs(f(3) - 9)",
        "np.isclose(f(3), 9)",
        "grade(f)",
        "y = f(3)\ny = 2\ny",
        "points = 0\nif f(3) == 9:\n    points += 2\npoints",
        "check('f')",
    ],
)
def test_a_judgement_of_the_answer_is_not_the_answer(source):
    assert not comes_from_student(compile_cell(source, "<t>"), {"f", "score", "model"})
