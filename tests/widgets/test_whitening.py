"""Whitening step by step: each covariance against its closed form, and against the library's own steps."""

import numpy as np
import pytest

from course_lib.data import PCA, MeanImage, Scaling
from course_lib.data import Whitening as LibraryWhitening
from course_lib.widgets import Whitening
from course_lib.widgets.whitening_steps import (
    DIVISORS,
    MEAN,
    WhiteningParameters,
    compute,
    measured_cloud,
)


@pytest.mark.parametrize(("rho", "sigma", "unit"), [(0.9, 0.1, 0.4), (-0.5, 0.7, 2.0), (1.0, 0.3, 0.1)])
def test_every_covariance_is_that_of_the_formula(rho, sigma, unit):
    result = compute(WhiteningParameters(rho, sigma, unit))
    raw = np.array([[1, rho], [rho, 1]]) + sigma**2 * np.eye(2)
    measured = raw * np.outer([1, unit], [1, unit])
    shared = rho / (1 + sigma**2)
    expected = [
        measured,
        measured,
        [[1, shared], [shared, 1]],
        np.diag([1 + abs(shared), 1 - abs(shared)]),
        np.eye(2),
    ]
    for found, wanted in zip(result.covariances, expected):
        np.testing.assert_allclose(found, wanted, atol=1e-4)
    np.testing.assert_allclose(result.means[0], MEAN)
    np.testing.assert_allclose(result.means[1:], 0, atol=1e-12)


@pytest.mark.parametrize("power", [-6.0, -2.0, 0.0])
def test_whitened_variances_are_one_up_to_eps(power):
    result = compute(WhiteningParameters(0.8, 0.2, power=power))
    variances = np.diag(result.covariances[3])
    expected = np.diag(variances / (variances + 10**power))
    np.testing.assert_allclose(result.covariances[4], expected, atol=1e-12)


def test_dividing_by_the_variance_turns_the_cloud_inside_out():
    result = compute(WhiteningParameters(0.8, 0.2, divisor=DIVISORS[1]))
    variances = np.diag(result.covariances[3])
    np.testing.assert_allclose(np.diag(result.covariances[4]), 1 / variances, rtol=1e-4)


def test_steps_are_those_of_the_library():
    parameters = WhiteningParameters(0.7, 0.3, power=-2.0)
    x, result = measured_cloud(parameters), compute(parameters)
    centred = MeanImage().fit(x)(x)
    scaled = Scaling(per="feature", eps=0.0).fit(centred)(centred)
    np.testing.assert_allclose(result.clouds[1], centred)
    np.testing.assert_allclose(result.clouds[2], scaled)
    # The signs of principal axes are arbitrary.
    np.testing.assert_allclose(np.abs(result.clouds[3]), np.abs(PCA().fit(scaled)(scaled)), atol=1e-12)
    white = LibraryWhitening(eps=parameters.eps).fit(scaled)(scaled)
    np.testing.assert_allclose(np.abs(result.clouds[4]), np.abs(white), atol=1e-12)


def test_noise_becomes_as_large_as_the_signal():
    # All that tells the features apart is noise: whitening gives it the same variance as what they share.
    parameters = WhiteningParameters(1.0, 0.05)
    result = compute(parameters)
    np.testing.assert_allclose(result.variances[3][1] / result.variances[3][0], 0.05**2 / 2, rtol=0.01)
    np.testing.assert_allclose(result.variances[4], 1, atol=0.001)


def test_without_turning_a_correlation_stays():
    result = compute(WhiteningParameters(0.8, 0.0, turn=False))
    np.testing.assert_allclose(result.covariances[4][0, 1], 0.8, atol=1e-4)
    assert "still correlated" in Whitening.explain(result)


def test_steps_that_are_not_taken_leave_the_cloud():
    result = compute(WhiteningParameters(centre=False, scale=False, turn=False, divide=False))
    for cloud in result.clouds[1:]:
        np.testing.assert_array_equal(cloud, result.clouds[0])
    assert "its mean is not 0" in Whitening.explain(result)


