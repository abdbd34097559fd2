"""The layer that whitens its channels over the batch: what the shared suite of layers cannot know of it."""

import numpy as np
import pytest

from course_lib import functional as F
from course_lib import nn


def draw(*shape, seed=0):
    rng = np.random.default_rng(seed)
    mixed = rng.normal(size=(shape[1], shape[1]))
    return np.moveaxis(np.moveaxis(rng.normal(size=shape), 1, -1) @ mixed + 3, -1, 1)


@pytest.mark.parametrize("shape", [(40, 5), (12, 5, 7), (6, 5, 4, 3)])
def test_channels_leave_without_correlation(shape):
    y = nn.DecorrelatedBatchNorm(5, eps=0, dtype=np.float64)(draw(*shape))
    rows = np.moveaxis(y, 1, 0).reshape(5, -1)
    np.testing.assert_allclose(rows.mean(axis=1), 0, atol=1e-10)
    np.testing.assert_allclose(np.cov(rows, bias=True), np.eye(5), atol=1e-8)


def test_white_channels_without_mean_stay_as_they_are():
    x = nn.DecorrelatedBatchNorm(3, eps=0, dtype=np.float64)(draw(30, 3))
    again = nn.DecorrelatedBatchNorm(3, eps=0, dtype=np.float64)(x)
    np.testing.assert_allclose(again, x, atol=1e-8)


def test_scale_and_shift_come_last():
    x = draw(20, 3)
    layer = nn.DecorrelatedBatchNorm(3, dtype=np.float64)
    plain = layer(x)
    layer.weight.data, layer.bias.data = np.array([2.0, 3.0, 4.0]), np.array([1.0, 0.0, -1.0])
    np.testing.assert_allclose(layer(x), plain * [2, 3, 4] + [1, 0, -1])


def test_evaluation_uses_what_training_has_kept():
    layer = nn.DecorrelatedBatchNorm(4, momentum=1.0, dtype=np.float64)
    x = draw(50, 4)
    trained = layer(x)
    kept = layer.state_dict()
    assert set(kept) == {"weight", "bias", "running_mean", "running_whitening"}
    np.testing.assert_allclose(layer.eval()(x), trained)
    # One example, whose own covariance is 0.
    np.testing.assert_allclose(layer(x[:1]), trained[:1])
    for name, value in layer.state_dict().items():
        np.testing.assert_array_equal(value, kept[name])


def test_running_averages_weigh_the_new_value():
    layer = nn.DecorrelatedBatchNorm(3, momentum=0.25, eps=1e-3, dtype=np.float64)
    x = draw(30, 3)
    layer(x)
    _, cache = F.decorrelated_batch_norm(x, training=True, eps=1e-3)
    np.testing.assert_allclose(layer.running_mean, 0.25 * x.mean(axis=0))
    np.testing.assert_allclose(layer.running_whitening, 0.75 * np.eye(3) + 0.25 * cache.whitening)


def test_a_gradient_of_another_shape_is_refused():
    layer = nn.DecorrelatedBatchNorm(3)
    layer(draw(10, 3).astype(np.float32))
    with pytest.raises(ValueError, match="dy"):
        layer.backward(np.ones((10, 4), np.float32))
