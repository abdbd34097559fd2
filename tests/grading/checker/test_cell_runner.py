import time

import pytest
from checker_notebooks import locked, plain, solution
from checker_notebooks import test as make_test
from fake_session import FakeSession

from grading.checker.judging import Budget

IMPORTS = locked("import numpy as np", "imports")


def one(judge, answer, test_source, *, points=2, extra=(), sources="def f(x): return x", session=FakeSession):
    """Outcome of one test cell for one answer."""
    master = [IMPORTS, *extra, solution(sources, "s"), make_test(test_source, "t", points)]
    submitted = [IMPORTS, *extra, solution(answer, "s"), make_test("", "t")]
    return judge(master, submitted, session=session)[0]["t"]


def test_a_cell_that_runs_to_its_end_earns_its_points(judge):
    outcome = one(judge, "def f(x): return x * x", "assert f(3) == 9\nprint('fine')")
    assert (outcome["status"], outcome["points"], outcome["max_points"]) == ("passed", 2.0, 2.0)


def test_a_failing_assertion_says_which_one_and_gives_nothing(judge):
    outcome = one(judge, "def f(x): return x", "assert f(0) == 0\nassert f(3) == 9, 'square it'")
    assert (outcome["status"], outcome["points"]) == ("failed", 0.0)
    assert "square it" in outcome["message"]
    assert "line 2" in outcome["message"]


def test_submitted_test_cells_are_never_run(judge):
    master = [solution("x = 1", "s"), make_test("assert x == 1", "t")]
    ran = []

    class Spy(FakeSession):
        def run_cell(self, source, timeout=None):
            ran.append(source)
            return super().run_cell(source, timeout)

    outcome = judge(master, [solution("x = 2", "s"), make_test("x = 1", "t", 50)], session=Spy)[0]["t"]
    assert ran == ["x = 2"]
    assert (outcome["status"], outcome["max_points"]) == ("failed", 2.0)


def test_values_of_the_student_are_fetched_as_they_were_at_the_test(judge):
    master = [
        solution("x = 1", "a"),
        make_test("assert x == 1", "t1"),
        solution("x = 2", "b"),
        make_test("assert x == 2", "t2"),
    ]
    tests, _ = judge(master, master)
    assert [tests["t1"]["status"], tests["t2"]["status"]] == ["passed", "passed"]


def test_a_name_of_a_moved_cell_means_what_it_means_at_the_end(judge):
    master = [solution("a = 1", "a"), make_test("assert a == 1", "t"), solution("b = 1", "b")]
    tests, _ = judge(master, [solution("b = 1", "b"), solution("a = 1", "a")])
    assert tests["t"]["status"] == "passed"


ALWAYS_EQUAL = """
class Yes:
    def __eq__(self, other): return True
    def __ne__(self, other): return False
    def __lt__(self, other): return True
    def __gt__(self, other): return True
    def __bool__(self): return True
    def __contains__(self, other): return True
    def __iter__(self): return iter([9])
    def __len__(self): return 1
    def __hash__(self): return hash(9)
def f(x): return Yes()
"""


@pytest.mark.parametrize(
    "test_source",
    [
        "assert f(3) == 9",
        "assert 9 == f(3)",
        "assert f(3)",
        "assert f(3) not in [1, 2]",
        "assert not f(3) != 9",
        "assert f(3) is not None",
        "assert isinstance(f(3), object)",
        "assert 9 in f(3)",
        "assert f(3) in {9: 1}",
        "assert np.allclose(f(3), 9)",
        "for value in f(3):\n    assert value == 9",
        "try:\n    assert f(3) == 9\nexcept Exception:\n    pass",
        "try:\n    assert f(3) == 9\nexcept BaseException:\n    pass",
        "try:\n    np.testing.assert_allclose(f(3), 9)\nexcept:\n    pass",
        "import contextlib\nwith contextlib.suppress(BaseException):\n    bool(f(3))",
        "try:\n    found = f(3) in [1, 2]\nexcept BaseException:\n    found = False\nassert not found",
        "result = f(3)\nmatch result:\n    case _:\n        pass",
    ],
)
def test_opaque_objects_never_prove_anything(judge, test_source):
    outcome = one(judge, ALWAYS_EQUAL, test_source)
    assert (outcome["status"], outcome["points"]) == ("failed", 0.0)
    assert "plain value" in outcome["message"]


