"""Strategies draw what they promise, and results say what was found."""

import math

import numpy as np
import pytest

from course_lib.training import search
from course_lib.training.search import (
    Choice,
    Integers,
    LogUniform,
    Round,
    SearchError,
    SearchResult,
    Trial,
    Uniform,
    coarse_to_fine,
    grid_points,
    narrow,
    samplers,
    search_hyperparameters,
)

SPACE = {
    "rate": LogUniform(1e-5, 1.0),
    "momentum": Uniform(0.0, 0.99),
    "width": Integers(4, 64, log=True),
    "unit": Choice("relu", "tanh"),
}


def bowl(found):
    """Lowest, 0, at a rate of 0.01, momentum 0.8 and rectifiers; the width does not matter."""
    loss = (math.log10(found["rate"]) + 2) ** 2 + (found["momentum"] - 0.8) ** 2
    return loss + (0.0 if found["unit"] == "relu" else 0.3)


def parameters(result):
    return [trial.parameters for trial in result.trials]


@pytest.mark.parametrize("strategy", ["grid", "random", "bayesian", "evolutionary"])
def test_every_strategy_stays_in_the_space_and_is_repeatable(strategy):
    result = search_hyperparameters(bowl, SPACE, strategy=strategy, trials=20, seed=1)
    assert [trial.number for trial in result.trials] == list(range(20))
    for trial in result.trials:
        assert 1e-5 <= trial.parameters["rate"] <= 1
        assert 0 <= trial.parameters["momentum"] <= 0.99
        assert trial.parameters["width"] in range(4, 65)
        assert trial.parameters["unit"] in ("relu", "tanh")
        assert trial.value == bowl(trial.parameters)
        assert trial.seconds >= 0
    again = search_hyperparameters(bowl, SPACE, strategy=strategy, trials=20, seed=1)
    other = search_hyperparameters(bowl, SPACE, strategy=strategy, trials=20, seed=2)
    assert parameters(again) == parameters(result) != parameters(other)


def test_a_grid_tries_every_combination_once():
    result = search_hyperparameters(bowl, SPACE, strategy="grid", levels=3, seed=0)
    tried = {tuple(point.values()) for point in parameters(result)}
    expected = {tuple(point.values()) for point in grid_points(SPACE, 3)}
    assert len(result.trials) == 3 * 3 * 3 * 2
    assert tried == expected
    np.testing.assert_allclose(sorted(set(result.column("rate"))), [1e-5, 10**-2.5, 1])


def test_rates_are_drawn_evenly_over_orders_of_magnitude():
    rates = search_hyperparameters(bowl, {**SPACE}, trials=200, seed=0).column("rate")
    counts = np.histogram(np.log10(rates), bins=5, range=(-5, 0))[0]
    # 40 are expected in each; 5.7 is the standard deviation.
    assert counts.min() > 40 - 4 * 5.7
    uniform = search_hyperparameters(
        lambda found: found["rate"], {"rate": Uniform(1e-5, 1)}, trials=200, seed=0
    )
    assert np.mean(uniform.column("rate") > 0.1) > 0.8


@pytest.mark.parametrize("strategy", ["bayesian", "evolutionary"])
def test_strategies_that_learn_draw_better_and_better(strategy):
    firsts, lasts = [], []
    for seed in range(3):
        values = search_hyperparameters(bowl, SPACE, strategy=strategy, trials=48, seed=seed).values
        firsts.append(np.median(values[:12]))
        lasts.append(np.median(values[-12:]))
    assert np.mean(lasts) < 0.5 * np.mean(firsts)


def test_by_hand_the_given_points_are_tried_in_their_order():
    points = [{"rate": rate, "momentum": 0.5, "width": 8, "unit": "tanh"} for rate in (1e-3, 1e-2, 1e-1)]
    result = search_hyperparameters(bowl, SPACE, strategy="manual", points=points)
    assert parameters(result) == points
    assert result.best.parameters["rate"] == 1e-2


def test_given_points_come_before_those_that_are_drawn():
    point = {"rate": 0.01, "momentum": 0.8, "width": 8, "unit": "relu"}
    result = search_hyperparameters(bowl, SPACE, trials=5, points=[point])
    assert parameters(result)[0] == point
    assert result.best.number == 0
    np.testing.assert_array_equal(result.best_so_far(), np.full(5, bowl(point)))


def test_large_values_can_be_good():
    result = search_hyperparameters(lambda found: -bowl(found), SPACE, trials=15, maximize=True)
    assert result.best.value == max(result.values)
    assert np.all(np.diff(result.best_so_far()) >= 0)


@pytest.mark.parametrize("strategy", ["random", "bayesian", "evolutionary"])
def test_a_diverged_trial_is_infinitely_bad_and_the_search_goes_on(strategy):
    def diverges(found):
        return bowl(found) if found["rate"] < 0.1 else math.nan

    result = search_hyperparameters(diverges, SPACE, strategy=strategy, trials=30, seed=4)
    large = result.column("rate") >= 0.1
    assert large.any()
    assert np.isinf(result.values[large]).all()
    assert np.isfinite(result.values[~large]).all()
    assert result.best.parameters["rate"] < 0.1


