"""The training loop: it learns, it records, it repeats itself, and callbacks see what happened."""

import time

import numpy as np
import pytest

import course_lib
from course_lib import nn, optim
from course_lib.data import load_digits, stratified_split
from course_lib.training import Callback, EachStep, History, RateSchedule, evaluate, fit


@pytest.fixture
def one_thread():
    """Threads of other processes on the same cores must not decide how long a test takes."""
    threads = course_lib.get_num_threads()
    course_lib.set_num_threads(1)
    yield
    course_lib.set_num_threads(threads)


def small_net(seed=0):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1, bias=False, rng=rng),
        nn.BatchNorm2d(32),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(128, 10, rng=rng),
    )


def blobs(count=60, seed=0):
    """Two well separated clouds in the plane."""
    rng = np.random.default_rng(seed)
    labels = np.arange(count) % 2
    points = rng.normal(size=(count, 2)) + 3 * labels[:, None]
    return points.astype(np.float32), labels


def linear_run(*, seed=0, data=None, model=None, lr=0.1, **options):
    model = model or nn.Linear(2, 2, rng=1)
    settings = {"epochs": 3, "batch_size": 16, "rng": seed, "progress": False} | options
    history = fit(
        model, nn.CrossEntropyLoss(), optim.SGD(model.parameters(), lr), data or blobs(), **settings
    )
    return model, history


def test_it_learns_the_digits(one_thread):
    train, test = stratified_split(load_digits(), (0.8, 0.2), rng=0)
    model = small_net()
    optimizer = optim.Adam(model.parameters(), 3e-3)
    start = time.process_time()
    history = fit(
        model, nn.CrossEntropyLoss(), optimizer, train, validation=test, epochs=8, rng=0, progress=False
    )
    seconds = time.process_time() - start
    assert history.validation_accuracy[-1] >= 0.97
    assert history.train_loss[-1] < 0.1 * history.train_loss[0]
    assert history.validation_loss[-1] < history.validation_loss[0]
    assert seconds < 20
    loss, accuracy = evaluate(model, nn.CrossEntropyLoss(), test)
    assert (loss, accuracy) == (history.validation_loss[-1], history.validation_accuracy[-1])


def test_a_seed_fixes_the_run_to_the_last_bit():
    first, first_history = linear_run(seed=5)
    again, again_history = linear_run(seed=5)
    other, _ = linear_run(seed=6)
    assert first_history.step_loss == again_history.step_loss
    np.testing.assert_equal(first.state_dict(), again.state_dict())
    assert not np.array_equal(first.weight.data, other.weight.data)


def test_one_step_is_the_update_rule():
    model = nn.Linear(2, 2, rng=1)
    x, y = blobs(8)
    logits = x @ model.weight.data.T + model.bias.data
    odds = np.exp(logits - logits.max(axis=1, keepdims=True))
    gradient = (odds / odds.sum(axis=1, keepdims=True) - np.eye(2)[y]) / len(x)
    expected = model.weight.data - 0.1 * gradient.T @ x
    linear_run(model=model, data=(x, y), epochs=1, batch_size=8)
    np.testing.assert_allclose(model.weight.data, expected, rtol=1e-5)


def test_the_history_has_a_number_for_every_step_and_epoch():
    _, history = linear_run(epochs=4, validation=blobs(20, seed=3))
    assert history.epochs == 4
    assert len(history.step_loss) == len(history.step_accuracy) == 4 * 4
    for name in ("train", "validation"):
        assert len(getattr(history, f"{name}_loss")) == len(getattr(history, f"{name}_accuracy")) == 4
    assert history.learning_rate == [0.1] * 4
    assert len(history.seconds) == 4
    assert min(history.seconds) > 0


