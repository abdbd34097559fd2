"""What the widget on quadratics computes, against closed forms, and what the hand can do with it."""

import html
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.geometry import momentum_rate
from course_lib.widgets import QuadraticDescent
from course_lib.widgets.quadratic_paths import (
    GRADIENT,
    LARGEST_MOMENTUM,
    METHODS,
    MOMENTUM,
    NESTEROV,
    NEWTON,
    OWN,
    RAVINE,
    STEPS,
    DescentParameters,
    compute,
    largest_rate,
)
from course_lib.widgets.quadratic_words import code_lines, doing, outcome

# αλ₂ → what the component along q₂ of plain descent does
REGIMES = [
    (0.0, "stands still"),
    (0.5, "decay"),
    (1.0, "gone after one step"),
    (1.5, "oscillation, 2 steps a turn"),
    (2.0, "oscillates for ever"),
    (2.5, "divergence"),
]
INDEFINITE = {"hessian": OWN, "h11": 1.0, "h12": 0.0, "h22": -0.5}


def companion(x, momentum, nesterov):
    """The matrix that takes (position, velocity) to the next, for αλ = x."""
    keep = momentum * (1 - x) if nesterov else momentum
    return np.array([[1 - x, keep], [-x, keep]])


@pytest.mark.parametrize(("x", "words"), REGIMES)
def test_the_regimes_of_plain_descent(x, words):
    result = compute(DescentParameters(GRADIENT, lr=x))
    assert doing(result, 1) == words
    expected = (1 - x) ** np.arange(STEPS + 1) * result.components[0, 1]
    np.testing.assert_allclose(result.components[:, 1], expected, rtol=1e-9, atol=1e-12)
    assert result.factors[1] == pytest.approx(abs(1 - x))


@given(st.floats(0, 2), st.floats(1, 100), st.floats(-1.4, 1.4), st.floats(-1.4, 1.4))
def test_plain_descent_is_the_closed_form(lr, kappa, theta1, theta2):
    result = compute(DescentParameters(GRADIENT, lr=lr, kappa=kappa, theta1=theta1, theta2=theta2))
    k = np.arange(STEPS + 1)[:, None]
    expected = (1 - lr * np.array([1 / kappa, 1])) ** k * result.components[0]
    np.testing.assert_allclose(result.components, expected, atol=1e-9)
    np.testing.assert_allclose(result.path, result.components @ result.eigenvectors.T, atol=1e-9)
    quarter = np.array([[0, -1], [1, 0]])
    np.testing.assert_allclose(result.eigenvectors[:, 1], quarter @ result.eigenvectors[:, 0])


@pytest.mark.parametrize("method", [MOMENTUM, NESTEROV])
@pytest.mark.parametrize(("lr", "momentum"), [(0.1, 0.0), (0.3, 0.5), (1.2, 0.8), (1.3, 0.2), (3.5, 0.9)])
def test_the_path_with_momentum_is_a_power_of_the_companion_matrix(method, lr, momentum):
    result = compute(DescentParameters(method, lr=lr, momentum=momentum))
    for number, value in enumerate(result.eigenvalues):
        matrix = companion(lr * value, momentum, method == NESTEROV)
        start = np.array([result.components[0, number], 0.0])
        expected = [np.linalg.matrix_power(matrix, k) @ start for k in range(STEPS + 1)]
        np.testing.assert_allclose(
            result.components[:, number], np.array(expected)[:, 0], rtol=1e-7, atol=1e-9
        )
        radius = np.abs(np.linalg.eigvals(matrix)).max()
        assert result.factors[number] == pytest.approx(radius, rel=1e-6)


def test_while_both_components_oscillate_they_shrink_by_the_root_of_mu():
    result = compute(DescentParameters(MOMENTUM, lr=1.2, momentum=0.8))
    np.testing.assert_allclose(result.factors, np.sqrt(0.8))
    # z = √μ·e^{iφ} with 2√μ·cos φ = 1 + μ − αλ
    angle = np.arccos((1.8 - 1.2 * result.eigenvalues) / (2 * np.sqrt(0.8)))
    np.testing.assert_allclose(result.periods, 2 * np.pi / angle)