def test_an_objective_that_raises_ends_the_search_and_names_the_point(tmp_path):
    calls = []

    def breaks(found):
        calls.append(found["rate"])
        if len(calls) == 4:
            raise RuntimeError("no data")
        return bowl(found)

    storage = tmp_path / "search.db"
    with pytest.raises(SearchError, match=r"RuntimeError for \{'rate': .*no data"):
        search_hyperparameters(breaks, SPACE, trials=10, storage=storage)
    result = search_hyperparameters(bowl, SPACE, trials=10, storage=storage)
    assert len(result.trials) == 9
    assert calls[3] not in result.column("rate")


def test_an_objective_must_return_a_number():
    with pytest.raises(SearchError, match="objective must return a number, got None"):
        search_hyperparameters(lambda found: None, SPACE, trials=1)


def test_from_coarse_to_fine_the_space_shrinks_around_the_best():
    seen = []

    def objective(found):
        seen.append(found["epochs"])
        return bowl(found)

    rounds = [Round(16, {"epochs": 1}), Round(10, {"epochs": 4}), Round(6, {"epochs": 9}, "bayesian")]
    finished = coarse_to_fine(objective, SPACE, rounds, seed=2)
    assert seen == [1] * 16 + [4] * 10 + [9] * 6
    widths = [math.log10(one.space["rate"].high / one.space["rate"].low) for one in finished]
    assert widths[0] == 5
    assert widths[0] > widths[1] > widths[2]
    assert finished[2].space["rate"].low < 0.01 < finished[2].space["rate"].high
    for one in finished:
        inside = one.space["rate"]
        assert np.all((one.result.column("rate") >= inside.low) & (one.result.column("rate") <= inside.high))


def test_narrowing_keeps_the_range_of_the_best_trials_and_a_margin():
    trials = [
        Trial(number, {"rate": rate, "unit": unit}, value, 0.0)
        for number, (rate, unit, value) in enumerate(
            [
                (1e-4, "relu", 9.0),
                (1e-3, "relu", 1.0),
                (1e-2, "relu", 2.0),
                (1e-1, "tanh", 9.0),
                (1, "tanh", 9.0),
            ]
        )
    ]
    space = {"rate": LogUniform(1e-4, 1.0), "unit": Choice("relu", "tanh")}
    smaller = narrow(space, SearchResult(tuple(trials)), keep=0.4, margin=0.125)
    # An eighth of four orders of magnitude on both sides.
    assert smaller["rate"].low == pytest.approx(10**-3.5)
    assert smaller["rate"].high == pytest.approx(10**-1.5)
    assert smaller["unit"] == Choice("relu")


def test_narrowing_around_a_single_finite_trial_leaves_the_margin():
    trials = tuple(
        Trial(n, {"rate": 10.0**-n}, value, 0.0) for n, value in enumerate([math.inf, 2.0, math.inf])
    )
    smaller = narrow({"rate": LogUniform(1e-3, 1.0)}, SearchResult(trials), margin=0.1)
    assert smaller["rate"].low == pytest.approx(10**-1.3)
    assert smaller["rate"].high == pytest.approx(10**-0.7)
    with pytest.raises(ValueError, match="result must hold a trial with a finite value, got none among 1"):
        narrow({"rate": LogUniform(1e-3, 1.0)}, SearchResult(trials[:1]))


def test_the_best_at_the_edge_of_its_range_is_named():
    trial = Trial(0, {"rate": 0.9, "momentum": 0.5, "width": 4, "unit": "relu"}, 0.0, 0.0)
    assert SearchResult((trial,)).at_edge(SPACE) == {"rate": "high", "width": "low"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"space": {}}, "space must name one"),
        ({"strategy": "luck"}, "strategy must be one of 'manual', 'grid'"),
        ({"trials": None}, "trials must say how many"),
        ({"trials": -1}, "trials must be 0 or more, got -1"),
        ({"strategy": "manual"}, "points must hold what to try"),
        ({"points": [{"rate": 1}]}, r"points\[0\] must have a value for each"),
        ({"strategy": "grid", "trials": 99}, "trials must be at most 54"),
        ({"workers": 0}, "workers must be 1 or more, got 0"),
    ],
)
def test_wrong_arguments_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        search_hyperparameters(**{"objective": bowl, "space": SPACE, "trials": 3, **arguments})


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: LogUniform(0, 1), "low must be positive on a logarithmic scale, got 0"),
        (lambda: Uniform(2, 1), "low must be below high"),
        (lambda: Integers(1.5, 3), "low must be a whole number, got 1.5"),
        (lambda: Choice("a", "a"), "options must be different"),
        (lambda: coarse_to_fine(bowl, SPACE, []), "rounds must hold one"),
        (lambda: coarse_to_fine(bowl, SPACE, [Round(1, {"rate": 1})]), r"must not fix what is searched"),
        (lambda: SearchResult(()).best, "there is no trial yet"),
    ],
)
def test_wrong_ranges_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_space_of_plain_values_is_refused():
    with pytest.raises(TypeError, match=r"space\['rate'\] must be a LogUniform"):
        search_hyperparameters(bowl, {"rate": (1e-4, 1)}, trials=1)


def test_without_optuna_the_way_to_install_it_is_named(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(samplers, "import_module", missing)
    with pytest.raises(ImportError, match=r"needs the package optuna.*pip install '\.\[search\]'"):
        search_hyperparameters(bowl, SPACE, trials=1)
    with pytest.raises(ImportError, match=r"needs the package distributed.*pip install '\.\[cluster\]'"):
        samplers.optional("distributed", "cluster", "Searching on a cluster")


def test_the_package_offers_what_it_names():
    assert all(hasattr(search, name) for name in search.__all__)
