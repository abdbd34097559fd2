"""Lecture 01: each claim of its text is what the cell beside it prints."""

import re

import numpy as np
import pytest

from course_lib import geometry

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("01_cost_surfaces")


def test_nothing_but_guessing_costs_ln_10(lecture):
    assert lecture.number(r"all weights 0: ([\d.]+)", "softmax-regression") == pytest.approx(2.3026, abs=1e-4)


def test_half_the_step_an_eighth_of_the_error(lecture):
    ratios = lecture.printed("second-order-shown").splitlines()[-1].split(":")[1].split()
    assert [float(ratio) for ratio in ratios][-2:] == pytest.approx([8, 8], abs=0.1)
    assert lecture.number(r"from the formula: ([\d.e+-]+)", "second-order-shown") < 1e-3


def test_the_order_of_derivatives_matters_where_they_are_not_continuous(lecture):
    assert lecture.number(r"first x, then y: ([\d.+-]+)", "beware-clairaut-shown") == -1
    assert lecture.number(r"first y, then x: ([\d.+-]+)", "beware-clairaut-shown") == 1


def test_the_spectrum_gives_back_the_hessian_and_its_curvatures(lecture):
    text = lecture.printed("curvature-shown")
    assert text.count("True") == 2
    assert "False" not in text


def test_a_zero_second_derivative_decides_nothing(lecture):
    rows = re.findall(
        r"second derivative ([\d.e+-]+); left ([\d.e+-]+), right ([\d.e+-]+)",
        lecture.printed("beware-degenerate-shown"),
    )
    values = np.array(rows, dtype=float)
    assert np.abs(values[:, 0]).max() < 1e-6
    assert np.sign(values[:, 1:]).tolist() == [[1, 1], [-1, -1], [-1, 1]]
    assert "positive definite → not critical" in lecture.printed("beware-degenerate-shown")


def test_slip_15_a_composition_of_convex_functions_need_not_be_convex(lecture):
    cell = "beware-composition-shown"
    assert lecture.number(r"\(x² − 1\)²: the chord from .* runs ([\d.]+) below it", cell) > 0.9
    second = lecture.number(r"below it; second derivative at 0: (-?[\d.]+)", cell)
    assert second == pytest.approx(-4, abs=0.01)
    assert "x² − 1: no chord found below it; second derivative at 0: 2.00" in lecture.printed(cell)


def test_models_without_hidden_units_are_convex_and_the_net_is_not(lecture):
    text = lecture.printed("models-tried")
    for name in ("linear", "logistic", "softmax"):
        assert re.search(rf"{name} .*none runs below", text)
    assert lecture.number(r"hidden layer .*refuted, by ([\d.]+)", "models-tried") > 0.05


def test_gradients_agree_with_differences(lecture):
    pairs = re.findall(r"direction (-?[\d.]+), by differences (-?[\d.]+)", lecture.printed("models-checked"))
    assert len(pairs) == 2
    for by_formula, by_differences in pairs:
        assert float(by_formula) == pytest.approx(float(by_differences), abs=2e-5)


def test_a_convex_cost_may_have_no_minimum(lecture):
    text = lecture.printed("beware-convex-shown")
    assert "100.0 % of the training digits are right" in text
    falling = [float(cost) for cost in re.findall(r"× \d+: ([\d.e+-]+)", text)]
    assert falling == sorted(falling, reverse=True)
    assert falling[-1] < 1e-6
    assert lecture.number(r"cost changes by ([\d.e+-]+)", "beware-convex-shown") < 1e-12


def test_permuted_nets_are_as_good_and_their_average_is_worse_than_guessing(lecture):
    text = lecture.printed("hidden-shown")
    low, high = map(float, re.search(r"120 copies; their costs: ([\d.]+) to ([\d.]+)", text).groups())
    assert low == high < 0.2
    assert "mean of all copies: True" in text
    assert lecture.number(r"cost of the average: ([\d.]+)", "hidden-shown") > np.log(10)
    assert "True" in lecture.printed("beware-average-shown")


def test_a_push_grows_as_the_formula_says(lecture):
    rows = re.findall(r"formula +([\d.]+) steps, counted (\d+)", lecture.printed("saddles-shown"))
    assert len(rows) == 3
    for predicted, counted in rows:
        assert 0 <= int(counted) - float(predicted) <= 1
    assert re.search(
        r"push 0e\+00: .* counted None; after 500 steps θ₂ = 0e\+00", lecture.printed("saddles-shown")
    )


