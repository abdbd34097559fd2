"""The playground's points against their shapes, its runs against plain SGD, what each regulariser does."""

import dataclasses

import numpy as np
import pytest

from course_lib import nn
from course_lib.widgets import RegulariserPlayground
from course_lib.widgets.playground_nets import KINDS, PlaygroundParameters, build
from course_lib.widgets.playground_points import REACH, SHAPES, VALIDATION, draw_points
from course_lib.widgets.playground_runs import BINS, UPDATES, compute, histogram, stream


def test_without_noise_points_are_where_their_shape_is():
    x, labels, *_ = draw_points("rings", 200, 0.0, 1)
    radius = np.linalg.norm(x, axis=1)
    assert radius[labels == 0].max() <= 0.5
    assert radius[labels == 1].min() >= 0.8
    assert radius[labels == 1].max() <= 1.2001
    x, labels, *_ = draw_points("quadrants", 200, 0.0, 1)
    np.testing.assert_array_equal(x.prod(axis=1) > 0, labels == 1)
    x, labels, *_ = draw_points("moons", 200, 0.0, 1)
    sign = np.where(labels == 1, -1, 1)[:, None]
    np.testing.assert_allclose(np.linalg.norm(sign * x + [0.5, 0.25], axis=1), 1, atol=1e-6)
    x, labels, *_ = draw_points("spirals", 200, 0.0, 1)
    angle = 2.5 * np.pi * np.linalg.norm(x, axis=1) / 1.3 + np.pi * labels
    np.testing.assert_allclose(
        x, np.linalg.norm(x, axis=1)[:, None] * np.stack([np.cos(angle), np.sin(angle)], 1), atol=1e-5
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_points_are_balanced_new_for_validation_and_within_the_square(shape):
    x, labels, validation_x, validation_labels = draw_points(shape, 60, 0.05, 3)
    assert np.bincount(labels).tolist() == [30, 30]
    assert validation_x.shape == (VALIDATION, 2)
    assert validation_labels.sum() == VALIDATION / 2
    assert np.abs(x).max() < REACH + 0.2
    assert not {tuple(row) for row in x.tolist()} & {tuple(row) for row in validation_x.tolist()}
    np.testing.assert_array_equal(x, draw_points(shape, 60, 0.05, 3)[0])
    assert (x != draw_points(shape, 60, 0.05, 4)[0]).any()


def test_the_map_holds_the_points_and_names_its_axes():
    for seed in range(5):
        x, *_ = draw_points("moons", 40, 0.3, seed)
        assert np.mean(np.abs(x).max(axis=1) < REACH - 0.05) >= 0.97
    x, *_ = draw_points("moons", 40, 0.3, 0)
    assert np.abs(x).max() < REACH - 0.1
    figure = RegulariserPlayground.figure(count=20)
    labels = {(axes.get_xlabel(), axes.get_ylabel()) for axes in figure.axes}
    assert ("x₁", "x₂") in labels


def test_noise_is_a_standard_deviation():
    calm, *_, calm_validation, _ = draw_points("moons", 200, 0.0, 0)
    loud, *_, loud_validation, _ = draw_points("moons", 200, 0.4, 0)
    added = np.concatenate([loud - calm, loud_validation - calm_validation])
    assert added.std() == pytest.approx(0.4, rel=0.06)


@pytest.mark.parametrize("kind", KINDS)
def test_all_nets_begin_alike_and_give_one_logit(kind):
    net = build(PlaygroundParameters(kind=kind)).eval()
    plain = build(PlaygroundParameters(kind="none")).eval()
    x = np.linspace(-1, 1, 20, dtype=np.float32).reshape(10, 2)
    np.testing.assert_array_equal(net(x), plain(x))
    assert sum(weight.data.size for weight in nn.weights(net)) == 2 * 32 + 32 * 32 + 32


def test_the_first_parts_are_sgd_step_by_step():
    parameters = PlaygroundParameters(kind="L2", lam=0.02, count=20)
    parts = stream(parameters)
    first, second = next(parts), next(parts)
    net, loss = build(parameters), nn.BCEWithLogitsLoss()
    x, labels, *_ = draw_points("moons", 20, parameters.noise, 0)
    targets = labels[:, None].astype(np.float32)
    velocity = [0.0] * len(net.parameters())
    decays = {id(weight) for weight in nn.weights(net)}
    losses = []
    for t in range(75):
        loss(net(x), targets)
        for parameter in net.parameters():
            parameter.grad = None
        net.backward(loss.backward())
        rate = 0.06 * (1 + np.cos(np.pi * t / UPDATES)) / 2
        for number, parameter in enumerate(net.parameters()):
            gradient = parameter.grad + (0.02 * parameter.data if id(parameter) in decays else 0)
            velocity[number] = 0.9 * velocity[number] + gradient
            parameter.data -= (rate * velocity[number]).astype(np.float32)
        losses.append(loss(net(x), targets))
    np.testing.assert_allclose(second.train_loss[1:], np.array(losses)[14::15], rtol=1e-3)
    assert first.updates.tolist() == [0, 15]
    assert second.updates.tolist() == [0, 15, 30, 45, 60, 75]
    assert not second.finished


@pytest.fixture(scope="module")
def ends():
    """The end of a run with each regulariser, all else alike."""
    strengths = {"lam": 0.005, "limit": 0.8, "p": 0.5}
    return {kind: compute(PlaygroundParameters(kind=kind, count=40, **strengths)) for kind in KINDS}


def test_without_a_regulariser_the_net_overfits(ends):
    plain = ends["none"]
    assert plain.train_loss[-1] < 0.1
    assert plain.validation_loss[-1] > 2 * plain.validation_loss.min()
    assert plain.best < UPDATES / 2
    np.testing.assert_array_equal(plain.plain_loss, plain.validation_loss)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "none"])
