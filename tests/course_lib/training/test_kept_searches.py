"""Kept searches are those that the library makes, each within its budget."""

import numpy as np
import pytest

from course_lib.training import kept_searches as kept
from course_lib.training.kept_searches import (
    COARSE_TO_FINE,
    GRID,
    METHODS,
    ROUNDS,
    SEARCHES,
    TRIALS,
    best_so_far,
    grid_levels,
    losses_of,
    run_search,
    tried_points,
)
from course_lib.training.response_surface import SPACE, kept_loss


@pytest.mark.parametrize("method", METHODS)
def test_a_kept_search_can_be_made_again(method):
    budget = 20 if method != COARSE_TO_FINE else TRIALS
    for seed in (0, 3):
        np.testing.assert_allclose(
            run_search(method, seed, trials=budget), tried_points(method, seed, budget), rtol=1e-6
        )


@pytest.mark.parametrize("method", METHODS)
def test_points_are_within_the_space_and_differ_from_search_to_search(method):
    points = np.stack([tried_points(method, seed, 30) for seed in range(SEARCHES)])
    assert points.shape == (SEARCHES, 30, 3)
    for column, found in zip(np.moveaxis(points, -1, 0), SPACE.values()):
        assert found.low <= column.min() < column.max() <= found.high
    assert np.array_equal(points[..., 2], points[..., 2].round())
    assert len(np.unique(points[:, 0, 0])) >= min(4, SEARCHES)


def test_a_grid_is_as_fine_as_the_budget_asks_for():
    assert [grid_levels(budget) for budget in (1, 2, 8, 9, 27, 28, 64)] == [1, 2, 2, 3, 3, 4, 4]
    for seed in (0, 1):
        points = tried_points(GRID, seed, 27)
        assert len(np.unique(points, axis=0)) == 27
        assert [len(np.unique(column)) for column in points.T] == [3, 3, 3]


def test_later_rounds_are_finer():
    for seed in range(SEARCHES):
        rates = np.log(tried_points(COARSE_TO_FINE, seed, TRIALS)[:, 0])
        first, last = rates[: ROUNDS[0]], rates[-ROUNDS[2] :]
        assert np.ptp(last) < 0.7 * np.ptp(first)


@pytest.mark.parametrize("method", METHODS)
def test_the_budget_curve_is_the_lowest_loss_so_far(method):
    curves = best_so_far(method, 25)
    assert curves.shape == (SEARCHES, 25)
    losses = [kept_loss(dict(zip(SPACE, point))) for point in tried_points(method, 2, 25)]
    np.testing.assert_allclose(curves[2], np.minimum.accumulate(losses))
    np.testing.assert_allclose(losses_of(tried_points(method, 2, 25)), losses)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("method", ("luck", 0, 5)), ("seed", ("random", SEARCHES, 5)), ("budget", ("random", 0, TRIALS + 1))]
    + [("seed", (GRID, -1, 5)), ("budget", (GRID, 0, 0))],
)
def test_what_was_not_kept_is_refused_by_name(name, arguments):
    with pytest.raises(ValueError, match=name):
        tried_points(*arguments)
    with pytest.raises(ValueError, match="method"):
        kept.run_search("luck", 0)
