"""Penalties and bounds of weights: values and gradients by hand, and what they do to training."""

import numpy as np
import pytest

from course_lib import nn, optim

VALUES = np.array([[0.5, -2.0, 0.0], [1.5, 0.25, -0.75]])


def parameters():
    return [nn.Parameter(VALUES), nn.Parameter(np.array([3.0]))]


@pytest.mark.parametrize(
    ("make", "cost"),
    [
        (lambda p: nn.L1Penalty(p, 0.1), 0.1 * (5.0 + 3.0)),
        (lambda p: nn.L2Penalty(p, 0.2), 0.1 * (0.25 + 4 + 2.25 + 0.0625 + 0.5625 + 9)),
        (lambda p: nn.ElasticNet(p, l1=0.1, l2=0.2), 0.8 + 0.1 * 16.125),
        (lambda p: nn.ElasticNet(p), 0.0),
    ],
)
def test_costs_by_hand_and_gradients_by_differences(make, cost):
    params = parameters()
    penalty = make(params)
    assert penalty() == pytest.approx(cost)
    penalty.backward()
    for parameter in params:
        for index in np.ndindex(parameter.shape):
            kept = parameter.data[index]
            around = []
            for move in (1e-6, -1e-6):
                parameter.data[index] = kept + move
                around.append(penalty())
            parameter.data[index] = kept
            assert parameter.grad[index] == pytest.approx((around[0] - around[1]) / 2e-6, abs=1e-8)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_gradients_are_added_and_keep_the_dtype(dtype):
    parameter = nn.Parameter(VALUES.astype(dtype))
    held = parameter.grad = np.ones(VALUES.shape, dtype)
    nn.ElasticNet([parameter], l1=0.5, l2=1.0).backward()
    np.testing.assert_allclose(parameter.grad, 1 + VALUES + 0.5 * np.sign(VALUES), rtol=1e-6)
    assert parameter.grad.dtype == dtype
    np.testing.assert_array_equal(held, 1)
    np.testing.assert_array_equal(parameter.data, VALUES)


def test_under_plain_descent_the_l2_penalty_is_weight_decay():
    penalised, decayed = nn.Parameter(VALUES), nn.Parameter(VALUES)
    penalty, steps = nn.L2Penalty([penalised], 0.3), optim.SGD([penalised], 0.1, momentum=0.9)
    decay = optim.SGD([decayed], 0.1, momentum=0.9, weight_decay=0.3)
    for step in range(5):
        penalised.grad, decayed.grad = np.full(VALUES.shape, step + 1.0), np.full(VALUES.shape, step + 1.0)
        penalty.backward()
        steps.step()
        decay.step()
    np.testing.assert_allclose(penalised.data, decayed.data, rtol=1e-12)


def test_l1_leaves_few_weights_and_l2_spreads_them():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(400, 1)) + 0.05 * rng.normal(size=(400, 6))
    targets = x[:, :1] + x[:, 1:2]

    def trained(penalty):
        layer = nn.Linear(6, 1, bias=False, rng=0, dtype=np.float64)
        terms, criterion = penalty(nn.weights(layer)), nn.MSELoss()
        optimizer = optim.SGD(layer.parameters(), 0.05)
        for step in range(1500):
            optimizer.lr = 0.05 / (1 + step / 100)
            criterion(layer(x), targets)
            optimizer.zero_grad()
            layer.backward(criterion.backward())
            terms.backward()
            optimizer.step()
        return np.abs(layer.weight.data.ravel())

    spread, peaky = trained(lambda p: nn.L2Penalty(p, 0.1)), trained(lambda p: nn.L1Penalty(p, 0.1))
    assert spread.max() < 2 * spread.min()
    assert np.count_nonzero(peaky < 0.02) > np.count_nonzero(spread < 0.02)


def test_a_norm_above_the_limit_is_brought_back_and_its_direction_kept():
    weight = nn.Parameter(np.array([[3.0, 4.0], [0.3, 0.4], [0.0, 0.0]], np.float32))
    array = weight.data
    nn.MaxNorm([weight], 2.0).apply()
    np.testing.assert_allclose(weight.data, [[1.2, 1.6], [0.3, 0.4], [0.0, 0.0]], rtol=1e-6)
    assert weight.data is array
    assert weight.dtype == np.float32


def test_a_kernel_is_one_vector_over_all_its_channels():
    layer = nn.Conv2d(3, 4, 3, rng=0)
    before = layer.weight.data.copy()
    norms = np.sqrt((before**2).sum(axis=(1, 2, 3)))
    limit = float(np.median(norms))
    nn.MaxNorm(nn.weights(layer), limit).apply()
    after = np.sqrt((layer.weight.data**2).sum(axis=(1, 2, 3)))
    np.testing.assert_allclose(after, np.minimum(norms, limit), rtol=1e-6)
    np.testing.assert_array_equal(layer.weight.data[norms <= limit], before[norms <= limit])


def test_weights_leave_out_biases_and_scales():
    model = nn.Sequential(nn.Conv2d(1, 2, 3, rng=0), nn.BatchNorm2d(2), nn.Flatten(), nn.Linear(8, 3, rng=0))
    assert nn.weights(model) == [model[0].weight, model[3].weight]


def test_initialise_starts_weights_by_the_rule_and_biases_at_zero():
    model = nn.Sequential(nn.BasicBlock(30, 40, rng=0), nn.GlobalAvgPool2d(), nn.Linear(40, 300, rng=0))
    scales = [module.weight.data for module in model.modules() if isinstance(module, nn.BatchNorm2d)]
    assert nn.initialise(model, nn.initialisers.he_normal, rng=1) is model
    for parameter in nn.weights(model):
        fan_in = nn.initialisers.fans(parameter.shape)[0]
        np.testing.assert_allclose(parameter.data.var(), 2 / fan_in, rtol=0.15)
    assert not model[2].bias.data.any()
    assert all((scale == 1).all() for scale in scales)
    again = nn.initialise(nn.Sequential(nn.BasicBlock(30, 40)), nn.initialisers.he_normal, rng=1)
    np.testing.assert_array_equal(
        again[0][0].branches[0][0].weight.data, model[0][0].branches[0][0].weight.data
    )
    nn.initialise(model, nn.initialisers.normal, std=1e-3, rng=0)
    np.testing.assert_allclose(model[2].weight.data.std(), 1e-3, rtol=0.05)
    nn.initialise(model, nn.initialisers.zeros)
    assert not any(parameter.data.any() for parameter in nn.weights(model))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: nn.L1Penalty(p, -1), "strength"),
        (lambda p: nn.L2Penalty(p, float("nan")), "strength"),
        (lambda p: nn.ElasticNet(p, l1=-1), "l1"),
        (lambda p: nn.ElasticNet(p, l2=-1), "l2"),
        (lambda p: nn.ElasticNet([]), "params"),
        (lambda p: nn.MaxNorm(p[:1], -1), "limit"),
        (lambda p: nn.MaxNorm(p, 1), r"params must be weights.*number 1 has shape \(1,\)"),
        (lambda p: nn.MaxNorm([], 1), "params"),
    ],
)
def test_bad_arguments_are_named(make, message):
    with pytest.raises(ValueError, match=message):
        make(parameters())
