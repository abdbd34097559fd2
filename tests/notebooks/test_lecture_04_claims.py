"""Lecture 04: each claim of its text is what the cell beside it prints, and what the race shows."""

import re

import numpy as np
import pytest

from course_lib.widgets.optimiser_race_courses import FEW_TELL
from course_lib.widgets.optimiser_race_runs import RUNNERS, RaceParameters, compute

slow = pytest.mark.slow
NUMBER = r"([-+−]?[\d.]+(?:e[-+]\d+)?)"


@pytest.fixture(scope="module")
def lecture(run_lecture):
    return run_lecture("04_adaptive_optimisers")


@slow
def test_gradients_in_one_layer_differ_by_more_than_a_hundred(lecture):
    cell = "pixel-gradients"
    seldom = lecture.number(rf"less than 2 % of the pictures: on average {NUMBER}", cell)
    often = lecture.number(rf"more than 80 %: {NUMBER}", cell)
    assert often > 100 * seldom > 0
    assert lecture.number(r"never have ink: their weights get gradient ([\d.]+)", cell) == 0
    assert lecture.number(r"largest / smallest that is not 0: (\d+)", cell) > 100


@slow
def test_a_thousandfold_cost_is_nothing_to_adam_and_too_much_for_descent(lecture):
    rows = re.findall(
        rf"× +(\d+): (\w+) +after 60 steps at \({NUMBER}, {NUMBER}\)", lecture.printed("scale-free")
    )
    ends = {(name, scale): [float(x), float(y)] for scale, name, x, y in rows}
    assert ends["Adam", "1"] == ends["Adam", "1000"]
    assert np.abs(ends["SGD", "1"]).max() < 1
    assert np.abs(ends["SGD", "1000"]).min() > 1e6


@slow
def test_the_axes_matter_to_adagrad_alone(lecture):
    rows = re.findall(
        rf"(\w+) +cost .* axes {NUMBER}, turned {NUMBER}", lecture.printed("beware-basis-shown")
    )
    costs = {name: (float(along), float(turned)) for name, along, turned in rows}
    assert costs["SGD"][0] == costs["SGD"][1]
    assert costs["AdaGrad"][1] > 1e4 * costs["AdaGrad"][0]


@slow
def test_adagrad_gives_rare_pixels_a_higher_rate(lecture):
    cell = "adagrad-rates"
    rare = lecture.number(rf"of rare pixels: {NUMBER}", cell)
    assert rare > 50 * lecture.number(rf"mostly have ink: {NUMBER}", cell)


@slow
def test_adagrads_step_fades_and_its_way_grows_with_the_root(lecture):
    rows = re.findall(
        rf"step +\d+: {NUMBER} and {NUMBER}; α/√t = {NUMBER}", lecture.printed("adagrad-fades-shown")
    )
    assert len(rows) == 4
    for row in rows:
        assert len(set(row)) == 1
    cell = "adagrad-fades-shown"
    way, formula = lecture.number(rf"steps: {NUMBER}", cell), lecture.number(rf"2α√T = {NUMBER}", cell)
    assert way == pytest.approx(formula, rel=0.01)


@slow
def test_twice_as_far_takes_adagrad_four_times_as_long(lecture):
    cell = "beware-fading-shown"
    rows = re.findall(r"distance \d: (\d+) steps; \(D/2α\)² = (\d+)", lecture.printed(cell))
    assert len(rows) == 3
    for counted, formula in rows:
        assert 1 <= int(counted) / int(formula) < 1.2
    text = lecture.printed("beware-fading-wild")
    ways = re.findall(rf"way in \d+ steps: {NUMBER}; with .* 100: {NUMBER}", text)
    (soon, soon_slowed), (late, late_slowed) = np.array(ways, dtype=float)
    assert soon_slowed < 0.3 * soon
    assert late_slowed > 0.5 * late, "not for ever"


@slow
@pytest.mark.parametrize("rho", ["0.9", "0.99"])
def test_rmsprop_begins_too_long_and_ends_at_the_rate(lecture, rho):
    row = re.search(
        rf"ρ = {rho}: first step {NUMBER}, tenth {NUMBER}, last {NUMBER}", lecture.printed("rmsprop-shown")
    )
    first, _, last = map(float, row.groups())
    assert first == pytest.approx(0.01 / np.sqrt(1 - float(rho)), abs=1e-4)
    assert last == 0.01


@slow
def test_rmsprop_hops_by_half_the_rate_to_both_sides(lecture):
    for alpha, row in zip((0.1, 0.01), lecture.printed("beware-settle-shown").splitlines()):
        places = [float(number) for number in re.findall(r"-?\d\.\d+", row.split("are")[1])]
        np.testing.assert_allclose(np.abs(places), alpha / 2, rtol=1e-3)
        assert np.sign(places[0]) == -np.sign(places[1])
    assert lecture.number(rf"Adam, .* farther off than {NUMBER}", "beware-settle-shown") < 1e-40


