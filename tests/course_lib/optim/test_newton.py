"""Newton's method where its step is known: quadratics of every kind, a root-like cost, bad Hessians."""

import numpy as np
import pytest

from course_lib import geometry, optim
from course_lib.nn import Parameter

MATRICES = {
    "bowl": np.array([[3.0, 1.0, 0.0], [1.0, 2.0, 0.5], [0.0, 0.5, 1.0]]),
    "saddle": np.diag([2.0, -1.0, 0.5]),
    "dome": -np.diag([1.0, 2.0, 3.0]),
}
CENTRE = np.array([0.3, -1.2, 2.0])


def on_quadratic(matrix, **options):
    params = [Parameter(np.array([[1.0], [4.0]])), Parameter(np.array(-2.0))]
    optimizer = optim.Newton(params, lambda t: matrix @ (t - CENTRE), lambda t: matrix, **options)
    return params, optimizer


def flat(params):
    return np.concatenate([parameter.data.ravel() for parameter in params])


@pytest.mark.parametrize("name", MATRICES)
def test_one_step_lands_on_the_critical_point_of_a_quadratic_whichever_kind_it_is(name):
    params, optimizer = on_quadratic(MATRICES[name])
    optimizer.step()
    np.testing.assert_allclose(flat(params), CENTRE, rtol=1e-12)
    assert [parameter.shape for parameter in params] == [(2, 1), ()]


def test_a_smaller_rate_goes_that_share_of_the_way():
    params, optimizer = on_quadratic(MATRICES["bowl"], lr=0.25)
    before = flat(params)
    optimizer.step()
    np.testing.assert_allclose(flat(params), before + 0.25 * (CENTRE - before), rtol=1e-12)


def test_damping_shortens_each_eigen_direction_by_its_own_share():
    params, optimizer = on_quadratic(MATRICES["saddle"], damping=3.0)
    distance = flat(params) - CENTRE
    optimizer.step()
    eigenvalues = np.diag(MATRICES["saddle"])
    np.testing.assert_allclose(flat(params) - CENTRE, distance * (1 - eigenvalues / (eigenvalues + 3)))


def test_damped_enough_it_leaves_a_saddle_downhill_and_undamped_it_does_not():
    matrix = MATRICES["saddle"]

    def cost(theta):
        return (theta - CENTRE) @ matrix @ (theta - CENTRE) / 2

    for damping, goes_down in ((2.0, True), (0.0, False)):
        params, optimizer = on_quadratic(matrix, damping=damping)
        params[0].data[...] = CENTRE[:2, None] + [[0.0], [1.0]]
        params[1].data[...] = CENTRE[2]
        before = cost(flat(params))
        optimizer.step()
        assert (cost(flat(params)) < before) == goes_down


def test_convergence_is_quadratic_on_a_smooth_bowl():
    def cost(t):
        return float(np.exp(t).sum() + np.exp(-t).sum() + t @ t)

    parameter = Parameter(np.array([0.6, -0.4]))
    optimizer = optim.Newton(
        [parameter],
        lambda t: np.exp(t) - np.exp(-t) + 2 * t,
        lambda t: np.diag(np.exp(t) + np.exp(-t) + 2),
    )
    errors = []
    for _ in range(4):
        optimizer.step()
        errors.append(np.abs(parameter.data).max())
    assert errors[1] < errors[0] ** 2
    assert errors[2] < errors[1] ** 2
    assert cost(parameter.data) == pytest.approx(4.0)


def test_it_takes_the_gradients_that_backward_left():
    matrix = MATRICES["bowl"]
    parameter = Parameter(np.array([1.0, 2.0, 3.0]))
    optimizer = optim.Newton([parameter], None, lambda t: matrix)
    with pytest.raises(ValueError, match=r"grad of parameter 0.*backward"):
        optimizer.step()
    parameter.grad = matrix @ (parameter.data - CENTRE)
    optimizer.step()
    np.testing.assert_allclose(parameter.data, CENTRE, rtol=1e-12)


def test_it_works_with_numerical_derivatives():
    def himmelblau(t):
        return (t[0] ** 2 + t[1] - 11) ** 2 + (t[0] + t[1] ** 2 - 7) ** 2

    parameter = Parameter(np.array([3.3, 1.7]))
    optimizer = optim.Newton(
        [parameter], lambda t: geometry.gradient(himmelblau, t), lambda t: geometry.hessian(himmelblau, t)
    )
    for _ in range(6):
        optimizer.step()
    np.testing.assert_allclose(parameter.data, [3.0, 2.0], atol=1e-5)


@pytest.mark.parametrize(
    ("gradient", "hessian", "message"),
    [
        (np.ones(2), np.array([[1.0, 1.0], [1.0, 1.0]]), "hessian must be invertible.*damping"),
        (np.ones(2), np.zeros((2, 2)), "hessian must be invertible"),
        (np.ones(2), np.diag([1.0, 1e-17]), "hessian must be invertible"),
        (np.ones(2), np.array([[1.0, 2.0], [0.0, 1.0]]), "hessian.*symmetric"),
        (np.ones(2), np.eye(3), r"hessian must return shape \(2, 2\).*\(3, 3\)"),
        (np.ones(2), np.diag([1.0, np.nan]), "hessian must be finite"),
        (np.ones(3), np.eye(2), r"gradient must return shape \(2,\)"),
        (np.array([1.0, np.inf]), np.eye(2), "gradient must be finite"),
    ],
)
def test_what_gives_no_step_is_named_and_nothing_moves(gradient, hessian, message):
    parameter = Parameter(np.array([1.0, 2.0]))
    optimizer = optim.Newton([parameter], lambda t: gradient, lambda t: hessian)
    with pytest.raises(ValueError, match=message):
        optimizer.step()
    np.testing.assert_array_equal(parameter.data, [1.0, 2.0])


def test_a_singular_hessian_is_made_regular_by_damping():
    parameter = Parameter(np.array([1.0, 2.0]))
    optimizer = optim.Newton([parameter], lambda t: np.ones(2), lambda t: np.ones((2, 2)), damping=2.0)
    optimizer.step()
    np.testing.assert_allclose(parameter.data, [0.75, 1.75])


def test_bad_arguments_are_named():
    params = [Parameter(np.zeros(2))]
    with pytest.raises(TypeError, match="hessian must be a function"):
        optim.Newton(params, None, np.eye(2))
    with pytest.raises(TypeError, match="gradient must be a function"):
        optim.Newton(params, np.zeros(2), np.eye)
    with pytest.raises(ValueError, match="one group"):
        optim.Newton([{"params": params, "damping": 1.0}], None, np.eye)


def test_its_options_are_saved():
    params, optimizer = on_quadratic(MATRICES["bowl"], lr=0.5, damping=0.1)
    _, other = on_quadratic(MATRICES["bowl"])
    other.load_state_dict(optimizer.state_dict())
    assert (other.lr, other.damping) == (0.5, 0.1)


def test_float32_parameters_stay_float32():
    parameter = Parameter(np.array([1.0, 2.0], np.float32))
    optim.Newton([parameter], lambda t: t, lambda t: np.eye(2)).step()
    assert parameter.dtype == np.float32
    np.testing.assert_array_equal(parameter.data, 0)
