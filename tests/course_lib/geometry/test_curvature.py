"""Curvature, spectrum, definiteness, critical points and convexity on cases that can be worked by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.geometry import (
    SURFACES,
    classify_critical_point,
    condition_number,
    curvature,
    definiteness,
    find_convexity_failure,
    is_convex_by_hessian,
    spectrum,
    taylor2,
)

numbers = st.floats(-5, 5).map(lambda x: round(x, 3))


def symmetric(seed, n=3):
    a = np.random.default_rng(seed).standard_normal((n, n))
    return a + a.T


@given(st.integers(0, 1000))
def test_the_spectrum_rebuilds_the_matrix_and_bounds_the_curvature(seed):
    h = symmetric(seed)
    parts = spectrum(h)
    assert parts.eigenvectors @ np.diag(parts.eigenvalues) @ parts.eigenvectors.T == pytest.approx(h)
    v = np.random.default_rng(seed + 1).standard_normal(3)
    assert parts.eigenvalues[0] - 1e-9 <= curvature(h, v) <= parts.eigenvalues[-1] + 1e-9
    for value, vector in zip(parts.eigenvalues, parts.eigenvectors.T, strict=True):
        assert curvature(h, 7 * vector) == pytest.approx(value)


@given(numbers, numbers, numbers, numbers, numbers)
def test_the_second_order_model_of_a_quadratic_is_exact(a, b, c, x, y):
    h, g, origin, point = np.array([[a, b], [b, c]]), np.array([b, -c]), np.array([x, 1.0]), np.array([y, x])

    def cost(t):
        return 2.0 + (t - origin) @ g + 0.5 * (t - origin) @ h @ (t - origin)

    model = taylor2(2.0, g, h, origin)
    assert model(point) == pytest.approx(cost(point), abs=1e-9)
    assert model(np.stack([point, origin])) == pytest.approx([cost(point), 2.0], abs=1e-9)


@pytest.mark.parametrize(
    ("diagonal", "name"),
    [
        ([1, 2], "positive definite"),
        ([0, 2], "positive semidefinite"),
        ([-1, -2], "negative definite"),
        ([-1, 0], "negative semidefinite"),
        ([-1, 2], "indefinite"),
        ([0, 0], "zero"),
    ],
)
def test_definiteness_names_the_signs(diagonal, name):
    assert definiteness(np.diag(np.array(diagonal, dtype=float))) == name


def test_condition_number():
    assert condition_number(np.diag([0.5, 20.0])) == pytest.approx(40)
    assert condition_number(np.diag([0.0, 1.0])) == np.inf
    with pytest.raises(ValueError, match="positive semidefinite"):
        condition_number(np.diag([-1.0, 1.0]))


@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda s: s.name)
def test_known_critical_points_are_recognised(surface):
    for kind, points in surface.critical_points.items():
        for point in points:
            assert classify_critical_point(surface.gradient, point, gradient_tol=1e-4).kind == kind
    assert classify_critical_point(surface.gradient, [0.4, 0.3]).kind == "not critical"


@pytest.mark.parametrize("power", [3, 4])
def test_a_vanishing_hessian_decides_nothing(power):
    verdict = classify_critical_point(lambda t: power * t ** (power - 1), [0.0])
    assert verdict.kind == "degenerate"


def test_chords_refute_and_do_not_prove():
    rng = np.random.default_rng(0)

    def anywhere(r):
        return r.uniform(-2, 2, 1)

    convex, composed = (lambda t: t[0] ** 2 - 1), (lambda t: (t[0] ** 2 - 1) ** 2)
    assert find_convexity_failure(convex, anywhere, rng=rng) is None
    failure = find_convexity_failure(composed, anywhere, rng=rng)
    # convex ∘ convex, with an outer function that is not non-decreasing
    between = failure.weight * failure.a + (1 - failure.weight) * failure.b
    chord = failure.weight * composed(failure.a) + (1 - failure.weight) * composed(failure.b)
    assert composed(between) - chord == pytest.approx(failure.excess) and failure.excess > 0


def test_the_hessian_test_tells_logistic_regression_from_a_hidden_unit():
    rng = np.random.default_rng(1)
    x, y = rng.standard_normal((20, 2)), rng.integers(0, 2, 20)
    points = rng.uniform(-3, 3, (20, 2))

    def logistic(w):
        z = x @ w
        return float(np.mean(np.logaddexp(0, z) - y * z))

    def hidden_unit(w):
        return float(np.mean((w[1] * np.tanh(x[:, 0] * w[0]) - y) ** 2))

    assert is_convex_by_hessian(logistic, points)
    assert not is_convex_by_hessian(hidden_unit, points)
    with pytest.raises(ValueError, match="at least one point"):
        is_convex_by_hessian(logistic, [])


@pytest.mark.parametrize("bad", [np.ones((2, 3)), np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([[np.nan]])])
def test_a_matrix_that_is_no_hessian_is_named(bad):
    with pytest.raises(ValueError, match="H must be"):
        spectrum(bad)


def test_a_direction_must_name_one():
    with pytest.raises(ValueError, match="v must not be zero"):
        curvature(np.eye(2), [0.0, 0.0])
    with pytest.raises(ValueError, match="v must have shape"):
        curvature(np.eye(2), [1.0])
