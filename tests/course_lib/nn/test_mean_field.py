"""Theory of wide nets: integrals against closed forms, and predictions against nets that are drawn."""

import math

import numpy as np
import pytest

from course_lib.nn.mean_field import LEAK, UNITS, signal_theory, unit_moments


def cumulative(x):
    return (1 + math.erf(x / math.sqrt(2))) / 2


@pytest.mark.parametrize(("name", "slope"), [("ReLU", 0.0), ("leaky ReLU", LEAK), ("linear", 1.0)])
@pytest.mark.parametrize("variance", [0.04, 1.0, 9.0])
def test_units_of_two_straight_pieces(name, slope, variance):
    found = unit_moments(name, variance)
    # E|x| = √(2q/π): a half each from the left and the right.
    assert found.mean == pytest.approx((1 - slope) * math.sqrt(2 * variance / math.pi) / 2)
    assert found.square == pytest.approx((1 + slope**2) / 2 * variance)
    assert found.slope_square == pytest.approx((1 + slope**2) / 2)


@pytest.mark.parametrize("variance", [0.1, 1.0, 4.0])
def test_elu_against_integrals_of_exponentials(variance):
    # ∫ exp(kx) over the left half of a normal density is exp(k²q/2) Φ(−k√q).
    left = [math.exp(k * k * variance / 2) * cumulative(-k * math.sqrt(variance)) for k in (0, 1, 2)]
    found = unit_moments("ELU", variance)
    assert found.mean == pytest.approx(math.sqrt(variance / (2 * math.pi)) + left[1] - left[0], abs=1e-4)
    assert found.square == pytest.approx(variance / 2 + left[2] - 2 * left[1] + left[0], abs=1e-4)
    assert found.slope_square == pytest.approx(0.5 + left[2], abs=1e-4)


@pytest.mark.parametrize("variance", [0.01, 0.5, 2.0])
def test_smooth_units_against_another_quadrature(variance):
    z, weights = np.polynomial.hermite_e.hermegauss(120)
    weights = weights / weights.sum()
    x = math.sqrt(variance) * z
    logistic = 1 / (1 + np.exp(-x))
    for name, value, slope in (
        ("tanh", np.tanh(x), 1 - np.tanh(x) ** 2),
        ("sigmoid", logistic, logistic * (1 - logistic)),
    ):
        found = unit_moments(name, variance)
        assert found.mean == pytest.approx(weights @ value, abs=1e-7)
        assert found.square == pytest.approx(weights @ value**2, abs=1e-6)
        assert found.slope_square == pytest.approx(weights @ slope**2, abs=1e-6)


def test_an_input_that_does_not_vary():
    found = unit_moments("sigmoid", 0.0)
    assert (found.mean, found.square, found.slope_square) == pytest.approx((0.5, 0.25, 1 / 16))


def test_the_signs_of_very_large_inputs_are_left():
    found = unit_moments("tanh", 1e6)
    assert found.square == pytest.approx(1, abs=0.01)
    assert found.slope_square < 0.01


@pytest.mark.parametrize(("activation", "keeps"), [("ReLU", 2.0), ("linear", 1.0)])
def test_he_and_fan_in_keep_the_variance_exactly(activation, keeps):
    widths = [100] * 21
    found = signal_theory(activation, widths, [keeps / 100] * 20)
    np.testing.assert_allclose(found.inputs, keeps)
    np.testing.assert_allclose(found.squares, 1)
    np.testing.assert_allclose(found.gradients, 1)


def test_xavier_halves_the_square_in_each_relu_layer():
    found = signal_theory("ReLU", [64] * 11, [1 / 64] * 10)
    np.testing.assert_allclose(found.squares, 0.5 ** np.arange(1, 11))
    np.testing.assert_allclose(found.gradients, 0.5 ** np.arange(9, -1, -1))
    np.testing.assert_allclose(found.variances, found.squares * (1 - 1 / math.pi))


def test_linear_layers_of_other_widths():
    found = signal_theory("linear", [10, 40, 20], [0.1, 0.1], square=3.0)
    np.testing.assert_allclose(found.inputs, [3.0, 12.0])
    # Backward a layer sums over its own units: 20 of them carry the gradient back to the 40.
    np.testing.assert_allclose(found.gradients, [2.0, 1.0])


def test_tanh_with_fan_in_weights_decays_as_one_over_twice_the_depth():
    depth = 400
    found = signal_theory("tanh", [1] * (depth + 1), [1.0] * depth)
    assert 2 * depth * found.squares[-1] == pytest.approx(1, abs=0.02)


def test_a_sigmoids_gradient_loses_sixteen_fold_at_least():
    found = signal_theory("sigmoid", [1] * 6, [1.0] * 5)
    assert (found.gradients[:-1] / found.gradients[1:] <= 1 / 16).all()


@pytest.mark.parametrize("activation", UNITS)
def test_wide_nets_do_what_theory_says(activation):
    rng = np.random.default_rng(0)
    forward, backward = UNITS[activation]
    width, depth, variance = 1500, 3, 1.5 / 1500
    theory = signal_theory(activation, [width] * (depth + 1), [variance] * depth)
    x = rng.standard_normal((4, width))
    x /= np.sqrt(np.mean(x**2, axis=1, keepdims=True))
    weights, sums, values = [], [], []
    for _ in range(depth):
        weights.append(math.sqrt(variance) * rng.standard_normal((width, width)))
        sums.append(x @ weights[-1].T)
        values.append(x := forward(sums[-1]))
    np.testing.assert_allclose([z.var() for z in sums], theory.inputs, rtol=0.15)
    np.testing.assert_allclose([h.var() for h in values], theory.variances, rtol=0.15)
    gradients = [rng.standard_normal(x.shape)]
    for w, z in zip(weights[:0:-1], sums[:0:-1]):
        gradients.append(backward(gradients[-1], z) @ w)
    np.testing.assert_allclose([np.mean(g**2) for g in gradients[::-1]], theory.gradients, rtol=0.15)


def test_impossible_arguments_are_named():
    with pytest.raises(ValueError, match="activation must be one of tanh.*'sin'"):
        unit_moments("sin", 1.0)
    for variance in (-1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="variance"):
            unit_moments("tanh", variance)
    with pytest.raises(ValueError, match="one more than weight_variances, got 3 and 3"):
        signal_theory("tanh", [4, 4, 4], [1.0] * 3)
