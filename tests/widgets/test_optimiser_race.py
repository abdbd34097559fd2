"""Every runner is the library's optimiser and obeys its closed form; what the hand can do with the race."""

from itertools import combinations

import numpy as np
import pytest
from matplotlib.colors import to_rgb

from course_lib import optim
from course_lib.geometry import Surface
from course_lib.nn import Parameter
from course_lib.plots.accessible import new_figure
from course_lib.widgets import OptimiserRace
from course_lib.widgets.optimiser_race_courses import (
    ALIKE,
    BATCHES,
    COURSES,
    FEW_TELL,
    RARE_FEATURE,
    Course,
    minibatches,
)
from course_lib.widgets.optimiser_race_lines import runner_lines
from course_lib.widgets.optimiser_race_runs import RUNNERS, STEPS, USERS, RaceParameters, compute

SGD, MOMENTUM, ADAGRAD, RMSPROP, UNCORRECTED, ADAM, AMSGRAD = range(7)
LIBRARY = {
    "SGD": lambda p, s: optim.SGD(p, s.rate_sgd),
    "momentum": lambda p, s: optim.SGD(p, s.rate_sgd, momentum=s.beta1),
    "AdaGrad": lambda p, s: optim.Adagrad(p, s.rate_adagrad, eps=1e-8),
    "RMSProp": lambda p, s: optim.RMSprop(p, s.rate_adam, alpha=s.rho),
    "Adam uncorrected": lambda p, s: optim.Adam(
        p, s.rate_adam, betas=(s.beta1, s.beta2), bias_correction=False
    ),
    "Adam": lambda p, s: optim.Adam(p, s.rate_adam, betas=(s.beta1, s.beta2)),
    "AMSGrad": lambda p, s: optim.Adam(p, s.rate_adam, betas=(s.beta1, s.beta2), amsgrad=True),
}


@pytest.fixture
def slope(monkeypatch):
    """A surface with the gradient (2, −1/2) everywhere."""
    g = np.array([2.0, -0.5])
    surface = Surface(
        "slope", lambda t: t @ g, lambda t: np.broadcast_to(g, t.shape), lambda t: np.zeros((2, 2))
    )
    monkeypatch.setitem(COURSES, "slope", Course(surface, (0.0, 0.0), 1.0, 1.0, (1e-6, 1.0)))
    return g