@slow
def test_slip_3_shares_exchanged_or_left_out(lecture):
    rows = re.findall(
        rf"mean +{NUMBER}, standard deviation {NUMBER}", lecture.printed("beware-average-shown")
    )
    (right, noise), (exchanged, loud), (total, _) = np.array(rows, dtype=float)
    assert right == pytest.approx(1, abs=0.05)
    assert noise == pytest.approx(np.sqrt(0.1 / 1.9), abs=0.02)
    assert exchanged == pytest.approx(1, abs=0.05)
    assert loud == pytest.approx(np.sqrt(0.9 / 1.1), abs=0.03)
    assert total == pytest.approx(10, abs=0.5)


@slow
def test_uncorrected_steps_are_too_long_for_long(lecture):
    cell = "start-shown"
    assert lecture.number(r"first step: ([\d.]+) α", cell) == 3.16
    assert lecture.number(r"longest: ([\d.]+) α", cell) == 6.57
    assert lecture.number(r"in step (\d+)", cell) == 12
    assert lecture.number(r"too long: (\d+)", cell) == 1750


@slow
def test_the_correction_saves_the_start_on_real_digits(lecture):
    rows = re.findall(
        rf"highest loss +{NUMBER}, mean of epoch 5: {NUMBER}; dead units: (\d+), at the start (\d+)",
        lecture.printed("correction-compared"),
    )
    (high, end, few, first), (wild, late, most, _) = np.array(rows, dtype=float)
    assert first == 6
    assert high < 2.6
    assert wild > 3
    assert end < 0.3 * late
    assert 96 / 3 < few < 96 / 2 + 8
    assert most > 80


@slow
def test_slip_2_steps_are_counted_from_1(lecture):
    assert lecture.printed("beware-count-shown").split() == [
        *("counted", "from", "0:", "nan"),
        *("counted", "from", "1:", "-0.01"),
    ]


@slow
def test_a_rare_informative_minibatch_leads_adam_the_wrong_way(lecture):
    rows = re.findall(
        rf"^(.+?) +after 20000 steps at {NUMBER}", lecture.printed("amsgrad-shown"), re.MULTILINE
    )
    ends = {name: float(end) for name, end in rows}
    assert ends["Adam"] > 0.9
    assert ends["AMSGrad"] < -0.5
    assert ends["Adam, β₂ = 0.9999"] < -0.9
    assert lecture.number(r"come (\d+) steps of −10", "amsgrad-shown") == 59
    assert lecture.number(rf"all are at {NUMBER}", "amsgrad-shown") == 1


@slow
def test_amsgrad_never_forgets_an_absurd_gradient(lecture):
    rows = re.findall(
        rf"(\w+) +step before: {NUMBER}, 500 later: {NUMBER}, 2900 later: {NUMBER}",
        lecture.printed("beware-amsgrad-shown"),
    )
    steps = {name: [float(number) for number in numbers] for name, *numbers in rows}
    assert steps["Adam"][2] == pytest.approx(0.01, rel=1e-2)
    assert steps["AMSGrad"][2] == steps["AMSGrad"][1] < 0.02 * steps["AMSGrad"][0]


@slow
def test_adamw_decays_all_weights_alike(lecture):
    rows = re.findall(rf"noise 1: {NUMBER}, noise 0.01: {NUMBER}", lecture.printed("adamw-shown"))
    (l2_loud, l2_faint), decoupled = np.array(rows, dtype=float)
    share = lecture.number(rf"\^3000 = {NUMBER}", "adamw-shown")
    np.testing.assert_allclose(decoupled, share, atol=0.02)
    assert l2_faint < 0.1 * l2_loud


@slow
def test_who_is_best_on_real_digits(lecture):
    rows = re.findall(
        rf"^(\w+) +{NUMBER} +{NUMBER} +{NUMBER} % +{NUMBER} +{NUMBER} +{NUMBER} %",
        lecture.printed("experiment-table"),
        re.MULTILINE,
    )
    table = {name: np.array(numbers, dtype=float).reshape(2, 3) for name, *numbers in rows}
    assert list(table) == ["SGD", "momentum", "AdaGrad", "RMSProp", "Adam"]
    loss = {name: numbers[:, 1] for name, numbers in table.items()}
    assert loss["Adam"][0] < loss["momentum"][0] < 1.2 * loss["Adam"][0]
    for name in ("SGD", "AdaGrad", "RMSProp"):
        assert loss["momentum"][0] < loss[name][0]
        assert loss["Adam"][1] < loss[name][1]
    for name in ("SGD", "momentum"):
        assert loss[name][1] > 3 * loss[name][0]
    for name in ("AdaGrad", "RMSProp", "Adam"):
        assert loss[name][1] < 2 * loss[name][0]
    for name, ((rate, _, right), (other, _, _)) in table.items():
        assert abs(np.log10(rate / other)) < 0.51, f"the best rate of {name} moves by one step of the grid"
        assert 95 < right < 98.5
    assert table["SGD"][0, 0] / table["Adam"][0, 0] == pytest.approx(30, rel=0.1)


