"""What blocks compute, beyond the contract: identities that hold between them, dropping, wrong branches."""

import numpy as np
import pytest

from course_lib import nn
from course_lib.nn import models
from course_lib.nn.blocks import start_as_shortcuts


def draw(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape)


def test_with_a_dead_body_a_residual_lets_signal_and_gradient_through_whole():
    body = nn.Linear(4, 4, rng=0, dtype=np.float64)
    block = nn.Residual(body)
    nn.initialise(body, nn.initialisers.zeros)
    x, dy = draw(3, 4), draw(3, 4, seed=1)
    np.testing.assert_array_equal(block(x), x)
    np.testing.assert_array_equal(block.backward(dy), dy)


def test_a_residual_net_that_starts_as_its_shortcuts_passes_all_through_and_moves_at_once():
    net = nn.Sequential(nn.BasicBlock(3, 3, rng=0), nn.Bottleneck(3, 3, width=2, rng=1)).astype(np.float64)
    start_as_shortcuts(net)
    x, dy = np.abs(draw(2, 3, 5, 5)), draw(2, 3, 5, 5, seed=1)
    np.testing.assert_array_equal(net(x), x)
    np.testing.assert_array_equal(net.backward(dy), dy)
    for name, parameter in net.named_parameters():
        # Only what ends a body can learn at first: everything before is multiplied by 0.
        assert parameter.grad.any() == (name.startswith(("0.0.body.4.", "1.0.body.7."))), name


def test_bodies_that_end_otherwise_and_nets_without_shortcuts_start_as_they_are():
    for build in (models.preactivation_resnet, lambda **options: models.small_resnet(skip=False, **options)):
        net = build(depth=8, widths=(2, 3, 4), rng=0)
        before = net.state_dict()
        start_as_shortcuts(net)
        np.testing.assert_equal(net.state_dict(), before)


