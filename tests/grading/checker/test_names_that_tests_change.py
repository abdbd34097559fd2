"""What a test cell sets or deletes of a student's names is so for their code too, as in a notebook."""

from checker_notebooks import locked, solution
from checker_notebooks import test as make_test

USES = """\
def squares(n):
    return [i ** 2 for i in range(1, n + 1)]

def sum_of_squares(n):
    return sum(squares(n))
"""
OWN = """\
def squares(n):
    return [i ** 2 for i in range(1, n + 1)]

def sum_of_squares(n):
    return n * (n + 1) * (2 * n + 1) // 6
"""
RELIES = """\
original = squares
del squares
try:
    sum_of_squares(1)
except NameError:
    pass
else:
    raise AssertionError("sum_of_squares does not use squares")
finally:
    squares = original
"""
WORKS = "assert sum_of_squares(3) == 14"


def points(judge, source, *tests):
    master = [solution(USES, "s"), *(make_test(test, f"t{number}") for number, test in enumerate(tests))]
    found, _ = judge(master, [solution(source, "s")])
    return [found[f"t{number}"]["points"] for number in range(len(tests))]


def test_a_deleted_function_is_missed_and_comes_back(judge):
    assert points(judge, USES, RELIES, WORKS) == [2, 2]
    assert points(judge, OWN, RELIES, WORKS) == [0, 2]


def test_a_variable_that_a_test_sets_is_what_the_students_function_reads(judge):
    source = "rate = 2\ndef pay(hours):\n    return rate * hours"
    master = [
        solution(source, "s"),
        make_test("rate = 10\nassert pay(3) == 30\nrate += 1\nassert pay(1) == 11", "t"),
    ]
    found, _ = judge(master, [solution(source, "s")])
    assert found["t"]["points"] == 2
    found, _ = judge(master, [solution("rate = 2\ndef pay(hours):\n    return 2 * hours", "s")])
    assert found["t"]["points"] == 0


def test_names_inside_functions_of_a_test_are_its_own(judge):
    source = "rate = 2\ndef pay(hours):\n    return rate * hours"
    test = "def helper():\n    rate = 10\n    return rate\nassert helper() == 10\nassert pay(1) == 2"
    found, _ = judge([solution(source, "s"), make_test(test, "t")], [solution(source, "s")])
    assert found["t"]["points"] == 2


def test_a_test_that_keeps_a_function_under_a_students_name_still_runs(judge):
    """A function of the test cannot be kept in the student's process; nothing there changes."""
    source = "def f(x):\n    return x"
    test = "f = lambda x: 3\nassert f(1) == 3"
    found, _ = judge([solution(source, "s"), make_test(test, "t")], [solution(source, "s")])
    assert found["t"]["points"] == 2


def test_a_locked_cell_of_the_checker_tells_the_student_nothing(judge):
    source = "def f(x):\n    return x"
    cells = [
        locked("secret = 41", "l"),
        solution(source, "s"),
        make_test("secret += 1\nassert f(1) == 1", "t"),
    ]
    stealing = "def f(x):\n    return 1 if 'secret' not in globals() or globals()['secret'] == 41 else 0"
    found, _ = judge(cells, [cells[0], solution(stealing, "s")])
    assert found["t"]["points"] == 2
