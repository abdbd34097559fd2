"""What single layers do beyond the contract: starting values, arguments, running averages, losses."""

import math

import numpy as np
import pytest

from course_lib import nn
from course_lib.nn import initialisers


@pytest.mark.parametrize(
    ("layer", "fan_in"),
    [(nn.Linear(400, 300, rng=0), 400), (nn.Conv2d(64, 60, (3, 5), groups=2, rng=0), 32 * 15)],
)
def test_default_start_is_uniform_within_one_over_root_fan_in(layer, fan_in):
    bound = 1 / math.sqrt(fan_in)
    for parameter in layer.parameters():
        assert np.abs(parameter.data).max() <= bound
        assert parameter.dtype == np.float32
    weight = layer.weight.data
    np.testing.assert_allclose(weight.std(), bound / math.sqrt(3), rtol=0.02)
    assert abs(weight.mean()) < 0.02 * bound
    assert layer.bias.data.std() > 0.4 * bound


def test_default_start_agrees_with_pytorchs_in_distribution():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    pairs = [
        (nn.Linear(400, 300, rng=0), torch.nn.Linear(400, 300)),
        (nn.Conv2d(32, 64, 3, rng=0), torch.nn.Conv2d(32, 64, 3)),
    ]
    for ours, theirs in pairs:
        for name in ("weight", "bias"):
            a = np.sort(getattr(ours, name).data.ravel())
            b = np.sort(getattr(theirs, name).detach().numpy().ravel())
            assert a.shape == b.shape
            # Kolmogorov's distance of two samples of the same distribution.
            below = np.searchsorted(b, a, side="right") / b.size
            distance = np.abs(below - (np.arange(a.size) + 1) / a.size).max()
            assert distance < 2 / math.sqrt(a.size)


def test_float64_starts_where_float32_does():
    single, double = nn.Conv2d(2, 3, 3, rng=4), nn.Conv2d(2, 3, 3, rng=4, dtype=np.float64)
    assert double.weight.dtype == np.float64
    np.testing.assert_array_equal(single.weight.data, double.weight.data.astype(np.float32))


@pytest.mark.parametrize(
    ("draw", "variance"),
    [
        (initialisers.xavier_normal, 2 / (300 + 200 * 1.0)),
        (initialisers.xavier_uniform, 2 / (300 + 200 * 1.0)),
        (initialisers.he_normal, 2 / 300),
        (initialisers.he_uniform, 2 / 300),
        (initialisers.fan_in_uniform, 1 / (3 * 300)),
    ],
)
def test_initialisers_have_the_variance_of_their_formula(draw, variance):
    array = draw((200, 300), rng=0)
    assert array.dtype == np.float32
    np.testing.assert_allclose(array.var(), variance, rtol=0.03)
    np.testing.assert_array_equal(array, draw((200, 300), rng=np.random.default_rng(0)))


def test_fans_count_the_kernel():
    assert initialisers.fans((8, 3, 5, 2)) == (30, 80)
    with pytest.raises(ValueError, match="shape"):
        initialisers.fans((8,))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: nn.Linear(0, 2), "in_features"),
        (lambda: nn.Linear(2, 2.0), "out_features"),
        (lambda: nn.Conv2d(2, 2, (3, 3, 3)), "kernel_size"),
        (lambda: nn.Conv2d(2, 2, 3, stride=0), "stride"),
        (lambda: nn.Conv2d(2, 2, 3, padding=-1), "padding"),
        (lambda: nn.Conv2d(2, 2, 3, padding="half"), "padding"),
        (lambda: nn.Conv2d(2, 2, 3, padding="same", stride=2), "padding"),
        (lambda: nn.Conv2d(4, 2, 3, groups=4), "groups"),
        (lambda: nn.Linear(2, 2, dtype=np.float16), "float32 or float64"),
        (lambda: nn.BatchNorm2d(-1), "num_features"),
        (lambda: nn.BatchNorm2d(3, momentum=1.5), "momentum"),
        (lambda: nn.BatchNorm2d(3, eps=-1e-3), "eps"),
        (lambda: nn.GroupNorm(4, 6), "num_groups"),
        (lambda: nn.LayerNorm(()), "normalized_shape"),
        (lambda: nn.MaxPool2d("2"), "kernel_size"),
        (lambda: nn.AvgPool2d(2, stride=(1, 0)), "stride"),
        (lambda: nn.Dropout(1.5), r"\bp\b"),
        (lambda: nn.Maxout(0), "pieces"),
    ],
)
def test_bad_arguments_are_named_when_the_layer_is_made(make, message):
    with pytest.raises((TypeError, ValueError), match=message):
        make()


