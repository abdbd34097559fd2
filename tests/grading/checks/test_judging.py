"""How one student is judged: first replies are final, parts are independent, nothing stops the class."""

import time
from dataclasses import replace

import numpy as np
import pytest
from assignment_students import CHECKS, SEED, right, verdict_on

from grading.checks.definition import Check, Drawn, Part, example
from grading.checks.signatures import accepts
from grading.checks.student import LocalStudent, Reply, StudentFault

FORWARD = CHECKS["conv2d_forward"]


class Faulty:
    """A student whose calls end in a fault from some call on."""

    def __init__(self, kind, after=0, name="max_pool2d_forward"):
        self.kind, self.after, self.name, self.calls = kind, after, name, 0

    def exists(self, name):
        return name == self.name

    def signature(self, name):
        return "(*args, **kwargs)"

    def call(self, name, *args, **kwargs):
        self.calls += 1
        if self.calls > self.after:
            raise StudentFault(self.kind, "ValueError" if self.kind == "exception" else "", "it happened")
        return Reply(right(name)(*args, **kwargs), args)


def test_wrong_once_and_then_right_stays_failed():
    calls = []

    def once_wrong(x, w, b, stride=1, padding=0):
        calls.append(None)
        return right("conv2d_forward")(x, w, b, stride, padding) + (len(calls) == 3)

    verdict = verdict_on("conv2d_forward", once_wrong)
    assert verdict.status == "failed"
    assert verdict.parts[0].status == "failed"
    assert [part.status for part in verdict.parts[1:]] == ["passed"] * 3


def test_wrong_at_every_second_call_stays_failed():
    calls = []

    def flicker(image, kernel):
        calls.append(None)
        return right("filter_image")(image, kernel) + len(calls) % 2

    assert verdict_on("filter_image", flicker).fraction == 0


def test_only_what_was_asked_first_is_asked_twice():
    seen = []

    def remember(dy, x, w, stride=1, padding=0):
        seen.append(
            (dy.tobytes(), dy.shape, x.tobytes(), x.shape, w.tobytes(), w.shape, stride, padding, x.dtype.str)
        )
        return right("conv2d_backward")(dy, x, w, stride, padding)

    verdict_on("conv2d_backward", remember)
    assert len(seen) > 10
    assert len(set(seen)) == len(seen) - 1
    assert seen[-1] == seen[0]


def test_what_stays_from_one_call_to_the_next_is_found_and_named():
    kept = {}

    def accumulates(dy, x, w, stride=1, padding=0):
        # Only a call with the same shapes meets what an earlier one left.
        dx, dw, db = right("conv2d_backward")(dy, x, w, stride, padding)
        total = kept[stride, padding, *dy.shape, *x.shape] = (
            kept.get((stride, padding, *dy.shape, *x.shape), 0) + dx
        )
        return total, dw, db

    verdict = verdict_on("conv2d_backward", accumulates)
    assert verdict.status == "failed"
    assert verdict.misconception == "state-stays-between-calls"
    assert "called again with the same arguments" in verdict.message
    assert [part.status for part in verdict.parts] == ["failed", "passed", "passed"]
    assert "yours dx" in verdict.counterexample


def test_parts_are_independent():
    def no_padding(x, w, b, stride=1, padding=0):
        if padding:
            raise NotImplementedError("later")
        return right("conv2d_forward")(x, w, b, stride)

    verdict = verdict_on("conv2d_forward", no_padding)
    assert [part.status for part in verdict.parts] == ["passed", "failed", "passed", "failed"]
    assert verdict.fraction == pytest.approx(0.65)


def test_the_same_seed_gives_the_same_verdict():
    def wrong(x, w, b, stride=1, padding=0):
        return right("conv2d_forward")(x, w[:, :, ::-1], b, stride, padding)

    assert verdict_on("conv2d_forward", wrong).to_dict() == verdict_on("conv2d_forward", wrong).to_dict()


@pytest.mark.parametrize("kind", ["timeout", "died", "protocol"])
def test_a_dead_student_is_asked_no_more_and_gets_no_points(kind):
    student = Faulty(kind)
    verdict = CHECKS["max_pool2d_forward"].judge(student, seed=SEED)
    assert (verdict.status, verdict.fraction) == ("failed", 0.0)
    assert student.calls == 1
    assert "it happened" in verdict.message
    assert verdict.misconception is None


@pytest.mark.parametrize("after", [3, 20])
def test_a_time_out_is_never_shrunk_and_fails_what_is_not_judged_yet(after):
    student = Faulty("timeout", after=after)
    verdict = CHECKS["max_pool2d_forward"].judge(student, seed=SEED)
    assert student.calls == after + 1
    assert verdict.status == "failed"
    assert verdict.parts[-1].status == "failed"


def test_exceptions_cost_their_own_part_only_when_they_are_rare():
    def crashes_on_overlap(dy, x, kernel_size, stride):
        if kernel_size > stride:
            raise IndexError("overlap")
        return right("max_pool2d_backward")(dy, x, kernel_size, stride)

    verdict = verdict_on("max_pool2d_backward", crashes_on_overlap)
    assert [part.status for part in verdict.parts] == ["passed", "failed", "passed"]
    assert "IndexError: overlap" in verdict.message
    assert "crashes_on_overlap" in verdict.exhibits[-1].text


