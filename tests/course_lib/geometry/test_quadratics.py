"""Descent on a quadratic against its closed form, and each limit from both sides."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.geometry import (
    average_hidden_units,
    best_learning_rate,
    best_momentum,
    best_nesterov,
    descend,
    descend_closed_form,
    hidden_permutations,
    momentum_limit,
    momentum_rate,
    momentum_regime,
    momentum_roots,
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


def companion(x, momentum, nesterov):
    """The matrix that takes (position, velocity) to the next, for αλ = x: the update itself, written out."""
    slope_of_velocity = x * momentum if nesterov else 0.0
    keep = momentum - slope_of_velocity
    return np.array([[1 - x, keep], [-x, keep]])


@given(st.floats(-1, 5), st.floats(0, 0.999), st.booleans())
def test_the_roots_are_the_eigenvalues_of_the_update(x, momentum, nesterov):
    matrix, roots = companion(x, momentum, nesterov), momentum_roots(1.0, x, momentum, nesterov=nesterov)
    assert roots.sum() == pytest.approx(np.trace(matrix), abs=1e-12)
    assert roots.prod() == pytest.approx(np.linalg.det(matrix), abs=1e-12)
    radius = np.abs(np.linalg.eigvals(matrix)).max()
    assert momentum_rate(1.0, x, momentum, nesterov=nesterov) == pytest.approx(radius, abs=1e-6)


@given(st.floats(0.01, 3.9), st.floats(0.05, 0.999))
def test_while_it_oscillates_the_factor_is_the_root_of_mu_whatever_the_rate(x, momentum):
    if (1 + momentum - x) ** 2 < 4 * momentum:
        assert momentum_rate(1.0, x, momentum) == pytest.approx(np.sqrt(momentum))


@given(st.floats(0.01, 0.99), st.floats(0.05, 0.999))
def test_nesterov_damps_a_steep_direction_more(x, momentum):
    if (1 + momentum) ** 2 * (1 - x) < 4 * momentum:
        expected = np.sqrt(momentum * (1 - x))
        assert momentum_rate(1.0, x, momentum, nesterov=True) == pytest.approx(expected)


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("momentum", [0.0, 0.3, 0.9, 0.99])
def test_the_limit_with_momentum_separates_convergence_from_divergence(momentum, nesterov):
    limit = momentum_limit(momentum, nesterov=nesterov)
    for share, converges in ((0.99, True), (1.01, False)):
        path = descend(np.eye(1), [1.0], lr=share * limit, steps=2000, momentum=momentum, nesterov=nesterov)
        assert (np.abs(path[-1]) < 1e-3) == converges
        assert (momentum_rate(1.0, share * limit, momentum, nesterov=nesterov) < 1) == converges


def test_no_nesterov_momentum_beats_the_best_one():
    lr, momentum, factor = best_nesterov(A)
    values = np.linalg.eigvalsh(A)
    assert momentum_rate(values, lr, momentum, nesterov=True).max() == pytest.approx(factor, rel=1e-6)
    rates, momenta = np.meshgrid(np.linspace(0.01, 1, 200), np.linspace(0, 0.99, 100))
    grid = momentum_rate(values[:, None, None], rates, momenta, nesterov=True).max(axis=0)
    assert factor <= grid.min() + 1e-9
    assert best_momentum(A)[2] < factor < best_learning_rate(A)[1]


@pytest.mark.parametrize("nesterov", [False, True])
@pytest.mark.parametrize("x", [-0.1, 0.0, 0.01, 0.5, 1.0, 1.2, 2.1, 3.7, 4.0])
@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_regimes_with_momentum_are_what_the_path_does(x, momentum, nesterov):
    name = momentum_regime(1.0, x, momentum, nesterov=nesterov)
    path = descend(np.eye(1), [1.0], lr=x, steps=200, momentum=momentum, nesterov=nesterov)[:, 0]
    early, late = np.abs(path[2:40]).max(), np.abs(path[-40:]).max()
    assert (late > 1.01 * early) == (name in ("ascent", "divergence"))
    assert (late < 0.99 * early) == (name in ("decay", "damped oscillation"))
    assert (early == late == 0) == (name == "one step")
    signs = np.sign(path[1:40])[path[1:40] != 0]
    flips = (signs[1:] != signs[:-1]).any()
    assert flips == (name in ("damped oscillation", "divergence", "endless oscillation"))


def test_the_regime_at_the_exact_limit_is_an_endless_oscillation():
    assert momentum_regime(1.0, 3.0, 0.5) == "endless oscillation"
    path = descend(np.eye(1), [1.0], lr=3.0, steps=300, momentum=0.5)[:, 0]
    assert np.abs(path[-50:]) == pytest.approx(np.abs(path[-1]))
    assert (path[-50:-1] * path[-49:] < 0).all()


def test_looking_ahead_without_momentum_is_plain_descent():
    plain = descend(A, START, lr=0.1, steps=10)
    assert descend(A, START, lr=0.1, steps=10, nesterov=True) == pytest.approx(plain)


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