@pytest.mark.parametrize(("layer", "shape"), [(nn.BatchNorm1d(3), (2, 3, 4, 4)), (nn.BatchNorm2d(3), (2, 3))])
def test_batch_norm_knows_its_axes(layer, shape):
    with pytest.raises(ValueError, match=r"x.*\(N, C"):
        layer(np.ones(shape, np.float32))


def test_batch_norm_running_averages_follow_pytorchs_rule():
    rng = np.random.default_rng(0)
    layer = nn.BatchNorm2d(2, momentum=0.25, dtype=np.float64)
    mean, var = np.zeros(2), np.ones(2)
    for _ in range(3):
        x = rng.normal(3, 2, size=(4, 2, 3, 5))
        layer(x)
        mean = 0.75 * mean + 0.25 * x.mean(axis=(0, 2, 3))
        var = 0.75 * var + 0.25 * x.var(axis=(0, 2, 3), ddof=1)
    np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-12)
    np.testing.assert_allclose(layer.running_var, var, rtol=1e-12)
    layer.eval()
    np.testing.assert_allclose(
        layer(x), (x - mean[:, None, None]) / np.sqrt(var[:, None, None] + 1e-5), rtol=1e-9, atol=1e-12
    )
    np.testing.assert_allclose(layer.running_mean, mean, rtol=1e-12)


def test_batch_norm_cannot_train_on_one_value_a_channel():
    with pytest.raises(ValueError, match="x"):
        nn.BatchNorm1d(3)(np.ones((1, 3), np.float32))


def test_dropout_drops_its_share_and_keeps_the_mean():
    layer = nn.Dropout(0.25, rng=0)
    x = np.ones((200, 500), np.float32)
    y = layer(x)
    assert set(np.unique(y)) == {0, np.float32(1 / 0.75)}
    assert abs((y == 0).mean() - 0.25) < 0.01
    np.testing.assert_array_equal(layer.backward(x), y)
    assert not np.array_equal(layer(x), y)
    np.testing.assert_array_equal(layer.eval()(x), x)


LOSSES = {
    "cross-entropy": (nn.CrossEntropyLoss, lambda rng: rng.integers(0, 4, 5)),
    "squares": (nn.MSELoss, lambda rng: rng.normal(size=(5, 4))),
    "logistic": (nn.BCEWithLogitsLoss, lambda rng: rng.uniform(size=(5, 4))),
    "hinge": (nn.HingeLoss, lambda rng: rng.integers(0, 4, 5)),
}


@pytest.mark.parametrize(("make", "draw"), LOSSES.values(), ids=LOSSES.keys())
def test_a_loss_is_a_float_and_its_backward_the_derivative(make, draw):
    rng = np.random.default_rng(0)
    outputs, targets = rng.normal(size=(5, 4)), draw(rng)
    criterion = make()
    loss = criterion(outputs, targets)
    assert isinstance(loss, float)
    gradient = criterion.backward()
    for index in np.ndindex(outputs.shape):
        kept = outputs[index]
        outputs[index] = kept + 1e-6
        above = criterion(outputs, targets)
        outputs[index] = kept - 1e-6
        below = criterion(outputs, targets)
        outputs[index] = kept
        np.testing.assert_allclose(gradient[index], (above - below) / 2e-6, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize(("make", "draw"), LOSSES.values(), ids=LOSSES.keys())
def test_a_loss_keeps_dtypes_and_gives_fresh_gradients(make, draw):
    rng = np.random.default_rng(0)
    criterion = make()
    with pytest.raises(RuntimeError, match="backward before any loss"):
        criterion.backward()
    targets = draw(rng)
    targets = targets if targets.dtype == np.int64 else targets.astype(np.float32)
    criterion(rng.normal(size=(5, 4)).astype(np.float32), targets)
    first = criterion.backward()
    assert (first.shape, first.dtype) == ((5, 4), np.float32)
    before = first.copy()
    first += 1
    np.testing.assert_array_equal(criterion.backward(), before)


def test_cross_entropy_of_known_logits():
    logits = np.log(np.array([[0.7, 0.2, 0.1], [0.1, 0.8, 0.1]]))
    criterion = nn.CrossEntropyLoss()
    np.testing.assert_allclose(criterion(logits, np.array([0, 2])), -(math.log(0.7) + math.log(0.1)) / 2)
    np.testing.assert_allclose(criterion.backward(), [[-0.15, 0.1, 0.05], [0.05, 0.4, -0.45]], atol=1e-12)
