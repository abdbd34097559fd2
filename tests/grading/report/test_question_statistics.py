"""Difficulty and discrimination of questions, against SciPy and against what teachers mean by them."""

import math
import random
import re

import numpy as np
import pytest
from scipy.stats import pearsonr

from benchmarks.report_class import CHECKS, made_up_results
from grading.report.question_chart import question_chart
from grading.report.questions import question_statistics
from grading.report.statistics import class_statistics
from grading.results import CheckResult, NotebookResult


def class_of(rows, points=(4.0, 4.0, 4.0)):
    """Return statistics of students by their shares of each check; None is a check that was not judged."""
    results = []
    for number, row in enumerate(rows):
        checks = tuple(
            CheckResult(f"q{place}", "error", 0.0, most)
            if share is None
            else CheckResult(f"q{place}", "passed" if share == 1 else "failed", share * most, most)
            for place, (share, most) in enumerate(zip(row, points))
        )
        results.append(NotebookResult("a", f"s{number}", sum(c.points for c in checks), sum(points), checks))
    return class_statistics(results)


def test_a_correlation_is_that_of_scipy_with_its_interval():
    results = made_up_results(60, seed=3)
    judged = [result for result in results if result.status == "graded"]
    points = np.array([[check.points for check in result.checks] for result in judged])
    most = np.array([check[1] for check in CHECKS])
    for place, found in enumerate(question_statistics(class_statistics(results))):
        rest = (points.sum(1) - points[:, place]) / (most.sum() - most[place])
        expected = pearsonr(points[:, place], rest)
        interval = expected.confidence_interval(0.95)
        assert found.discrimination == pytest.approx(expected.statistic)
        assert (found.low, found.high) == pytest.approx((interval.low, interval.high), abs=1e-4)
        assert found.difficulty == pytest.approx(points[:, place].mean() / most[place])
        assert found.judged == 59


def test_a_question_is_not_compared_with_itself():
    draw = random.Random(0)
    rows = [(draw.randrange(2), draw.randrange(2), draw.randrange(2)) for _ in range(4000)]
    assert all(abs(item.discrimination) < 0.06 for item in question_statistics(class_of(rows)))


def test_a_question_that_the_strong_fail_is_to_be_read():
    rows = [(share > 0.5, share, share) for share in np.linspace(0, 1, 20)]
    upside_down = [(1 - first, *rest) for first, *rest in rows]
    assert question_statistics(class_of(rows))[0].remark == ""
    found = question_statistics(class_of(upside_down))[0]
    assert found.high < 0
    assert found.remark == "stronger students did worse: read the check"
    assert (found.strongest, found.weakest) == (0.0, 1.0)


def test_where_everybody_has_the_same_nothing_can_be_said():
    found = question_statistics(class_of([(1, 0, 0.5), (1, 1, 0.5), (1, 0.5, 0.5), (1, 1, 0.5)]))[0]
    assert math.isnan(found.discrimination)
    assert math.isnan(found.low)
    assert found.difficulty == 1


def test_what_the_grader_could_not_judge_does_not_count():
    rows = [(1, 1, None), (0, 0, 1), (None, 1, 1), (1, 1, 1), (0, 0.5, 0)]
    first, _, last = question_statistics(class_of(rows))
    assert (first.judged, last.judged) == (4, 4)
    assert first.difficulty == 0.5
    assert first.discrimination == pytest.approx(pearsonr([1, 0, 1, 0], [1, 0.5, 1, 0.25]).statistic)


def test_students_who_tie_at_the_border_of_a_group_count_for_a_part():
    # 27 % of eleven are three: one is ahead, and two of the ten who tie are to be added.
    rows = [(1, 1, 1)] + [(place % 2, 0.5, 0.5) for place in range(10)]
    assert question_statistics(class_of(rows))[0].strongest == pytest.approx((1 + 2 * 0.5) / 3)


def test_a_class_of_two_gives_no_remark_and_no_interval():
    for item in question_statistics(class_of([(1, 0, 1), (0, 1, 1)])):
        assert item.remark == ""
        assert math.isnan(item.low)


def test_wrong_answers_and_known_mistakes_are_counted():
    wrong = CheckResult("f", "failed", 0.0, 4.0, misconception="flips")
    unknown = CheckResult("f", "failed", 0.0, 4.0)
    right = CheckResult("f", "passed", 4.0, 4.0)
    results = [NotebookResult("a", name, 0.0, 4.0, (c,)) for name, c in zip("abc", (wrong, unknown, right))]
    [found] = question_statistics(class_statistics(results))
    assert (found.wrong, found.named) == (2, 1)


def test_no_point_of_the_chart_covers_another_and_all_are_drawn():
    rows = [(share,) * 12 for share in (0, 0.25, 0.5, 0.75, 1)]
    drawn = str(question_chart(question_statistics(class_of(rows, (4.0,) * 12))))
    places = [
        tuple(map(float, found))
        for found in re.findall(r'class="point"><circle cx="([\d.]+)" cy="([\d.]+)"', drawn)
    ]
    assert len(places) == 12
    assert min(math.dist(a, b) for k, a in enumerate(places) for b in places[:k]) > 22
    assert re.findall(r">(\d+)</text></g>", drawn) == [str(number) for number in range(1, 13)]
