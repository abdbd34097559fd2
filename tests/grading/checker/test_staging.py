"""Student code that dies or hangs costs the cell in which it did, and no other."""

import time

import pytest
from checker_notebooks import plain, solution
from checker_notebooks import test as make_test
from fake_session import FakeSession

from grading.checker.judging import Budget


def functions(*bodies):
    """A master of small functions with a test each; returns it and a submission with other bodies."""
    master, submitted = [], []
    for number, body in enumerate(bodies):
        master += [
            solution(f"def f{number}(): return {number}", f"s{number}"),
            make_test(f"assert f{number}() == {number}", f"t{number}"),
        ]
        submitted.append(solution(f"def f{number}(): {body}", f"s{number}"))
    return master, submitted


def statuses(tests):
    return [tests[f"t{number}"]["status"] for number in range(len(tests))]


@pytest.mark.parametrize("end", ["raise Death()", "raise Hang()"])
def test_a_death_during_one_test_costs_that_test_alone(judge, end):
    tests, verdict = judge(*functions("return 0", end, "return 2"))
    assert statuses(tests) == ["passed", "failed", "passed"]
    assert verdict["restarts"] == 1


def test_a_death_cannot_be_swallowed_by_the_test(judge):
    master = [
        solution("def f(): return 1", "s"),
        make_test("try:\n    f()\nexcept BaseException:\n    pass", "t"),
    ]
    tests, _ = judge(master, [solution("def f(): raise Death()", "s")])
    assert tests["t"]["status"] == "failed"


def test_after_three_restarts_it_is_enough_and_nothing_is_left_without_a_verdict(judge):
    tests, verdict = judge(*functions(*["raise Death()"] * 5, "return 5"))
    assert statuses(tests) == ["failed"] * 6
    assert verdict["restarts"] == 3
    assert "more than 3 times" in tests["t5"]["message"]


def test_three_deaths_leave_the_rest_unharmed(judge):
    tests, _ = judge(*functions(*["raise Death()"] * 3, "return 3", "return 4"))
    assert statuses(tests) == ["failed"] * 3 + ["passed"] * 2


def test_a_cell_that_kills_the_sandbox_is_left_out_at_the_replay(judge):
    master, submitted = functions("return 0", "return 1")
    sessions = []

    class Counting(FakeSession):
        def __init__(self):
            super().__init__()
            sessions.append(self)

    tests, verdict = judge(
        master, [submitted[0], plain("raise Death()"), plain("x = 1"), submitted[1]], session=Counting
    )
    assert statuses(tests) == ["passed", "passed"]
    assert [len(session.ran) for session in sessions] == [2, 3]
    killer = next(cell for cell in verdict["cells"] if "Death" in cell["source"])
    assert "run without it" in killer["note"]
    assert killer["outputs"][0]["output_type"] == "error"


def test_a_name_whose_value_kills_when_it_is_read_costs_its_own_test(judge):
    master, submitted = functions("return 0", "return 1")
    master += [solution("x = 1", "sx"), make_test("assert x == 1", "t2")]
    deadly = "class Deadly(list):\n    def __iter__(self): raise Death()\nx = Deadly()"

    class Reading(FakeSession):
        def lookup(self, name):
            self._alive()
            if type(self.namespace.get(name)).__name__ == "Deadly":
                self._end(None)
            return super().lookup(name)

    tests, verdict = judge(master, [*submitted, solution(deadly, "sx")], session=Reading)
    assert statuses(tests)[:2] == ["passed", "passed"]
    assert tests["t2"]["points"] == 0.0
    assert verdict["restarts"] == 1


def test_objects_that_earlier_tests_made_are_made_again_after_a_restart(judge):
    master = [
        solution("class Net:\n    def run(self): return 1\ndef die(): pass", "s"),
        make_test("net = Net()\nassert net.run() == 1", "t0"),
        make_test("die()", "t1"),
        make_test("assert net.run() == 1", "t2"),
    ]
    answer = "class Net:\n    def run(self): return 1\ndef die(): raise Death()"
    tests, _ = judge(master, [solution(answer, "s")])
    assert statuses(tests) == ["passed", "failed", "passed"]


def test_when_the_time_is_used_up_the_remaining_tests_say_so(judge):
    class Slow(FakeSession):
        def run_cell(self, source, timeout=None):
            time.sleep(min(timeout, 0.3))
            return super().run_cell(source, timeout)

    tests, _ = judge(*functions("return 0", "return 1"), budget=Budget(1.0, 1.0, 0.2), session=Slow)
    assert statuses(tests) == ["failed", "failed"]
    assert all("time" in test["message"] for test in tests.values())


def test_outputs_are_those_of_the_first_run(judge):
    class Loud(FakeSession):
        runs = 0

        def run_cell(self, source, timeout=None):
            Loud.runs += 1
            reply = super().run_cell(source, timeout)
            reply.outputs.append({"output_type": "stream", "name": "stdout", "text": f"run {Loud.runs}"})
            return reply

    _, verdict = judge(*functions("raise Death()", "return 1"), session=Loud)
    texts = [cell["outputs"][0]["text"] for cell in verdict["cells"] if cell["outputs"]]
    assert texts == ["run 1", "run 2"]
