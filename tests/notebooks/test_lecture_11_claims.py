"""Lecture 11: each claim of its text is what the cell beside it prints."""

import re

import numpy as np
import pytest

from course_lib.training import kept_searches as kept
from course_lib.widgets.search_lab_trials import lowest_over_widths

pytestmark = pytest.mark.slow

NUMBER = r"([+-]?[\d.]+(?:e[+-]?\d+)?)"


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("11_hyperparameter_search")


def rows(lecture, cell, pattern):
    text = lecture.printed(cell)
    found = re.findall(pattern, text)
    assert found, f"nothing like {pattern!r} in {text!r}"
    return np.array(found, dtype=float)


def test_the_surface_was_kept_as_it_is_measured(lecture):
    assert "702 points, 3 runs each" in lecture.printed("kept-shown")
    assert lecture.number(r"at most ([\d.]+)% off", "kept-shown") < 1
    assert lecture.number(r"width (\d+)", "kept-shown") == 64
    valley, *slopes = np.abs(rows(lecture, "between-shown", r"\(([+-]\d+)%\)"))
    assert valley < 6
    assert max(slopes) < 25


def test_uniform_rates_cost_more_than_any_method(lecture):
    shares, losses = rows(lecture, "scales-shown", rf"(\d+)% of the rates.*median {NUMBER}").T
    assert shares.tolist() == [90, 33]
    table = rows(lecture, "budget-shown", rf"\w +{NUMBER} +{NUMBER} +{NUMBER} +{NUMBER} +{NUMBER} ")
    assert table[0].tolist() == [4, 8, 16, 32, 64]
    assert losses[0] - losses[1] > np.ptp(table[1:, 1])


def test_by_hand_ends_well_and_at_different_places(lecture):
    found = rows(lecture, "by-hand-shown", rf"loss {NUMBER} at rate {NUMBER}, decay {NUMBER}, width")
    assert found[:, 0].max() < 0.39
    assert len(np.unique(found[:, 1])) > 1
    assert len(np.unique(found[:, 2])) > 2


def test_the_best_decay_depends_on_the_rate(lecture):
    rates, decays, best, without = rows(
        lecture, "interaction-shown", rf"rate {NUMBER}: best decay {NUMBER}, loss {NUMBER} .*: {NUMBER}\)"
    ).T
    assert (np.diff(decays) >= 0).all()
    gain = 1 - best / without
    assert (gain[rates < 0.05] < 0.05).all()
    assert (np.abs(gain[rates >= 0.1] - 1 / 3) < 0.05).all()


def test_a_grid_tries_three_values_and_leads_by_its_bounds(lecture):
    grid, random = rows(lecture, "grid-shown", r"(\d+) of rate, (\d+) of decay, (\d+) of width")
    assert grid.tolist() == [3, 3, 3]
    assert random[:2].tolist() == [27, 27]
    assert (kept.best_so_far("random", 27)[:, -1] > kept.best_so_far("grid", 27)[0, -1]).mean() > 0.7
    moved, luck = rows(lecture, "grid-moved", rf"quartiles \[{NUMBER} {NUMBER} {NUMBER}\]")
    assert moved[1] > luck[1] - 0.005
    assert moved[1] > kept.best_so_far("grid", 27)[0, -1] + 0.005


def test_rate_and_width_matter(lecture):
    rate, decay, width = rows(lecture, "importance-shown", r"(\d+)% of the variance")
    assert min(rate, width) > 35
    assert decay < 5
    assert rate + decay + width < 95


def test_the_chance_to_hit_is_the_formulas(lecture):
    by_formula, seen = rows(lecture, "chance-shown", r"(\d+)% by \(11.4\), +(\d+)% of 30").T
    # Thirty searches: two standard errors of a share are up to 18 percent.
    assert np.abs(by_formula - seen).max() <= 18
    assert 1 - 0.95**59 >= 0.95 > 1 - 0.95**58


def test_the_model_leads_to_the_valley(lecture):
    next_rate, lowest = rows(lecture, "densities-drawn", rf"rate: {NUMBER}; .*: {NUMBER}")[0]
    assert lowest / 3 < next_rate < 3 * lowest
    assert "kept: True" in lecture.printed("tpe-shown")
    random, model = rows(lecture, "tpe-shown", rf"–64: {NUMBER} {NUMBER} {NUMBER} {NUMBER}")
    assert random[0] == model[0]
    assert random.min() > 1
    assert model[1:].max() < 0.5
    generations = rows(lecture, "generations-shown", rf"generation:{f' {NUMBER}' * 8}")[0]
    assert generations[0] > 1.3
    assert generations[3:].max() < 0.5


