"""A wrong answer that comes from another one is told as inherited, and nobody gains anything by that."""

import sys
import textwrap

import numpy as np
import pytest
from checker_notebooks import locked, notebook, solution
from checker_notebooks import test as make_test
from checker_process import CheckerProcess
from fake_session import FakeSession

from grading.checker import inheriting
from grading.checks.definition import Check, Part, example

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")

IMPORTS = locked("import numpy as np\nfrom grading import check", "imports")
HALF = "def half(x):\n    return x / 2"
QUARTER = "def quarter(x):\n    return half(half(x))"
TESTS = [make_test(f'check("{name}")', f"t_{name}", 4) for name in ("quarter", "half")]
CHECK = """
import numpy as np
from grading.checks.definition import Check, Drawn, Part, example
from grading.checks.small_numbers import fill

def half(x):
    return x / 2

def positive(rng, size):
    return example(np.abs(fill(rng, (size,))))

check = Check(
    name="{name}",
    signature="(x)",
    section="1.1",
    reference=lambda x: x / {by},
    parts=(
        Part("positive numbers", 3, (), Drawn(positive, {{"size": (1, 2, 3)}}, cases=3)),
        Part("fives", 1, (example(np.full(3, 5.0)),)),
    ),
    {uses}
)
"""
WRONG_HALF = "def half(x):\n    return x / 3 + 1"


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    directory = tmp_path_factory.mktemp("checker")
    checks = directory / "checks"
    checks.mkdir()
    (checks / "half.py").write_text(CHECK.format(name="half", by=2, uses=""))
    (checks / "quarter.py").write_text(CHECK.format(name="quarter", by=4, uses='uses={"half": half},'))
    master = notebook(IMPORTS, solution(HALF, "half"), solution(QUARTER, "quarter"), *TESTS)
    process = CheckerProcess(directory, master, extra_checks=[str(checks)])
    assert process.ready["ready"] is True, process.ready
    yield process
    assert process.close() == 0
    assert list(process.scratch.iterdir()) == []


@pytest.fixture
def graded(checker):
    def run(half=HALF, quarter=QUARTER):
        cells = (solution(textwrap.dedent(half), "half"), solution(textwrap.dedent(quarter), "quarter"))
        verdict = checker.grade(notebook(IMPORTS, *cells))
        return {test["grade_id"]: test for test in verdict["tests"]}, verdict

    return run


def test_right_answers_need_no_cause(graded):
    tests, _ = graded()
    assert [test["status"] for test in tests.values()] == ["passed", "passed"]


@pytest.mark.parametrize(
    "half",
    [
        WRONG_HALF,
        "def half(x):\n    raise NotImplementedError()",
        "half = None",
        "",
        "def half(x):\n    while True: pass",
        "import os\ndef half(x):\n    os._exit(0)",
        "def half(x):\n    return object()",
    ],
    ids=["wrong", "stub", "no function", "missing", "hangs", "dies", "no value"],
)
def test_the_cause_is_named_and_the_points_stay(graded, half):
    tests, verdict = graded(half)
    quarter = tests["t_quarter"]
    assert quarter["misconception"] == "inherited-from-another-answer"
    assert "all of `quarter` is right" in quarter["explanation"]
    assert "inherited from your `half`" in quarter["text"]
    assert "inherited from your" in quarter["html"]
    assert (quarter["status"], quarter["points"]) == ("failed", 0)
    assert tests["t_half"]["misconception"] != "inherited-from-another-answer"


def test_what_is_wrong_besides_is_told(graded):
    tests, _ = graded(WRONG_HALF, "def quarter(x):\n    return half(half(x)) + (x == 5)")
    assert tests["t_quarter"]["misconception"] == "inherited-from-another-answer"
    assert "only “fives” is still wrong" in tests["t_quarter"]["explanation"]