@slow
def test_amsgrad_is_hardly_different_on_real_digits(lecture):
    rows = re.findall(rf"Adam {NUMBER}, AMSGrad {NUMBER}", lecture.printed("experiment-amsgrad"))
    assert len(rows) == 2
    for adam, amsgrad in rows:
        assert float(amsgrad) == pytest.approx(float(adam), rel=0.01)


@slow
def test_a_default_is_not_a_law(lecture):
    losses = [
        float(loss) for loss in re.findall(r"training loss ([\d.]+)", lecture.printed("beware-default-shown"))
    ]
    assert losses[0] > 5 * losses[1]


def ends(**settings):
    result = compute(RaceParameters(**settings))
    return result, {name: float(cost) for name, cost in zip(RUNNERS, result.costs[:, -1])}


def test_answer_1_a_turn_is_nothing_to_descent():
    (_, along), (_, turned) = ends(surface="ravine"), ends(surface="tilted ravine")
    for name in ("SGD", "momentum"):
        assert f"{along[name]:.2e}" == f"{turned[name]:.2e}"
    assert 1e-22 < along["AdaGrad"] < 1e-20
    assert 1e-4 < turned["AdaGrad"] < 1e-3
    assert 1e-15 < along["Adam"] < 1e-13
    assert 5e-6 < turned["Adam"] < 5e-5


def test_answer_2_who_leaves_a_plateau_and_a_saddle():
    result, costs = ends(surface="plateau", theta1=-3.0, theta2=-3.0, rate_sgd=0.1)
    assert min(costs["SGD"], costs["momentum"]) > 0.99
    assert max(cost for name, cost in costs.items() if name not in ("SGD", "momentum")) < 0.01
    assert result.moves[0].max() < 1e-7
    corner = compute(RaceParameters("plateau", -4.0, -4.0, rate_sgd=0.1))
    assert np.abs(corner.paths + 4).max() < 1e-3
    paths = compute(RaceParameters("saddle", rate_sgd=0.1)).paths
    steps = dict(zip(RUNNERS, (np.abs(paths[..., 1]) > 0.5).argmax(axis=1)))
    found = [int(steps[name]) for name in ("AdaGrad", "RMSProp", "Adam", "momentum", "SGD")]
    assert found == [2, 4, 11, 16, 43]
    ridge = compute(RaceParameters("saddle", 1.6, 0.0, rate_sgd=0.1))
    assert (ridge.paths[..., 1] == 0).all()


def test_answer_3_uncorrected_steps_on_the_bowl():
    moves = compute(RaceParameters("bowl")).moves
    ratio = moves[RUNNERS.index("Adam uncorrected")] / moves[RUNNERS.index("Adam")]
    np.testing.assert_allclose(ratio[0], 3.16, atol=0.01)
    assert ratio[9, 0] == pytest.approx(2.8, abs=0.05)
    assert ratio[9, 1] < ratio[9, 0]
    path = compute(RaceParameters("bowl")).paths[RUNNERS.index("Adam uncorrected")]
    np.testing.assert_allclose(path[10], (0.60, 0.62), atol=0.005)
    assert (path[6] > 0).any()
    assert (path[7] > 0).all()


def test_answer_4_adagrad_creeps_at_the_rate_of_the_others():
    result, costs = ends(surface="bowl", rate_adagrad=0.05)
    assert costs["AdaGrad"] == pytest.approx(0.07, abs=0.005)
    steps = result.moves[RUNNERS.index("AdaGrad"), :, 0] * np.sqrt(np.arange(1, 301)) / 0.05
    assert steps[99] == pytest.approx(1, abs=0.3)
    assert (np.diff(steps) < 0).all()


def test_answer_5_few_minibatches_tell():
    settings = {"surface": "bowl", "batches": FEW_TELL, "one_in": 20, "beta1": 0.0, "rate_sgd": 0.1}
    ends_at = {}
    for beta2 in (0.8, 0.999):
        paths = compute(RaceParameters(beta2=beta2, **settings)).paths[:, -100:, 1]
        ends_at[beta2] = dict(zip(RUNNERS, paths.mean(axis=1)))
    assert ends_at[0.8]["Adam"] == pytest.approx(0.76, abs=0.01)
    assert -0.5 < ends_at[0.8]["AMSGrad"] < 0
    assert abs(ends_at[0.999]["Adam"]) < 0.1


def test_answer_6_the_floor_of_rmsprop():
    for start in ((-1.8, 0.9), (1.0, -0.3)):
        _, costs = ends(surface="ravine", theta1=start[0], theta2=start[1])
        assert costs["RMSProp"] == pytest.approx(0.5 * 26 * 0.025**2, rel=0.01)