def test_every_regulariser_closes_the_gap(ends, kind):
    result, plain = ends[kind], ends["none"]
    at = result.updates.tolist().index(result.shown)
    assert result.validation_loss[at] < 0.85 * plain.validation_loss[-1]
    assert (
        result.validation_loss[at] - result.train_loss[at] < plain.validation_loss[-1] - plain.train_loss[-1]
    )
    np.testing.assert_array_equal(result.plain_loss, plain.validation_loss)
    np.testing.assert_array_equal(result.plain_weights, plain.weights)


def test_l1_empties_most_weights_and_l2_makes_them_small(ends):
    share = {kind: ends[kind].nearly_zero for kind in ("none", "L1", "L2", "elastic net")}
    assert share["L1"] > 0.6
    assert share["L1"] > share["elastic net"] > share["none"]
    assert share["none"] < 0.1
    assert np.linalg.norm(ends["L2"].weights) < 0.7 * np.linalg.norm(ends["none"].weights)


def test_max_norm_holds_after_every_update(ends):
    assert ends["max-norm"].longest <= 0.8 * (1 + 1e-5)
    assert ends["none"].longest > 1


def test_early_stopping_shows_the_net_of_its_best_look(ends):
    result, plain = ends["early stopping"], ends["none"]
    assert result.shown == result.best == plain.best
    assert result.updates[-1] < UPDATES
    looks = result.best // 15
    assert result.updates[-1] == 15 * max(looks + 6, int(1.6 * looks))
    np.testing.assert_array_equal(result.train_loss, plain.train_loss[: len(result.train_loss)])
    assert not np.array_equal(result.weights, plain.weights)


def test_a_stream_ends_with_what_compute_gives():
    parameters = PlaygroundParameters(shape="rings", kind="dropout", count=20, seed=7)
    parts = list(stream(parameters))
    last, computed = parts[-1], compute(parameters)
    for field in dataclasses.fields(computed):
        np.testing.assert_equal(getattr(last, field.name), getattr(computed, field.name))
    assert [part.updates[-1] for part in parts[:3]] == [15, 75, 135]
    assert last.finished
    assert len(parts[0].plain_loss) == 0 < len(last.plain_loss)


def test_the_histogram_counts_every_weight():
    shares = histogram(np.array([-9.0, -1.99, 0.01, 0.02, 9.0]))
    assert shares.sum() == pytest.approx(1)
    assert shares[0] == pytest.approx(0.4)
    assert shares[np.searchsorted(BINS, 0.01) - 1] == pytest.approx(0.4)
    assert shares[-1] == pytest.approx(0.2)


def test_a_change_shows_a_first_part_and_goes_on_to_the_end():
    widget = RegulariserPlayground(kind="none", count=20)
    figure, artist = widget._figure, widget._artists["boundary"]
    widget.controls["kind"].value = "max-norm"
    assert widget.is_running() or "update 1500:" in widget.message.value
    widget.finish(60)
    assert widget._figure is figure
    assert widget._artists["boundary"] is artist
    assert "update 1500:" in widget.message.value
    assert "Max-norm, ‖w‖ ≤ 1" in widget.picture.alt
    found = widget._result
    np.testing.assert_array_equal(found.weights, compute(widget.current_parameters()).weights)


def test_only_the_strength_that_counts_is_offered():
    widget = RegulariserPlayground.__new__(RegulariserPlayground)
    for kind, strength in KINDS.items():
        controls = RegulariserPlayground.make_controls(widget, PlaygroundParameters(kind=kind))
        layouts = {name: controls[name].layout for name in ("lam", "limit", "p")}
        seen = {name for name, layout in layouts.items() if layout.display != "none"}
        # One place in the row is always taken, so that nothing jumps.
        assert seen == {strength or "lam"}
        assert layouts[seen.pop()].visibility == ("visible" if strength else "hidden")