def test_the_budget_ends_the_check():
    asked = []

    def slow(x, kernel_size, stride):
        asked.append(x)
        time.sleep(0.05)
        return right("max_pool2d_forward")(x, kernel_size, stride)

    verdict = CHECKS["max_pool2d_forward"].judge(
        LocalStudent({"max_pool2d_forward": slow}), seed=SEED, budget_seconds=0.2
    )
    assert len(asked) <= 5
    assert (verdict.status, verdict.fraction) == ("failed", 0.0)
    assert "time" in verdict.message


def test_a_check_that_breaks_is_the_graders_error():
    def broken(x):
        raise KeyError("oops")

    part = Part("all", 1, (example(np.ones(3)),))
    check = Check("f", "(x)", broken, (part,), section="")
    verdict = check.judge(LocalStudent({"f": lambda x: x}), seed=SEED)
    assert (verdict.status, verdict.fraction) == ("error", 0.0)
    assert "not your fault" in verdict.message
    assert [part.status for part in verdict.parts] == ["error"]


def test_hidden_checks_name_a_category_and_no_input():
    hidden = replace(FORWARD, hidden=True)

    def tells(x, w, b, stride=1, padding=0):
        raise ValueError(f"secret {x.tolist()}")

    def off(x, w, b, stride=1, padding=0):
        return right("conv2d_forward")(x, w, b, stride, padding) + 1

    for function in (tells, off):
        verdict = hidden.judge(LocalStudent({"conv2d_forward": function}), seed=SEED)
        text = str(verdict) + verdict._repr_html_()
        assert verdict.counterexample is None
        assert verdict.exhibits == ()
        assert "not shown" in verdict.message
        assert "secret" not in text
        assert "expected" not in text


def test_changing_arguments_in_place_is_no_mistake():
    def greedy(x, w, b, stride=1, padding=0):
        y = right("conv2d_forward")(x, w, b, stride, padding)
        x[...] = np.nan
        w[...] = 0
        return y

    verdict = verdict_on("conv2d_forward", greedy)
    assert (verdict.status, verdict.fraction) == ("passed", 1.0)
    assert "changes `x` and `w` in place" in verdict.remark
    assert "changes <code>x</code> and <code>w</code> in place" in verdict._repr_html_()
    assert "By the way" in str(verdict)
    assert verdict_on("conv2d_forward", right("conv2d_forward")).remark == ""


def test_changing_arguments_fails_where_the_prompt_forbids_it():
    def greedy(image, kernel):
        y = right("filter_image")(image, kernel)
        image += 1
        return y

    strict = replace(CHECKS["filter_image"], keeps_arguments=True)
    verdict = strict.judge(LocalStudent({"filter_image": greedy}), seed=SEED)
    assert verdict.fraction == 0
    assert "changes its argument image in place" in verdict.message
    student = LocalStudent({"filter_image": right("filter_image")})
    assert strict.judge(student, seed=SEED).status == "passed"


def test_fixed_examples_are_not_changed_by_a_student():
    def greedy(image, kernel):
        image[...] = np.nan
        return image

    before = [part.examples[0].key for part in CHECKS["filter_image"].parts]
    assert verdict_on("filter_image", greedy).status == "failed"
    assert before == [part.examples[0].key for part in CHECKS["filter_image"].parts]


@pytest.mark.parametrize(
    ("own", "good"),
    [
        ("(x, w, b, stride=1, padding=0)", True),
        ("(x, w, b, stride, padding)", False),
        ("(x, w, b, stride=1, padding=0, *, verbose=False)", True),
        ("(x, w, b, stride=1, padding=0, helper=<function f at 0x7f>)", True),
        ("(x, weights, bias, stride=1, padding=0)", True),
        ("(x, w, b, strides=1, pad=0)", False),
        ("(x, w)", False),
        ("(x, w, b, extra, stride=1, padding=0)", False),
        ("(x, w, b, *, stride=1, padding=0)", True),
        ("(x, w, b, *, stride=1, padding=0, mode)", False),
        ("(*args, **kwargs)", True),
        ("(x, *rest, stride=1, padding=0)", True),
        ("(x: 'np.ndarray', w: int, b, stride: int = 1, padding: int = 0) -> 'y'", True),
        ("", True),
        ("(" * 2000, True),
    ],
)
def test_signatures(own, good):
    assert accepts(own, "(x, w, b, stride=1, padding=0)") is good


def test_a_wrong_signature_is_told():
    verdict = verdict_on("conv2d_forward", lambda x, w: x)
    assert "must be callable as conv2d_forward(x, w, b, stride=1, padding=0); yours is" in verdict.message


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ((), "needs parts"),
        ((Part("a", 0, (example(1),)),), "positive weights"),
        ((Part("a", 1),), "tries no input"),
        ((Part("a", 1, (example(1),), output="z"),), "no output"),
    ],
)
def test_a_check_that_makes_no_sense_is_refused(parts, text):
    with pytest.raises(ValueError, match=text):
        Check("f", "(x)", abs, parts, section="")


def test_a_drawn_failure_alone_fails_a_part():
    def build(rng, size):
        return example(np.arange(1.0, size + 1))

    part = Part("sizes", 1, (example(np.array([1.0])),), Drawn(build, {"size": tuple(range(1, 20))}))
    check = Check("total", "(x)", np.sum, (part,), section="")
    verdict = check.judge(LocalStudent({"total": lambda x: float(x[:4].sum())}), seed=SEED)
    assert verdict.status == "failed"
    assert verdict.exhibits[0].shape == (5,)
