"""What a checker says is believed only where it can be true."""

import math

import pytest

from grading.engine.master import Master, MasterCell
from grading.engine.verdict import GRADER_FAILED, failed_verdict, parse_verdict

MASTER = Master(
    "sums",
    "sums",
    "{}",
    (
        MasterCell("code", "", {"grade_id": "check_add", "grade": True, "points": 3.0}),
        MasterCell("code", "", {"grade_id": "check_twice", "grade": True, "points": 2.5}),
        MasterCell("markdown", "", {"grade_id": "essay", "grade": True, "solution": True, "points": 5.0}),
    ),
    {},
)


def answer(points, **more):
    tests = [
        {"grade_id": "check_add", "points": points, "status": "passed", "checks": ["add"]} | more,
        {"grade_id": "check_twice", "points": 2.5, "status": "passed", "checks": ["twice"]},
    ]
    return {"status": "graded", "reason": None, "cells": [], "tests": tests}


def results(raw):
    return [test.result for test in parse_verdict(raw, MASTER).tests]


@pytest.mark.parametrize("points", [0, 3, 1.5, 0.1 + 0.2])
def test_points_that_can_be_are_taken_exactly(points):
    first, second = results(answer(points))
    assert first.points == points
    assert type(first.points) is float
    assert second.points == 2.5


@pytest.mark.parametrize(
    "points", [3.0000001, -0.1, -1, math.nan, math.inf, -math.inf, "3", None, True, [3], {"a": 3}, 10**400]
)
def test_points_that_cannot_be_are_an_error_of_that_test_alone(points):
    first, second = results(answer(points))
    assert (first.status, first.points) == ("error", 0.0)
    assert (second.status, second.points) == ("passed", 2.5)


def test_the_masters_points_count_and_not_the_answers():
    assert results(answer(3, max_points=100))[0].max_points == 3.0


def test_a_missing_test_and_one_given_twice_are_errors():
    raw = answer(3)
    raw["tests"] = raw["tests"][:1] * 2
    assert [(item.status, item.points) for item in results(raw)] == [("error", 0.0), ("error", 0.0)]


def test_tests_that_the_master_does_not_have_are_ignored():
    raw = answer(3)
    raw["tests"].append({"grade_id": "bonus", "points": 100, "status": "passed"})
    assert [item.grade_id for item in results(raw)] == ["check_add", "check_twice"]


@pytest.mark.parametrize("raw", [None, "graded", [], {}, {"status": "perfect"}, {"status": ["graded"]}])
def test_an_answer_without_sense_is_a_failure_of_the_grader(raw):
    verdict = parse_verdict(raw, MASTER)
    assert verdict.status == "error"
    assert [(test.result.status, test.result.points) for test in verdict.tests] == [("error", 0.0)] * 2


@pytest.mark.parametrize("status", ["ok", None, 1, "PASSED"])
def test_an_unknown_status_is_an_error(status):
    assert results(answer(3, status=status))[0].status == "error"


def test_texts_are_cut_and_stripped_of_control_characters():
    first = results(answer(3, message="a\x1b]0;x\x07b" + "c" * 10**6, misconception=["x"], parts="no"))[0]
    assert first.message.startswith("abc")
    assert len(first.message) <= 4000
    assert first.misconception is None
    assert first.parts == ()


def test_cells_of_unknown_kind_are_left_out():
    raw = answer(3)
    good = {
        "cell_type": "code",
        "source": "x = 1",
        "role": "plain",
        "grade_id": None,
        "outputs": [],
        "note": None,
    }
    raw["cells"] = [
        good,
        good | {"cell_type": "widget"},
        good | {"source": 5},
        good | {"role": "admin"},
        None,
        "x",
    ]
    assert [cell.source for cell in parse_verdict(raw, MASTER).cells] == ["x = 1"]


def test_students_do_not_read_how_the_grader_failed():
    verdict = failed_verdict(MASTER, "Traceback: expected value 42")
    assert verdict.reason == "Traceback: expected value 42"
    assert {test.result.message for test in verdict.tests} == {GRADER_FAILED}
    assert {test.result.status for test in failed_verdict(MASTER, "a link", status="unreadable").tests} == {
        "failed"
    }