def test_opaque_objects_can_be_used(judge):
    master_source = (
        "class Layer:\n    def __init__(self, w): self.w = w\n    def __call__(self, x): return self.w * x"
    )
    outcome = one(
        judge,
        master_source,
        "layer = Layer(3.0)\nassert layer.w == 3.0\nassert np.allclose(layer(np.ones(2)), 3)\nlayer.w = 2.0\n"
        "assert layer(1.0) == 2.0",
        sources=master_source,
    )
    assert outcome["status"] == "passed", outcome["message"]


def test_what_cannot_leave_the_sandbox_is_an_error_and_no_silent_zero(judge):
    outcome = one(judge, "def f(n):\n    yield 1", "assert list(f(3)) == [1]")
    assert outcome["status"] == "error"
    assert "generator" in outcome["message"]


def test_exceptions_that_a_test_expects_cross_under_their_names(judge):
    answer = "def f(x):\n    if x < 0: raise ValueError('negative')\n    return x"
    source = (
        "try:\n    f(-1)\nexcept ValueError as error:\n    assert 'neg' in str(error)\nelse:\n    assert 0"
    )
    assert one(judge, answer, source)["status"] == "passed"


@pytest.mark.parametrize(
    "raised", ["AssertionError", "StopIteration", "SystemExit", "KeyboardInterrupt", "Mine"]
)
def test_exceptions_that_could_steer_a_test_arrive_as_student_errors(judge, raised):
    answer = f"class Mine(Exception): pass\ndef f(x): raise {raised}('x')"
    if raised in ("SystemExit", "KeyboardInterrupt"):
        answer = f"class {raised}(Exception): pass\ndef f(x): raise {raised}('x')"
    source = f"class Mine(Exception): pass\ntry:\n    f(1)\nexcept {raised}:\n    pass"
    outcome = one(judge, answer, source)
    assert outcome["status"] == "failed"
    assert raised in outcome["message"]


def test_changes_of_arguments_in_place_are_seen(judge):
    answer = "def f(x, l, d):\n    x[0] = 7\n    l.append(1)\n    d['new'] = 2"
    source = (
        "x, l, d = np.zeros(2), [], {'x': 1}\nview = x[:1]\nf(x, l, d)\nassert x[0] == 7 and view[0] == 7\n"
    )
    source += "assert l == [1] and d == {'x': 1, 'new': 2}"
    assert one(judge, answer, source, sources="def f(x, l, d): pass")["status"] == "passed"


def test_a_builtin_name_that_the_student_does_not_define_is_not_the_builtin(judge):
    master = [solution("def sum(x): return 6", "s"), make_test("assert sum([1, 2, 3]) == 6", "t")]
    tests, _ = judge(master, [make_test("", "t")])
    assert tests["t"]["status"] == "failed"
    assert "'s' is missing" in tests["t"]["message"]


def test_an_answer_in_another_cell_than_its_own_counts(judge):
    master = [solution("def f(): return 1", "s"), make_test("assert f() == 1", "t")]
    tests, verdict = judge(master, [plain("def f(): return 1")])
    assert tests["t"]["status"] == "passed"
    assert any("'s' is missing" in (cell["note"] or "") for cell in verdict["cells"])


def test_student_namespaces_never_decide_what_a_name_means(judge):
    master = [
        locked("expected = 4\nimport numpy as np", "l"),
        solution("def f(): return 4", "s"),
        make_test("assert np.allclose(f(), expected)", "t"),
    ]
    cheat = "expected = 5\nclass np:\n    allclose = lambda *a: True\ndef f(): return 5"
    tests, _ = judge(master, [locked("", "l"), solution(cheat, "s"), plain("expected = 5")])
    assert tests["t"]["status"] == "failed"


def test_a_locked_helper_runs_in_the_checker_with_the_students_function(judge):
    master = [
        IMPORTS,
        locked("def close(x):\n    return np.isclose(f(x), x * x)", "h"),
        solution("def f(x): return x * x", "s"),
        make_test("assert close(3)", "t"),
    ]
    assert judge(master, master)[0]["t"]["status"] == "passed"
    wrong = [IMPORTS, solution("def f(x): return x\ndef close(x): return True", "s")]
    assert judge(master, wrong)[0]["t"]["status"] == "failed"


