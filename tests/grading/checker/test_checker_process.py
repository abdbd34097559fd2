"""The checker process end to end, over its real sandbox, on an ordinary assert-style assignment."""

import os
import signal
import sys

import pytest
from checker_notebooks import cell, locked, notebook, plain, solution
from checker_notebooks import test as make_test
from checker_process import CheckerProcess

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox needs Linux")

IMPORTS = locked("import numpy as np\n%matplotlib inline", "imports")
RELU = "def relu(x):\n    return np.maximum(x, 0)"
SQUARE = "def square(x):\n    return x * x"
T_RELU = make_test(
    "x = np.array([-1.0, 2.0])\nassert np.allclose(relu(x), [0, 2])\n"
    "### BEGIN HIDDEN TESTS\nassert relu(np.zeros((3, 4))).shape == (3, 4)\n### END HIDDEN TESTS",
    "t_relu",
)
T_SQUARE = make_test("assert square(3) == 9\nassert square(-2.5) == 6.25", "t_square", 3)
MASTER = notebook(IMPORTS, solution(RELU, "relu"), T_RELU, solution(SQUARE, "square"), T_SQUARE)


@pytest.fixture(scope="module")
def checker(tmp_path_factory):
    process = CheckerProcess(tmp_path_factory.mktemp("checker"), MASTER)
    assert process.ready["ready"] is True, process.ready
    yield process
    assert process.close() == 0
    assert list(process.scratch.iterdir()) == [], "nothing of any student may stay"


def submission(relu=RELU, square=SQUARE, *extra):
    return notebook(IMPORTS, solution(relu, "relu"), T_RELU, *extra, solution(square, "square"), T_SQUARE)


def points(verdict):
    return {test["grade_id"]: test["points"] for test in verdict["tests"]}


def test_it_tells_what_will_be_graded_and_behind_which_walls(checker):
    assert checker.ready["tests"] == [
        {"grade_id": "t_relu", "points": 2.0},
        {"grade_id": "t_square", "points": 3.0},
    ]
    assert checker.ready["problems"] == []
    assert {"landlock", "seccomp", "checker"} <= set(checker.ready["isolation"])


def test_a_right_answer_gets_all_points(checker):
    verdict = checker.grade(submission())
    assert (verdict["status"], verdict["reason"], verdict["restarts"]) == ("graded", None, 0)
    assert points(verdict) == {"t_relu": 2.0, "t_square": 3.0}
    assert [c["grade_id"] for c in verdict["cells"]] == ["imports", "relu", "t_relu", "square", "t_square"]


def test_a_verdict_has_the_agreed_shape(checker):
    verdict = checker.grade(submission(RELU, "def square(x): return x"))
    assert set(verdict) == {"status", "reason", "seconds", "restarts", "cells", "tests"}
    for test in verdict["tests"]:
        assert set(test) == {
            *("grade_id", "points", "max_points", "status", "message", "counterexample", "misconception"),
            *("explanation", "section", "parts", "text", "html", "checks"),
        }
    for written in verdict["cells"]:
        assert set(written) == {"grade_id", "role", "cell_type", "source", "outputs", "note"}


