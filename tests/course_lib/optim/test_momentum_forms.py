"""The forms of momentum and of Nesterov's: what makes them equal, and where they part."""

import numpy as np
import pytest

from course_lib import optim
from course_lib.nn import Parameter

CURVATURE = np.array([[3.0, 0.8], [0.8, 0.5]])


def slope(theta):
    """A gradient that bends, so that being at another point shows."""
    return CURVATURE @ theta + np.sin(3 * theta)


def walk(optimizer, parameter, *, rates=(0.05,) * 12):
    points = []
    for rate in rates:
        optimizer.lr = rate
        if hasattr(optimizer, "look_ahead"):
            optimizer.look_ahead()
        parameter.grad = slope(parameter.data)
        optimizer.step()
        points.append(parameter.data.copy())
    return np.array(points)


def start():
    return Parameter(np.array([1.5, -0.7]))


@pytest.mark.parametrize("weight_decay", [0, 0.3])
def test_looking_ahead_is_pytorchs_nesterov_in_other_variables(weight_decay):
    ahead, shifted = start(), start()
    options = {"momentum": 0.9, "weight_decay": weight_decay}
    points = walk(optim.LookAheadNesterov([ahead], 0.05, **options), ahead)
    looked_at = walk(optim.SGD([shifted], 0.05, nesterov=True, **options), shifted)
    velocities = np.diff(points, axis=0, prepend=start().data[None])
    np.testing.assert_allclose(points + 0.9 * velocities, looked_at, rtol=1e-12)
    assert np.abs(points - looked_at).max() > 1e-2


def test_looking_ahead_against_the_formula_in_plain_numbers():
    parameter = start()
    points = walk(optim.LookAheadNesterov([parameter], 0.05, momentum=0.8), parameter)
    theta, velocity, expected = start().data, np.zeros(2), []
    for _ in range(12):
        velocity = 0.8 * velocity - 0.05 * slope(theta + 0.8 * velocity)
        theta = theta + velocity
        expected.append(theta)
    np.testing.assert_allclose(points, expected, rtol=1e-12)


def test_at_a_constant_rate_the_velocity_form_is_pytorchs():
    mine, theirs = start(), start()
    first = walk(optim.VelocityMomentum([mine], 0.05, momentum=0.9), mine)
    np.testing.assert_allclose(first, walk(optim.SGD([theirs], 0.05, momentum=0.9), theirs), rtol=1e-12)


def test_after_a_cut_of_the_rate_the_velocity_form_coasts_on_and_pytorchs_does_not():
    rates = (0.05,) * 6 + (0.0,)
    mine, theirs = start(), start()
    first = walk(optim.VelocityMomentum([mine], 0.05, momentum=0.9), mine, rates=rates)
    second = walk(optim.SGD([theirs], 0.05, momentum=0.9), theirs, rates=rates)
    np.testing.assert_allclose(first[:6], second[:6], rtol=1e-12)
    np.testing.assert_allclose(first[6] - first[5], 0.9 * (first[5] - first[4]), rtol=1e-10)
    np.testing.assert_array_equal(second[6], second[5])


def test_the_average_form_is_the_velocity_form_at_a_smaller_rate():
    average, velocity = start(), start()
    first = walk(optim.AverageMomentum([average], 0.5, beta=0.9), average, rates=(0.5,) * 12)
    second = walk(optim.VelocityMomentum([velocity], 0.05, momentum=0.9), velocity)
    np.testing.assert_allclose(first, second, rtol=1e-12)


@pytest.mark.parametrize(
    ("make", "factor"),
    [
        (lambda p: optim.VelocityMomentum(p, 0.1, momentum=0.8), 5.0),
        (lambda p: optim.AverageMomentum(p, 0.1, beta=0.8), 1.0),
    ],
)
def test_terminal_velocity_under_a_constant_gradient(make, factor):
    parameter = start()
    optimizer = make([parameter])
    for _ in range(300):
        before = parameter.data.copy()
        parameter.grad = np.array([1.0, -2.0])
        optimizer.step()
    np.testing.assert_allclose(parameter.data - before, -0.1 * factor * parameter.grad, rtol=1e-9)


def test_looking_ahead_and_stepping_take_turns():
    parameter = start()
    optimizer = optim.LookAheadNesterov([parameter], 0.1)
    parameter.grad = np.ones(2)
    with pytest.raises(RuntimeError, match=r"look_ahead\(\).*SGD\(nesterov=True\)"):
        optimizer.step()
    optimizer.look_ahead()
    with pytest.raises(RuntimeError, match="twice"):
        optimizer.look_ahead()
    with pytest.raises(RuntimeError, match="state_dict"):
        optimizer.state_dict()
    optimizer.step()
    optimizer.state_dict()


def test_without_a_gradient_a_parameter_comes_back_from_its_look_ahead():
    parameter = start()
    optimizer = optim.LookAheadNesterov([parameter], 0.1)
    walk(optimizer, parameter, rates=(0.1,) * 2)
    before = parameter.data.copy()
    optimizer.zero_grad()
    optimizer.look_ahead()
    assert not np.array_equal(parameter.data, before)
    optimizer.step()
    np.testing.assert_array_equal(parameter.data, before)