def test_nesterov_damps_the_steep_component_more():
    result = compute(DescentParameters(NESTEROV, lr=0.9, momentum=0.8))
    assert result.factors[0] == pytest.approx(np.sqrt(0.8 * (1 - 0.9 / 20)))
    assert result.factors[1] == pytest.approx(np.sqrt(0.8 * 0.1))


@pytest.mark.parametrize(("method", "best"), [(GRADIENT, (19 / 21)), (MOMENTUM, None), (NESTEROV, None)])
def test_nothing_on_the_map_is_faster_than_the_best_settings(method, best):
    result = compute(DescentParameters(method, lr=0.5))
    plain, pair = result.best_plain, result.best_pair
    assert plain.factor == pytest.approx(19 / 21)
    assert plain.lr == pytest.approx(2 / (1 / 20 + 1))
    assert result.rates.min() >= pair.factor - 1e-9
    assert result.rates[0].min() == pytest.approx(plain.factor, abs=0.02)
    root = np.sqrt(20)
    if method == NESTEROV:
        assert pair.factor == pytest.approx(1 - 2 / np.sqrt(61))
    else:
        assert pair.factor == pytest.approx((root - 1) / (root + 1))
        assert pair.momentum == pytest.approx(pair.factor**2)
    there = compute(DescentParameters(NESTEROV if method == NESTEROV else MOMENTUM, *pair[:2]))
    # both roots coincide there, so a rounding of 1e-16 moves them by 1e-8
    assert there.factors.max() == pytest.approx(pair.factor, rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_map_holds_the_factor_under_the_probe(method):
    result = compute(DescentParameters(method, lr=1.11, momentum=0.635, kappa=9))
    rate, momentum = result.probe
    row, column = int(momentum * 100), int(rate * 50)
    where = {"lr": (column + 0.5) / 50, "momentum": (row + 0.5) / 100}
    if method in (MOMENTUM, NESTEROV):
        values = momentum_rate(result.eigenvalues, **where, nesterov=method == NESTEROV)
    elif method == GRADIENT:
        values = momentum_rate(result.eigenvalues, **where)
    else:
        values = np.abs([1 - where["lr"]])
    assert result.rates[row, column] == pytest.approx(values.max())


def test_newton_needs_one_step_whatever_the_condition():
    for kappa in (1, 20, 100):
        result = compute(DescentParameters(NEWTON, lr=1.0, kappa=kappa))
        np.testing.assert_allclose(result.path[1:], 0, atol=1e-12)
    half = compute(DescentParameters(NEWTON, lr=0.5))
    np.testing.assert_allclose(half.path[3], half.path[0] / 8)


def test_at_a_saddle_newton_climbs_and_descent_leaves():
    newton = compute(DescentParameters(NEWTON, lr=1.0, **INDEFINITE, theta1=0.1, theta2=1.0))
    np.testing.assert_allclose(newton.path[1:], 0, atol=1e-12)
    assert newton.costs[0] < 0
    assert newton.costs[1] == pytest.approx(0)
    assert "saddle" in outcome(newton)
    descent = compute(DescentParameters(GRADIENT, lr=0.5, **INDEFINITE, theta1=0.1, theta2=1.0))
    assert descent.components[10, 0] == pytest.approx(descent.components[0, 0] * 1.25**10)
    assert "no minimum" in outcome(descent)
    assert descent.best_plain is descent.best_pair is None


@pytest.mark.parametrize(("h11", "h12", "h22"), [(1, 1, 1), (1, 2, 4), (0.1, 0.3, 0.9), (0.7, -2.1, 6.3)])
def test_a_flat_direction_is_flat_and_not_almost_a_saddle(h11, h12, h22):
    result = compute(DescentParameters(GRADIENT, lr=0.01, hessian=OWN, h11=h11, h12=h12, h22=h22))
    assert result.eigenvalues[0] == 0
    assert result.regimes[0] == "stands still"
    assert "keeps its size for ever" in outcome(result)


def test_newton_refuses_a_hessian_that_is_flat_somewhere():
    with pytest.raises(ValueError, match="method Newton divides by the eigenvalues"):
        DescentParameters(NEWTON, hessian=OWN, h11=1, h12=1, h22=1)


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"method": GRADIENT, "lr": 2.2}, "Diverges along q₂: αλ₂ = 2.2 is above 2."),
        ({"method": MOMENTUM, "lr": 3.7}, r"above 2\(1 \+ μ\) = 3.6"),
        ({"method": NESTEROV, "lr": 1.5}, r"above \(2 \+ 2μ\)/\(1 \+ 2μ\) = 1.38"),
        ({"method": GRADIENT, "lr": 2.0}, "keeps its size for ever"),
        ({"method": NEWTON, "lr": 1.0}, "at once"),
        ({"method": NEWTON, "lr": 3.0}, "more than twice"),
        ({"lr": 0.0}, "nothing moves"),
    ],
)
def test_what_is_said_of_the_outcome(settings, words):
    assert re.search(words, outcome(compute(DescentParameters(**settings))))