def test_condition_numbers_are_those_of_linear_regression():
    parameters = WhiteningParameters(0.6, 0.2, unit=0.5)
    result = compute(parameters)
    rho = 0.6 / (1 + 0.2**2)
    # A centred Hessian has the covariance in one block, and 1 for the bias in the other.
    assert result.conditions[2] == pytest.approx((1 + rho) / (1 - rho))
    assert result.conditions[4] == pytest.approx(1, abs=1e-4)
    a = np.column_stack([measured_cloud(parameters), np.ones(len(result.upper))])
    assert result.conditions[0] == pytest.approx(np.linalg.cond(a) ** 2)
    assert result.conditions[0] > result.conditions[1] > result.conditions[2] > result.conditions[4]


def test_a_cloud_without_a_second_direction_stays_finite():
    result = compute(WhiteningParameters(1.0, 0.0))
    assert np.isfinite(result.clouds).all()
    assert len(Whitening.figure(correlation=1.0, noise=0.0).png()) > 1000
    assert "∞" in Whitening.explain(result)


def test_the_cloud_does_not_turn_over_while_the_correlation_moves():
    corners = [compute(WhiteningParameters(rho)).clouds[3][0] for rho in np.linspace(0.1, 0.9, 33)]
    assert np.abs(np.diff(corners, axis=0)).max() < 0.3


def test_the_lecture_answers_its_questions_rightly():
    assert compute(WhiteningParameters(turn=False)).covariances[4][0, 1] == pytest.approx(0.89, abs=0.005)
    away = compute(WhiteningParameters(centre=False)).conditions
    assert away[[0, -1]] == pytest.approx([3538, 3590], abs=1)
    for power, left in ((-3.0, 0.71), (-2.5, 0.44)):
        noisy = compute(WhiteningParameters(1.0, 0.05, power=power))
        assert noisy.covariances[3][1, 1] == pytest.approx(0.0025, abs=1e-5)
        assert noisy.covariances[4][1, 1] == pytest.approx(left, abs=0.005)
    slip = compute(WhiteningParameters(divisor=DIVISORS[1]))
    assert np.diag(slip.covariances[3]) == pytest.approx([1.891, 0.109], abs=5e-4)
    assert np.diag(slip.covariances[4]) == pytest.approx([0.529, 9.18], abs=5e-3)


@pytest.mark.parametrize("rho", [-1.0, 0.0, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("sigma", [0.0, 0.1, 0.5])
def test_no_point_is_cut_off_at_the_rim(rho, sigma):
    widget = Whitening(correlation=rho, noise=sigma)
    for chart, cloud in zip(widget._artists["charts"], widget._result.clouds):
        (left, right), (low, high) = chart.get_xlim(), chart.get_ylim()
        # A mark has a radius of 1.3 points, on an axis of 138 pixels.
        margin = 1.3 * 100 / 72 * (right - left) / 138
        assert (cloud - margin > (left, low)).all()
        assert (cloud + margin < (right, high)).all()


def test_ticking_a_box_changes_the_artists_that_are_there():
    widget = Whitening()
    cross, before = widget._artists["cross"][4], widget.picture.png
    ends = np.array(cross.get_xdata())
    widget.controls["turn"].value = False
    assert widget._artists["cross"][4] is cross
    assert not np.allclose(ends, cross.get_xdata(), equal_nan=True)
    assert widget.picture.png != before
    assert "not turned" in widget.picture.alt
    assert "÷ √(λ + 1e−6)" in widget.picture.alt
    assert "not white" in widget.message.value


@pytest.mark.parametrize(
    ("name", "value"), [("correlation", 1.2), ("noise", -1), ("unit", 0), ("turn", 1), ("power", "low")]
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        WhiteningParameters(**{name: value})