def test_a_locked_cell_that_needs_student_code_is_fetched_statement_by_statement(judge):
    master = [
        IMPORTS,
        solution("def f(x): return x * x", "s"),
        locked("expected = 9\nresult = f(3)\nresults = []\nresults.append(f(2))", "l"),
        make_test("assert result == expected\nassert results == [4]", "t"),
    ]
    assert judge(master, master)[0]["t"]["status"] == "passed"
    # What the checker can compute stays its own, whatever the student does to the name.
    cheat = [IMPORTS, solution("def f(x): return 5", "s"), locked("", "l"), plain("expected = 5")]
    assert judge(master, cheat)[0]["t"]["status"] == "failed"


def test_a_locked_cell_that_calls_student_code_through_its_own_helper_is_fetched(judge):
    master = [
        solution("def f(x): return x * x", "s"),
        locked("def run(x):\n    return f(x)", "h"),
        locked("value = run(4)", "l"),
        make_test("assert value == 16", "t"),
    ]
    assert judge(master, master)[0]["t"]["status"] == "passed"


def test_a_locked_cell_that_fails_by_itself_is_the_instructors_problem(judge):
    master = [
        locked("data = open('missing.txt').read()", "l"),
        solution("def f(): return 1", "s"),
        make_test("assert f() and data", "t"),
    ]
    outcome = judge(master, master)[0]["t"]
    assert outcome["status"] == "error"
    assert "FileNotFoundError" in outcome["message"]


def test_a_helper_of_an_unlocked_cell_is_an_error_with_a_way_out(judge):
    helper = plain("def close(a, b): return abs(a - b) < 1")
    outcome = one(judge, "def f(x): return x", "assert close(f(1), 1)", extra=(helper,))
    assert outcome["status"] == "error"
    assert "lock this helper: 'close'" in outcome["message"]


def test_constants_of_an_unlocked_cell_are_the_masters(judge):
    master = [plain("limit = 10"), solution("def f(): return 5", "s"), make_test("assert f() < limit", "t")]
    assert judge(master, [plain("limit = 0"), master[1]])[0]["t"]["status"] == "passed"


@pytest.mark.parametrize(
    ("source", "status", "points"),
    [
        ("score = 0\nif f(2) == 4:\n    score += 1.5\nscore", "failed", 1.5),
        ("sum(f(i) == i * i for i in range(4))", "passed", 4.0),
        ("5.5 * (f(2) == 4)", "error", 0.0),
        ("-1", "error", 0.0),
        ("float('nan')", "error", 0.0),
        ("np.float64(2.5)", "failed", 2.5),
        ("f(2)", "error", 0.0),
        ("f(2);", "passed", 4.0),
        ("assert f(2) == 4\nNone", "passed", 4.0),
        ("bool(f(2) == 4)", "passed", 4.0),
        ("f(2) == 5", "failed", 0.0),
    ],
)
def test_partial_credit_is_a_plain_number_of_the_masters_own(judge, source, status, points):
    outcome = one(judge, "def f(x): return x * x", source, points=4)
    assert (outcome["status"], outcome["points"]) == (status, points), outcome["message"]


def test_hidden_tests_show_neither_inputs_nor_messages(judge):
    source = (
        "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nsecret = 271828\nprint(secret)\n"
        "assert f(secret) == 0, f'input was {secret}'\n### END HIDDEN TESTS"
    )
    for answer in (
        "def f(x): return x",
        "def f(x):\n    if x > 1: raise ValueError(f'got {x}')\n    return x",
        "def f(x):\n    return x if x == 1 else type(f'T{x}', (), {})()",
    ):
        _, verdict = judge(
            [solution("def f(x): return x", "s"), make_test(source, "t")], [solution(answer, "s")]
        )
        shown = verdict["tests"][0]
        assert shown["status"] == "failed"
        assert "271828" not in str(shown)
        assert "hidden" in shown["message"]


@pytest.mark.parametrize(
    "telling",
    [
        "raise ValueError(f'seen {seen}')",
        "raise type(f'Seen{seen[1]}', (Exception,), {})()",
        "return type(f'Seen{seen[1]}', (), {})()",
    ],
)
def test_a_student_cannot_tell_later_what_hidden_tests_asked(judge, telling):
    hidden = "assert f(1) == 1\n### BEGIN HIDDEN TESTS\nassert f(271828) == 271828\n### END HIDDEN TESTS"
    master = [
        solution("def f(x): return x", "s"),
        make_test(hidden, "t"),
        make_test("assert f(2) == 2", "t2"),
    ]
    spy = f"seen = []\ndef f(x):\n    seen.append(x)\n    if x == 2:\n        {telling}\n    return x"
    tests, _ = judge(master, [solution(spy, "s")])
    assert (tests["t"]["status"], tests["t2"]["status"]) == ("passed", "failed")
    assert tests["t2"]["message"]
    assert "271828" not in str(tests)


