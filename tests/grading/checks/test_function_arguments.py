"""Functions as arguments of a check: readable, the same wherever they are asked, and safe from students."""

import functools

import numpy as np
import pytest

from grading.checks.definition import Check, Drawn, Part, example
from grading.checks.functions import described, formula, is_function
from grading.checks.small_numbers import fill
from grading.checks.student import LocalStudent, StudentFault
from grading.checks.verdict_views import as_html

SEED = bytes(32)


def parabola(rng, size, curved, dtype):
    A = np.diag(fill(rng, (size,), "whole", dtype)) if curved else np.eye(size, dtype=dtype)
    return example(formula("f(x) = A @ x + sum(x)", A=A), fill(rng, (size,), "whole", dtype))


DRAWN = Drawn(
    parabola, {"size": (1, 2, 3), "curved": (False, True), "dtype": ("float64", "float32")}, cases=6
)
CHECK = Check(
    name="twice",
    signature="(f, x)",
    section="5.1",
    reference=lambda f, x: f(f(x)),
    parts=(Part("all", 1, (example(formula("f(x) = x**2 + 1"), np.array([1.0, 2.0, 3.0])),), DRAWN),),
)


def judged(source, check=CHECK):
    names = {}
    exec("import numpy as np\n" + source, names)
    return check.judge(LocalStudent(names), seed=SEED)


def test_a_formula_computes_what_it_says():
    quadratic = formula("f(x, y=1) = x @ A @ x / 2 + y", A=np.array([[2.0, 0], [0, 4]]))
    assert quadratic(np.array([1.0, 1.0])) == 4
    assert quadratic(np.array([1.0, 1.0]), y=3) == 6
    assert formula("g(x) = sum(sin(x) ** 2) + np.hypot(3, 4)")(np.zeros(2)) == 5
    assert formula("h(x) = [k * x for k in range(3)]")(2) == [0, 2, 4]


@pytest.mark.parametrize("text", ["x**2", "f(x) = x**", "f(x)", "f(x) = y * x", "f x = 2"])
def test_what_is_no_formula_is_refused(text):
    with pytest.raises(ValueError, match="text"):
        formula(text)


def test_constants_stay_as_they_were():
    A = np.eye(2)
    hessian = formula("H(x) = A", A=A)
    A += 1
    hessian(None)[0, 0] = 7
    np.testing.assert_array_equal(hessian(None), np.eye(2))


def test_functions_are_the_same_question_if_text_and_constants_are():
    def key(text, **constants):
        return example(formula(text, **constants), 1.0).key

    assert key("f(x) = a * x", a=2) == key("f(x) = a * x", a=2)
    assert len({key("f(x) = a * x", a=2), key("f(x) = a * x", a=3), key("f(x) = a + x", a=2)}) == 3
    large = np.zeros(5000)
    other = large.copy()
    other[2500] = 1
    assert key("f(x) = b[0] * x", b=large) != key("f(x) = b[0] * x", b=other)


def test_bare_functions_are_refused_because_nobody_can_read_them():
    with pytest.raises(TypeError, match="formula"):
        example(lambda x: x, 1.0)


def test_simpler_formulas_are_smaller():
    short, long = formula("f(x) = x"), formula("f(x) = 3 * x**2 + x")
    assert example(short, 1.0).size < example(long, 1.0).size
    assert (
        example(formula("f(x) = A @ x", A=np.eye(1))).size
        < example(formula("f(x) = A @ x", A=np.eye(2))).size
    )


def test_right_answers_pass_and_draws_are_the_same_every_time():
    assert judged("def twice(f, x):\n    return f(f(x))").status == "passed"
    assert [item.key for item in DRAWN.draw(SEED)] == [item.key for item in DRAWN.draw(SEED)]


def test_a_counterexample_shows_the_function_whole():
    verdict = judged("def twice(f, x):\n    return f(x)")
    assert verdict.status == "failed"
    assert verdict.call == "twice(f, x)"
    assert "f(x) = A @ x + sum(x)" in verdict.counterexample
    assert "A = [[1.]] (float64)" in verdict.counterexample
    assert "f(x) = A @ x + sum(x)" in as_html(verdict)
    shown = next(exhibit for exhibit in verdict.exhibits if exhibit.label == "f")
    assert (shown.dtype, shown.shape) == ("function", None)


def test_described_functions_show_their_text():
    noisy = described("f(x): x, rounded to whole numbers", np.round)
    check = Check(
        "g", "(f, x)", lambda f, x: f(x), (Part("all", 1, (example(noisy, np.array([0.6])),)),), "5.1"
    )
    assert "rounded to whole numbers" in judged("def g(f, x): return x", check).counterexample


def test_single_precision_constants_count_for_the_tolerance():
    third = formula("f(x) = x / c", c=np.full(1, 3, np.float32))
    check = Check("g", "(f, x)", lambda f, x: f(x), (Part("all", 1, (example(third, np.ones(1)),)),), "5.1")
    assert judged("def g(f, x): return np.float32(1) / np.full(1, 3, np.float32)", check).status == "passed"


def test_functions_get_and_give_copies_in_the_students_kernel():
    names = {}
    exec("import numpy as np\ndef g(f, x):\n    y = f(x)\n    y += 1\n    return f(x)", names)
    hold = np.zeros(2)

    def change(x):
        x += 5
        return hold

    x = np.ones(2)
    reply = LocalStudent(names).call("g", change, x)
    np.testing.assert_array_equal(reply.value, np.zeros(2))
    np.testing.assert_array_equal(reply.arguments[1], np.ones(2))


def test_functions_in_containers_are_handed_over_too():
    names = {}
    exec("def g(pair, named):\n    return pair[0](named['f'](2))", names)
    assert LocalStudent(names).call("g", (lambda x: x + 1,), {"f": lambda x: 10 * x}).value == 21


def test_a_function_that_was_kept_cannot_be_called_later():
    names = {}
    exec("kept = []\ndef g(f):\n    kept.append(f)\n    return kept[0](1)", names)
    student = LocalStudent(names)
    assert student.call("g", lambda x: x).value == 1
    with pytest.raises(StudentFault, match="only while") as fault:
        student.call("g", lambda x: x)
    assert fault.value.name == "RuntimeError"


def test_what_is_not_plain_does_not_reach_a_function():
    names = {}
    exec("def g(f):\n    return f(object())", names)
    with pytest.raises(StudentFault, match="no plain value") as fault:
        LocalStudent(names).call("g", lambda x: 1)
    assert fault.value.name == "TypeError"


def test_objects_that_are_more_than_their_call_are_no_functions():
    class Layer:
        def __call__(self, x):
            return x

    kinds = (len, np.sin, np.mean, Layer().__call__, functools.partial(max, 1), formula("f(x) = x"))
    assert all(is_function(kind) for kind in kinds)
    assert not any(is_function(other) for other in (Layer(), Layer, float, np.poly1d([1, 2]), 3, "f"))
