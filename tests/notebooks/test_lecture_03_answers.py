"""Lecture 03: what its folded answers say, computed anew."""

from types import SimpleNamespace

import numpy as np
import pytest

from course_lib.geometry import expected_costs, noise_floor, sampling_variance
from course_lib.training import EarlyStopping, History
from course_lib.widgets import MinibatchLab, ScheduleDesigner
from course_lib.widgets.minibatch_moments import floor_excess, noise_share
from course_lib.widgets.minibatch_runs import SIZES, SORTED


def lab(**settings):
    return MinibatchLab.compute(MinibatchLab.Parameters(**settings))


def designed(**settings):
    return ScheduleDesigner.compute(ScheduleDesigner.Parameters(**settings))


def floors(rate):
    return [floor_excess(rate, float(noise_share(size, replacement=False))) for size in SIZES]


def test_lab_1_alike_against_updates_and_far_apart_against_examples():
    one, full = lab(size=1), lab(size=256)
    assert one.expected[10] == pytest.approx(0.33, abs=0.005)
    assert full.expected[10] == pytest.approx(0.31, abs=0.005)
    assert one.expected[256] == pytest.approx(0.007, abs=5e-4)
    assert full.expected[1] == pytest.approx(1.48, abs=0.005)


def test_lab_2_the_level_is_in_proportion_to_rate_over_size():
    assert floors(0.1)[0] == pytest.approx(0.0070, abs=5e-5)
    assert floors(0.05)[0] == pytest.approx(0.0033, abs=5e-5)
    assert floors(0.1)[1] == pytest.approx(0.0034, abs=5e-5)


def test_lab_3_which_sizes_bear_which_rate():
    assert [np.isfinite(floor) for floor in floors(10**0.2)] == [False] * 2 + [True] * 7
    assert [np.isfinite(floor) for floor in floors(10**0.3)] == [False] * 8 + [True]
    barely = lab(size=256, rate=10**0.3).expected
    assert barely[[0, -1]] == pytest.approx([1.79, 1.43], abs=0.005)
    nearly = lab(size=128, rate=10**0.3).expected
    assert nearly.min() < nearly[-1] < nearly[0]
    others = [lab(size=int(size), rate=10**0.3).expected for size in SIZES[1:7]]
    assert not any(values[-1] < 2 * values[0] for values in others), "NaN beyond all numbers"
    assert lab(size=4, rate=10**0.2).expected[-1] == pytest.approx(0.49, abs=0.005)
    assert lab(size=32, rate=10**0.3).last_epoch == pytest.approx(0.007, abs=5e-4), "of a single run"


def test_lab_4_sorted_examples_swing_most_one_by_one():
    swings = [lab(size=int(size), order=SORTED).last_epoch for size in SIZES[:5]]
    assert np.argmax(swings) == 0
    measured = lab(order=SORTED)
    ratio = measured.variance_measured[:-1] / measured.variance_theory[:-1]
    assert ratio[0] == pytest.approx(1)
    assert ratio[7] == pytest.approx(9, abs=0.5)
    assert np.all(np.diff(ratio[[0, 1, 2, 3, 4, 5, 7]]) > 0)


def test_lab_5_a_cut_in_the_middle():
    run = lab(size=1, schedule="÷ 10 half-way")
    before, end = run.expected[1279], run.expected[-1]
    assert end == pytest.approx(before / 10, rel=0.15)
    assert run.expected[1279 + 100] < before - 0.6 * (before - end)


def test_lab_6_the_best_size_follows_the_overhead():
    free, dear = lab(overhead=0), lab(overhead=1000)
    times = free.time(free.updates_best)
    assert times.argmin() == 0
    assert np.all(times[1:3] < 1.2 * times[0])
    assert SIZES[dear.time(dear.updates_best).argmin()] == 64