def test_the_name_of_an_exception_in_a_hidden_test_is_not_told(judge):
    hidden = "### BEGIN HIDDEN TESTS\nassert f(271828)\n### END HIDDEN TESTS"
    spy = "def f(x): raise type(f'Seen{x}', (Exception,), {})()"
    assert "271828" not in str(one(judge, spy, hidden))


def test_a_visible_failure_of_a_cell_with_hidden_tests_is_explained(judge):
    source = "assert f(1) == 1, 'one stays one'\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS"
    assert "one stays one" in one(judge, "def f(x): return 0", source)["message"]


def test_an_untouched_stub_is_told_so(judge):
    outcome = one(judge, "def f(x):\n    raise NotImplementedError()", "assert f(1)")
    assert (outcome["status"], outcome["points"]) == ("failed", 0.0)
    assert "Not written yet" in outcome["message"]


def test_a_test_cell_of_the_master_that_never_ends_is_stopped(judge):
    master = [solution("x = 1", "s"), make_test("while x: pass", "t"), make_test("assert x == 1", "t2")]
    tests, _ = judge(master, master, budget=Budget(0.3, 0.2, 20.0))
    assert tests["t"]["status"] == "failed"
    assert "did not end" in tests["t"]["message"]
    assert tests["t2"]["status"] == "passed"


def test_a_test_cell_cannot_swallow_its_time_limit(judge):
    source = "while x:\n    try:\n        while x: pass\n    except BaseException:\n        x = 0"
    master = [solution("x = 1", "s"), make_test(source, "t")]
    tests, _ = judge(master, master, budget=Budget(0.3, 0.2, 20.0))
    assert tests["t"]["status"] == "failed"


def test_html_of_a_test_escapes_what_came_from_the_student(judge):
    outcome = one(judge, "def f(x): raise ValueError('<script>alert(1)</script>')", "assert f(1)")
    assert "<script>" not in outcome["html"]
    assert "&lt;script&gt;" in outcome["html"]


def test_hostile_text_is_cleaned_and_cut(judge):
    outcome = one(
        judge, "def f(x): raise ValueError('\\x1b]0;owned\\x07' + 'A' * 100_000 + '\\x00')", "assert f(1)"
    )
    assert "\x1b" not in outcome["message"]
    assert len(outcome["message"]) < 3_000


def test_the_same_seed_gives_test_cells_the_same_random_numbers(judge):
    source = "import random\nassert f(0) == 1, f'{np.random.rand()} {random.random()}'"
    first, second = (one(judge, "def f(x): return 0", source)["message"] for _ in range(2))
    assert first == second


def test_nothing_that_the_runner_lends_stays_behind(judge):
    import grading

    before = vars(grading).get("check")
    one(judge, "def f(x): return x", "assert f(1)")
    assert vars(grading).get("check") is before


def test_an_unbound_name_is_explained_by_what_happened_to_its_cell(judge):
    assert "ValueError: broken" in one(judge, "raise ValueError('broken')", "assert f(1) == 1")["message"]
    assert "process ended while this cell ran" in one(judge, "raise Death()", "assert f(1) == 1")["message"]
    assert "does not define f" in one(judge, "g = 1", "assert f(1) == 1")["message"]


def test_starting_slow_code_again_costs_the_next_test_no_time(judge):
    class Slow(FakeSession):
        def run_cell(self, source, timeout=None):
            time.sleep(1.5 if "import time" in source else 0)
            return super().run_cell(source, timeout)

    cells = [
        solution("import time\ndef f(x): raise Death()", "f"),
        make_test("f(1)", "t1"),
        solution("def g(x): return x", "g"),
        make_test("assert g(1) == 1", "t2"),
    ]
    tests, _ = judge(cells, cells, budget=Budget(1.0, 1.0, 30.0), session=Slow)
    assert (tests["t1"]["status"], tests["t2"]["status"]) == ("failed", "passed")


def test_a_module_that_the_grader_lacks_is_the_graders_fault(judge):
    outcome = one(judge, "def f(x): return x", "import no_such_module\nassert f(1) == 1")
    assert outcome["status"] == "error"
    assert "no_such_module" in outcome["message"]
    outcome = one(judge, "def f(x): raise ImportError('mine')", "assert f(1) == 1")
    assert outcome["status"] == "failed"
