"""Lecture 02: each claim of its text is what the cell beside it prints, or what its widget computes."""

import re

import numpy as np
import pytest

from course_lib.widgets.quadratic_paths import (
    GRADIENT,
    MOMENTUM,
    NESTEROV,
    NEWTON,
    OWN,
    DescentParameters,
    compute,
)
from course_lib.widgets.quadratic_words import outcome

NUMBER = r"([\d.,e+−-]+)"
SADDLE = {"hessian": OWN, "h11": 1.0, "h12": 2.0, "h22": 1.0}


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("02_gradient_descent_and_momentum")


def numbers(pattern, text):
    found = [row if isinstance(row, tuple) else (row,) for row in re.findall(pattern, text)]
    assert found, f"nothing like {pattern!r} in {text!r}"
    return np.array([[float(value.replace(",", "").replace("−", "-")) for value in row] for row in found])


def table(lecture, cell_id):
    """The numbers that a cell printed below one line of headings, as an array."""
    return np.array([line.split() for line in lecture.printed(cell_id).splitlines()[1:]], dtype=float)


def steps_to_a_hundredth(**settings):
    return int(re.search(r"after about (\d+) step", outcome(compute(DescentParameters(**settings))))[1])


@pytest.mark.slow
def test_descent_goes_down_and_slip_1_climbs_at_every_rate(lecture):
    above = numbers(rf"above the minimum {NUMBER}", lecture.printed("descend"))[:, 0]
    assert (np.diff(above) < 0).all()
    assert above[-1] < 1e-6
    for line in lecture.printed("beware-sign-shown").splitlines():
        costs = [float(cost) for cost in line.split("J =")[1].split()]
        assert costs == sorted(costs)
        assert costs[1] > costs[0]


@pytest.mark.slow
def test_one_factor_per_eigenvector(lecture):
    text = lecture.printed("factors-shown")
    assert "formula (2.4): True" in text
    assert text.count(", decay") == 4
    assert text.count(", damped oscillation") == 1
    limit, steepest = (
        lecture.number(rf"2/λₙ = {NUMBER}", "factors-shown"),
        numbers(rf"λ = {NUMBER}:", text).max(),
    )
    assert limit == pytest.approx(2 / steepest, abs=1e-3)


@pytest.mark.slow
def test_slip_11_one_step_and_for_ever(lecture):
    rows = {line.split(":")[0]: line for line in lecture.printed("beware-exact-shown").splitlines()}
    assert "step 50:  0.0e+00   one step" in rows["αλ = 1.0"]
    assert "step 50:  1.0e+00   endless oscillation" in rows["αλ = 2.0"]


@pytest.mark.slow
def test_the_condition_number_is_the_price(lecture):
    rows = table(lecture, "ravines-counted")
    np.testing.assert_allclose(rows[:, 4], np.ceil(rows[:, 3]), atol=1)
    large = rows[rows[:, 0] >= 100]
    np.testing.assert_allclose(large[:, 4], large[:, 0] / 2 * np.log(1e6), rtol=1e-3)


@pytest.mark.slow
def test_preparing_the_inputs_widens_the_ravine(lecture):
    kappas = {}
    for line in lecture.printed("inputs-shown").splitlines()[1:]:
        name, _, _, kappa, steps = re.split(r" {2,}", line.strip())
        kappas[name] = float(kappa.replace(",", ""))
        assert float(steps.replace(",", "")) == pytest.approx(kappas[name] / 2 * np.log(1e6), rel=1e-2)
    assert kappas["raw"] == pytest.approx(1.6e8, rel=0.05)
    assert kappas["centred and scaled"] == 64
    assert kappas["raw"] / kappas["centred and scaled"] > 2e6
    alone = (kappas["centred"], kappas["scaled"])
    assert kappas["centred and scaled"] < kappas["all from 0 to 1"] < min(alone) < max(alone) < kappas["raw"]
    lowest = numbers(rf"lowest cost {NUMBER}", lecture.printed("inputs-run"))
    assert len(lowest) == 5
    assert np.ptp(lowest) == 0


