"""Deeper plain nets train worse, residual ones do not; the gradient on its way back tells why."""

import numpy as np
import pytest

from course_lib import nn
from course_lib.nn import models
from course_lib.training import Callback, DepthRun, curves_by_depth, depth_experiment, fit, gradient_norms
from course_lib.training.depth import KINDS, small_clothes, train_at_depth

WIDTHS = (4, 8, 16)


@pytest.fixture(scope="module")
def data():
    (images, labels), (others, answers) = small_clothes(640)
    return (images, labels), (others[:200], answers[:200])


def test_images_are_halved_and_centred():
    (images, labels), (others, answers) = small_clothes(300)
    assert (images.shape, others.shape) == ((300, 1, 14, 14), (1000, 1, 14, 14))
    assert (len(labels), len(answers)) == (300, 1000)
    assert abs(images.mean()) < 1e-6
    assert len(set(labels)) == 10


def test_norms_are_those_of_the_gradients_by_the_outputs():
    """The gradient by what the first block gives, measured by moving it along a random direction."""
    model = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1, rng=0),
        nn.ReLU(),
        nn.BasicBlock(2, 2, rng=1),
        nn.GlobalAvgPool2d(),
        nn.Linear(2, 3, rng=2),
    ).astype(np.float64)
    rng = np.random.default_rng(0)
    x, labels, loss = rng.normal(size=(4, 1, 5, 5)), rng.integers(0, 3, 4), nn.CrossEntropyLoss()
    found = gradient_norms(model, loss, (x, labels))
    assert found.layers.tolist() == [1, 3]
    rest = model[3:].train()
    after_block = model[:3].train()(x)
    gradient = np.zeros_like(after_block)
    for index in np.ndindex(gradient.shape):
        moved = after_block.copy()
        moved[index] += 1e-6
        above = loss(rest(moved), labels)
        moved[index] -= 2e-6
        gradient[index] = (above - loss(rest(moved), labels)) / 2e-6
    assert found.norms[1] == pytest.approx(np.linalg.norm(gradient), rel=1e-5)
    assert found.growth == found.norms[0] / found.norms[1]


def test_measuring_leaves_weights_gradients_and_mode_alone():
    model = models.small_resnet(8, widths=WIDTHS, rng=0).eval()
    before = {name: parameter.data.copy() for name, parameter in model.named_parameters()}
    gradient_norms(model, nn.CrossEntropyLoss(), (np.ones((4, 1, 14, 14), np.float32), np.arange(4)))
    for name, parameter in model.named_parameters():
        np.testing.assert_array_equal(parameter.data, before[name])
        assert parameter.grad is None
    assert not any(module.training for module in model.modules())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_the_same_convolutions(kind, data):
    model = KINDS[kind](20, WIDTHS, 0)
    batch = data[0][0][:16], data[0][1][:16]
    found = gradient_norms(model, nn.CrossEntropyLoss(), batch)
    # 18 convolutions in blocks and the first one; pre-activation blocks are not followed by an activation.
    assert found.layers[-1] == 19
    assert (np.diff(found.layers) >= 0).all()


def test_the_gradient_explodes_in_plain_nets_fades_without_normalisation_and_neither_with_skips(data):
    batch = data[0][0][:64], data[0][1][:64]
    growth = {
        kind: gradient_norms(build(44, (8, 16, 32), 0), nn.CrossEntropyLoss(), batch).growth
        for kind, build in KINDS.items()
    }
    assert growth["plain"] > 300
    assert growth["plain, no normalisation"] < 0.2
    assert growth["residual"] < 0.1 * growth["plain"]
    assert growth["pre-activation"] < growth["residual"]


def test_a_deep_plain_net_learns_less_than_a_shallow_one_and_a_deep_residual_net_does_not(data):
    runs = depth_experiment((8, 32), data=data, widths=WIDTHS, epochs=3)
    loss = {(run.kind, run.depth): run.train_loss[-1] for run in runs}
    assert list(loss) == [("plain", 8), ("plain", 32), ("residual", 8), ("residual", 32)]
    assert loss["plain", 32] > loss["plain", 8] + 0.3
    assert loss["residual", 32] < loss["plain", 32] - 0.3
    assert loss["residual", 32] < loss["residual", 8] + 0.1
    for run in runs:
        assert len(run.train_loss) == len(run.test_accuracy) == 3
        assert 0 <= run.final_accuracy <= 1


@pytest.mark.slow
def test_at_full_size_44_plain_layers_train_far_worse_than_8_and_44_residual_ones_better():
    runs = depth_experiment((8, 44), seed=1)
    loss = {(run.kind, run.depth): run.final_loss for run in runs}
    assert loss["plain", 44] > 2 * loss["plain", 8]
    assert loss["residual", 44] < loss["residual", 8]


def test_the_same_seed_trains_the_same_net(data):
    first, again = (
        depth_experiment((8,), ("residual",), data=data, widths=WIDTHS, epochs=1, warm_up=0)[0]
        for _ in range(2)
    )
    assert first.train_loss == again.train_loss
    assert first.final_loss == again.final_loss
    assert first.test_accuracy == again.test_accuracy


def test_curves_are_means_over_the_seeds_of_each_net():
    runs = [
        DepthRun(kind, depth, [loss, loss / 2], 0.0, 0.0, [0.0, 0.0], 0.0)
        for kind, depth, loss in [
            ("plain", 8, 2.0),
            ("plain", 20, 3.0),
            ("residual", 8, 1.0),
            ("plain", 8, 4.0),
        ]
    ]
    curves = curves_by_depth(runs)
    assert {kind: list(deep) for kind, deep in curves.items()} == {"plain": [8, 20], "residual": [8]}
    np.testing.assert_allclose(curves["plain"][8], [3.0, 1.5])
    np.testing.assert_allclose(curves["residual"][8], [1.0, 0.5])


def test_the_rate_grows_in_the_first_epochs_and_falls_to_nothing_in_the_others(data, monkeypatch):
    rates = []

    class Recorder(Callback):
        def before_update(self, run):
            rates.append(run.optimizer.lr)

    def recorded(*arguments, callbacks, **options):
        return fit(*arguments, callbacks=[*callbacks, Recorder()], **options)

    monkeypatch.setattr("course_lib.training.depth.fit", recorded)
    options = {"widths": WIDTHS, "rate": 0.2, "epochs": 3, "warm_up": 1, "batch_size": 160}
    train_at_depth("plain", 8, data, **options)
    falling = [0.1 * (1 + np.cos(np.pi * step / 8)) for step in range(8)]
    assert rates == pytest.approx([0.05, 0.1, 0.15, 0.2, *falling])


def test_what_cannot_be_is_told(data):
    with pytest.raises(ValueError, match="warm_up must be from 0 to 1, fewer than the epochs, got 2"):
        depth_experiment((8,), data=data, epochs=2, warm_up=2)
    with pytest.raises(ValueError, match="kind must be one of plain, residual"):
        depth_experiment((8,), ("curved",), data=data)
    with pytest.raises(ValueError, match="depth must be 6n"):
        depth_experiment((9,), data=data)
    with pytest.raises(ValueError, match="model must have activations or residual blocks"):
        linear = nn.Sequential(nn.Linear(3, 2, rng=0))
        gradient_norms(linear, nn.CrossEntropyLoss(), (np.ones((2, 3), np.float32), np.array([0, 1])))
