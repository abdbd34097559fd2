"""Questions of several calls: state is handed back, every call is bounded, failures show the calls."""

import numpy as np
import pytest

from grading.checks.definition import Check, Dialogue, Misconception, Part, example
from grading.checks.student import LocalStudent, Reply, StudentFault

SEED = bytes(32)


def totals(call, start, numbers, scale=1.0):
    """Ask for running totals: the state is whatever came back with the total before."""
    state, found = {}, []
    for number in numbers:
        value = call(start, number, state, scale=scale)
        if not isinstance(value, tuple):
            raise StudentFault("unsupported", text="a total came without its state")
        total, state = value
        found.append(total)
    return found


def add(start, number, state, scale=1.0):
    total = state.get("total", start) + scale * number
    return total, {"total": total}


def forgets(start, number, state, scale=1.0):
    return start + scale * number, {}


FORGETFUL = Misconception("forgetful", "it forgets", "Keep the total.", "Lecture 01", (forgets,))
CHECK = Check(
    name="add",
    signature="(start, number, state, scale=1.0)",
    section="Lecture 01",
    reference=add,
    outputs=("totals",),
    parts=(
        Part("one", 1, (example(np.array([1.0]), np.array([2.0])),)),
        Part("several", 2, (example(np.array([1.0, 0.0]), np.array([[2.0, 1], [3, 0], [4, 1]]), scale=2.0),)),
    ),
    misconceptions=(FORGETFUL,),
    dialogue=Dialogue(
        totals, ("start", "numbers"), "add(start, number, state{options}) for {numbers.size} numbers"
    ),
)


def judged(function, check=CHECK):
    return check.judge(LocalStudent({"add": function}), seed=SEED)


def test_the_state_is_handed_back():
    assert judged(add).fraction == 1


@pytest.mark.parametrize("copies", [False, True])
def test_a_state_of_any_kind_may_be_changed_in_place(copies):
    def in_place(start, number, state, scale=1.0):
        state = dict(state) if copies else state
        state.setdefault("kept", []).append(float(np.sum(number)))
        state["total"] = np.asarray(state.get("total", start)) + scale * number
        return state["total"], state

    assert judged(in_place).fraction == 1


def test_parts_are_told_apart_and_mistakes_are_named():
    verdict = judged(forgets)
    assert verdict.fraction == pytest.approx(1 / 3)
    assert verdict.misconception == "forgetful"


def test_the_counterexample_shows_the_dialogue():
    verdict = judged(forgets)
    assert verdict.call == "add(start, number, state, scale=2.0) for 6 numbers"
    assert [e.label for e in verdict.exhibits] == ["start", "numbers", "expected", "yours"]
    assert verdict.exhibits[-1].shape == (3, 2)
    assert "expected 11, got 7 at [1, 0]" in verdict.message


def test_an_answer_that_leads_nowhere_is_told():
    verdict = judged(lambda start, number, state, scale=1.0: 3.0)
    assert "a total came without its state" in verdict.message
    assert verdict.misconception is None


def test_mistakes_that_lead_nowhere_are_named_too():
    def stateless(start, number, state, scale=1.0):
        return start + scale * number if state else (start, {"x": 1})

    mistake = Misconception("no-state", "no state", "Return it.", "Lecture 01", (stateless,))
    check = Check(**{**vars(CHECK), "misconceptions": (mistake,)})
    assert judged(stateless, check).misconception == "no-state"


def test_changed_arguments_are_remarked_on():
    def overwrites(start, number, state, scale=1.0):
        value = add(start, number, state, scale)
        number *= 0
        return value

    verdict = judged(overwrites)
    assert verdict.fraction == 1
    assert "`number` in place" in verdict.remark


class Slow:
    """A student who needs more time than the check has."""

    def __init__(self):
        self.calls = 0

    def exists(self, name):
        return True

    def signature(self, name):
        return ""

    def call(self, name, *args, **kwargs):
        self.calls += 1
        return Reply(add(*args, **kwargs), args)


def test_the_time_of_a_check_ends_a_dialogue_in_its_middle():
    student = Slow()
    verdict = CHECK.judge(student, seed=SEED, budget_seconds=-1)
    assert student.calls == 0
    assert "time" in verdict.message


def test_arguments_that_must_stay_are_refused_for_dialogues():
    with pytest.raises(ValueError, match="several calls"):
        Check(**{**vars(CHECK), "keeps_arguments": True})


def test_a_state_that_stays_behind_is_named_although_no_answer_was_right():
    kept = {}

    def continues(start, number, state, scale=1.0):
        kept["total"] = kept.get("total", 0.0) + scale * np.sum(number)
        return start + kept["total"], state

    verdict = judged(continues)
    assert verdict.status == "failed"
    assert verdict.misconception == "state-stays-between-calls"


def test_an_answer_that_crashes_on_what_stayed_behind_is_named_too():
    kept = []

    def grows(start, number, state, scale=1.0):
        kept.append(number)
        return add(start, np.stack(kept).sum(axis=0), state, scale)

    assert judged(grows).misconception == "state-stays-between-calls"


def test_an_unknown_mistake_that_remembers_nothing_is_not_given_a_name():
    assert judged(lambda start, number, state, scale=1.0: (start * 7, {})).misconception is None
