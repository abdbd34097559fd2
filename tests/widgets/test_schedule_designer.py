"""The designer's rates are those of the library's schedules, its losses those of the closed form."""

import numpy as np
import pytest

from course_lib import optim
from course_lib.geometry import noise_floor
from course_lib.widgets import ScheduleDesigner
from course_lib.widgets.schedule_losses import (
    COSINE,
    EIGENVALUES,
    EXPONENTIAL,
    HELD,
    HOLD,
    INVERSE,
    LENGTHS,
    NAMES,
    START,
    STEP,
    STEPS,
    TRIANGULAR,
    ScheduleParameters,
    compute,
    make_schedule,
)

T = np.arange(STEPS)
SHARES = np.minimum(T / 200, 1)
FORMULAS = {
    HELD: np.full(STEPS, 0.8),
    STEP: 0.8 * 0.25 ** (T // 200),
    EXPONENTIAL: 0.8 * 0.25 ** (T / 200),
    INVERSE: 0.8 / (1 + T / 200),
    HOLD: 0.8 * 200 / np.maximum(T, 200),
    TRIANGULAR: 0.8 - (0.8 - 0.08) * np.abs(T % 400 - 200) / 200,
    COSINE: 0.08 + (0.8 - 0.08) * (1 + np.cos(np.pi * SHARES)) / 2,
}


def chosen(schedule, **others):
    return ScheduleParameters(schedule, rate=0.8, length=200, factor=0.25, low=0.1, **others)


@pytest.mark.parametrize("name", NAMES)
def test_rates_are_those_of_the_formula(name):
    np.testing.assert_allclose(compute(chosen(name)).rates, FORMULAS[name], rtol=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_warm_up_grows_evenly_and_then_follows_the_schedule_from_its_beginning(name):
    rates = compute(chosen(name, warm_up=50)).rates
    first = FORMULAS[name][0]
    np.testing.assert_allclose(rates[:50], first * np.arange(1, 51) / 50, rtol=1e-9)
    np.testing.assert_allclose(rates[50:], FORMULAS[name][:-50], rtol=1e-9)


@pytest.mark.parametrize("warm_up", [0, 50])
@pytest.mark.parametrize("name", NAMES)
def test_the_code_shown_makes_the_schedule(name, warm_up):
    schedule, code = make_schedule(chosen(name, warm_up=warm_up))
    made = eval(code, dict(vars(optim)))
    np.testing.assert_allclose([made(t) for t in T], [schedule(t) for t in T], rtol=1e-9)


def test_a_held_rate_settles_at_the_noise_floor():
    result = compute(ScheduleParameters(HELD, rate=1.5, noise=1.0))
    np.testing.assert_allclose(result.parts[-1], noise_floor(EIGENVALUES, 1.5, 1.0), rtol=1e-6)
    np.testing.assert_allclose(result.expected, result.held)
    np.testing.assert_allclose(result.parts[0], EIGENVALUES / 2 * START**2)


def test_the_run_is_descent_along_noisy_gradients():
    result = compute(chosen(STEP, noise=0.4, seed=9))
    noise = np.random.default_rng(9).standard_normal((STEPS, 2))
    theta = START.copy()
    for t in range(STEPS):
        assert result.run[t] == pytest.approx(EIGENVALUES @ theta**2 / 2)
        theta = theta - result.rates[t] * (EIGENVALUES * theta + 0.4 * noise[t])
    assert result.run[-1] == pytest.approx(EIGENVALUES @ theta**2 / 2)


def test_runs_are_on_average_what_is_expected():
    runs = np.array([compute(chosen(COSINE, noise=1.0, seed=seed)).run for seed in range(100)])
    expected = compute(chosen(COSINE, noise=1.0)).expected
    late = slice(500, None, 50)
    error = runs.std(axis=0) / np.sqrt(len(runs))
    assert np.all(np.abs(runs.mean(axis=0) - expected)[late] <= 4.5 * error[late])


def test_a_cut_lowers_the_loss_at_once_and_costs_in_the_long_run():
    early = compute(ScheduleParameters(STEP, length=100, factor=0.1))
    # the steep part falls within the time that the new rate needs, 1/(αλ) = 20 steps
    assert early.parts[140, 0] < 0.2 * early.parts[99, 0]
    # the flat part has all but stopped, and the end is worse than without a cut
    assert early.parts[140, 1] > 0.8 * early.parts[100, 1]
    assert early.expected[-1] > 5 * early.held[-1]
    late = compute(ScheduleParameters(STEP, length=500, factor=0.1))
    assert late.expected[-1] < 0.3 * late.held[-1]


@pytest.mark.parametrize(
    "wrong",
    [{"schedule": "none"}, {"rate": 2.0}, {"rate": np.nan}, {"length": 9}, {"length": 20.0}, {"factor": 0}]
    + [{"low": -0.1}, {"warm_up": 301}, {"noise": "much"}, {"seed": True}],
)
def test_impossible_settings_are_refused_by_name(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        ScheduleParameters(**wrong)


def test_only_the_numbers_that_a_schedule_has_can_be_moved():
    designer = ScheduleDesigner()
    for name in NAMES:
        designer.controls["schedule"].value = name
        assert designer.current_parameters().schedule == name
        usable = {
            key for key, control in designer.controls.items() if not getattr(control, "disabled", False)
        }
        assert ("length" in usable) == (name != HELD)
        assert ("factor" in usable) == (name in (STEP, EXPONENTIAL))
        assert ("low" in usable) == (name in (TRIANGULAR, COSINE))
        assert designer.controls["length"].description == LENGTHS.get(name, "length")
        for key in ("length", "factor", "low"):
            shown = designer.controls[key].layout.visibility == "visible"
            assert shown == (key in usable), "what cannot be moved is not seen"
        places = [designer.controls[key].layout for key in ("factor", "low")]
        assert [layout.display for layout in places].count("none") == 1, "the two share a place"
        assert all(layout.display != "none" for layout in places if layout.visibility == "visible")


def test_what_shapes_a_schedule_stands_together():
    assert list(ScheduleDesigner().controls)[:4] == ["schedule", "length", "factor", "low"]


def test_moving_a_control_changes_the_artists_that_are_there():
    designer = ScheduleDesigner()
    figure, line, before = designer._figure, designer._artists["rates"], designer.picture.png
    designer.controls["length"].value = 120
    assert designer._figure is figure
    assert designer._artists["rates"] is line
    np.testing.assert_allclose(line.get_ydata(), designer._result.rates)
    assert designer.picture.png != before
    assert "StepDecay(0.5, every=120, factor=0.1)" in designer.picture.alt
    assert "every=120" in designer.message.value


def test_the_scale_of_the_rates_follows_the_first_rate():
    designer = ScheduleDesigner()
    designer.controls["rate"].value = 0.06
    low, high = designer._artists["above"].get_ylim()
    assert low == 0
    assert 0.06 <= high < 0.12