def test_own_mistakes_are_not_blamed_on_others(graded):
    for half, quarter in (
        (WRONG_HALF, "def quarter(x):\n    return x"),
        (HALF, "def quarter(x):\n    return half(x)"),
    ):
        assert graded(half, quarter)[0]["t_quarter"]["misconception"] is None


def test_a_right_answer_that_is_called_is_not_suspected(graded):
    tests, verdict = graded(HALF, "seen = []\ndef quarter(x):\n    seen.append(x)\n    return half(x)")
    assert tests["t_quarter"]["points"] == 0
    assert tests["t_half"]["points"] == 4
    assert verdict["restarts"] == 0


# What code could do that finds the reference: remember, and answer with it where it counts.
ORACLE = """
known = {}
def quarter(x):
    y = half(half(x))
    known[x.tobytes()] = y
    return y
def half(x):
    return known.get(x.tobytes(), x)
"""
SWALLOWS = """
def quarter(x):
    while True:
        try:
            half(x)
        except BaseException:
            pass
"""
KEEPS = """
import builtins
def quarter(x):
    builtins.kept = half
    return kept(kept(x))
"""


@pytest.mark.parametrize("quarter", [ORACLE, SWALLOWS, KEEPS], ids=["remembers", "never ends", "keeps"])
def test_references_earn_nothing(graded, quarter):
    tests, _ = graded(WRONG_HALF, quarter)
    assert {name: test["points"] for name, test in tests.items()} == {"t_quarter": 0, "t_half": 0}


def test_what_ran_again_is_not_shown(graded):
    prints = "import time\nprint('ran at', time.time_ns())\n" + WRONG_HALF
    _, verdict = graded(prints)
    outputs = [o for cell in verdict["cells"] for o in cell["outputs"]]
    assert len([o for o in outputs if "ran at" in str(o)]) == 1
    assert verdict["restarts"] == 0


def test_a_reference_that_does_not_end_costs_the_explanation_and_nothing_else(judge, monkeypatch):
    asked = []

    def endless(x):
        asked.append(x)
        while True:
            pass

    part = Part("all", 1, (example(np.ones(2)),))
    checks = {
        "half": Check("half", "(x)", lambda x: x / 2, (part,), "1.1"),
        "quarter": Check("quarter", "(x)", lambda x: x / 4, (part,), "1.1", uses={"half": endless}),
    }
    monkeypatch.setattr(inheriting, "EXPLAINING_SECONDS", 0.3)
    cells = [IMPORTS, solution(WRONG_HALF, "half"), solution(QUARTER, "quarter"), *TESTS]
    tests, verdict = judge(cells, cells, checks=checks)
    assert len(asked) == 1
    assert verdict["status"] == "graded"
    assert (tests["t_quarter"]["status"], tests["t_quarter"]["misconception"]) == ("failed", None)


@pytest.mark.parametrize(("half", "sessions"), [(WRONG_HALF, 2), (HALF, 1)])
def test_the_notebook_runs_again_only_where_another_answer_is_wrong_too(judge, monkeypatch, half, sessions):
    opened = []

    class Counted(FakeSession):
        def __init__(self):
            super().__init__()
            opened.append([])

        def run_cell(self, source, timeout=None):
            opened[-1].append(timeout)
            return super().run_cell(source, timeout)

    part = Part("all", 1, (example(np.ones(2)),))
    checks = {
        "half": Check("half", "(x)", lambda x: x / 2, (part,), "1.1"),
        "quarter": Check("quarter", "(x)", lambda x: x / 4, (part,), "1.1", uses={"half": lambda x: x / 2}),
    }
    monkeypatch.setattr(inheriting, "EXPLAINING_SECONDS", 3.0)
    answers = [IMPORTS, solution(half, "half"), solution("def quarter(x): return half(x)", "quarter"), *TESTS]
    judge(answers, answers, checks=checks, session=Counted)
    assert len(opened) == sessions
    assert min(opened[0]) > 3
    assert sessions == 1 or max(opened[1]) <= 3
