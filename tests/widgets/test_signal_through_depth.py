"""Signals through depth: the recursions of theory, and what the widget counts and says."""

import numpy as np
import pytest

from course_lib.widgets import SignalThroughDepth
from course_lib.widgets.signal_through_depth_nets import (
    BINS,
    DEEPEST,
    RULES,
    DepthParameters,
    compute,
    inputs,
    propagate,
    weight_variances,
)

HE, XAVIER, FAN_IN, SMALL, ZERO = RULES


def test_the_digits_have_mean_square_one():
    np.testing.assert_allclose(np.mean(inputs() ** 2, axis=1), 1)


def test_theory_of_he_and_relu_keeps_the_square_at_one():
    result = compute(DepthParameters("ReLU", HE, depth=25))
    # The mean of a rectified normal value of square 1 is 1/√π.
    np.testing.assert_allclose(result.variance_theory, 1 - 1 / np.pi)
    np.testing.assert_allclose(result.gradient_theory, 1)


def test_theory_of_gain_is_a_power_of_the_depth():
    result = compute(DepthParameters("linear", FAN_IN, gain=1.5, depth=12))
    np.testing.assert_allclose(result.variance_theory, 2.25 ** np.arange(1, 13))
    np.testing.assert_allclose(result.gradient_theory, 2.25 ** np.arange(11, -1, -1.0))


def test_each_rule_is_its_variance():
    expected = {HE: [2 / 64, 2 / 16], XAVIER: [2 / 80, 2 / 32], FAN_IN: [1 / 64, 1 / 16]}
    expected |= {SMALL: [1e-4, 1e-4], ZERO: [0, 0]}
    for rule, variances in expected.items():
        found = weight_variances(DepthParameters(rule=rule, width=16, depth=2, gain=3.0))
        np.testing.assert_allclose(found, 9 * np.array(variances))


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "ReLU", "ELU", "linear"])
def test_a_wide_net_does_what_theory_says(activation):
    parameters = [DepthParameters(activation, HE, depth=4, width=256, draw=draw) for draw in range(1, 9)]
    found = [compute(p) for p in parameters]
    for name in ("variance", "gradient"):
        measured = np.mean([getattr(result, name) for result in found], axis=0)
        np.testing.assert_allclose(measured, getattr(found[0], f"{name}_theory"), rtol=0.15)


def test_gradients_are_those_of_a_cost():
    # The cost whose gradient by the last layer is what the net is given: the sum of its products with it.
    parameters = DepthParameters("tanh", HE, depth=3, width=8)
    activations, gradients = propagate(parameters)
    draws = [np.random.default_rng((1, layer)).standard_normal((8, 8)) for layer in (1, 2)]

    def cost(h):
        for draw in draws:
            h = np.tanh(h @ (draw * np.sqrt(2 / 8)).T)
        return np.sum(h * gradients[-1])

    np.testing.assert_allclose(np.tanh(activations[0] @ draws[0].T * 0.5), activations[1])
    for place in ((0, 0), (5, 3), (63, 7)):
        shift = np.zeros_like(activations[0])
        shift[place] = 1e-6
        slope = (cost(activations[0] + shift) - cost(activations[0] - shift)) / 2e-6
        assert slope == pytest.approx(gradients[0][place], rel=1e-6, abs=1e-8)


def test_zero_weights_let_nothing_through():
    result = compute(DepthParameters("ReLU", ZERO, depth=5))
    np.testing.assert_array_equal(result.variance, 0)
    np.testing.assert_array_equal(result.gradient[:-1], 0)
    np.testing.assert_array_equal(result.silent, 1)
    said = SignalThroughDepth.explain(result)
    assert "Activations are all alike" in said
    assert "Gradients are 0 below the last layer" in said
    assert len(SignalThroughDepth.figure(activation="ReLU", rule=ZERO).png()) > 1000


def test_large_weights_saturate_tanh_and_small_ones_do_not():
    assert compute(DepthParameters("tanh", FAN_IN, gain=3.0)).silent[-1] > 0.3
    assert compute(DepthParameters("tanh", SMALL)).silent.max() == 0


def test_shares_are_of_all_values_those_beyond_the_picture_too():
    result = compute(DepthParameters("linear", FAN_IN, gain=3.0, depth=7))
    for shares in (result.activation_shares, result.gradient_shares):
        assert shares.shape == (7, BINS)
        np.testing.assert_allclose(shares.sum(axis=1), 1)
    # Values of a deviation of 3⁷ lie nearly all beyond ±4.
    assert result.activation_shares[-1, [0, -1]].sum() > 0.99


