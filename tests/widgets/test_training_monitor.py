"""The training monitor: it draws what `Monitor` and `History` recorded, while `fit` runs and after."""

import numpy as np
import pytest

from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.training import Monitor, diagnose, fit
from course_lib.training.monitor import SIZE_EDGES
from course_lib.widgets import TrainingMonitor
from course_lib.widgets.monitor_charts import _tiled
from course_lib.widgets.monitor_moment import MonitorParameters, compute
from course_lib.widgets.monitor_recording import GRADIENTS, Recorder, example, record

DIGITS = load_digits().subset(np.arange(192))


def train(*callbacks, rate=0.05, epochs=3, convolution=True, **options):
    first = [nn.Conv2d(1, 5, 3, rng=0), nn.ReLU()] if convolution else []
    model = nn.Sequential(
        *first,
        nn.Flatten(),
        nn.Linear(180 if convolution else 64, 12, rng=1),
        nn.Tanh(),
        nn.Linear(12, 10, rng=2),
    )
    return fit(
        model,
        nn.CrossEntropyLoss(),
        optim.SGD(model.parameters(), rate),
        DIGITS,
        epochs=epochs,
        batch_size=32,
        callbacks=callbacks,
        progress=False,
        **options,
    )


def test_a_recording_holds_what_was_recorded():
    monitor = Monitor(every=4)
    history = train(monitor, validation=DIGITS)
    seen = record(history, monitor, steps=18, steps_per_epoch=6)
    np.testing.assert_array_equal(seen.step_loss, history.step_loss)
    np.testing.assert_array_equal(seen.validation_accuracy, history.validation_accuracy)
    assert seen.layers == ("0 Conv2d", "1 ReLU", "2 Flatten", "3 Linear", "4 Tanh", "5 Linear")
    assert seen.ratio_names == ("0", "3", "5")
    np.testing.assert_array_equal(seen.ratios[1], monitor.update_ratio["3.weight"])
    assert seen.silent_names == ("1 ReLU", "4 Tanh")
    np.testing.assert_array_equal(seen.silent[1], monitor.activations["4"].silent)
    for sizes in seen.sizes.values():
        assert sizes.shape == (6, 5, len(SIZE_EDGES) + 1)
        np.testing.assert_allclose(sizes.sum(axis=2), 1)
    np.testing.assert_allclose(seen.filters[-1], monitor.filters[-1].mean(axis=1))


def test_going_back_shows_what_was_known_then():
    whole = compute(MonitorParameters())
    half = compute(MonitorParameters(until=50))
    assert whole.step == whole.steps == example().steps
    assert half.step == whole.steps // 2
    assert half.at[-1] < half.step <= whole.at[-1]
    np.testing.assert_array_equal(half.ratios, whole.ratios[:, : half.at.size])
    np.testing.assert_array_equal(half.losses, whole.losses[:, :2])
    np.testing.assert_array_equal(half.filters, example().filters[2])
    assert not np.array_equal(half.filters, whole.filters)


def test_the_map_is_of_the_chosen_layer_and_quantity():
    seen = example()
    result = compute(MonitorParameters(GRADIENTS, 4))
    np.testing.assert_array_equal(result.map, seen.sizes[GRADIENTS][3].T)
    relu = compute(MonitorParameters(layer=2)).map
    assert relu[0].min() > 0.2, "a ReLU gives zeros, which are in the first bin"
    assert compute(MonitorParameters(layer=1)).map[0].max() < 0.05


def test_it_is_told_of_a_run_while_it_goes_on():
    told = []
    history = train(Recorder(told.append, every=2, due=lambda: True))
    assert [one.step_loss.size for one in told] == [
        *range(1, 7),
        6,
        *range(7, 13),
        12,
        *range(13, 19),
        18,
        18,
    ]
    assert all(one.steps == 18 for one in told)
    np.testing.assert_array_equal(told[9].step_loss, history.step_loss[:9])


def test_nothing_is_told_of_a_run_without_a_step():
    told = []
    train(Recorder(told.append, every=2, due=lambda: True), epochs=0)
    assert told == []


def test_the_picture_follows_a_fit_and_changes_nothing_in_it():
    widget = TrainingMonitor()
    seen = []
    widget.picture.observe(lambda change: seen.append(int(change["new"].split()[3])), "alt")
    history = train(widget.callback(every=3, seconds=0))
    assert seen == sorted(seen)
    assert {1, 2, 17, 18} <= set(seen)
    assert history.step_loss == train().step_loss
    assert [name for name, _ in widget.controls["layer"].options][0] == "0 Conv2d"
    assert widget._result.steps == 18
    picture = widget.picture.png
    widget.controls["until"].value = 40
    assert widget._result.step == 7
    assert widget.picture.png != picture


def test_pictures_are_rare_between_epochs():
    widget = TrainingMonitor()
    seen = []
    widget.picture.observe(lambda change: seen.append(int(change["new"].split()[3])), "alt")
    train(widget.callback(seconds=1e9))
    assert set(seen) <= {1, 6, 12, 18}


def test_an_ill_run_raises_an_alert_before_it_has_ended():
    told = []
    with np.errstate(all="ignore"):
        history = train(recorder := Recorder(told.append, every=1, due=lambda: False), rate=30.0, epochs=4)
    found = diagnose(history, recorder).findings
    assert found
    assert told[-1].alerts[0] == f"{found[0].problem}: {found[0].evidence}"
    assert told[1].alerts
    widget = TrainingMonitor()
    widget.show(told[1])
    assert "Alert: " in widget.message.value


def test_that_a_run_is_not_over_is_no_alert():
    told = []
    train(Recorder(told.append, every=1, due=lambda: False), rate=0.02, epochs=3)
    assert told[-1].alerts[0].startswith("not converged")
    assert told[1].alerts == ()


def test_a_net_without_convolution_has_no_filters_and_fewer_layers():
    widget = TrainingMonitor(layer=6)
    train(widget.callback(), convolution=False)
    assert widget.current_parameters().layer == 4
    assert widget._artists["filters title"].get_text() == "no convolution"
    assert len(widget._result.filters) == 0


def test_the_example_is_sound():
    assert example().alerts == ()
    assert example().validation_accuracy[-1] > 0.7


def test_every_chart_over_steps_says_so():
    charts = TrainingMonitor()._artists["axes"]
    assert {name: axes.get_xlabel() for name, axes in charts.items()} == dict.fromkeys(charts, "step")


def test_tiles_stand_side_by_side():
    tiles = _tiled(np.arange(12.0).reshape(3, 2, 2))
    assert tiles.shape == (5, 5)
    np.testing.assert_array_equal(tiles[:2, 3:], [[4, 5], [6, 7]])
    np.testing.assert_array_equal(tiles[3:, :2], [[8, 9], [10, 11]])
    assert np.isnan(tiles[2]).all()


@pytest.mark.parametrize(
    ("name", "value"), [("quantity", "weights"), ("layer", 7), ("until", 0), ("until", True)]
)
def test_impossible_settings_are_refused_by_name(name, value):
    with pytest.raises(ValueError, match=f"{name} must be"):
        MonitorParameters(**{name: value})