@pytest.mark.slow
def test_the_numbers_of_the_training_data_are_to_be_used(lecture):
    text = lecture.printed("beware-fit-shown")
    right, wrong = numbers(r"deviation: (\d+)%", text)[:, 0]
    assert right > 85
    assert wrong < 50


@pytest.mark.slow
def test_tanh_makes_a_rounder_bowl_than_the_logistic_function(lecture):
    (logistic, tanh) = numbers(rf"κ = +{NUMBER}", lecture.printed("hidden-shown"))[:, 0]
    assert logistic / tanh == pytest.approx(90, abs=4)


@pytest.mark.slow
def test_slip_6_the_terminal_velocity(lecture):
    rows = numbers(
        rf"μ = {NUMBER}: velocity {NUMBER}; .* = {NUMBER}; .*: {NUMBER}",
        lecture.printed("beware-terminal-shown"),
    )
    np.testing.assert_allclose(rows[:, 1], -0.2 / (1 - rows[:, 0]), atol=1e-4)
    np.testing.assert_allclose(rows[:, 1], rows[:, 2])
    np.testing.assert_allclose(rows[:, 1] - rows[:, 3], -0.2, atol=1e-4, err_msg="one step too little")


@pytest.mark.slow
def test_without_damping_it_swings_for_ever(lecture):
    undamped, little, more = numbers(rf"steps: {NUMBER}", lecture.printed("damping-shown"))[:, 0]
    assert undamped == pytest.approx(1, abs=0.05)
    assert more < little < 1e-3


@pytest.mark.slow
def test_three_forms_of_momentum_are_one(lecture):
    average, outside, same_rate = numbers(rf"at most {NUMBER}", lecture.printed("forms-shown"))[:, 0]
    assert max(average, outside) < 1e-12
    assert same_rate > 0.1


@pytest.mark.slow
def test_slip_3_the_weights_of_the_average(lecture):
    rows = numbers(rf"mean +{NUMBER}, standard deviation {NUMBER}", lecture.printed("beware-average-shown"))
    right, no_share, exchanged, lost_sign = rows
    assert right[0] == pytest.approx(1, abs=0.03)
    assert right[1] < exchanged[1] / 3
    assert exchanged[0] == pytest.approx(1, abs=0.03)
    assert no_share[0] == pytest.approx(10 * right[0], rel=0.02)
    assert lost_sign[0] == pytest.approx(19 * right[0], rel=0.02)


@pytest.mark.slow
def test_a_hundredth_of_the_rate_keeps_the_shape_of_the_swing(lecture):
    rows = numbers(
        rf"velocity {NUMBER} of .* overshoots to {NUMBER}, .* step {NUMBER}",
        lecture.printed("compensate-shown"),
    )
    assert rows[2, 0] == rows[0, 0]
    assert rows[1, 0] == pytest.approx(10 * rows[0, 0])
    assert rows[3, 1] == pytest.approx(rows[0, 1], abs=0.02)
    assert rows[1, 1] < rows[2, 1] < rows[0, 1] - 0.2


@pytest.mark.slow
def test_the_factor_is_the_root_of_mu_and_kappa_becomes_its_root(lecture):
    text = lecture.printed("rates-shown")
    assert "library agrees: True" in text
    inside = numbers(rf"radius {NUMBER}, between", text)[:, 0]
    assert inside == pytest.approx(0.9)
    assert (numbers(rf"radius {NUMBER}, outside", text)[:, 0] > 0.99).all()
    kappa, slow, counted_slow, fast, counted_fast = table(lecture, "rates-counted").T
    np.testing.assert_allclose(counted_slow, slow, atol=1)
    np.testing.assert_allclose(fast, np.sqrt(kappa) / 2 * np.log(1e6), rtol=0.05)
    assert ((fast < counted_fast) & (counted_fast < 1.6 * fast)).all()


