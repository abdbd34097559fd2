"""Permuted copies of a net cost the same; their mean is the mean over all of them, and costs more."""

import itertools

import numpy as np
import pytest

from course_lib.geometry import hidden_permutations, permute_hidden_units
from course_lib.widgets import PermutationSymmetry
from course_lib.widgets.permuted_nets import (
    ACTIVATIONS,
    HIDDEN,
    SymmetryParameters,
    average_over_permutations,
    compute,
    cost,
    digits,
    logits,
    trained_net,
)

ALL = tuple(range(HIDDEN))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_copy_costs_the_same_and_their_average_more(activation):
    result = compute(SymmetryParameters(activation, ALL))
    assert result.costs.shape == (120,)
    np.testing.assert_allclose(result.costs, result.costs[0], rtol=1e-12)
    assert result.average_cost > result.costs[0] + 0.5


def test_the_net_has_learned_what_guessing_does_not_know():
    result = compute(SymmetryParameters("tanh"))
    assert result.costs[0] < 0.2 < np.log(10)
    assert result.accuracies[0] > 0.95


@pytest.mark.parametrize("units", [(0, 1), (1, 2, 4), ALL])
def test_the_average_is_the_mean_of_all_copies(units):
    net = trained_net("tanh")
    copies = []
    for moved in itertools.permutations(units):
        order = np.arange(HIDDEN)
        order[list(units)] = moved
        copies.append(permute_hidden_units(net, order))
    for got, arrays in zip(average_over_permutations(net, units), zip(*copies)):
        np.testing.assert_allclose(got, np.mean(arrays, axis=0), atol=1e-12)


def test_averaging_all_units_is_what_the_library_averages():
    net = trained_net("tanh")
    for got, arrays in zip(average_over_permutations(net, ALL), zip(*hidden_permutations(net))):
        np.testing.assert_allclose(got, np.mean(arrays, axis=0), atol=1e-12)


def test_the_way_leads_from_the_net_to_the_average():
    result = compute(SymmetryParameters("tanh", (1, 3)))
    assert result.path_costs[0] == pytest.approx(result.costs[0])
    assert result.path_costs[-1] == pytest.approx(result.average_cost)


def test_fewer_than_two_units_change_nothing():
    for units in ((), (2,)):
        result = compute(SymmetryParameters("tanh", units))
        assert result.costs.shape == (1,)
        assert result.average_cost == pytest.approx(result.costs[0], abs=1e-12)
        assert "two units or more" in PermutationSymmetry.explain(result)


def test_logits_are_those_of_the_formula():
    w1, b1, w2, b2 = trained_net("tanh")
    expected = np.tanh(digits()[0] @ w1.T + b1) @ w2.T + b2
    np.testing.assert_allclose(logits((w1, b1, w2, b2), "tanh"), expected, atol=1e-9)


def test_cost_is_the_mean_surprise():
    net = trained_net("tanh")
    scores = logits(net, "tanh")
    share = np.exp(scores - scores.max(axis=1, keepdims=True))
    right = share[np.arange(len(scores)), digits()[1]] / share.sum(axis=1)
    assert cost(net, "tanh") == pytest.approx(-np.log(right).mean())


def test_an_average_that_is_no_dearer_refutes_nothing():
    # Two units that never answer can change places, and be averaged, without any difference.
    w1, b1, *_ = trained_net("ReLU")
    highest = (digits()[0] @ w1.T + b1).max(axis=0)
    dead = tuple(int(unit) for unit in np.flatnonzero(highest <= 0))
    assert len(dead) >= 2, "this test, and a question of the lecture, need a net with two dead units"
    result = compute(SymmetryParameters("ReLU", dead))
    assert "refutes nothing" in PermutationSymmetry.explain(result)


@pytest.mark.parametrize("units", [(5,), (0, 0), (-1,), (1.0,), [0, 1], ("a",)])
def test_impossible_units_are_refused(units):
    with pytest.raises(ValueError, match="units"):
        SymmetryParameters(units=units)


def test_ticking_a_box_changes_the_artists_that_are_there():
    widget = PermutationSymmetry()
    figure, bar, before = widget._figure, widget._artists["bars"][1], widget.picture.png
    width = bar.get_width()
    widget.controls["unit 3"].value = True
    assert widget._figure is figure
    assert widget._artists["bars"][1] is bar
    assert bar.get_width() > width
    assert widget.picture.png != before
    assert widget.current_parameters().units == (0, 1, 3)
    assert "Units 1, 2 and 4: 6 copies" in widget.picture.alt


def test_the_way_of_a_cheap_average_can_be_seen():
    widget = PermutationSymmetry()
    way = widget._artists["way"]
    heights = way.get_transform().transform(way.get_xydata())[:, 1]
    assert way.axes.get_yticks()[0] == 0
    assert np.ptp(heights) > 0.15 * way.axes.bbox.height
    assert "√ scale" in way.axes.get_title(loc="left")