def test_epoch_numbers_weigh_examples_not_batches():
    _, history = linear_run(data=blobs(40), epochs=1, batch_size=32)
    expected = (32 * history.step_loss[0] + 8 * history.step_loss[1]) / 40
    np.testing.assert_allclose(history.train_loss[0], expected, rtol=1e-12)
    expected = (32 * history.step_accuracy[0] + 8 * history.step_accuracy[1]) / 40
    np.testing.assert_allclose(history.train_accuracy[0], expected, rtol=1e-12)


def test_without_validation_its_lists_are_empty():
    _, history = linear_run()
    assert history.validation_loss == history.validation_accuracy == []
    assert set(history.latest()) == {"train_loss", "train_accuracy"}


def test_histories_turn_into_plain_dictionaries():
    _, history = linear_run()
    plain = history.to_dict()
    assert plain["step_loss"] == history.step_loss
    plain["step_loss"].append(0.0)
    assert len(plain["step_loss"]) == len(history.step_loss) + 1
    assert History(**history.to_dict()) == history


def test_training_moves_running_averages_and_validation_does_not():
    class Watch(Callback):
        def after_step(self, run):
            self.last_step = run.model[0].running_mean.copy()

        def after_epoch(self, run):
            np.testing.assert_array_equal(run.model[0].running_mean, self.last_step)

    model = nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 2, rng=0))
    watch = Watch()
    linear_run(model=model, callbacks=[watch], validation=blobs(20, seed=3))
    assert watch.last_step.any()


def test_a_model_that_was_trained_before_trains_on():
    model, _ = linear_run(model=nn.Sequential(nn.BatchNorm1d(2), nn.Linear(2, 2, rng=0)))
    before = model[0].running_mean.copy()
    linear_run(model=model, data=blobs(40, seed=8))
    assert (model[0].running_mean != before).all()


def test_the_model_is_left_in_evaluation_mode():
    model, _ = linear_run(model=nn.Sequential(nn.Dropout(0.5, rng=0), nn.Linear(2, 2, rng=0)))
    assert not any(module.training for module in model.modules())


def test_targets_need_not_be_classes():
    rng = np.random.default_rng(0)
    x = rng.normal(size=(64, 2)).astype(np.float32)
    y = x @ np.array([[2.0], [-1.0]], np.float32)
    model = nn.Linear(2, 1, rng=0)
    history = fit(
        model,
        nn.MSELoss(),
        optim.SGD(model.parameters(), 0.1),
        (x, y),
        validation=(x, y),
        epochs=20,
        batch_size=16,
        progress=False,
    )
    np.testing.assert_allclose(model.weight.data, [[2, -1]], atol=1e-3)
    assert np.isnan(history.train_accuracy).all()
    assert history.validation_loss[-1] < 1e-5


def test_callbacks_are_told_everything_in_order():
    events = []

    class Recorder(Callback):
        def before_fit(self, run):
            events.append(("start", run.epochs, run.steps_per_epoch))

        def after_step(self, run):
            assert all(parameter.grad is not None for parameter in run.model.parameters())
            events.append(("step", run.step, len(run.history.step_loss)))

        def after_epoch(self, run):
            events.append(("epoch", run.epoch, len(run.history.validation_loss)))

        def after_fit(self, run):
            events.append(("end", run.step, run.epoch))

    linear_run(data=blobs(20), epochs=2, batch_size=10, validation=blobs(10), callbacks=[Recorder()])
    assert events == [
        ("start", 2, 2),
        ("step", 1, 1),
        ("step", 2, 2),
        ("epoch", 1, 1),
        ("step", 3, 3),
        ("step", 4, 4),
        ("epoch", 2, 2),
        ("end", 4, 2),
    ]


def test_a_callback_may_stop_the_run_and_change_the_rate():
    class StopAtTwo(Callback):
        def after_epoch(self, run):
            run.optimizer.lr /= 10
            run.stop = run.epoch == 2

    _, history = linear_run(epochs=10, callbacks=[StopAtTwo()])
    assert history.epochs == 2
    np.testing.assert_allclose(history.learning_rate, [0.1, 0.01])


