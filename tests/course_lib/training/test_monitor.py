"""The monitor sees what happens in a run, and changes nothing in it."""

import numpy as np
import pytest

from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.training import Callback, Checkpoint, Monitor, fit
from course_lib.training.monitor import QUANTILES, silent_share

DIGITS = load_digits().subset(np.arange(256))


def net():
    return nn.Sequential(
        nn.Conv2d(1, 6, 3, padding=1, rng=0),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.Sequential(nn.Flatten(), nn.Linear(384, 20, rng=1), nn.Tanh()),
        nn.Linear(20, 10, rng=2),
    )


def train(model, *callbacks, epochs=3, rate=0.1, data=DIGITS):
    optimizer = optim.SGD(model.parameters(), rate, momentum=0.5)
    return fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        data,
        validation=data,
        epochs=epochs,
        batch_size=32,
        callbacks=callbacks,
        progress=False,
    )


def test_every_layer_is_seen_every_so_many_steps():
    monitor = Monitor(every=5)
    train(net(), monitor)
    assert monitor.steps == [0, 5, 10, 15, 20]
    names = ["0", "1", "2", "3.0", "3.1", "3.2", "4"]
    for records in (monitor.activations, monitor.gradients):
        assert sorted(records) == names
        for record in records.values():
            assert record.step == monitor.steps
            assert len(record.mean) == len(record.std) == len(record.quantiles) == 5
            assert np.diff(record.quantiles, axis=1).min() >= 0
            assert len(record.quantiles[0]) == len(QUANTILES)
    assert set(monitor.update_ratio) == set(dict(net().named_parameters()))
    assert {len(ratios) for ratios in monitor.update_ratio.values()} == {5}
    assert [len(record.silent) for record in monitor.activations.values()] == [0, 0, 5, 0, 0, 5, 0]
    assert len(monitor.filters) == 4
    assert not np.array_equal(monitor.filters[0], monitor.filters[-1])


def test_a_monitored_run_is_the_same_to_the_last_bit_and_its_model_is_let_go():
    plain, watched = net(), net()
    first, second = train(plain), train(watched, Monitor(every=3))
    assert first.step_loss == second.step_loss
    np.testing.assert_equal(watched.state_dict(), plain.state_dict())
    assert all("forward" not in vars(module) for module in watched.modules())


def test_it_lets_go_of_the_model_also_where_training_fails():
    class Fails(Callback):
        def before_update(self, run):
            raise RuntimeError("broken")

    model = net()
    with pytest.raises(RuntimeError, match="broken"):
        train(model, Monitor(), Fails())
    assert all("forward" not in vars(module) for module in model.modules())


def test_numbers_are_those_of_the_whole_arrays():
    class Reference(Callback):
        """Computes the first step again, in full."""

        def before_fit(self, run):
            self.weights = run.model.state_dict()

        def after_step(self, run):
            if run.step == 1:
                self.gradients = {name: p.grad.copy() for name, p in run.model.named_parameters()}

    reference, monitor = Reference(), Monitor(every=1000)
    train(net(), reference, monitor, epochs=1)
    for name, (ratio,) in monitor.update_ratio.items():
        weight, gradient = reference.weights[name], reference.gradients[name]
        if np.linalg.norm(weight):
            assert ratio == pytest.approx(
                0.1 * np.linalg.norm(gradient) / np.linalg.norm(weight), rel=1e-4, abs=1e-7
            )
        else:
            assert np.isnan(ratio)
    # Batch norm's output has mean 0 and deviation 1 whatever comes in.
    assert monitor.activations["1"].mean[0] == pytest.approx(0, abs=0.05)
    assert monitor.activations["1"].std[0] == pytest.approx(1, abs=0.05)


def test_dead_and_saturated_units_are_counted():
    y = np.array([[0.0, 0.0, 2.0], [0.0, 1.0, 3.0]])
    assert silent_share(nn.ReLU(), y) == pytest.approx(1 / 3)
    maps = np.zeros((2, 4, 3, 3))
    maps[1, 2, 0, 0] = 1
    assert silent_share(nn.ReLU(), maps) == 0.75
    assert silent_share(nn.LeakyReLU(), -np.ones((2, 5))) == 1
    assert silent_share(nn.Tanh(), np.array([[-1.0, 0.97, 0.5, 0]])) == 0.5
    assert silent_share(nn.Sigmoid(), np.array([[0.0, 0.99, 0.5, 0.03]])) == 0.5
    assert silent_share(nn.Linear(1, 1, rng=0), y) is None
    assert silent_share(nn.ReLU(), y[:0]) is None


def test_a_net_that_dies_is_seen_to_die():
    model = nn.Sequential(nn.Flatten(), nn.Linear(64, 30, rng=0), nn.ReLU(), nn.Linear(30, 10, rng=1))
    model[1].bias.data -= 100
    monitor = Monitor(every=4)
    train(model, monitor, epochs=1)
    assert monitor.activations["2"].silent == [1.0, 1.0]
    assert monitor.update_ratio["1.weight"] == [0, 0]


def test_numbers_that_are_not_finite_are_recorded_as_nan():
    monitor = Monitor(every=1)
    with np.errstate(all="ignore"):
        train(net(), monitor, rate=1e38, epochs=1)
    assert np.isnan(monitor.activations["4"].mean[-1])
    assert np.isfinite(monitor.activations["4"].mean[0])


def test_it_goes_on_from_a_checkpoint(tmp_path):
    whole, begun, ended = Monitor(every=3), Monitor(every=3), Monitor(every=3)
    train(net(), whole, epochs=4)
    train(net(), begun, Checkpoint(tmp_path / "run.npz"), epochs=2)
    train(net(), ended, Checkpoint(tmp_path / "run.npz"), epochs=4)
    np.testing.assert_equal(ended.state_dict(), whole.state_dict())


def test_nets_without_convolutions_have_no_filters_and_bad_settings_are_told():
    monitor = Monitor()
    train(nn.Sequential(nn.Flatten(), nn.Linear(64, 10, rng=0)), monitor, epochs=1)
    assert monitor.filters == []
    for every in (0, 2.0, True):
        with pytest.raises(ValueError, match="every must be a positive number of steps"):
            Monitor(every=every)


def test_records_name_the_class_of_their_layer():
    monitor = Monitor()
    train(net(), monitor, epochs=1)
    for records in (monitor.activations, monitor.gradients):
        kinds = {name: record.layer for name, record in records.items()}
        assert kinds == {
            "0": "Conv2d",
            "1": "BatchNorm2d",
            "2": "ReLU",
            "3.0": "Flatten",
            "3.1": "Linear",
            "3.2": "Tanh",
            "4": "Linear",
        }
