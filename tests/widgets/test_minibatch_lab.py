"""The lab's runs against plain SGD, its expectations against many runs, its noise against 1/S."""

import numpy as np
import pytest

from course_lib.geometry import sampling_variance
from course_lib.widgets import MinibatchLab
from course_lib.widgets.minibatch_digits import COUNT, digits_problem
from course_lib.widgets.minibatch_moments import (
    expected_excess,
    floor_excess,
    noise_share,
    step_matrix,
    updates_to_reach,
)
from course_lib.widgets.minibatch_runs import (
    EPOCHS,
    ORDERS,
    REPLACED,
    SCHEDULES,
    SIZES,
    SORTED,
    START,
    MinibatchParameters,
    best_updates,
    compute,
    descend,
    epoch_orders,
    measured_variance,
    schedule_rates,
)

PROBLEM = digits_problem()


def many_runs(size, rates, draw, runs, rng):
    """Excess of independent runs, every minibatch drawn by `draw`; shape (runs, T + 1)."""
    theta = np.tile(START, (runs, 1))
    found = [PROBLEM.excess(theta)]
    for lr in rates:
        rows = draw(rng, (runs, size))
        x, y = PROBLEM.x[rows], PROBLEM.y[rows]
        errors = np.einsum("rsi,ri->rs", x, theta) - y
        theta = theta - lr * np.einsum("rs,rsi->ri", errors, x) / size
        found.append(PROBLEM.excess(theta))
    return np.stack(found, axis=1)


def with_replacement(rng, shape):
    return rng.integers(COUNT, size=shape)


def without_replacement(rng, shape):
    return rng.random((shape[0], COUNT)).argsort(axis=1)[:, : shape[1]]


def assert_mean(sample, expected):
    error = sample.std(axis=0) / np.sqrt(len(sample))
    assert np.all(np.abs(sample.mean(axis=0) - expected) <= 4.5 * error + 1e-12)


