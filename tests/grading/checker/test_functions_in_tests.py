"""Test cells and checks that hand functions to student code, over the real sandbox."""

import sys
import textwrap

import pytest
from checker_notebooks import locked, notebook, solution
from checker_notebooks import test as make_test
from checker_process import CheckerProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")

IMPORTS = locked("import numpy as np\nfrom grading import check", "imports")
HELPER = locked("def bowl(x):\n    return (x ** 2).sum()", "bowl")
GRADIENT = """
def gradient(f, x, h=1e-4):
    g = np.zeros(x.shape)
    for i in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[i] = h
        g[i] = (f(x + step) - f(x - step)) / (2 * h)
    return g
"""
LOSS = "def loss(w, x):\n    return ((w * x) ** 2).sum()"
NEWTON = "def newton(grad, hessian, x):\n    return x - np.linalg.solve(hessian(x), grad(x))"
T_GRADIENT = make_test(
    """
    x = np.array([1.0, -2.0])
    assert np.allclose(gradient(bowl, x), 2 * x)
    assert np.allclose(gradient(lambda t: np.sin(t).sum(), x), np.cos(x))
    asked = []
    def spy(t):
        asked.append(t)
        assert t.shape == (2,), "the point keeps its shape"
        return t.sum()
    gradient(spy, x)
    assert len(asked) <= 4
    """,
    "t_gradient",
    4,
)
T_LOSS = make_test(
    "x = np.array([1.0, 2.0])\nassert np.allclose(gradient(lambda w: loss(w, x), np.ones(2)), [2, 8])",
    "t_loss",
    3,
)
T_NEWTON = make_test('check("newton")', "t_newton", 5)
BOX = "class Box:\n    def __init__(self, content): self.content = content\n"
BOX += "def opened(f):\n    return f().content"
T_BOX = make_test("box = Box(3)\nassert opened(lambda: box) == 3", "t_box", 1)
MASTER = notebook(
    *(IMPORTS, HELPER, solution(GRADIENT, "gradient"), T_GRADIENT, solution(LOSS, "loss"), T_LOSS),
    *(solution(NEWTON, "newton"), T_NEWTON, solution(BOX, "box"), T_BOX),
)
CHECK = """
import numpy as np
from grading.checks.definition import Check, Drawn, Part, example
from grading.checks.functions import formula
from grading.checks.small_numbers import fill

def bowl(rng, size, dtype):
    A = np.diag(np.abs(fill(rng, (size,), "whole", dtype)))
    b = fill(rng, (size,), "whole", dtype)
    return example(formula("grad(x) = A @ x - b", A=A, b=b), formula("hessian(x) = A", A=A), b)

check = Check(
    name="newton",
    signature="(grad, hessian, x)",
    section="5.4",
    reference=lambda grad, hessian, x: x - np.linalg.solve(hessian(x), grad(x)),
    parts=(Part("bowls", 1, (), Drawn(bowl, {"size": (1, 2, 3), "dtype": ("float64", "float32")})),),
)
"""


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    directory = tmp_path_factory.mktemp("checker")
    checks = directory / "checks"
    checks.mkdir()
    (checks / "newton.py").write_text(CHECK)
    process = CheckerProcess(directory, MASTER, extra_checks=[str(checks)])
    assert process.ready["ready"] is True, process.ready
    yield process
    assert process.close() == 0


@pytest.fixture
def graded(checker):
    def run(gradient=GRADIENT, loss=LOSS, newton=NEWTON):
        cells = (solution(textwrap.dedent(gradient), "gradient"), solution(loss, "loss"))
        verdict = checker.grade(
            notebook(IMPORTS, HELPER, *cells, solution(newton, "newton"), solution(BOX, "box"))
        )
        return {test["grade_id"]: test for test in verdict["tests"]}, verdict

    return run


def points(tests):
    return {name: test["points"] for name, test in tests.items()}


def test_right_answers_get_all_points(graded):
    tests, verdict = graded()
    assert points(tests) == {"t_gradient": 4.0, "t_loss": 3.0, "t_newton": 5.0, "t_box": 1.0}, tests
    assert verdict["restarts"] == 0


def test_objects_of_the_student_come_back_to_them_through_a_function(graded):
    assert graded()[0]["t_box"]["status"] == "passed"


def test_a_wrong_answer_is_shown_with_the_function_that_it_got(graded):
    tests, _ = graded(newton="def newton(grad, hessian, x):\n    return x - grad(x)")
    assert tests["t_newton"]["points"] == 0
    assert "grad(x) = A @ x - b" in tests["t_newton"]["counterexample"]
    assert "hessian(x) = A" in tests["t_newton"]["html"]


def test_an_assertion_in_a_function_fails_the_test_whatever_the_student_does(graded):
    tests, _ = graded(
        gradient="""
        def gradient(f, x):
            try:
                f(x.sum())
            except BaseException:
                pass
            return 2 * x if x[1] == -2 and f(x) == 5 else np.cos(x)
        """
    )
    assert (tests["t_gradient"]["status"], tests["t_gradient"]["points"]) == ("failed", 0)
    assert "the point keeps its shape" in tests["t_gradient"]["message"]


def test_what_a_function_raises_is_the_students_error_where_they_let_it_pass(graded):
    tests, _ = graded(newton="def newton(grad, hessian, x):\n    return grad(x, x, x)")
    assert "raised TypeError" in tests["t_newton"]["message"]
    tests, _ = graded(gradient="def gradient(f, x):\n    return f(np.linalg)")
    assert "no plain value" in tests["t_gradient"]["message"]


STORES = """
kept = []
def gradient(f, x):
    kept.append(f)
    return np.array([kept[0](x)] * 2)
"""
ENDLESS = "def gradient(f, x):\n    while True:\n        f(x)"


@pytest.mark.parametrize("gradient", [STORES, ENDLESS], ids=["stores", "endless"])
def test_misuse_costs_its_own_tests_alone(graded, gradient):
    tests, verdict = graded(gradient=gradient)
    assert points(tests) == {"t_gradient": 0.0, "t_loss": 0.0, "t_newton": 5.0, "t_box": 1.0}
    assert {tests["t_gradient"]["status"], tests["t_loss"]["status"]} == {"failed"}


def test_a_function_of_the_students_own_is_called_inside_the_tests_function(graded):
    tests, _ = graded(loss="def loss(w, x):\n    raise ValueError('mine')")
    assert "raised ValueError: mine" in tests["t_loss"]["message"]
    tests, _ = graded(loss="def loss(w, x):\n    return object()")
    assert tests["t_loss"]["points"] == 0
    tests, verdict = graded(loss="import os\ndef loss(w, x):\n    os._exit(0)")
    assert points(tests) == {"t_gradient": 4.0, "t_loss": 0.0, "t_newton": 5.0, "t_box": 1.0}
    assert verdict["restarts"] == 1
