"""Learning-rate schedules at the times where their formulas are known."""

import pickle

import numpy as np
import pytest

from course_lib import optim

SCHEDULES = {
    "step": (optim.StepDecay(0.8, every=10, factor=0.5), {0: 0.8, 9: 0.8, 10: 0.4, 19: 0.4, 20: 0.2}),
    "exponential": (optim.ExponentialDecay(0.8, 0.5), {0: 0.8, 1: 0.4, 3: 0.1}),
    "1/t": (optim.InverseTimeDecay(0.8, 0.25), {0: 0.8, 4: 0.4, 12: 0.2}),
    "hold": (optim.HoldThenInverse(0.8, tau=100), {0: 0.8, 99: 0.8, 100: 0.8, 200: 0.4, 800: 0.1}),
    "triangle": (optim.Triangular(0.2, 1.0, half_cycle=4), {0: 0.2, 2: 0.6, 4: 1.0, 6: 0.6, 8: 0.2, 12: 1.0}),
    "cosine": (optim.Cosine(1.0, steps=12, final=0.2), {0: 1.0, 4: 0.8, 6: 0.6, 8: 0.4, 12: 0.2, 50: 0.2}),
    "warm-up": (
        optim.WarmUp(optim.StepDecay(0.8, every=10, factor=0.5), steps=4),
        {0: 0.2, 1: 0.4, 3: 0.8, 4: 0.8, 13: 0.8, 14: 0.4},
    ),
}


@pytest.mark.parametrize(("schedule", "expected"), SCHEDULES.values(), ids=SCHEDULES.keys())
def test_known_values(schedule, expected):
    assert {t: schedule(t) for t in expected} == pytest.approx(expected)


@pytest.mark.parametrize(("schedule", "expected"), SCHEDULES.values(), ids=SCHEDULES.keys())
def test_a_schedule_has_no_memory(schedule, expected):
    forwards = [schedule(t) for t in range(40)]
    backwards = [schedule(t) for t in reversed(range(40))][::-1]
    assert forwards == backwards == [pickle.loads(pickle.dumps(schedule))(t) for t in range(40)]
    assert all(rate >= 0 for rate in forwards)


@pytest.mark.parametrize(("schedule", "expected"), SCHEDULES.values(), ids=SCHEDULES.keys())
@pytest.mark.parametrize("t", [-1, float("nan"), "3", None, True])
def test_a_time_that_is_none_is_refused(schedule, expected, t):
    with pytest.raises((TypeError, ValueError), match=r"\bt must be"):
        schedule(t)


@pytest.mark.parametrize(("schedule", "expected"), SCHEDULES.values(), ids=SCHEDULES.keys())
def test_numpys_numbers_are_times_too(schedule, expected):
    assert [schedule(np.int64(t)) for t in expected] == pytest.approx(list(expected.values()))


def test_warm_up_takes_functions_only():
    with pytest.raises(TypeError, match="schedule must be a function"):
        optim.WarmUp(0.1, steps=3)


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (lambda: optim.StepDecay(-1, every=1), "lr"),
        (lambda: optim.StepDecay(1, every=0), "every"),
        (lambda: optim.ExponentialDecay(1, -0.5), "factor"),
        (lambda: optim.InverseTimeDecay(1, -0.5), "decay"),
        (lambda: optim.HoldThenInverse(1, 0), "tau"),
        (lambda: optim.Triangular(0.5, 0.1, 3), "high"),
        (lambda: optim.Triangular(0.1, 0.5, 0), "half_cycle"),
        (lambda: optim.Cosine(1, steps=0), "steps"),
        (lambda: optim.WarmUp(lambda t: 1.0, steps=0), "steps"),
    ],
)
def test_bad_arguments_are_named(create, message):
    with pytest.raises(ValueError, match=f"{message} must be"):
        create()