def test_the_steps_that_are_announced_are_those_that_it_takes():
    result = compute(DescentParameters(GRADIENT, lr=1.0, kappa=10, theta1=0.9, theta2=0.42))
    steps = int(re.search(r"after about (\d+) steps", outcome(result))[1])
    sizes = np.abs(result.components[:, 0]) / np.abs(result.components[0, 0])
    assert sizes[steps] <= 0.01 < sizes[steps - 1]


@pytest.mark.parametrize("method", METHODS)
def test_the_code_that_is_shown_walks_the_path_that_is_shown(method):
    widget = QuadraticDescent(method=method, lr=0.7, momentum=0.65, kappa=5)
    shown = html.unescape(re.search(r"<pre[^>]*>(.*)</pre>", widget.code.value, re.DOTALL)[1])
    assert shown == code_lines(widget.current_parameters())
    names = {"np": np}
    exec(shown, names)
    np.testing.assert_allclose(names["theta"], widget._result.path[-1], atol=1e-4)


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"lr": 4.1}, "lr"),
        ({"hessian": OWN, "h11": 30, "h12": 0, "h22": 1, "lr": 0.2}, "lr"),
        ({"momentum": 1.0}, "momentum"),
        ({"theta1": 1.9, "theta2": 1.9}, "theta1 and theta2"),
        ({"step": 61}, "step"),
        ({"kappa": 0.5}, "kappa"),
    ],
)
def test_settings_out_of_range_are_refused_by_name(settings, name):
    with pytest.raises(ValueError, match=f"^{name} must"):
        DescentParameters(**settings)


@pytest.mark.parametrize("plane", ["start", "components"])
def test_the_start_is_dragged_in_either_plane_and_both_follow(plane):
    widget = QuadraticDescent()
    artist, before = widget._artists["plane path"], widget.picture.png
    handles = {handle["name"]: handle for handle in widget.picture.handles}
    left, top, right, bottom = handles[plane]["box"]
    widget._moved(plane, (left + right) / 2 + 40, widget.picture.height - (top + bottom) / 2, True)
    start = 40 * 4.6 / (right - left)
    along = widget._result.components[0] if plane == "components" else widget._result.path[0]
    assert along == pytest.approx([start, 0], abs=1e-6)
    np.testing.assert_allclose(
        widget._result.path[0] @ widget._result.eigenvectors, widget._result.components[0], atol=1e-12
    )
    assert widget._artists["plane path"] is artist
    assert widget.picture.png != before


def test_the_start_stays_within_reach():
    widget = QuadraticDescent()
    for plane in ("start", "components"):
        widget._moved(plane, 9000.0, 9000.0, True)
        assert np.hypot(*widget._result.path[0]) == pytest.approx(2)


def quarter_of_the_map(widget):
    left, _, right, _ = next(handle["box"] for handle in widget.picture.handles if handle["name"] == "probe")
    return left + (right - left) / 4


def test_the_probe_sets_rate_and_momentum_and_stays_on_the_map():
    widget = QuadraticDescent()
    widget._moved("probe", quarter_of_the_map(widget), 0.0, True)
    assert widget.controls["lr"].value == pytest.approx(1.0)
    assert widget.controls["momentum"].value == 0
    widget._moved("probe", 9000.0, 9000.0, True)
    assert widget.current_parameters().lr == pytest.approx(4)
    assert widget.current_parameters().momentum == LARGEST_MOMENTUM


def test_without_momentum_the_probe_moves_along_the_bottom():
    widget = QuadraticDescent(method=GRADIENT, momentum=0.5)
    widget._moved("probe", quarter_of_the_map(widget), 300.0, True)
    assert widget._result.probe == pytest.approx((1, 0))
    assert widget.current_parameters().momentum == 0.5