ATTACKS = {
    "always equal": "class Yes:\n    def __eq__(self, o): return True\n    def __bool__(self): return True\n"
    "def square(x): return Yes()",
    "array that lies": "class Yes(np.ndarray):\n    def __eq__(self, o): return True\n"
    "def square(x): return np.zeros(()).view(Yes)",
    "patched allclose": "np.allclose = lambda *a, **k: True\nimport builtins\n"
    "builtins.abs = lambda x: 0\ndef square(x): return 0",
    "os._exit": "import os\ndef square(x): os._exit(0)",
    "sys.exit": "import sys\ndef square(x): sys.exit(0)",
    "kill": "import os, signal\ndef square(x): os.kill(os.getpid(), signal.SIGKILL)",
    "assertion": "def square(x): raise AssertionError('fine')",
    "stop iteration": "def square(x): raise StopIteration",
    "infinite loop": "def square(x):\n    while True: pass",
    "stubborn loop": "def square(x):\n    while True:\n        try:\n            while True: pass\n"
    "        except BaseException: pass",
    "stub": "def square(x):\n    raise NotImplementedError()",
    "walks frames": "import sys\ndef square(x):\n    f = sys._getframe()\n    while f:\n"
    "        if 'check' in f.f_globals.get('__name__', ''): return 9\n        f = f.f_back\n    return 0",
    "collects objects": "import gc\ndef square(x):\n    texts = map(str, gc.get_objects())\n"
    "    return 9 if any('BEGIN HIDDEN' in text for text in texts) else 0",
    "not plain": "def square(x): return lambda: 9",
    "huge integer": "def square(x): return 10 ** 200_000",
    "deep list": "def square(x):\n    r = []\n    for _ in range(10_000): r = [r]\n    return r",
    "nan": "def square(x): return float('nan')",
    "forged frames": "import os\ndef square(x):\n    for fd in range(64):\n"
    "        try: os.write(fd, b'9' * 100)\n        except OSError: pass\n    return 0",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_an_attack_costs_its_own_points_and_nothing_else(checker, attack):
    verdict = checker.grade(submission(RELU, attack))
    assert points(verdict) == {"t_relu": 2.0, "t_square": 0.0}
    attacked = verdict["tests"][1]
    assert attacked["status"] in ("failed", "error")
    assert attacked["message"]


CELLS = {
    "infinite loop": "while True: pass",
    "death": "import os\nos._exit(3)",
    "prints forever": "while True: print('x' * 1000)",
    "error": "1 / 0",
    "syntax": "def (",
    "html": "from IPython.display import HTML, display\ndisplay(HTML('<script>alert(1)</script>'))",
    "input": "input('? ')",
    "exit": "exit()",
}


@pytest.mark.parametrize("source", CELLS.values(), ids=CELLS.keys())
def test_a_bad_cell_of_the_students_own_does_not_cost_the_answers(checker, source):
    verdict = checker.grade(submission(RELU, SQUARE, plain(source)))
    assert points(verdict) == {"t_relu": 2.0, "t_square": 3.0}
    shown = str([written["outputs"] for written in verdict["cells"]])
    assert "<script>" not in shown
    assert len(shown) < 200_000


def test_grading_twice_gives_the_same(checker):
    source = "import random\nprint(random.random(), np.random.rand())\ndef square(x): return x * x"
    first, second = (checker.grade(submission(RELU, source)) for _ in range(2))
    for verdict in (first, second):
        verdict.pop("seconds")
    assert first == second


def test_students_do_not_meet_each_other(checker):
    leave = (
        "import builtins, os\nbuiltins.leak = 9\nopen('leak.txt', 'w').write('9')\ndef square(x): return 0"
    )
    find = (
        "import os\ndef square(x):\n    try: return leak\n"
        "    except NameError: return 9 if os.listdir('.') else 0"
    )
    assert points(checker.grade(submission(RELU, leave)))["t_square"] == 0.0
    assert points(checker.grade(submission(RELU, find)))["t_square"] == 0.0


@pytest.mark.parametrize("data", [b"", b"{}", b"[[[", b"\xff\xfe\x00", b'{"cells": 5}'])
def test_an_unreadable_file_gets_the_released_notebook_no_points_and_a_reason(checker, data):
    verdict = checker.grade(data)
    assert verdict["status"] == "unreadable"
    assert verdict["reason"]
    assert points(verdict) == {"t_relu": 0.0, "t_square": 0.0}
    sources = {written["grade_id"]: written["source"] for written in verdict["cells"]}
    assert "np.maximum" not in sources["relu"]
    assert {test["status"] for test in verdict["tests"]} == {"failed"}


def test_a_child_that_dies_is_answered_for(tmp_path):
    # The master itself kills the checker's child: the worst that can happen to one submission.
    master = notebook(
        solution("x = 1", "s"),
        make_test("import os\nif x == 2:\n    os.kill(os.getpid(), 9)", "t"),
    )
    checker = CheckerProcess(tmp_path / "c", master)
    try:
        lost = checker.grade(notebook(solution("x = 2", "s")))
        assert [(test["status"], test["points"]) for test in lost["tests"]] == [("error", 0.0)]
        assert "SIGKILL" in lost["tests"][0]["message"]
        assert checker.grade(notebook(solution("x = 1", "s")))["tests"][0]["points"] == 2.0
    finally:
        checker.close()


@pytest.mark.slow
def test_a_late_child_is_killed_and_answered_for(tmp_path):
    # A test cell that cannot be interrupted: it holds on through every alarm of its time limit.
    stubborn = "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})\nwhile x == 2: pass"
    master = notebook(solution("x = 1", "s"), make_test(stubborn, "t"))
    checker = CheckerProcess(tmp_path / "c", master, submission_seconds=4.0)
    try:
        lost = checker.grade(notebook(solution("x = 2", "s")))
        assert [(test["status"], test["points"]) for test in lost["tests"]] == [("error", 0.0)]
        assert "within the time" in lost["tests"][0]["message"]
        assert checker.grade(notebook(solution("x = 1", "s")))["tests"][0]["points"] == 2.0
    finally:
        checker.close()


@pytest.mark.parametrize(
    ("master", "problem"),
    [
        ("not json", "not an nbformat 4 notebook"),
        (notebook(cell("x", "t", grade=True, points=-1)), "points"),
        (notebook(make_test("assert (", "t")), "cannot be analysed"),
        (notebook(locked("from grading import check", "i"), make_test("check('ghost')", "t")), "'ghost'"),
    ],
)
def test_a_master_that_cannot_be_graded_is_refused_before_any_submission(tmp_path, master, problem):
    checker = CheckerProcess(tmp_path / "c", master)
    assert checker.ready["ready"] is False
    assert problem in checker.ready["problem"]
    assert checker.close() == 1


def test_junk_students_run_in_the_same_process(tmp_path):
    master = notebook(solution(SQUARE, "square"), make_test("assert square(3) is not None", "t"), T_SQUARE)
    checker = CheckerProcess(tmp_path / "c", master)
    try:
        checker.channel.send({"junk": True})
        answer, _ = checker.channel.receive(timeout=60)
        assert {found["grade_id"] for found in answer["junk"]} == {"t"}
        assert checker.grade(notebook(solution(SQUARE, "square")))["tests"][1]["points"] == 3.0
    finally:
        checker.close()


def test_memory_stays_flat_and_no_process_is_left(checker):
    checker.grade(submission())
    before = checker.memory()
    for _ in range(12):
        checker.grade(submission())
    assert checker.memory() - before < 4 << 20
    children = [pid for pid in os.listdir("/proc") if pid.isdigit() and _parent(pid) == checker.process.pid]
    assert len(children) == 1, "the sandbox server is the only child between submissions"


def _parent(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return int(file.read().rpartition(")")[2].split()[1])
    except OSError:
        return None


def test_when_the_engine_goes_away_everything_ends(tmp_path):
    checker = CheckerProcess(tmp_path / "c", MASTER)
    sandboxes = [pid for pid in os.listdir("/proc") if pid.isdigit() and _parent(pid) == checker.process.pid]
    assert checker.close() == 0
    for pid in sandboxes:
        with pytest.raises(ProcessLookupError):
            os.kill(int(pid), signal.SIG_DFL)
