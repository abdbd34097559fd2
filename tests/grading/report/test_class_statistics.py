"""What a class's results add up to."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading.report.statistics import class_statistics, outcome
from grading.results import CheckResult, NotebookResult


def check(name, points, max_points=10.0, status=None, **more):
    status = status or ("passed" if points == max_points else "failed")
    return CheckResult(name, status, points, max_points, **more)


def result(student, *checks, status="graded", notebook="nb", **more):
    score, most = sum(item.points for item in checks), sum(item.max_points for item in checks)
    return NotebookResult("a", student, score, most, checks, notebook=notebook, status=status, **more)


def test_students_are_sorted_by_score_and_name():
    found = class_statistics(
        [result("b", check("f", 5.0)), result("c", check("f", 10.0)), result("a", check("f", 5.0))]
    )
    assert [student.name for student in found.students] == ["c", "a", "b"]


def test_a_submission_that_the_grader_failed_on_does_not_count():
    found = class_statistics(
        [result("a", check("f", 10.0)), result("b", check("f", 0.0, status="error"), status="error"),
         result("c", check("f", 0.0), status="unreadable")]
    )  # fmt: skip
    assert [student.name for student in found.counted] == ["a", "c"]
    assert (found.mean, found.median) == (5.0, 5.0)
    assert found.columns[0].counts == {"full": 1, "part": 0, "none": 1, "skipped": 0, "error": 1}
    assert found.columns[0].judged == 2
    assert found.columns[0].mean_share == 0.5


def test_outcomes_tell_part_from_nothing():
    assert outcome(check("f", 10.0)) == "full"
    assert outcome(check("f", 0.5)) == "part"
    assert outcome(check("f", 0.0)) == "none"
    assert outcome(check("f", 0.0, status="skipped")) == "skipped"
    assert outcome(check("f", 0.0, status="error")) == "error"


def test_misconceptions_are_ranked_with_the_shortest_counterexample():
    wrong = {"explanation": "why", "section": "Lecture 1"}
    found = class_statistics(
        [
            result("a", check("f", 0.0, misconception="rare", **wrong)),
            result("b", check("f", 0.0, misconception="common", counterexample="long one", **wrong)),
            result("c", check("f", 0.0, misconception="common", counterexample="short", **wrong)),
        ]
    )
    assert [item.name for item in found.misconceptions] == ["common", "rare"]
    common = found.misconceptions[0]
    assert (common.students, common.counterexample, common.title) == (("b", "c"), "short", "Common")


def test_several_notebooks_of_a_student_are_one_row():
    found = class_statistics(
        [result("a", check("f", 10.0), notebook="one"), result("a", check("f", 5.0), notebook="two")]
    )
    [student] = found.students
    assert (student.score, student.max_score) == (15.0, 20.0)
    assert [column.name for column in found.columns] == ["one: f", "two: f"]


@given(st.lists(st.floats(0, 44), min_size=1, max_size=60), st.just(44.0))
def test_every_score_is_in_exactly_one_bin(scores, most):
    found = class_statistics([result(f"s{n}", check("f", score, most)) for n, score in enumerate(scores)])
    assert sum(item.count for item in found.bins) == len(scores)
    assert found.bins[0].low == 0
    assert found.bins[-1].high == most
    assert all(left.high == right.low for left, right in zip(found.bins, found.bins[1:]))


@pytest.mark.parametrize("most", [0.5, 1.0, 2.5, 7.0, 44.0, 100.0, 1234.0])
def test_there_are_few_bins_for_any_number_of_points(most):
    found = class_statistics([result("a", check("f", most, most)), result("b", check("f", 0.0, most))])
    assert 1 <= len(found.bins) <= 12
    assert (found.bins[0].count, found.bins[-1].count) == (1, 1)


def test_nobody_countable_gives_no_numbers_and_no_crash():
    found = class_statistics([result("a", check("f", 0.0, status="error"), status="error")])
    assert math.isnan(found.mean)
    assert math.isnan(found.columns[0].mean_share)


def test_no_results_are_refused():
    with pytest.raises(ValueError, match="at least one"):
        class_statistics([])
