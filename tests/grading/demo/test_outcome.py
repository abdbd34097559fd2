"""The comparison of what was found with what was expected: every difference is told, and only differences."""

import json

import pytest

from grading.demo.outcome import deviations, shown_outputs
from grading.demo.scenario import Expected, ExpectedCheck, Mangling, Scenario
from grading.results import CheckResult, NotebookResult

EXPECTED = Expected(
    "title",
    "mistake",
    3.0,
    {"area": ExpectedCheck("failed", 1.0, "radius-for-diameter", "(?i)twice the radius")},
    never_shown="got through",
)
SCENARIO = Scenario("someone", {}, (), Mangling(), EXPECTED)


def check(name: str = "area", **changed: object) -> CheckResult:
    values = {
        "status": "failed",
        "points": 1.0,
        "max_points": 4.0,
        "message": "expected 4, got 1",
        "misconception": "radius-for-diameter",
        "explanation": "The diameter is twice the radius.",
    }
    return CheckResult(name, **(values | changed))


def result(*checks: CheckResult, **rest: object) -> NotebookResult:
    score = sum(c.points for c in checks)
    return NotebookResult("convolution", "someone", score, sum(c.max_points for c in checks), checks, **rest)


PASSED = CheckResult("length", "passed", 2.0, 2.0)


def test_an_outcome_as_expected_has_no_deviation():
    assert deviations(SCENARIO, result(check(), PASSED), "harmless output") == []


@pytest.mark.parametrize(
    ("checks", "says"),
    [
        ([check(points=2.0), PASSED], "the score is 4; expected 3"),
        ([check(points=2.0), CheckResult("length", "failed", 1.0, 2.0)], "area: 2 points, expected 1"),
        ([check(status="error"), PASSED], "area: error, expected failed"),
        ([check(misconception=None), PASSED], "names None, expected radius-for-diameter"),
        ([check(misconception="other"), PASSED], "names other"),
        ([check(explanation="no idea"), PASSED], "says 'expected 4, got 1\\nno idea'"),
        ([check(), CheckResult("length", "failed", 2.0, 2.0)], "length: failed, expected passed"),
        ([check("volume"), PASSED], "there is no check area"),
        ([check(), CheckResult("length", "passed", 2.0, 2.0, misconception="x")], "length: names x"),
    ],
)
def test_every_difference_is_told(checks, says):
    assert any(says in text for text in deviations(SCENARIO, result(*checks), ""))


def test_an_attack_that_got_through_is_told():
    (text,) = deviations(SCENARIO, result(check(), PASSED), "it got through here")
    assert "'got through': the code got through" in text


def test_a_notebook_that_cannot_be_graded_must_be_expected():
    unreadable = result(check(), PASSED, status="unreadable", reason="not JSON")
    assert any("unreadable: not JSON" in text for text in deviations(SCENARIO, unreadable, ""))
    expected = Expected("title", "mangled", 3.0, EXPECTED.checks, reason="JSON")
    scenario = Scenario("someone", {}, (), Mangling(), expected)
    assert deviations(scenario, unreadable, "") == []
    assert any("the reason is None" in text for text in deviations(scenario, result(check(), PASSED), ""))


def test_outputs_are_shown_and_sources_are_not(tmp_path):
    output = {"output_type": "stream", "name": "stdout", "text": "printed"}
    cells = [
        {"cell_type": "code", "source": "secret", "outputs": [output]},
        {"cell_type": "markdown", "source": "x"},
    ]
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": cells}))
    shown = shown_outputs(tmp_path / "n.ipynb")
    assert "printed" in shown
    assert "secret" not in shown
