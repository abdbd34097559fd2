"""Noise of minibatches and of descent, against closed forms and against counting all cases."""

import itertools

import numpy as np
import pytest

from course_lib.geometry import expected_costs, noise_floor, noisy_descent, sampling_variance

GRADIENTS = np.array([[1.0, 0.0], [3.0, 4.0], [2.0, 2.0], [-1.0, 5.0]])


@pytest.mark.parametrize("size", [1, 2, 3])
def test_variance_with_replacement_is_that_over_all_draws(size):
    draws = [GRADIENTS[list(rows)].mean(axis=0) for rows in itertools.product(range(4), repeat=size)]
    expected = ((np.array(draws) - GRADIENTS.mean(axis=0)) ** 2).sum(axis=1).mean()
    assert sampling_variance(GRADIENTS, size, replacement=True) == pytest.approx(expected)


@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_variance_without_replacement_is_that_over_all_subsets(size):
    draws = [GRADIENTS[list(rows)].mean(axis=0) for rows in itertools.combinations(range(4), size)]
    expected = ((np.array(draws) - GRADIENTS.mean(axis=0)) ** 2).sum(axis=1).mean()
    assert sampling_variance(GRADIENTS, size, replacement=False) == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize(("size", "replacement"), [(0, True), (0, False), (5, False)])
def test_impossible_sizes_are_refused(size, replacement):
    with pytest.raises(ValueError, match="size"):
        sampling_variance(GRADIENTS, size, replacement=replacement)


def test_variance_of_one_row_is_nought():
    assert sampling_variance(GRADIENTS[:1], 1, replacement=False) == 0


def test_no_rows_are_refused():
    with pytest.raises(ValueError, match="gradients"):
        sampling_variance(np.empty((0, 2)), 1, replacement=True)


@pytest.mark.parametrize("lr", [0.01, 0.3, 1.5])
def test_a_constant_rate_settles_at_the_floor(lr):
    lam = np.array([1.0, 0.4])
    costs = expected_costs(lam, np.array([2.0, -1.0]), np.full(6000, lr), 0.7)
    np.testing.assert_allclose(costs[-1], noise_floor(lam, lr, 0.7), rtol=1e-9)


def test_the_floor_is_proportional_to_a_small_rate_and_the_same_in_all_directions():
    floors = noise_floor(np.array([1.0, 0.01]), 1e-4, 2.0)
    np.testing.assert_allclose(floors, 1e-4 * 2.0**2 / 4, rtol=1e-3)


def test_the_floor_is_infinite_where_descent_diverges():
    assert noise_floor(2.0, 1.0, 1.0) == np.inf
    assert noise_floor(2.0, 1.5, 1.0) == np.inf
    with pytest.raises(ValueError, match="eigenvalue"):
        noise_floor(0.0, 0.1, 1.0)


def test_without_noise_descent_is_the_known_one():
    rates = np.array([0.1, 0.5, 1.0, 0.2])
    path = noisy_descent(np.array([1.0, 3.0]), np.array([2.0, 1.0]), rates, 0.0, 0)
    factors = np.cumprod(1 - np.outer(rates, [1.0, 3.0]), axis=0)
    np.testing.assert_allclose(path[1:], factors * [2.0, 1.0])
    costs = expected_costs(np.array([1.0, 3.0]), np.array([2.0, 1.0]), rates, 0.0)
    np.testing.assert_allclose(costs, [0.5, 1.5] * path**2)


def test_the_mean_over_many_runs_is_the_expected_cost():
    lam, start = np.array([1.0, 0.2]), np.array([1.0, 3.0])
    rates = 0.5 / (1 + 0.1 * np.arange(40))
    runs = np.array([lam / 2 * noisy_descent(lam, start, rates, 0.6, seed) ** 2 for seed in range(3000)])
    expected = expected_costs(lam, start, rates, 0.6)
    error = runs.std(axis=0) / np.sqrt(len(runs))
    assert np.all(np.abs(runs.mean(axis=0) - expected) <= 4.5 * error + 1e-12)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match="theta0"):
        expected_costs(np.ones(2), np.ones(3), np.ones(4), 1.0)
    with pytest.raises(ValueError, match="rates"):
        noisy_descent(np.ones(2), np.ones(2), np.ones((4, 1)), 1.0, 0)