@pytest.mark.slow
def test_a_component_may_grow_first(lecture):
    assert lecture.number(rf"component is {NUMBER} times", "beware-hump-shown") > 10
    ratios = numbers(rf"step \d+: {NUMBER}", lecture.printed("beware-hump-shown"))[:, 0]
    factor = lecture.number(rf"factor a step {NUMBER};", "beware-hump-shown")
    assert (np.diff(ratios) < 0).all()
    assert ratios[0] > 1
    assert ratios[-1] == pytest.approx(factor, abs=3e-3)


@pytest.mark.slow
def test_both_forms_of_nesterov_are_one_and_its_limit_falls(lecture):
    assert lecture.number(rf"in 100 steps: {NUMBER};", "nesterov-shown") < 1e-12
    assert lecture.number(rf"at the end: {NUMBER}", "nesterov-shown") > 1e-9
    text = lecture.printed("beware-nesterov-shown")
    limits = numbers(rf"below {NUMBER} with momentum, below {NUMBER} with", text)
    assert (np.diff(limits[:, 0]) > 0).all()
    assert (np.diff(limits[:, 1]) < 0).all()
    momentum, nesterov = numbers(rf"100 steps {NUMBER}", text)[:, 0]
    assert momentum < 0.01 < 1e6 < nesterov


@pytest.mark.slow
def test_the_best_setting_of_nesterov_leaves_what_the_formula_says(lecture):
    text = lecture.printed("nesterov-rates-shown")
    assert "of (2.20): True" in text
    rows = numbers(rf"α\* = {NUMBER}, μ\* = {NUMBER}; largest \|r\| {NUMBER}, by \(2.23\) {NUMBER}", text)
    assert rows[0] == pytest.approx([1.3115, 0.5923, 0.7439, 0.7439])
    np.testing.assert_array_equal(rows[:, 2], rows[:, 3])


@pytest.mark.slow
def test_momentum_may_run_in_a_circle_where_nesterov_arrives(lecture):
    momentum, nesterov = (
        [float(value) for value in line.split("points")[1].split()]
        for line in lecture.printed("beware-quadratic-shown").splitlines()
    )
    assert momentum[:3] == momentum[3:]
    assert np.ptp(momentum) > 3
    assert np.abs(nesterov).max() == 0


@pytest.mark.slow
def test_newton_needs_one_step_on_raw_inputs_and_fails_at_saddles_and_far_away(lecture):
    above = numbers(rf"above its minimum {NUMBER}", lecture.printed("newton-shown"))[:, 0]
    assert above[0] > 0.3
    assert np.abs(above[1:]).max() < 1e-9
    plain, damped = lecture.printed("newton-saddle").splitlines()
    assert "θ = (0.00, 0.00)" in plain
    assert numbers(rf"θ = \({NUMBER}, {NUMBER}\)", damped)[0, 1] > 0.3
    singular = lecture.printed("newton-singular")
    assert "corner 1: hessian must be invertible" in singular
    assert numbers(rf"to \[{NUMBER}\. +{NUMBER}\]", singular)[0] == pytest.approx([-10000, 10000.3])
    rows = numbers(rf"from 1.1:{5 * f' +{NUMBER}'}", lecture.printed("beware-newton-shown"))[0]
    np.testing.assert_allclose(rows[1:], -(rows[:-1] ** 3), rtol=1e-3)
    assert "from 0.9: +0.9000  -0.7290  +0.3874  -0.0581  +0.0002" in lecture.printed("beware-newton-shown")