def test_the_cost_is_that_of_the_examples():
    theta = np.array([0.3, -0.7])
    cost = np.mean((PROBLEM.x @ theta - PROBLEM.y) ** 2) / 2
    assert PROBLEM.excess(theta) + PROBLEM.lowest == pytest.approx(cost)
    np.testing.assert_allclose(PROBLEM.gradients(PROBLEM.optimum).mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(PROBLEM.A, np.diag(np.diag(PROBLEM.A)), atol=1e-12)
    assert PROBLEM.A[0, 0] == pytest.approx(1)


@pytest.mark.parametrize("size", [1, 4, 256])
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_a_run_is_sgd_step_by_step(size, schedule):
    result = compute(MinibatchParameters(size=size, rate=0.2, schedule=schedule, seed=3))
    rows = epoch_orders(ORDERS[0], 3, EPOCHS).reshape(-1, size)
    rule = SCHEDULES[schedule](0.2, len(rows))
    theta = START
    for t, batch in enumerate(rows):
        np.testing.assert_allclose(result.path[t], theta, atol=1e-10)
        theta = theta - rule(t) * PROBLEM.gradients(theta)[batch].mean(axis=0)
    assert len(result.path) == EPOCHS * COUNT // size + 1
    np.testing.assert_allclose(result.path[-1], theta, atol=1e-10)
    np.testing.assert_allclose(result.excess, PROBLEM.excess(result.path))


def test_the_full_batch_follows_gradient_descent_in_closed_form():
    result = compute(MinibatchParameters(size=COUNT, rate=0.5))
    factors = (1 - 0.5 * np.diag(PROBLEM.A)) ** np.arange(EPOCHS + 1)[:, None]
    np.testing.assert_allclose(result.path, PROBLEM.optimum + factors * (START - PROBLEM.optimum), atol=1e-9)
    np.testing.assert_allclose(result.expected, result.excess, atol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_orders_are_what_they_are_called(order):
    rows = epoch_orders(order, 5, 4)
    assert rows.shape == (4, COUNT)
    complete = all(np.array_equal(np.sort(epoch), np.arange(COUNT)) for epoch in rows)
    repeated = all(np.array_equal(epoch, rows[0]) for epoch in rows)
    assert complete == (order != REPLACED)
    assert repeated == (order in (ORDERS[1], SORTED))
    assert np.array_equal(rows[0], np.arange(COUNT)) == (order == SORTED)


def test_the_gradient_of_a_minibatch_is_unbiased():
    rows = epoch_orders(ORDERS[0], 0, 40).reshape(40, -1, 8)
    gradients = PROBLEM.gradients(START)
    # the minibatches of an epoch are as large as each other: their mean is the gradient exactly
    np.testing.assert_allclose(
        gradients[rows].mean(axis=(1, 2)), np.tile(gradients.mean(axis=0), (40, 1)), atol=1e-12
    )


@pytest.mark.parametrize("replacement", [True, False])
def test_the_noise_share_is_the_sampling_variance(replacement):
    gradients = PROBLEM.gradients(START)
    one = sampling_variance(gradients, 1, replacement=True)
    for size in SIZES:
        expected = sampling_variance(gradients, int(size), replacement=replacement) / one
        assert noise_share(size, replacement=replacement) == pytest.approx(expected)


@pytest.mark.parametrize("order", [ORDERS[0], REPLACED])
def test_the_variance_measured_falls_as_one_over_s(order):
    result = compute(MinibatchParameters(order=order))
    counted = 40 * COUNT / SIZES
    # the relative error of a variance estimated from n draws is about sqrt(2 / n)
    room = 4 * np.sqrt(2 / counted)
    gaps = np.abs(result.variance_measured - result.variance_theory)
    assert np.all(gaps <= room * result.variance_theory + 1e-12)


def test_sorted_minibatches_are_far_noisier_than_shuffled_ones():
    shuffled, sorted_by_class = (measured_variance(order, 0) for order in (ORDERS[0], SORTED))
    assert np.all(sorted_by_class[3:8] > 2 * shuffled[3:8])
    blocks = PROBLEM.gradients(START).reshape(-1, 16, 2).mean(axis=1)
    mean = PROBLEM.gradients(START).mean(axis=0)
    assert sorted_by_class[4] == pytest.approx(((blocks - mean) ** 2).sum(axis=1).mean())


@pytest.mark.parametrize(
    ("size", "draw", "replacement"),
    [(1, with_replacement, True), (4, with_replacement, True), (32, without_replacement, False)],
)
def test_the_expectation_is_the_mean_of_many_runs(size, draw, replacement):
    rates = 0.4 / (1 + 0.05 * np.arange(40))
    runs = many_runs(size, rates, draw, 1500, np.random.default_rng(size))
    expected = expected_excess(START, rates, float(noise_share(size, replacement=replacement)))
    assert_mean(runs, expected)


def test_a_held_rate_is_computed_by_doubling_and_gives_the_same():
    rates = np.full(37, 0.3)
    nearly = rates.copy()
    nearly[-1] *= 1 + 1e-12
    np.testing.assert_allclose(
        expected_excess(START, rates, 0.25), expected_excess(START, nearly, 0.25), rtol=1e-9
    )


def test_the_floor_is_where_the_expectation_settles_and_is_proportional_to_rate_and_share():
    settled = expected_excess(START, np.full(4000, 0.1), 0.25)[-1]
    assert floor_excess(0.1, 0.25) == pytest.approx(settled, rel=1e-9)
    floors = [floor_excess(rate, 1.0) for rate in (1e-4, 2e-4)]
    assert floors[1] / floors[0] == pytest.approx(2, rel=1e-3)
    assert floor_excess(1e-4, 0.5) / floors[0] == pytest.approx(0.5, rel=1e-3)
    # for a small rate: α/4 times the trace of the covariance of one example's gradient at the optimum
    one = sampling_variance(PROBLEM.gradients(PROBLEM.optimum), 1, replacement=True)
    assert floors[0] == pytest.approx(1e-4 * one / 4, rel=1e-3)


def test_without_noise_descent_converges_up_to_two_over_the_largest_eigenvalue():
    assert floor_excess(1.99, 0.0) == pytest.approx(0, abs=1e-12)
    assert floor_excess(2.01, 0.0) == np.inf
    assert floor_excess(1.99, 1.0) == np.inf


def test_updates_to_reach_are_counted_on_the_expectation():
    rates, shares = np.array([0.1, 0.3, 0.001, 2.5]), np.array([0.1, 0.5, 1.0, 1.0])
    found = updates_to_reach(0.02, START, rates, shares)
    for rate, share, updates in zip(rates[:2], shares[:2], found[:2]):
        curve = expected_excess(START, np.full(200, rate), share)
        assert updates == np.flatnonzero(curve <= 0.02)[0]
    assert found[3] == np.inf
    assert step_matrix(rates, shares).shape == (4, 6, 6)


def test_the_best_rate_is_no_slower_than_any_other():
    updates, rates = best_updates(True)
    assert np.all(np.diff(updates) <= 0), "a larger batch needs no more updates"
    assert np.all(np.diff(rates) >= 0), "and bears a higher rate"
    for rate in (0.05, 0.3, 1.0):
        assert np.all(compute(MinibatchParameters(rate=rate, order=REPLACED)).updates_here >= updates)


def test_time_is_least_for_one_example_without_overhead_and_in_between_with_it():
    free = compute(MinibatchParameters(overhead=0))
    assert free.time(free.updates_best).argmin() == 0
    dear = compute(MinibatchParameters(overhead=30))
    times = dear.time(dear.updates_best)
    best = times.argmin()
    assert 0 < best < len(SIZES) - 1
    assert times[0] > 2 * times[best]
    assert times[-1] > 2 * times[best]
    np.testing.assert_allclose(times, dear.updates_best * (30 + SIZES))


@pytest.mark.parametrize("name", SCHEDULES)
def test_schedules_begin_no_higher_than_the_rate_and_fit_the_run(name):
    for size in (1, 256):
        rates = schedule_rates(0.2, name, size)
        assert len(rates) == EPOCHS * COUNT // size
        assert rates.max() <= 0.2 + 1e-12
        assert rates.min() > 0


def test_a_rate_too_high_for_one_example_is_fine_for_many():
    one, many = (compute(MinibatchParameters(size=size, rate=1.5, seed=0)) for size in (1, 64))
    assert one.diverged
    assert one.floor == np.inf
    assert "diverges" in MinibatchLab.explain(one)
    assert len(one.path) == len(one.rates) + 1
    assert not many.diverged
    assert many.last_epoch < 0.1


def test_descend_stops_where_it_is_lost():
    path = descend(np.arange(COUNT).reshape(-1, 1), np.full(COUNT, 50.0))
    assert len(path) < COUNT
    assert np.isfinite(path).all()


@pytest.mark.parametrize(
    "wrong",
    [{"size": 3}, {"size": 512}, {"rate": 0}, {"rate": np.nan}, {"schedule": "no"}, {"order": ["a"]}]
    + [{"overhead": -1}, {"seed": 100}],
)
def test_impossible_settings_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        MinibatchParameters(**wrong)


def test_moving_a_control_changes_the_artists_that_are_there():
    lab = MinibatchLab()
    figure, line, before = lab._figure, lab._artists["path"], lab.picture.png
    lab.controls["size"].value = 64.0
    assert lab.current_parameters().size == 64
    assert lab._figure is figure
    assert len(lab._artists["path"].get_xdata()) == EPOCHS * COUNT // 64 + 1
    assert lab._artists["path"] is line
    assert lab.picture.png != before
    assert "S = 64" in lab.picture.alt
    assert "S = 64, α = 0.1: 40 updates in 10 epochs" in lab.message.value


def test_every_control_reaches_its_parameter():
    lab = MinibatchLab()
    wanted = {"rate": 0.5, "schedule": "cosine", "order": SORTED, "overhead": 100, "seed": 7}
    for name, value in wanted.items():
        lab.controls[name].value = value
    for name, value in wanted.items():
        assert getattr(lab.current_parameters(), name) == (pytest.approx(value) if name == "rate" else value)


def test_every_chart_of_a_quantity_with_a_unit_names_it():
    titles = [axes.get_title(loc="left") for axes in MinibatchLab.figure().axes]
    assert "time to 1 %, in examples" in titles
