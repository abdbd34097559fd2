import pytest
from checker_notebooks import locked, notebook, plain, solution
from checker_notebooks import test as make_test

from grading.checker.binding import Bindings, read_names
from grading.checker.master import MasterProblem, read_master
from grading.checker.plan import AssignmentPlan


def bound(*cells):
    master = read_master(notebook(*cells))
    return Bindings(master), master


def students_at_last(*cells):
    bindings, master = bound(*cells)
    return bindings.scope(master.cells[-1]).student


T = make_test("assert True", "t")


@pytest.mark.parametrize(
    "source",
    [
        "name = 1",
        "name: int = 1",
        "name += 1",
        "def name(): pass",
        "async def name(): pass",
        "class name: pass",
        "for name in range(3): pass",
        "with open('x') as name: pass",
        "(name, other), *rest = [(1, 2), 3]",
        "[name := 1 for _ in range(3)]",
        "if (name := 1): pass",
        "def f():\n    global name\n    name = 1",
        "if True:\n    name = 1",
        "try:\n    pass\nexcept ValueError as name:\n    pass",
        "match 1:\n    case name: pass",
    ],
)
def test_every_way_to_bind_a_name_is_seen(source):
    assert "name" in students_at_last(solution(source, "s"), T)


@pytest.mark.parametrize(
    "source", ["x = name", "def f(): name = 1", "[name for name in range(3)]", "f(name=1)"]
)
def test_what_does_not_bind_at_the_top_level_is_not_bound(source):
    assert "name" not in students_at_last(solution(source, "s"), T)


def test_the_last_binder_in_master_order_decides():
    student, own = solution("f = 1", "s"), locked("f = 2", "l")
    assert "f" in students_at_last(own, student, T)
    assert "f" not in students_at_last(student, own, T)
    assert "f" not in students_at_last(student, make_test("f = 3", "t0"), T)
    assert "f" not in students_at_last(student, plain("f = 4"), T)
    assert "f" not in students_at_last(
        T, student, own, T | {"metadata": {"nbgrader": {"grade_id": "t2", "grade": True, "points": 1}}}
    )


def test_a_later_solution_does_not_reach_back():
    bindings, master = bound(solution("f = 1", "s"), T, solution("g = 1", "s2"))
    assert bindings.scope(master.cells[1]).student == {"f"}


def test_builtin_names_of_a_solution_are_the_students():
    assert "sum" in students_at_last(solution("def sum(x): return 0", "s"), T)


def test_imports_are_the_checkers_own_also_in_solution_cells():
    assert students_at_last(solution("import numpy as np\nfrom math import pi\nf = 1", "s"), T) == {"f"}


def needs_of(test_source, *cells):
    bindings, master = bound(*cells, make_test(test_source, "t"))
    return bindings.student_needs(master.cells[-1])


def test_a_test_needs_what_the_helpers_that_it_calls_need():
    helpers = locked("def outer(x): return inner(x)\ndef inner(x): return relu(x)", "h")
    relu = solution("def relu(x): return x", "s")
    assert needs_of("assert outer(1)", relu, helpers) == {"relu"}
    assert needs_of("assert relu(1)", relu, helpers) == {"relu"}
    assert needs_of("assert 1", relu, helpers) == set()


def test_names_inside_function_bodies_and_classes_of_a_test_are_needed():
    relu = solution("def relu(x): return x", "s")
    assert needs_of("def go():\n    return [relu(i) for i in range(3)]\ngo()", relu) == {"relu"}
    assert needs_of("class A:\n    def m(self): return relu(1)", relu) == {"relu"}


def problem_of(test_source, *cells):
    bindings, master = bound(*cells, make_test(test_source, "t"))
    return bindings.problem(master.cells[-1])


def test_a_helper_of_an_unlocked_cell_must_be_locked():
    helper = plain("def close(a, b): return abs(a - b) < 1e-6")
    relu = solution("def relu(x): return x", "s")
    assert "must lock this helper: 'close'" in problem_of("assert close(relu(1), 1)", helper, relu)
    through = locked("def all_close(a, b): return close(a, b)", "h")
    assert "must lock this helper" in problem_of("assert all_close(relu(1), 1)", helper, through, relu)
    assert problem_of("assert relu(1)", helper, relu) is None
    assert problem_of("def close(a, b): return True\nassert close(1, 2)", helper, relu) is None


def test_constants_and_imports_of_an_unlocked_cell_are_the_checkers():
    assert (
        problem_of(
            "assert np.isclose(relu(x), 1)",
            plain("import numpy as np\nx = 1"),
            solution("def relu(x): return x", "s"),
        )
        is None
    )


def test_a_name_that_nothing_binds_is_a_problem_of_the_master():
    assert "'ghost'" in problem_of("assert ghost(1)", solution("f = 1", "s"))
    assert problem_of("from math import *\nassert sqrt(4) == 2", solution("f = 1", "s")) is None
    assert problem_of("assert get_ipython() and __name__", solution("f = 1", "s")) is None


def test_a_name_bound_only_later_is_a_problem():
    bindings, master = bound(make_test("assert f", "t"), solution("f = 1", "s"))
    assert "'f'" in bindings.problem(master.cells[0])


def test_test_cells_that_are_no_python_are_refused_and_solutions_are_not():
    with pytest.raises(MasterProblem, match="test cell t"):
        bound(make_test("assert (", "t"))
    bound(solution("def f(:", "s"), T)


def test_magics_are_understood():
    plan = AssignmentPlan(read_master(notebook(locked("%matplotlib inline\nimport numpy as np", "i"), T)))
    assert plan.modules == ("numpy",)


def test_what_a_statement_runs_with_excludes_function_bodies_but_not_defaults():
    names = read_names(
        "def f(a=default):\n    return body\nvalues = [each for each in source]\ncall(lambda: late)"
    )
    assert {"default", "source", "call"} <= names.runs_with
    assert not {"body", "late"} & names.runs_with
    assert {"body", "late"} <= names.needs


def test_what_nothing_binds_is_the_students_where_a_solution_was_never_written():
    stub = solution("# YOUR CODE HERE\nraise NotImplementedError()", "s")
    cells = (stub, make_test("assert answer == len(text)", "t"))
    assert students_at_last(*cells) == {"answer", "text"}
    bindings, master = bound(*cells)
    assert bindings.problem(master.cells[-1]) is None
    assert bindings.scope(master.cells[-1]).binders["answer"] is master.cells[0]


def test_a_name_that_a_written_solution_does_not_bind_is_the_instructors_mistake():
    bindings, master = bound(solution("answer = 1", "s"), make_test("assert anwser == 1", "t"))
    assert "'anwser'" in bindings.problem(master.cells[-1])
