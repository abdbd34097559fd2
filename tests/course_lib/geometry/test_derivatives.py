"""Differences against surfaces whose gradients and Hessians are known in closed form."""

import numpy as np
import pytest

from course_lib.geometry import SURFACES, gradient, hessian, hessian_vector_product

POINTS = np.random.default_rng(0).uniform(-1.5, 1.5, (4, 2))


@pytest.mark.parametrize("surface", SURFACES.values(), ids=lambda s: s.name)
@pytest.mark.parametrize("theta", POINTS, ids=str)
def test_differences_agree_with_the_closed_form(surface, theta):
    exact, scale = surface.hessian(theta), max(1.0, np.abs(surface.hessian(theta)).max())
    assert gradient(surface.value, theta) == pytest.approx(surface.gradient(theta), abs=1e-6 * scale)
    assert hessian(None, theta, grad=surface.gradient) == pytest.approx(exact, abs=1e-7 * scale)
    assert hessian(surface.value, theta) == pytest.approx(exact, abs=1e-4 * scale)
    v = np.array([0.6, -2.0])
    assert hessian_vector_product(surface.gradient, theta, v) == pytest.approx(exact @ v, abs=1e-6 * scale)


def test_mixed_derivatives_do_not_depend_on_the_order():
    def cost(t):
        return np.sin(t[0] * t[1]) + t[2] ** 3 * t[0]

    h = hessian(cost, [0.3, -0.7, 1.1])
    assert (h == h.T).all()
    assert h[0, 2] == pytest.approx(3 * 1.1**2, abs=1e-5)


def test_the_argument_is_not_changed():
    theta = np.array([1.0, 2.0])
    gradient(lambda t: float(t @ t), theta)
    hessian(lambda t: float(t @ t), theta)
    assert theta.tolist() == [1.0, 2.0]


@pytest.mark.parametrize("theta", [np.zeros((2, 2)), [], [np.nan, 0.0]], ids=["matrix", "empty", "nan"])
def test_a_bad_point_is_named(theta):
    with pytest.raises(ValueError, match="theta must be"):
        gradient(lambda t: 0.0, theta)


def test_a_direction_that_does_not_fit_and_missing_functions_are_named():
    with pytest.raises(ValueError, match="v must have theta's shape"):
        hessian_vector_product(lambda t: t, [1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="needs the cost f or its gradient"):
        hessian(None, [1.0])
    assert hessian_vector_product(lambda t: t, [1.0, 2.0], [0.0, 0.0]).tolist() == [0.0, 0.0]