def test_a_layer_keeps_its_draw_when_the_net_grows():
    short, deep = (propagate(DepthParameters("tanh", depth=depth))[0] for depth in (4, 9))
    for first, second in zip(short, deep):
        np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize(
    ("settings", "activations", "gradients"),
    [
        ({"activation": "ReLU", "rule": HE, "width": 256}, "keep their size", "keep their size"),
        ({"activation": "ReLU", "rule": FAN_IN}, "vanish", "vanish"),
        ({"activation": "linear", "rule": FAN_IN, "gain": 2.0}, "explode", "explode"),
        ({"activation": "sigmoid", "rule": XAVIER}, "shrink slowly", "vanish"),
        ({"activation": "tanh", "rule": XAVIER, "gain": 1.5, "width": 256}, "keep their size", "grow slowly"),
        ({"activation": "tanh", "rule": XAVIER, "gain": 3.0}, "keep their size", "explode"),
    ],
)
def test_it_says_what_becomes_of_signals(settings, activations, gradients):
    said = SignalThroughDepth.explain(compute(DepthParameters(depth=12, **settings)))
    assert f"Activations {activations}: variance ×" in said
    assert f"Gradients {gradients}: variance ×" in said


def factors(**settings):
    """What a layer of a net of depth 30 makes of the variance of activations, and of gradients."""
    result = compute(DepthParameters(**({"depth": 30} | settings)))
    steps = result.parameters.depth - 1
    forward = (result.variance[-1] / result.variance[0]) ** (1 / steps)
    return forward, (result.gradient[0] / result.gradient[-1]) ** (1 / steps), result.silent


def test_the_lecture_answers_its_questions_on_gain_rightly():
    assert factors(activation="ReLU", rule=HE)[:2] == pytest.approx((1, 1), abs=0.1)
    for rule in (XAVIER, FAN_IN):
        assert factors(activation="ReLU", rule=rule)[:2] == pytest.approx((0.5, 0.5), abs=0.05)
    assert factors(activation="ReLU", rule=FAN_IN, gain=1.4)[:2] == pytest.approx((1, 1), abs=0.1)
    assert factors(activation="tanh", rule=XAVIER, gain=1.2)[:2] == pytest.approx((0.97, 1), abs=0.03)
    forward, backward, saturated = factors(activation="tanh", rule=XAVIER, gain=3.0)
    assert forward == pytest.approx(1, abs=0.02)
    assert 1.75 < backward < 1.95
    assert 0.4 < saturated.min() < saturated.max() < 0.55
    assert factors(activation="sigmoid", rule=HE, gain=3.0, depth=10)[1] == pytest.approx(0.4, abs=0.05)


def test_the_lecture_answers_its_questions_on_width_rightly():
    last = {
        width: [
            compute(DepthParameters("ReLU", HE, depth=30, width=width, draw=d)).variance[-1] for d in draws
        ]
        for width, draws in ((256, range(1, 9)), (8, range(1, 21)))
    }
    assert 2 < max(last[256]) / min(last[256]) < 20
    assert min(last[8]) == 0
    assert max(last[8]) > 1
    silent = factors(activation="ReLU", rule=HE, width=64)[2]
    assert silent[0] < 0.05
    assert 0.25 < silent[-3:].mean() < 0.55


def test_moving_a_slider_changes_the_artists_that_are_there():
    widget = SignalThroughDepth()
    artists, before = dict(widget._artists), widget.picture.png
    widget.controls["gain"].value = 2.0
    widget.controls["depth"].value = DEEPEST
    assert widget.picture.png != before
    assert all(widget._artists[name] is artist for name, artist in artists.items() if name != "reach")
    assert len(artists["variance"].get_xdata()) == DEEPEST
    assert f"{DEEPEST} layers" in widget.picture.alt
    assert "gain 2.00" in widget.picture.alt


@pytest.mark.parametrize(("depth", "rows"), [(2, [1, 2]), (10, range(1, 11)), (20, range(2, 21, 2))])
def test_only_layers_that_are_there_are_named(depth, rows):
    widget = SignalThroughDepth(depth=12)
    widget.controls["depth"].value = depth
    named = [words.get_text() for words in widget._artists["rows"] if words.get_text()]
    assert named == [str(row) for row in rows]
    assert len(widget._artists["values"].get_paths()) == len(named)


@pytest.mark.parametrize(
    ("name", "value"),
    [("depth", 1), ("depth", 2.5), ("width", 17), ("gain", 0), ("draw", True), ("rule", [])],
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        DepthParameters(**{name: value})
