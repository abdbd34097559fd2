"""Early stopping: the epoch at which it stops, for any course of the validation numbers."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib import nn, optim
from course_lib.training import EarlyStopping, Run, fit


def stops_at(values, stopping, watch="validation_loss"):
    """Return the epochs that a run of these values makes; its single weight is the number of the epoch."""
    model = nn.Linear(1, 1, rng=0)
    run = Run(model, None, None, epochs=len(values), steps_per_epoch=1, batches=None)
    stopping.before_fit(run)
    for value in values:
        run.epoch += 1
        model.weight.data[...] = run.epoch
        getattr(run.history, watch).append(value)
        stopping.after_epoch(run)
        if run.stop:
            break
    stopping.after_fit(run)
    return run.epoch, model.weight.data.item()


def test_it_stops_after_patience_epochs_without_a_new_best_and_goes_back():
    assert stops_at([5, 4, 3, 3.5, 3.2, 3.1, 1], EarlyStopping(3)) == (6, 3.0)


def test_a_new_best_in_time_begins_the_waiting_anew():
    assert stops_at([5, 6, 4, 6, 3, 6, 6, 6], EarlyStopping(2)) == (7, 5.0)


def test_patience_grows_with_the_epoch_of_the_best():
    values = [5, 4, 3, 2, *[9] * 20]
    assert stops_at(values, EarlyStopping(2)) == (6, 4.0)
    assert stops_at(values, EarlyStopping(2, growth=2)) == (8, 4.0)
    assert stops_at(values, EarlyStopping(2, growth=3.5)) == (14, 4.0)


def test_accuracies_are_to_rise():
    values = [0.1, 0.5, 0.4, 0.3, 0.9]
    assert stops_at(values, EarlyStopping(2, watch="validation_accuracy"), "validation_accuracy") == (4, 2.0)


def test_a_small_improvement_is_none():
    assert stops_at([5, 4.99, 4.98, 4.97], EarlyStopping(2, least=0.1)) == (3, 1.0)


def test_nan_is_never_a_best():
    assert stops_at([math.nan, 3, math.nan, math.nan], EarlyStopping(2)) == (4, 2.0)
    assert stops_at([math.nan] * 9, EarlyStopping(2)) == (2, 2.0)


def test_the_last_weights_stay_where_asked():
    assert stops_at([1, 2, 3], EarlyStopping(2, restore_best=False)) == (3, 3.0)


@given(
    values=st.lists(st.floats(-5, 5), min_size=1, max_size=40),
    patience=st.integers(1, 6),
    growth=st.floats(1, 3),
)
def test_the_deadline_is_what_the_docstring_says(values, patience, growth):
    stopping = EarlyStopping(patience, growth=growth)
    epochs, weight = stops_at(values, stopping)
    best = int(np.argmin(values[:epochs])) + 1
    assert (stopping.best_epoch, stopping.best, weight) == (best, values[best - 1], best)
    assert epochs == len(values) or epochs == max(best + patience, math.floor(growth * best))


def test_a_run_that_overfits_is_stopped():
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((80, 20)).astype(np.float32), rng.integers(0, 2, 80)
    model = nn.Sequential(nn.Linear(20, 64, rng=0), nn.ReLU(), nn.Linear(64, 2, rng=1))
    stopping = EarlyStopping(5)
    history = fit(
        model,
        nn.CrossEntropyLoss(),
        optim.Adam(model.parameters(), 1e-2),
        (x[:40], y[:40]),
        validation=(x[40:], y[40:]),
        epochs=200,
        batch_size=8,
        callbacks=[stopping],
        progress=False,
    )
    assert history.epochs == stopping.best_epoch + 5 < 200
    assert min(history.validation_loss) == stopping.best


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"patience": 0}, "patience must be a positive number of epochs, got 0"),
        ({"growth": 0.5}, "growth must be 1 or more"),
        ({"watch": "seconds"}, "watch must be one of validation_loss"),
        ({"least": -1}, "least must not be negative"),
    ],
)
def test_bad_settings_are_told(settings, reason):
    with pytest.raises(ValueError, match=reason):
        EarlyStopping(**settings)


def test_without_validation_data_it_says_so():
    with pytest.raises(ValueError, match="give fit validation="):
        stops_at([1, 2], EarlyStopping(2), "train_loss")