@pytest.mark.parametrize("method", [GRADIENT, NEWTON])
def test_who_moves_the_slider_of_momentum_gets_momentum(method):
    widget = QuadraticDescent(method=method, lr=0.7)
    widget.controls["momentum"].value = 0.4
    assert widget.controls["method"].value == MOMENTUM
    # a share of Newton's step is no rate: it begins again at 1/λ₂
    assert widget._result.probe == pytest.approx((1.0 if method == NEWTON else 0.7, 0.4))


def test_a_click_gives_the_best_rate_without_momentum():
    widget = QuadraticDescent(kappa=10.0)
    widget.controls["best rate"].click()
    assert widget.current_parameters().method == widget.controls["method"].value == GRADIENT
    assert widget.controls["lr"].value == pytest.approx(2 / 1.1)
    np.testing.assert_allclose(widget._result.factors, 9 / 11)


@pytest.mark.parametrize(
    ("method", "goes_to"), [(GRADIENT, MOMENTUM), (MOMENTUM, MOMENTUM), (NESTEROV, NESTEROV)]
)
def test_a_click_gives_the_best_pair(method, goes_to):
    widget = QuadraticDescent(method=method)
    widget.controls["best pair"].click()
    assert widget.current_parameters().method == goes_to
    assert widget._result.factors.max() == pytest.approx(widget._result.best_pair.factor, rel=1e-6)


def test_where_there_is_no_best_the_buttons_say_why_and_change_nothing():
    widget = QuadraticDescent(lr=0.5, **INDEFINITE)
    before = widget.current_parameters()
    widget.controls["best pair"].click()
    assert "There is no best rate: λ₁ = −0.5 must be above 0" in widget.message.value
    assert widget.current_parameters() == before


def test_a_touched_hessian_is_taken_up_and_the_probe_stays():
    widget = QuadraticDescent(lr=1.2)
    widget.controls["h11"].value = 12
    assert widget.controls["hessian"].value == OWN
    assert widget._result.hessian[0, 0] == pytest.approx(12)
    assert widget._result.probe == pytest.approx((1.2, 0.8))
    assert widget.controls["lr"].max == pytest.approx(largest_rate(widget.current_parameters()))
    widget.controls["kappa"].value = 50
    assert widget.controls["hessian"].value == RAVINE
    assert widget._result.probe == pytest.approx((1.2, 0.8))
    assert widget.controls["lr"].max == pytest.approx(4)


def test_newton_begins_with_a_whole_step_and_leaving_it_with_a_rate_that_converges():
    widget = QuadraticDescent(hessian=OWN, h11=20.0, h12=0.0, h22=1.0, lr=0.01)
    widget.controls["method"].value = NEWTON
    assert widget.controls["lr"].value == 1
    assert "at once" in widget.message.value
    widget.controls["method"].value = GRADIENT
    assert widget.controls["lr"].value == pytest.approx(1 / 20)
    assert "Converges" in widget.message.value


def test_a_hessian_that_newton_cannot_use_is_explained():
    widget = QuadraticDescent(method=NEWTON, hessian=OWN, lr=1.0)
    before = widget._result
    widget.controls["h22"].value = 1 / 3
    assert "one of them is 0" in widget.message.value
    assert widget._result is before


def test_table_and_alt_text_follow():
    widget = QuadraticDescent(method=GRADIENT, lr=1.5)
    assert "oscillation, 2 steps a turn" in widget.table.value
    assert "oscillation, 2 steps a turn" in widget.picture.alt
    widget.controls["lr"].value = 0.5
    assert "decay" in widget.table.value
    assert widget.picture.alt.count("decay") == 2
    light = widget.table.value
    widget.picture.dark = True
    assert widget.table.value != light
    widget.controls["step"].value = 9
    assert "Step 9: θ" in widget.table.value


@pytest.mark.parametrize("settings", [INDEFINITE, {"hessian": OWN, "h11": 0.0, "h12": 0.0, "h22": 0.0}])
def test_hessians_without_a_minimum_are_drawn(settings):
    widget = QuadraticDescent(method=GRADIENT, lr=0.5, **settings)
    assert widget.picture.png.startswith(b"\x89PNG")
    # what diverges is cut off where it has left the picture
    widget.controls["lr"].value = 3.9
    assert np.abs(widget._artists["plane path"].get_data()).max() < 1e3