@pytest.mark.slow
def test_two_curvatures_predict_the_experiment(lecture):
    text = lecture.printed("experiment-shown")
    rows = numbers(rf"predicted +{NUMBER} steps, counted +{NUMBER}", text)
    assert ((rows[:, 1] / rows[:, 0] > 0.5) & (rows[:, 1] / rows[:, 0] < 1.25)).all()
    (plain, momentum, _), (prepared_plain, prepared_momentum, _) = rows[:, 1].reshape(2, 3)
    kappas = numbers(rf"κ = {NUMBER}", text)[:, 0]
    assert np.sqrt(kappas) == pytest.approx([143, 17], abs=0.5)
    assert plain == pytest.approx(48000, rel=0.02)
    assert plain / momentum == pytest.approx(100, rel=0.1)
    assert plain / prepared_plain == pytest.approx(100, rel=0.1)
    assert prepared_plain / prepared_momentum == pytest.approx(8, abs=0.5)
    assert prepared_momentum == 64
    assert numbers(r"method +counted (\d+)", text)[:, 0].tolist() == [5, 5]
    share, steps = numbers(rf"component has {NUMBER}: {NUMBER} steps", lecture.printed("experiment-share"))[0]
    assert (share, steps) == (0.0019, 534)
    assert prepared_plain == 509
    gone = numbers(rf"takes off {NUMBER}%", lecture.printed("experiment-walked"))[:, 0]
    assert np.round(gone).tolist() == [96, 96, 98, 79]
    # What the figure's alt text says of the centred and scaled inputs.
    assert rows[4:, 1].tolist() == [64, 79]


def test_answers_to_the_first_widget_are_true():
    best = compute(DescentParameters(GRADIENT, lr=1.0, kappa=20)).best_plain.lr
    assert compute(DescentParameters(GRADIENT, lr=best, kappa=20)).factors == pytest.approx(0.905, abs=5e-4)
    assert steps_to_a_hundredth(method=GRADIENT, lr=best, kappa=20) == 47
    best = compute(DescentParameters(GRADIENT, lr=1.0, kappa=100)).best_plain.lr
    assert compute(DescentParameters(GRADIENT, lr=best, kappa=100)).factors == pytest.approx(0.980, abs=5e-4)
    assert steps_to_a_hundredth(method=GRADIENT, lr=best, kappa=100) == 231
    assert compute(DescentParameters(GRADIENT, lr=1.0, kappa=20)).factors == pytest.approx([0.95, 0])
    saddle = compute(DescentParameters(GRADIENT, lr=0.4, **SADDLE))
    assert saddle.eigenvalues[0] == pytest.approx(-1)
    assert saddle.factors[0] == pytest.approx(1.4)


def test_answers_to_the_second_widget_are_true():
    edge = (1 - np.sqrt(1.2 / 20)) ** 2
    assert edge == pytest.approx(0.57, abs=5e-3)
    below, above = (compute(DescentParameters(MOMENTUM, lr=1.2, momentum=edge + d)) for d in (-0.01, 0.01))
    assert below.regimes == ("decay", "damped oscillation")
    assert above.regimes == ("damped oscillation", "damped oscillation")
    at_edge = compute(DescentParameters(MOMENTUM, lr=1.2, momentum=edge)).factors.max()
    assert at_edge == pytest.approx(0.755, abs=5e-4)
    assert at_edge < min(below.factors.max(), above.factors.max())
    pair = above.best_pair
    assert (pair.lr, pair.momentum, pair.factor) == pytest.approx((2.67, 0.40, 0.635), abs=5e-3)
    assert steps_to_a_hundredth(method=MOMENTUM, lr=pair.lr, momentum=pair.momentum) == 11
    nesterov = compute(DescentParameters(NESTEROV, lr=0.9, momentum=0.8))
    assert nesterov.factors == pytest.approx([0.874, 0.283], abs=5e-4)
    assert compute(DescentParameters(MOMENTUM, lr=0.9, momentum=0.8)).factors == pytest.approx(
        0.894, abs=5e-4
    )
    newton = compute(DescentParameters(NEWTON, lr=1.0, **SADDLE))
    assert np.abs(newton.path[1:]).max() < 1e-12
    assert steps_to_a_hundredth(method=MOMENTUM, lr=1.2, momentum=0.99) == 917