@pytest.mark.parametrize("batches", BATCHES)
@pytest.mark.parametrize("surface", ["tilted ravine", "saddle"])
@pytest.mark.parametrize("name", RUNNERS)
def test_every_runner_is_the_librarys_optimiser(name, surface, batches):
    settings = RaceParameters(
        surface, 1.1, -0.7, noise=0.3, batches=batches, one_in=4, beta1=0.8, beta2=0.95, rho=0.7, steps=60
    )
    shares, shifts = minibatches(batches, 4, 0.3, STEPS, settings.draw)
    course, parameter = COURSES[surface], Parameter(np.array([1.1, -0.7]))
    optimizer = LIBRARY[name]([parameter], settings)
    path = [parameter.data.copy()]
    for share, shift in zip(shares[:60], shifts):
        parameter.grad = share * course.surface.gradient(parameter.data) + course.unit * shift
        optimizer.step()
        path.append(parameter.data.copy())
    result = compute(settings)
    row = RUNNERS.index(name)
    np.testing.assert_allclose(result.paths[row], path, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(result.costs[row], course.surface.value(np.array(path)), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(result.moves[row], np.abs(np.diff(path, axis=0)), rtol=1e-9, atol=1e-12)


def test_first_steps_of_adam(slope):
    result = compute(RaceParameters("slope", rate_adam=0.02, beta1=0.9, beta2=0.999))
    np.testing.assert_allclose(result.paths[ADAM, 1], -0.02 * np.sign(slope), rtol=1e-6)
    np.testing.assert_allclose(result.paths[AMSGRAD, 1], -0.02 * np.sign(slope), rtol=1e-6)
    too_long = 0.1 / np.sqrt(0.001)
    np.testing.assert_allclose(result.paths[UNCORRECTED, 1], -0.02 * too_long * np.sign(slope), rtol=1e-5)


def test_steps_under_a_constant_gradient(slope):
    s = RaceParameters("slope")
    t, moves = np.arange(1, STEPS + 1)[:, None], compute(s).moves
    size = np.abs(slope)
    expected = {
        SGD: s.rate_sgd * size + 0 * t,
        MOMENTUM: s.rate_sgd * size * (1 - s.beta1**t) / (1 - s.beta1),
        ADAGRAD: s.rate_adagrad / np.sqrt(t) + 0 * size,
        RMSPROP: s.rate_adam / np.sqrt(1 - s.rho**t) + 0 * size,
        UNCORRECTED: s.rate_adam * (1 - s.beta1**t) / np.sqrt(1 - s.beta2**t) + 0 * size,
        ADAM: s.rate_adam + 0 * t + 0 * size,
        AMSGRAD: s.rate_adam + 0 * t + 0 * size,
    }
    for row, lengths in expected.items():
        np.testing.assert_allclose(moves[row], lengths, rtol=1e-4, err_msg=RUNNERS[row])
    assert moves[RMSPROP, -1] == pytest.approx(s.rate_adam, rel=1e-6), "the limit is α"


def test_effective_rates_under_a_constant_gradient(slope):
    s = RaceParameters("slope")
    t, rates = np.arange(1, STEPS + 1)[:, None], compute(s).rates
    size = np.abs(slope)
    np.testing.assert_allclose(rates[SGD], s.rate_sgd)
    np.testing.assert_allclose(rates[ADAGRAD], s.rate_adagrad / (size * np.sqrt(t)), rtol=1e-6)
    np.testing.assert_allclose(rates[ADAM], s.rate_adam / size + 0 * t, rtol=1e-6)


def test_descent_on_a_ravine_is_a_power():
    result = compute(RaceParameters("ravine", 1.0, -0.5, rate_sgd=0.05, steps=20))
    factors = 1 - 0.05 * np.array([1.0, 25.0])
    expected = np.array([1.0, -0.5]) * factors ** np.arange(21)[:, None]
    np.testing.assert_allclose(result.paths[SGD], expected, atol=1e-12)


@pytest.mark.parametrize("name", COURSES)
def test_a_course_has_the_gradient_and_the_lowest_cost_that_it_says(name):
    surface = COURSES[name].surface
    points = np.random.default_rng(0).uniform(-1.5, 1.5, (20, 2))
    for axis, h in enumerate(1e-6 * np.eye(2)):
        by_differences = (surface.value(points + h) - surface.value(points - h)) / 2e-6
        np.testing.assert_allclose(surface.gradient(points)[:, axis], by_differences, rtol=1e-6, atol=1e-5)
    for place in surface.critical_points["minimum"]:
        assert surface.value(np.array(place)) == pytest.approx(0, abs=1e-12)
        np.testing.assert_allclose(surface.gradient(np.array(place)), 0, atol=1e-9)
    assert surface.value(points).min() > 0
    left, right, bottom, top = surface.extent
    x, y = COURSES[name].start
    assert left < x < right
    assert bottom < y < top


@pytest.mark.parametrize("one_in", [2, 7, 20])
@pytest.mark.parametrize("seed", [1, 2])
def test_minibatches_have_the_gradient_as_their_mean(one_in, seed):
    for kind in BATCHES:
        shares, shifts = minibatches(kind, one_in, 0.0, 20 * one_in, seed)
        np.testing.assert_allclose(shares.mean(axis=0), 1)
        np.testing.assert_allclose(shifts.mean(axis=0), 0, atol=1e-12)
    shares, _ = minibatches(RARE_FEATURE, one_in, 0.0, 20 * one_in, seed)
    assert (shares[:, 0] == 1).all()
    np.testing.assert_allclose((shares[:, 1] != 0).mean(), 1 / one_in)
    _, shifts = minibatches(FEW_TELL, one_in, 0.0, 20 * one_in, seed)
    np.testing.assert_allclose((shifts[:, 1] > 0).mean(), 1 / one_in)


def test_noise_has_the_deviation_asked_for():
    _, shifts = minibatches(ALIKE, 2, 0.5, 20_000, 3)
    np.testing.assert_allclose(shifts.std(axis=0), 0.5, rtol=0.03)
    np.testing.assert_allclose(shifts.mean(axis=0), 0, atol=0.02)


def test_where_few_batches_tell_adam_is_led_astray_and_amsgrad_is_not():
    result = compute(
        RaceParameters("bowl", 0.0, 0.0, batches=FEW_TELL, one_in=20, beta1=0, beta2=0.8, rate_adam=0.02)
    )
    # The lowest cost is at 0; where 19 of 20 gradients vanish, along θ₂, is at 1.
    means = result.paths[:, 150:, 1].mean(axis=1)
    assert means[ADAM] > 0.4
    assert abs(means[AMSGRAD]) < 0.2
    assert abs(means[SGD]) < 0.2


def test_adaptive_steps_leave_a_saddle_and_a_plateau_at_once():
    saddle = compute(RaceParameters("saddle", 1.6, 1e-6, rate_sgd=0.05))
    out = (np.abs(saddle.paths[..., 1]) > 0.5).argmax(axis=1)
    assert 0 < out[ADAM] < 20
    assert out[SGD] > 200
    plateau = compute(RaceParameters("plateau", -2.5, -1.5, rate_sgd=0.1))
    assert plateau.costs[SGD, -1] > 0.99
    assert plateau.costs[ADAM, -1] < 1e-3


def test_the_axes_matter_to_adaptive_rates_and_not_to_descent():
    start = np.array([-1.2, 0.6])
    turned = np.array([[1, -1], [1, 1]]) / np.sqrt(2) @ start
    along = compute(RaceParameters("ravine", *map(float, start), steps=60))
    tilted = compute(RaceParameters("tilted ravine", *map(float, turned), steps=60))
    np.testing.assert_allclose(along.costs[:ADAGRAD], tilted.costs[:ADAGRAD], rtol=1e-9)
    for row in (ADAGRAD, RMSPROP):
        assert along.costs[row, -1] < 0.01 * tilted.costs[row, -1], RUNNERS[row]


@pytest.mark.parametrize(
    ("name", "value"),
    [("runners", ("Adam", "Adam")), ("runners", ["Adam"]), ("theta1", 2.5), ("beta2", 1.0), ("one_in", 1)],
)
def test_impossible_settings_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        RaceParameters(**{name: value})


def test_ticking_a_box_shows_a_line_that_was_there():
    race = OptimiserRace()
    figure, line, before = race._figure, race._artists["paths"][AMSGRAD], race.picture.png
    assert not line.get_visible()
    race.controls["AMSGrad"].value = True
    assert race._figure is figure
    assert race._artists["paths"][AMSGRAD] is line
    assert line.get_visible()
    assert race.picture.png != before
    assert "AMSGrad" in race.picture.alt


def test_who_does_not_run_is_pale_in_the_key():
    race = OptimiserRace(runners=("Adam",))
    key, foot = race._artists["key"], race.picture._shown[-30:]
    race.controls["AMSGrad"].value = True
    assert [name for name, line in zip(RUNNERS, key.lines) if line.get_alpha() == 1] == ["Adam", "AMSGrad"]
    assert len({key.names[row].get_color() for row in (SGD, ADAGRAD)}) == 1
    assert not np.array_equal(race.picture._shown[-30:], foot), "and it is seen"


def test_dragging_moves_the_start():
    race = OptimiserRace(surface="bowl")
    left, top, right, bottom = race.picture.handles[0]["box"]
    race.picture._heard(None, {"kind": "move", "name": "start", "left": right, "top": top, "held": True}, [])
    assert race.current_parameters().start == pytest.approx((2, 2))
    for line in race._artists["paths"]:
        assert (line.get_xdata()[0], line.get_ydata()[0]) == pytest.approx((2, 2))
    race.controls["beta1"].value = 0.5
    assert race.current_parameters().start == pytest.approx((2, 2))


def test_another_surface_begins_at_its_own_start():
    race = OptimiserRace(surface="ravine", theta1=0.1, theta2=0.1)
    lines = len(race._artists["map"].lines.get_segments())
    for name, course in COURSES.items():
        race.controls["surface"].value = name
        assert race.current_parameters().start == course.start
        assert name in race.picture.alt
        assert "diverged" not in race.message.value
    assert len(race._artists["map"].lines.get_segments()) != lines


def test_who_diverges_is_named():
    race = OptimiserRace(surface="ravine")
    race.controls["rate_sgd"].value = 1.0
    assert "diverged: SGD" in race.message.value
    assert "Adam" in race.message.value.split("diverged")[0]
    x, y = race._artists["paths"][SGD].get_data()
    shown = np.isfinite(x)
    assert 1 < shown.sum() < 20
    assert not shown[shown.sum() :].any(), "its way ends where it has left the map"
    assert np.isfinite(race._artists["paths"][ADAM].get_xdata()).all()


def test_what_changes_nothing_is_switched_off():
    race = OptimiserRace()
    assert race.controls["one_in"].disabled
    assert race.controls["draw"].disabled
    race.controls["noise"].value = 0.5
    assert race.controls["one_in"].disabled
    assert not race.controls["draw"].disabled
    race.controls["batches"].value = FEW_TELL
    assert not race.controls["one_in"].disabled


@pytest.mark.parametrize("number", USERS)
@pytest.mark.parametrize("name", RUNNERS)
def test_a_number_moves_those_whose_it_is(number, name):
    before, after = (RaceParameters("bowl", **{number: value}) for value in (0.5, 0.6))
    row = RUNNERS.index(name)
    same = np.array_equal(compute(before).paths[row], compute(after).paths[row])
    assert same == (name not in USERS[number])


def test_numbers_of_those_who_do_not_run_are_switched_off():
    race = OptimiserRace(runners=("SGD", "RMSProp"))
    off = {name for name in USERS if race.controls[name].disabled}
    assert off == {"rate_adagrad", "beta1", "beta2"}
    race.controls["Adam"].value = True
    assert {name for name in USERS if race.controls[name].disabled} == {"rate_adagrad"}


def test_nobody_ticked_is_no_error():
    race = OptimiserRace(runners=("Adam",))
    race.controls["Adam"].value = False
    assert "Tick an optimiser" in race.message.value
    assert not any(line.get_visible() for line in race._artists["costs"])


def lab(colour):
    """CIE L*a*b* of an sRGB colour, white point D65: equal distances look about equally far apart."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]) @ linear
    x, y, z = np.cbrt(xyz / [0.9505, 1.0, 1.089])
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("dark", [False, True])
def test_runners_have_colours_that_stay_apart_in_both_themes(dark):
    lines = runner_lines(new_figure(4, 3).subplots(), dark=dark)
    places = [lab(line.get_color()) for line in lines]
    nearest = min(np.linalg.norm(a - b) for a, b in combinations(places, 2))
    assert nearest > 25
    ground = lab("#111111" if dark else "#ffffff")
    assert min(np.linalg.norm(place - ground) for place in places) > 25