def test_what_a_budget_buys(lecture):
    pattern = (
        rf"\n(\w[\w ]+\w) +{NUMBER} +{NUMBER} +{NUMBER} +{NUMBER} +{NUMBER} +"
        r"(\d+)% after 32, (\d+)% after 64"
    )
    found = re.findall(pattern, lecture.printed("budget-shown"))
    table = {name: np.array(values, dtype=float) for name, *values in found}
    assert set(table) == set(kept.METHODS)
    for name in set(kept.METHODS) - {"grid"}:
        assert table[name][:2].tolist() == table["random"][:2].tolist(), "eight trials are the same"
    assert table["Bayesian"][2] < table["random"][2] - 0.01
    assert table["Bayesian"][5] > 90
    assert 33 < table["random"][5] < 45
    lowest = lecture.number(r"within 5% of ([\d.]+)", "budget-shown")
    ends = {name: row[4] for name, row in table.items()}
    assert max(ends.values()) / lowest == pytest.approx(1.04, abs=0.005)
    assert max(ends, key=ends.get) == "random"
    wins = re.findall(r"(\d+) trials.*Bayesian (\d+)%.*evolutionary (\d+)%", lecture.printed("pairs-shown"))
    assert {budget: float(share) for budget, share, _ in wins}["16"] == pytest.approx(75, abs=3)
    assert 50 < float(wins[-1][2]) < 70, "with 64 trials evolution gains a little"


def test_answers_about_the_lab():
    ends = kept.best_so_far("random", 16)[:, -1]
    assert (ends.min().round(3), ends.max().round(3)) == (0.362, 0.537)
    assert [kept.best_so_far("grid", budget)[0, -1].round(3) for budget in (27, 28)] == [0.37, 0.361]
    good = lowest_over_widths(200, 200) < 0.37
    assert good.any(axis=0).mean() == pytest.approx(1 / 3, abs=0.05)
    assert good.any(axis=1).mean() == pytest.approx(3 / 4, abs=0.05)
    assert good.mean() == pytest.approx(1 / 8, abs=0.02)


def test_early_losses_favour_high_rates(lecture):
    pattern = rf"(\d+) epochs: ranks agree by {NUMBER}; best rate {NUMBER}, .* ends at {NUMBER}"
    epochs, agreement, rate, end = rows(lecture, "epochs-shown", pattern).T
    assert epochs.tolist() == [1, 2, 4, 8, 16]
    assert (np.diff(agreement) > 0).all()
    assert 0.5 < agreement[1] < 0.8 < 0.9 < agreement[3]
    assert rate[0] == pytest.approx(10 * lecture.number(rf"at rate {NUMBER},", "kept-shown"), rel=0.01)
    assert end[0] > 1.8 * end[1:].min()
    rounds = lecture.number(rf"rounds: median {NUMBER}", "coarse-repeated")
    whole = lecture.number(rf"to the end: {NUMBER}", "coarse-repeated")
    assert rounds < whole
    assert "276 epochs" in lecture.printed("coarse-repeated")


def test_an_edge_is_told(lecture):
    narrow, wide = lecture.printed("beware-edge-shown").splitlines()
    assert "{'rate': 'high', 'width': 'high'}" in narrow
    assert "rate'" not in wide.split("edge:")[1]


def test_early_stopping_hides_what_decay_does(lecture):
    pattern = rf"of {NUMBER} at the end, {NUMBER} where"
    at_the_end, stopped = rows(lecture, "beware-stopping-shown", pattern)[0]
    assert 1 - 1 / at_the_end == pytest.approx(1 / 3, abs=0.04)
    assert 1 - 1 / stopped == pytest.approx(1 / 8, abs=0.02)


def test_winners_are_lucky(lecture):
    judged, again = rows(lecture, "beware-luck-shown", rf"judged {NUMBER}; with other seeds {NUMBER}")[0]
    assert again / judged == pytest.approx(1.05, abs=0.01)
    assert lecture.number(r"higher in (\d+)%", "beware-luck-shown") > 70
    lowest, bound = rows(lecture, "luck-formula", rf": {NUMBER} σ .* = {NUMBER}").T
    assert (lowest > bound).all()
    assert (np.diff(lowest - bound) < 0).all(), "the bound comes closer"
    best, *others = rows(lecture, "beware-test-shown", r"([\d.]+)%")
    assert max(others) < best - 3


def test_a_real_search_beats_a_sensible_guess(lecture):
    pattern = rf"loss {NUMBER}, test digits right {NUMBER}% ± {NUMBER}%"
    guess, found = rows(lecture, "experiment-judged", pattern)
    assert found[0] < guess[0] - 0.15
    assert found[1] - guess[1] == pytest.approx(5, abs=2)
    assert 0.4 < guess[2] < 2
    assert 0.4 < found[2] < 2