def test_equal_units_stay_equal_and_zero_weights_stay_at_a_saddle(lecture):
    text = lecture.printed("zero-init-shown")
    best = lecture.number(r"biases alone can do: ([\d.]+)", "zero-init-shown")
    assert lecture.number(r"start zero +cost ([\d.]+)", "zero-init-shown") == best
    assert lecture.number(r"start random +cost ([\d.]+)", "zero-init-shown") < 0.5
    assert re.search(r"start all 0\.1 .*units differ by 0\n", text)
    saddle = lecture.printed("zero-saddle-shown")
    assert ": saddle; eigenvalues from -0." in saddle
    steps = [float(cost) for cost in re.findall(r"step \d+: ([\d.]+)", saddle)]
    assert steps == sorted(steps, reverse=True)
    assert steps[-1] < best - 0.3


def test_logistic_units_leave_zero_weights_but_stay_equal(lecture):
    cell = "zero-init-logistic"
    assert lecture.number(r"W₂\| has become ([\d.]+)", cell) > 1
    assert lecture.number(r"differ by ([\d.e+-]+) in W₁", cell) < 1e-12
    assert lecture.number(r"and by ([\d.e+-]+) in W₂", cell) < 1e-12


def test_squared_error_is_flat_where_cross_entropy_is_steep(lecture):
    assert "= 0-1 loss: True" in lecture.printed("plateaux-shown")
    cell = "plateaux-drawn"
    assert lecture.number(r"0-1 loss +slope at s = −5: ([\d.e+-]+)", cell) == 0
    assert abs(lecture.number(r"squared error +slope at s = −5: ([\d.e+-]+)", cell)) < 0.01
    assert lecture.number(r"cross-entropy / 10 +slope at s = −5: ([\d.e+-]+)", cell) < -0.1


def test_a_saturated_unit_learns_slowly_and_a_dead_one_not_at_all(lecture):
    rows = {line.split()[0]: line for line in lecture.printed("units-shown").splitlines()}
    saturated = [float(value) for value in re.findall(r": ([\d.e+-]+)", rows["sigmoid"])]
    dead = [float(value) for value in re.findall(r": ([\d.e+-]+)", rows["relu"])]
    assert all(0 < later < 0.1 * earlier for earlier, later in zip(saturated, saturated[1:]))
    assert dead[0] > 0
    assert dead[1:] == [0, 0, 0]
    assert lecture.number(r"large rate changed by ([\d.]+)", "beware-dead-shown") == 0
    assert lecture.number(r"sigmoid: weights changed by ([\d.]+)", "beware-dead-shown") > 0


def test_softmax_regression_has_no_negative_eigenvalue_and_the_net_has(lecture):
    number = r"([\d.e+-]+)"
    rows = re.findall(
        rf"(softmax|net), (\w+) +{number} +{number} +(\d+) +(\d+) +(\d+)", lecture.printed("experiment-shown")
    )
    negative = {(model, when): int(row[2]) for model, when, *row in rows}
    assert negative["softmax", "start"] == negative["softmax", "trained"] == 0
    assert negative["net", "start"] > negative["net", "trained"] > 0
    assert lecture.number(r"blank in all pictures: (\d+)", "experiment-shown") == 9
    zeros = [int(row[3]) for model, _, *row in rows if model == "softmax"]
    assert all(146 <= count < 200 for count in zeros)
    assert lecture.number(r"largest gap ([\d.e+-]+)", "experiment-formula") < 1e-7


def test_the_answer_about_a_narrow_dent_holds():
    # Exercise 8: 1000 random points hardly ever see it, though it is not convex.
    def dent(x):
        return x[0] ** 2 - 1e-6 * np.exp(-1e8 * (x[0] - 0.123) ** 2)

    passed = [
        geometry.is_convex_by_hessian(dent, np.random.default_rng(seed).uniform(-100, 100, size=(1000, 1)))
        for seed in range(10)
    ]
    assert all(passed)
    u2 = np.linspace(-1e-3, 1e-3, 200001) ** 2
    bend = 2 + 200 * (1 - 2e8 * u2) * np.exp(-1e8 * u2)
    assert (bend.min(), bend.max()) == pytest.approx((-87, 202), abs=0.5)
    rim = 2e-3 * np.mean(bend < 0)
    assert 1 - (1 - rim / 200) ** 1000 == pytest.approx(0.002, abs=1e-4)
