"""A backward that takes a cache is fed what the student's own forward kept, whatever that is."""

import numpy as np
import pytest

from grading.checks.definition import CacheOf, Check, GradientOf, Misconception, Part, example
from grading.checks.student import LocalStudent

SEED = b"a class"


def scaled(x, factor):
    return x * factor


def gradients(dy, x, factor):
    return dy * factor


CHECK = Check(
    name="scale_backward",
    signature="(dy, cache)",
    section="Lecture 08",
    reference=gradients,
    outputs=("dx",),
    magnitude=lambda dy, x, factor: np.array(1000.0),
    parts=(Part("dx", 1, (example(np.array([1.0, 2.0]), np.array([5.0, 6.0]), 3.0),)),),
    misconceptions=(
        Misconception("factor-forgotten", "t", "e.", "Lecture 08", (lambda dy, x, factor: dy,)),
        Misconception("mask", "t", "e.", "Lecture 08", (lambda dy, x, factor: dy > 1,)),
    ),
    cache_of=CacheOf("scale", "(x, factor)", scaled),
    gradient_of=GradientOf(
        "scale", lambda dy, *rest: example(*rest), {"dx": 0}, scaled, place=0
    ),
)  # fmt: skip


def verdict(forward, backward):
    return CHECK.judge(LocalStudent({"scale": forward, "scale_backward": backward}), seed=SEED)


@pytest.mark.parametrize(
    ("keep", "use"),
    [
        (lambda x, factor: factor, lambda cache: cache),
        (lambda x, factor: (x, factor), lambda cache: cache[1]),
        (lambda x, factor: {"f": [None, {"deep": factor}]}, lambda cache: cache["f"][1]["deep"]),
        (lambda x, factor: np.full_like(x, factor), lambda cache: cache),
    ],
    ids=["number", "tuple", "dictionary", "array"],
)
def test_any_private_cache_passes(keep, use):
    passed = verdict(lambda x, factor: (x * factor, keep(x, factor)), lambda dy, cache: dy * use(cache))
    assert (passed.status, passed.remark) == ("passed", "")


def test_the_right_functions_of_a_check_pass_it():
    assert CHECK.judge(LocalStudent(CHECK.right_functions()), seed=SEED).fraction == 1.0


def test_a_wrong_backward_is_shown_with_the_forward_that_fed_it():
    failed = verdict(*(f for f in (lambda x, factor: (x * factor, None), lambda dy, cache: dy)))
    assert failed.misconception == "factor-forgotten"
    assert failed.call == "scale_backward(dy, cache), with y, cache = scale(x, 3.0)"
    assert [exhibit.label for exhibit in failed.exhibits] == ["dy", "x", "expected", "yours"]


def test_a_mask_is_recognised():
    assert verdict(lambda x, factor: (x, None), lambda dy, cache: dy > 1).misconception == "mask"


def test_finite_differences_take_the_result_out_of_the_tuple():
    twice = verdict(lambda x, factor: (2 * factor * x, factor), lambda dy, cache: 2 * cache * dy * 100)
    assert twice.explanation is None
    own = verdict(lambda x, factor: (200 * factor * x, factor), lambda dy, cache: 200 * cache * dy)
    assert "right gradient of a wrong forward" in own.explanation


@pytest.mark.parametrize(
    ("forward", "why"),
    [
        (lambda x, factor: x * factor, "which returned an array of shape (2,), not the tuple y, cache"),
        (lambda x, factor: 1 / 0, "which raised ZeroDivisionError: division by zero"),
    ],
)
def test_a_forward_without_a_cache_is_told_as_the_cause(forward, why):
    failed = verdict(forward, lambda dy, cache: dy)
    assert failed.fraction == 0
    assert f"its cache comes from scale, {why}" in failed.message
    assert failed.misconception is None


def test_an_unwritten_or_missing_forward_is_told_as_the_cause():
    def unwritten(x, factor):
        raise NotImplementedError

    assert "scale, which is not written yet" in verdict(unwritten, lambda dy, cache: dy).message
    alone = CHECK.judge(LocalStudent({"scale_backward": lambda dy, cache: dy}), seed=SEED)
    assert "scale, which is missing" in alone.message


def test_rounding_is_judged_by_the_magnitude_that_the_check_gives():
    def off_by(error):
        return verdict(lambda x, factor: (x, factor), lambda dy, cache: dy * cache + error)

    assert off_by(1e-4).status == "passed"
    assert off_by(1e-2).status == "failed"


def test_changing_dy_in_place_is_remarked_and_changing_the_cache_is_not():
    def in_place(dy, cache):
        cache[:] = 0
        dy *= 3.0
        return dy

    passed = verdict(lambda x, factor: (x, x), in_place)
    assert passed.status == "passed"
    assert "`dy`" in passed.remark
    assert "cache" not in passed.remark