def test_designer_1_and_2_cuts_too_early_and_too_late():
    every = {length: designed(length=length).expected[-1] for length in range(50, 1001, 10)}
    known = {100: 0.51, 200: 0.073, 400: 0.017, 900: 0.030}
    for length, end in known.items():
        assert every[length] == pytest.approx(end, rel=0.04)
    assert abs(min(every, key=every.get) - 450) <= 20
    assert min(every.values()) == pytest.approx(0.016, abs=5e-4)
    assert max(every[length] for length in range(400, 501, 10)) < 1.08 * min(every.values())
    steep = designed(length=400).parts[:, 0]
    assert steep[399] == pytest.approx(0.042, abs=5e-4)
    assert steep[460] == pytest.approx(0.003, abs=1e-3)


def test_designer_3_exponential_decay_stops_on_the_way():
    result = designed(schedule="exponential", length=100, factor=0.1)
    assert result.rates.sum() == pytest.approx(22, abs=0.1)
    shrunk = np.sqrt(result.parts[-1, 1] / result.parts[0, 1])
    assert shrunk == pytest.approx(0.64, abs=0.01)


def test_designer_4_the_floor_and_none_without_noise():
    held = designed(schedule="constant")
    assert noise_floor(np.array([1, 0.02]), 0.5, 0.5) == pytest.approx([0.042, 0.031], abs=5e-4)
    assert held.expected[-1] == pytest.approx(0.073, abs=5e-4)
    quiet = designed(schedule="constant", noise=0.0).expected
    assert np.all(np.diff(quiet) < 0)
    assert quiet[-1] == pytest.approx(8e-9, rel=0.1)
    steeper = designed(schedule="constant", noise=0.0, rate=10**0.25).expected[-1]
    assert 1e-31 < steeper < 2.5e-31


def test_designer_5_and_6_cosine_wins_and_warm_up_only_delays():
    plain = designed(schedule="cosine", length=1000).expected[-1]
    warm = designed(schedule="cosine", length=900, warm_up=100).expected[-1]
    assert plain == pytest.approx(0.0106, abs=5e-5)
    assert warm == pytest.approx(0.0113, abs=5e-5)


def test_exercise_1_two_of_four():
    gradients = np.array([[1.0], [2], [3], [6]])
    assert sampling_variance(gradients, 2, replacement=True) == 1.75
    assert sampling_variance(gradients, 2, replacement=False) == pytest.approx(7 / 6)


def test_exercise_3_rate_and_steps():
    assert noise_floor(1.0, 0.0952, 0.2) == pytest.approx(0.001, rel=1e-3)
    assert -np.log(500) / (2 * np.log(1 - 0.0952)) == pytest.approx(31, abs=0.2)
    end = expected_costs([1.0], [1.0], np.full(31, 0.0952), 0.2)[-1, 0]
    assert end == pytest.approx(0.002, abs=5e-5)


def test_exercise_4_what_is_left():
    t = np.arange(5000)
    assert np.prod(1 - 0.02 * 0.5 * 0.99**t) == pytest.approx(0.37, abs=0.005)
    left = np.prod(1 - 0.02 * 0.5 / (1 + 0.01 * t))
    assert left == pytest.approx(1 / (1 + 0.01 * 5000), rel=0.02)


@pytest.mark.parametrize(("patience", "growth", "stopped"), [(3, 1, 8), (3, 2, 28), (5, 1, 19)])
def test_exercise_7_when_it_stops(patience, growth, stopped):
    stopping, history = EarlyStopping(patience, growth=growth, restore_best=False), History()
    run, best = SimpleNamespace(history=history, epoch=0, stop=False), 1.0
    while not run.stop:
        run.epoch += 1
        if run.epoch in (1, 2, 5, 9, 14):
            best -= 0.1
            history.validation_loss.append(best)
        else:
            history.validation_loss.append(2.0)
        stopping.after_epoch(run)
    assert run.epoch == stopped


def test_exercise_8_the_best_of_many_guessers():
    rng = np.random.default_rng(1)
    for guessers, examples, percent, room in ((50, 100, 17, 1), (50, 1000, 12, 0.5), (500, 100, 19, 1)):
        best = [rng.binomial(examples, 0.1, guessers).max() / examples for _ in range(200)]
        assert 100 * np.mean(best) == pytest.approx(percent, abs=room)
    assert np.mean([rng.binomial(20, 0.1, 50).max() / 20 for _ in range(200)]) >= 0.25