def rates_used(callback):
    used = []

    class Spy(optim.SGD):
        def step(self):
            used.append(self.lr)
            super().step()

    model = nn.Linear(2, 2, rng=1)
    optimizer = Spy(model.parameters(), 99.0)
    fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        blobs(6),
        epochs=3,
        batch_size=3,
        progress=False,
        callbacks=[callback],
    )
    return used


def test_a_schedule_sets_the_rate_of_every_step_or_epoch():
    def rate(t):
        return 0.1 / (t + 1)

    np.testing.assert_allclose(rates_used(RateSchedule(rate)), [rate(t) for t in range(6)])
    np.testing.assert_allclose(rates_used(RateSchedule(rate, per="epoch")), [rate(t // 2) for t in range(6)])
    with pytest.raises(ValueError, match="per.*day"):
        RateSchedule(rate, per="day")


def test_an_exception_comes_through_and_callbacks_are_closed():
    ended = []

    class Breaks(Callback):
        def after_step(self, run):
            raise KeyboardInterrupt

        def after_fit(self, run):
            ended.append(run.step)

    model = nn.Linear(2, 2, rng=0)
    with pytest.raises(KeyboardInterrupt):
        linear_run(model=model, callbacks=[Breaks()])
    assert ended == [1]
    assert not model.training


def test_the_progress_bar_shows_the_numbers_and_can_be_silent(capsys):
    linear_run(progress=False)
    assert capsys.readouterr().err == ""
    linear_run(epochs=2, progress=True, validation=blobs(10))
    shown = capsys.readouterr().err
    assert "epoch 2/2" in shown
    assert "validation accuracy" in shown
    assert "8/8" in shown


def test_no_epochs_change_nothing():
    model = nn.Linear(2, 2, rng=1)
    before = model.state_dict()
    _, history = linear_run(model=model, epochs=0)
    np.testing.assert_equal(model.state_dict(), before)
    assert history.epochs == 0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"epochs": -1}, "epochs"),
        ({"batch_size": 0}, "batch_size"),
        ({"data": (np.zeros((4, 2), np.float32), np.zeros(3, int))}, "targets.*3.*4"),
        ({"data": (np.zeros((0, 2), np.float32), np.zeros(0, int))}, "train"),
    ],
)
def test_bad_arguments_are_named(change, message):
    with pytest.raises(ValueError, match=message):
        linear_run(**change)


def test_a_penalty_pulls_as_weight_decay_does_and_leaves_the_record_alone():
    decayed, penalised = nn.Linear(2, 2, rng=1), nn.Linear(2, 2, rng=1)
    optimizer = optim.SGD(decayed.parameters(), 0.1, weight_decay=0.5)
    settings = {"epochs": 2, "batch_size": 16, "rng": 0, "progress": False}
    first = fit(decayed, nn.CrossEntropyLoss(), optimizer, blobs(), **settings)
    penalty = nn.L2Penalty(penalised.parameters(), 0.5)
    _, second = linear_run(model=penalised, penalty=penalty, **settings | {"rng": 0})
    np.testing.assert_allclose(penalised.weight.data, decayed.weight.data, rtol=1e-5)
    np.testing.assert_allclose(second.step_loss, first.step_loss, rtol=1e-5)


def test_bounds_and_averages_act_after_every_update():
    model = nn.Linear(2, 2, rng=1)
    average = optim.IterateAverage(model.parameters())
    norms = []

    class Watch(Callback):
        def after_step(self, run):
            norms.append(np.sqrt((model.weight.data**2).sum(axis=1)).max())

    callbacks = [EachStep(nn.MaxNorm(nn.weights(model), 0.4).apply), EachStep(average.update), Watch()]
    _, history = linear_run(model=model, callbacks=callbacks)
    assert average.count == len(history.step_loss) == len(norms)
    assert max(norms) <= 0.4 + 1e-6
    assert max(norms) > 0.39
    with pytest.raises(TypeError, match="action must be a function"):
        EachStep(None)
