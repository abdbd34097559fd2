"""The mutator makes the mistakes that it says, each once, and names them alike after edits elsewhere."""

import ast

import pytest

from tools.mutation.mutants import mutants

CASES = {
    "arithmetic": [
        ("return a + b", "return a - b"),
        ("return a // b", "return a / b"),
        ("return a // b", "return -(-a // b)"),
        ("return a - b", "return b - a"),
        ("return a @ b", "return b @ a"),
        ("a += b", "a = b"),
        ("a += b", "a -= b"),
    ],
    "missing_term": [
        ("return a + b", "return a"),
        ("return a + b", "return b"),
        ("return a / b", "return a"),
        ("return -a", "return a"),
        ("a[0] += b", "pass"),
        ("a[0] = b", "pass"),
        ("a.sort()", "pass"),
    ],
    "constants": [
        ("return 2", "return 3"),
        ("return 2", "return 1"),
        ("return 0", "return -1"),
        ("return 0.5", "return -0.5"),
        ("return True", "return False"),
        ("return 'same'", "return 'same_'"),
    ],
    "comparisons": [
        ("return a < b", "return a <= b"),
        ("return a == b", "return a != b"),
        ("return a and b", "return a or b"),
        ("return a if b else 1", "return a if True else 1"),
    ],
    "axes": [
        ("return a.sum(axis=0)", "return a.sum(axis=3)"),
        ("return a.sum(axis=(0, 2))", "return a.sum(axis=(0,))"),
    ],
    "keywords": [
        ("return a.sum(axis=1, keepdims=True)", "return a.sum(axis=1)"),
        ("return a.var(ddof=1)", "return a.var()"),
    ],
    "slices": [
        ("return a[1:b]", "return a[:b]"),
        ("return a[1:b]", "return a[1:b - 1]"),
        ("return a[1:b]", "return a[1 + 1:b]"),
        ("return a[::-1]", "return a[:]"),
        ("return range(b)", "return range(1, b)"),
        ("return range(b)", "return range(b - 1)"),
    ],
    "exchanged": [
        ("return f(a, b)", "return f(b, a)"),
        ("return (a, b)", "return (b, a)"),
        ("p, q = a", "q, p = a"),
    ],
    "confused_names": [("return a", "return b")],
    "lookalikes": [
        ("return a.max()", "return a.min()"),
        ("return np.zeros(b)", "return np.ones(b)"),
        ("return a.T", "return a"),
        ("return np.sqrt(a)", "return a"),
        ("return a.copy()", "return a"),
    ],
}
EVERY = [(name, *case) for name, cases in CASES.items() for case in cases]


def function(*lines):
    return "\n    ".join(["def f(a, b):", *lines])


@pytest.mark.parametrize(("operator", "before", "after"), EVERY, ids=[f"{c[0]}: {c[2]}" for c in EVERY])
def test_operator_makes_its_mistake(operator, before, after):
    made = [mutant for mutant in mutants(function(before)) if mutant.after == after]
    assert [(m.operator, m.before, m.function) for m in made] == [(operator, before, "f")]
    assert made[0].source == function(after)
    assert made[0].diff == f"-    {before}\n+    {after}"


def test_stale_arrays_are_kept_from_call_to_call():
    source = function("total = np.zeros(2)", "total += a", "return total")
    (stale,) = [mutant for mutant in mutants(source) if mutant.operator == "stale_state"]
    import numpy as np

    names = {"np": np}
    exec(stale.source, names)
    assert names["f"](1, None).tolist() == [1, 1]
    assert names["f"](1, None).tolist() == [2, 2]


def test_defaults_are_mutated_and_docstrings_are_not():
    made = list(mutants('def f(a, b=1):\n    """Say what it does."""\n    return a'))
    assert {"def f(a, b=2):", "def f(a, b=0):"} <= {mutant.after for mutant in made}
    assert all('"""Say what it does."""' in mutant.source for mutant in made)


def test_every_mutant_is_another_program_and_can_be_compiled():
    source = function("c = a[1:-1] + b", "for i in range(3):", "    c[i] += 2 * (a - 1)", "return c")
    made = [mutant.source for mutant in mutants(source)]
    assert len(set(made)) == len(made) > 30
    assert ast.unparse(ast.parse(source)) not in made
    for text in made:
        compile(text, "mutant", "exec")


def test_variables_of_nested_loops_and_neighbouring_assignments_are_confused():
    source = function("height = a", "width = b", "for i in range(height):", "    for j in range(width):",
                      "        print(i)")  # fmt: skip
    after = {mutant.after for mutant in mutants(source) if mutant.operator == "confused_names"}
    assert {"print(j)", "for i in range(width):", "for j in range(height):"} <= after


def test_a_mutant_is_called_the_same_after_an_edit_elsewhere():
    short, long = function("return a + b"), function("b = a * 2", "return a + b")
    keys = {mutant.key for mutant in mutants(long)}
    assert {mutant.key for mutant in mutants(short)} <= keys


def test_equal_changes_of_equal_statements_are_told_apart():
    made = [m for m in mutants(function("a += 1", "a += 1")) if m.after == "pass"]
    assert [mutant.occurrence for mutant in made] == [1, 2]
    assert len({mutant.key for mutant in made}) == 2


def test_what_stands_outside_of_functions_is_left_alone():
    assert list(mutants("LIMIT = 3\nprint(LIMIT + 1)")) == []