def test_grouped_convolution_is_the_sum_of_narrow_paths():
    # ResNeXt's two pictures of one block: grouped 3×3 and 1×1 back, or a sum of separate bottlenecks.
    grouped = nn.Sequential(
        nn.Conv2d(4, 6, 3, groups=1, bias=False, rng=0),
        nn.Conv2d(6, 6, 3, groups=3, bias=False, rng=1),
        nn.Conv2d(6, 4, 1, bias=False, rng=2),
    ).astype(np.float64)
    paths = []
    for n in range(3):
        path = nn.Sequential(
            nn.Conv2d(4, 2, 3, bias=False), nn.Conv2d(2, 2, 3, bias=False), nn.Conv2d(2, 4, 1, bias=False)
        ).astype(np.float64)
        part = slice(2 * n, 2 * n + 2)
        path[0].weight.data = grouped[0].weight.data[part]
        path[1].weight.data = grouped[1].weight.data[part]
        path[2].weight.data = grouped[2].weight.data[:, part]
        paths.append(path)
    split = nn.Sum(*paths)
    x, dy = draw(2, 4, 7, 8), draw(2, 4, 3, 4, seed=1)
    np.testing.assert_allclose(grouped(x), split(x), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(grouped.backward(dy), split.backward(dy), rtol=1e-10, atol=1e-12)


def test_a_dense_block_keeps_every_earlier_channel():
    block = nn.DenseBlock(3, 2, 4, rng=0)
    x = draw(2, 3, 5, 4).astype(np.float32)
    y = block(x)
    assert y.shape == (2, block.out_channels, 5, 4) == (2, 11, 5, 4)
    np.testing.assert_array_equal(y[:, :3], x)
    np.testing.assert_array_equal(y[:, :5], block[0](x))


def test_a_gate_of_one_half_halves():
    block = nn.SqueezeExcitation(4, 2, rng=0, dtype=np.float64)
    nn.initialise(block, nn.initialisers.zeros)
    x = draw(2, 4, 3, 3)
    np.testing.assert_allclose(block(x), x / 2)


def test_pre_activation_adds_to_the_input_itself():
    same, other = nn.PreActivationBlock(3, 3, rng=0), nn.PreActivationBlock(3, 3, stride=2, rng=0)
    assert [type(layer).__name__ for layer in same] == ["Residual"]
    assert [type(layer).__name__ for layer in other] == ["BatchNorm2d", "ReLU", "Residual"]
    nn.initialise(same, nn.initialisers.zeros)
    x = draw(2, 3, 4, 4).astype(np.float32)
    np.testing.assert_array_equal(same(x), x)


@pytest.mark.parametrize(
    ("block", "channels"),
    [
        (nn.BasicBlock(3, 5, stride=2, rng=0), 5),
        (nn.Bottleneck(3, 8, rng=0), 8),
        (nn.PreActivationBlock(3, 4, rng=0), 4),
        (nn.Inception(3, 2, (2, 3), (1, 2), 1, rng=0), 8),
        (nn.DenseLayer(3, 2, rng=0), 5),
        (nn.DenseBlock(3, 2, 2, rng=0), 7),
        (nn.Transition(3, 2, rng=0), 2),
        (nn.DepthwiseSeparableConv2d(3, 5, 3, padding=1, rng=0), 5),
    ],
)
def test_a_block_knows_its_output_channels(block, channels):
    assert block.out_channels == block(np.ones((2, 3, 6, 6), np.float32)).shape[1] == channels


def test_state_names_tell_body_and_shortcut():
    names = list(nn.BasicBlock(2, 3, rng=0).state_dict())
    assert names[0] == "0.body.0.weight"
    assert "0.shortcut.1.running_var" in names
    assert "(body): Sequential(" in repr(nn.BasicBlock(2, 3, rng=0))


def test_branches_that_do_not_fit_are_named():
    x = np.ones((2, 3, 5, 5), np.float32)
    with pytest.raises(ValueError, match=r"one shape to be added.*\(2, 4, 5, 5\), \(2, 3, 5, 5\)"):
        nn.Residual(nn.Conv2d(3, 4, 1, rng=0))(x)
    with pytest.raises(ValueError, match=r"axis 1 alone.*\(2, 4, 3, 3\)"):
        nn.Concatenate(nn.Identity(), nn.Conv2d(3, 4, 3, rng=0))(x)
    with pytest.raises(ValueError, match=r"gate must give a factor.*\(2, 3\), got \(2, 3, 5, 5\)"):
        nn.Scale(nn.Sigmoid())(x)
    layer = nn.ReLU()
    for make, message in [
        (lambda: nn.Sum(layer, layer), "branches must be different"),
        (lambda: nn.Sum(), "branches must be one Module or more"),
        (lambda: nn.Residual(nn.Sequential(layer), layer), "branches must be different"),
    ]:
        with pytest.raises(ValueError, match=message):
            make()
    with pytest.raises(TypeError, match="branches must be Modules"):
        nn.Concatenate(np.tanh)
    with pytest.raises(TypeError, match="gate must be Modules"):
        nn.Scale(np.tanh)


@pytest.mark.parametrize("inverted", [True, False])
def test_both_ways_of_dropping_keep_the_expectation(inverted):
    layer = nn.Dropout(0.3, inverted=inverted, rng=0)
    x = np.full((400, 500), 2.0, np.float32)
    y = layer(x)
    assert abs((y == 0).mean() - 0.3) < 0.01
    np.testing.assert_allclose(y[y != 0], 2 / 0.7 if inverted else 2.0, rtol=1e-6)
    evaluated = layer.eval()(x)
    np.testing.assert_allclose(evaluated, 2.0 if inverted else 1.4, rtol=1e-6)
    assert abs(y.mean() - evaluated.mean()) < 0.02
    np.testing.assert_allclose(layer.backward(np.ones_like(x)), 1.0 if inverted else 0.7, rtol=1e-6)


def test_both_ways_of_dropping_draw_the_same_masks():
    x = np.ones((20, 30), np.float32)
    first, second = (nn.Dropout(0.4, inverted=way, rng=7)(x) for way in (True, False))
    np.testing.assert_array_equal(first == 0, second == 0)


@pytest.mark.parametrize("p", [0, 1])
@pytest.mark.parametrize("inverted", [True, False])
def test_dropping_nothing_and_everything(p, inverted):
    layer = nn.Dropout(p, inverted=inverted, rng=0)
    x = np.ones((3, 4), np.float32)
    np.testing.assert_array_equal(layer(x), 1 - p)


def test_drop_connect_drops_weights_not_units():
    layer = nn.DropConnect(200, 300, 0.5, rng=0, dtype=np.float64)
    x = np.eye(200)
    y = layer(x) - layer.bias.data
    dropped = y == 0
    assert abs(dropped.mean() - 0.5) < 0.01
    np.testing.assert_allclose(y[~dropped], 2 * layer.weight.data.T[~dropped], rtol=1e-9, atol=1e-12)
    assert not dropped.all(axis=0).any()
    layer.backward(np.ones_like(y))
    np.testing.assert_array_equal(layer.weight.grad.T == 0, dropped)
    plain = nn.Linear(200, 300, rng=1, dtype=np.float64)
    plain.load_state_dict(layer.state_dict())
    np.testing.assert_array_equal(layer.eval()(x), plain(x))
