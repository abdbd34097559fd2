"""Descent on a quadratic against its closed form, and each limit from both sides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.geometry import (
    average_hidden_units,
    best_learning_rate,
    best_momentum,
    descend,
    descend_closed_form,
    hidden_permutations,
    momentum_rate,
    permute_hidden_units,
    regime,
    stability_limit,
    terminal_velocity,
)

A = np.array([[3.0, 1.0], [1.0, 2.0]])
START = np.array([1.0, -2.0])


@given(st.floats(0.01, 0.7), st.integers(0, 30))
def test_iterating_gives_the_closed_form(lr, steps):
    path = descend(A, START, lr=lr, steps=steps)
    assert path.shape == (steps + 1, 2)
    assert path == pytest.approx(descend_closed_form(A, START, lr=lr, steps=steps), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize(
    ("x", "name"),
    [
        (-0.1, "ascent"),
        (0.0, "stands still"),
        (0.5, "decay"),
        (1.0, "one step"),
        (1.5, "damped oscillation"),
        (2.0, "endless oscillation"),
        (2.1, "divergence"),
    ],
)
def test_regimes_are_what_the_path_does(x, name):
    assert regime(1.0, x) == name
    path = descend(np.eye(1), [1.0], lr=x, steps=20)[:, 0]
    size, flips = abs(path[-1]), (path[1:] * path[:-1] < 0).all()
    assert (size > 1.01) == (name in ("ascent", "divergence"))
    assert (size < 0.99) == (name in ("decay", "one step", "damped oscillation"))
    assert flips == ("oscillation" in name or name == "divergence")


def test_the_stability_limit_separates_convergence_from_divergence():
    limit = stability_limit(A)
    assert np.linalg.norm(descend(A, START, lr=0.99 * limit, steps=2000)[-1]) < 1e-3
    assert np.linalg.norm(descend(A, START, lr=1.01 * limit, steps=2000)[-1]) > 1e3


def test_no_rate_beats_the_best_one():
    lr, factor = best_learning_rate(A)
    values = np.linalg.eigvalsh(A)

    def worst(rate):
        return np.abs(1 - rate * values).max()

    assert worst(lr) == pytest.approx(factor)
    assert factor <= min(worst(rate) for rate in np.linspace(0.01, 1, 500)) + 1e-12


def test_no_momentum_beats_the_best_one():
    lr, momentum, factor = best_momentum(A)
    values = np.linalg.eigvalsh(A)
    assert momentum_rate(values, lr, momentum).max() == pytest.approx(factor, rel=1e-6)
    rates, momenta = np.meshgrid(np.linspace(0.01, 2, 200), np.linspace(0, 0.99, 100))
    grid = np.maximum(momentum_rate(values[0], rates, momenta), momentum_rate(values[1], rates, momenta))
    assert factor <= grid.min() + 1e-9
    assert factor < best_learning_rate(A)[1]


def test_the_momentum_rate_is_the_long_run_factor_of_the_path():
    lr, momentum = 0.1, 0.9
    path = descend(np.eye(1), [1.0], lr=lr, steps=400, momentum=momentum)[:, 0]
    observed = (np.abs(path[300:]).max() / np.abs(path[100:200]).max()) ** (1 / 200)
    assert observed == pytest.approx(momentum_rate(1.0, lr, momentum), rel=1e-2)
    assert momentum_rate(1.0, 0.3, 0.0) == pytest.approx(0.7)


def test_terminal_velocity_is_the_limit_of_the_update():
    gradient, velocity = np.array([2.0, -1.0]), np.zeros(2)
    for _ in range(500):
        velocity = 0.9 * velocity - 0.1 * gradient
    assert velocity == pytest.approx(terminal_velocity(gradient, lr=0.1, momentum=0.9))
    with pytest.raises(ValueError, match="momentum must lie"):
        terminal_velocity(gradient, lr=0.1, momentum=1.0)


def test_bad_arguments_are_named():
    with pytest.raises(ValueError, match="positive definite"):
        stability_limit(np.diag([-1.0, 1.0]))
    with pytest.raises(ValueError, match="momentum must lie"):
        descend(A, START, lr=0.1, steps=1, momentum=1.5)
    with pytest.raises(ValueError, match="steps must not"):
        descend(A, START, lr=0.1, steps=-1)


def net(seed=0, hidden=3):
    rng = np.random.default_rng(seed)
    shapes = [(hidden, 2), (hidden,), (1, hidden), (1,)]
    return tuple(rng.standard_normal(shape) for shape in shapes)


def outputs(parameters, x):
    w1, b1, w2, b2 = parameters
    return np.tanh(x @ w1.T + b1) @ w2.T + b2


def test_every_permutation_computes_the_same_and_their_average_does_not():
    x, parameters = np.random.default_rng(2).standard_normal((50, 2)), net()
    copies = list(hidden_permutations(parameters))
    assert len(copies) == 6
    for copy in copies:
        assert outputs(copy, x) == pytest.approx(outputs(parameters, x))
    averaged = average_hidden_units(parameters)
    for mean, stack in zip(averaged, zip(*copies, strict=True), strict=True):
        assert mean == pytest.approx(np.mean(stack, axis=0))
    assert np.abs(outputs(averaged, x) - outputs(parameters, x)).max() > 0.5


def test_permutations_that_are_none_and_shapes_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="order must be a permutation"):
        permute_hidden_units(net(), [0, 0, 1])
    w1, b1, w2, b2 = net()
    with pytest.raises(ValueError, match="parameters must be"):
        permute_hidden_units((w1, b1, w2.T, b2), [0, 1, 2])
