"""Checkpoints: whatever ends a run, it goes on to the results of one that was never ended."""

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from course_lib import nn, optim
from course_lib.data import Augmentation, Jitter, Shift, load_digits
from course_lib.training import (
    AverageIterates,
    Callback,
    Checkpoint,
    CheckpointError,
    EarlyStopping,
    RateSchedule,
    fit,
)
from course_lib.training.checkpoint_file import read_nested, write_nested

DIGITS = load_digits().subset(np.arange(300))
TRAIN, VALIDATION = DIGITS.subset(np.arange(200)), DIGITS.subset(np.arange(200, 300))


class Interruption(Exception):
    pass


class Tell(Callback):
    """Of the same name as that of the killed runs: a checkpoint knows callbacks by their names."""


class EndAt(Callback):
    def __init__(self, step):
        self.step = step

    def after_step(self, run):
        if run.step == self.step:
            raise Interruption


def parts():
    model = nn.Sequential(
        nn.Conv2d(1, 4, 3, padding=1, rng=0),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),
        nn.Dropout(0.3, rng=1),
        nn.Linear(256, 10, rng=2),
    )
    return model, optim.Adam(model.parameters(), 1e-3, amsgrad=True)


def train(path=None, end_at=None, *, epochs=6, model_and_optimizer=None, first=(), **settings):
    model, optimizer = model_and_optimizer or parts()
    stopping, average = EarlyStopping(patience=50), AverageIterates(decay=0.9, after=1)
    callbacks = [*first, EndAt(end_at), RateSchedule(lambda step: 1e-2 / (1 + step)), stopping, average]
    history = fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        TRAIN,
        validation=VALIDATION,
        epochs=epochs,
        augment=Augmentation(Shift(1), Jitter(0.05)),
        rng=np.random.default_rng(7),
        callbacks=[*callbacks, *([Checkpoint(path)] if path else [])],
        progress=False,
        **settings,
    )
    return model, optimizer, history, stopping, average


def assert_same(one, other):
    (model, optimizer, history, stopping, average), (model2, optimizer2, history2, stopping2, average2) = (
        one,
        other,
    )
    np.testing.assert_equal(model2.state_dict(), model.state_dict())
    np.testing.assert_equal(optimizer2.state_dict(), optimizer.state_dict())
    np.testing.assert_equal(stopping2.state_dict(), stopping.state_dict())
    np.testing.assert_equal(average2.state_dict(), average.state_dict())
    numbers, numbers2 = history.to_dict(), history2.to_dict()
    del numbers["seconds"], numbers2["seconds"]
    assert numbers2 == numbers


@pytest.fixture(scope="module")
def undisturbed():
    return train()


@pytest.mark.parametrize("steps", [[1], [4], [5], [9, 17], [2, 3, 8, 12]])
def test_a_run_that_was_ended_goes_on_to_identical_results(tmp_path, undisturbed, steps):
    for step in steps:
        with pytest.raises(Interruption):
            train(tmp_path / "run.npz", step)
    assert_same(undisturbed, train(tmp_path / "run.npz"))
    assert [path.name for path in tmp_path.iterdir()] == ["run.npz"]


def test_a_finished_run_is_not_trained_again_but_can_be_made_longer(tmp_path, undisturbed):
    train(tmp_path / "run.npz", epochs=4)
    assert_same(train(epochs=4), train(tmp_path / "run.npz", 1, epochs=4))
    assert_same(undisturbed, train(tmp_path / "run.npz"))


def test_a_run_that_stopped_early_stays_stopped(tmp_path):
    def stopped():
        model, optimizer = parts()
        stopping = EarlyStopping(patience=1, watch="validation_accuracy", least=1.0)
        callbacks = [stopping, Checkpoint(tmp_path / "run.npz")]
        history = fit(
            model,
            nn.CrossEntropyLoss(),
            optimizer,
            TRAIN,
            validation=VALIDATION,
            epochs=9,
            callbacks=callbacks,
            progress=False,
        )
        return model.state_dict(), history.epochs

    first, again = stopped(), stopped()
    assert first[1] == again[1] == 2
    np.testing.assert_equal(first[0], again[0])


SCRIPT = """
import sys
sys.path.insert(0, {tests!r})
from test_checkpoint import Callback, train
class Tell(Callback):
    def after_step(self, run):
        print(run.epoch, flush=True)
train({path!r}, epochs=500, first=[Tell()])
"""


def test_a_run_survives_being_killed_at_any_moment(tmp_path):
    path = tmp_path / "run.npz"
    script = SCRIPT.format(tests=str(Path(__file__).parent), path=str(path))
    reached = 0
    for steps in (5, 14, 23):
        process = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
        # It goes on while the signal travels: in a step, or while it writes.
        begun = [int(process.stdout.readline()) for _ in range(steps)]
        process.kill()
        process.wait()
        process.stdout.close()
        assert begun[0] >= reached
        reached = read_nested(path)["epoch"]
        assert reached >= begun[-1]
    for leftover in tmp_path.glob(".run.npz.*.part"):
        leftover.unlink()
    longer = reached + 2
    assert_same(train(epochs=longer, first=[Callback()]), train(path, epochs=longer, first=[Tell()]))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda: {"batch_size": 32}, "in batches of 64, Adam.*here 200 examples in batches of 32"),
        (lambda: {"model_and_optimizer": (lambda m: (m, optim.SGD(m.parameters(), 0.1)))(parts()[0])}, "SGD"),
        (
            lambda: {
                "model_and_optimizer": (lambda m: (m, optim.Adam(m.parameters())))(
                    nn.Sequential(nn.Flatten(), nn.Linear(64, 10, rng=0))
                )
            },
            "of another run: state must hold the",
        ),
    ],
    ids=["batch size", "optimiser", "model"],
)
def test_the_file_of_another_run_is_refused_and_kept(tmp_path, change, reason):
    train(tmp_path / "run.npz", epochs=1)
    before = (tmp_path / "run.npz").read_bytes()
    with pytest.raises(CheckpointError, match=reason):
        train(tmp_path / "run.npz", **change())
    assert (tmp_path / "run.npz").read_bytes() == before


def test_damaged_files_are_refused(tmp_path):
    train(tmp_path / "run.npz", epochs=1)
    whole = (tmp_path / "run.npz").read_bytes()
    for content in (b"", b"text", whole[: len(whole) // 2], whole[:-30]):
        (tmp_path / "run.npz").write_bytes(content)
        with pytest.raises(CheckpointError, match="is no checkpoint, or damaged"):
            train(tmp_path / "run.npz")
    write_nested(tmp_path / "run.npz", {"format": 0})
    with pytest.raises(CheckpointError, match="no checkpoint of this version"):
        train(tmp_path / "run.npz")


def test_it_must_be_the_last_callback(tmp_path):
    model, optimizer = parts()
    with pytest.raises(ValueError, match="have the Checkpoint last, got EarlyStopping after it"):
        fit(
            model,
            nn.CrossEntropyLoss(),
            optimizer,
            TRAIN,
            validation=VALIDATION,
            epochs=1,
            progress=True,
            callbacks=[Checkpoint(tmp_path / "run.npz"), EarlyStopping()],
        )
    for every in (0, True, 1.0):
        with pytest.raises(ValueError, match="every must be a positive number of epochs"):
            Checkpoint(tmp_path / "run.npz", every=every)


def test_it_writes_every_so_many_epochs_and_at_the_end(tmp_path):
    written = []

    class Watch(Checkpoint):
        def _write(self, run):
            super()._write(run)
            written.append(read_nested(self.path)["epoch"])

    model, optimizer = parts()
    fit(
        model,
        nn.CrossEntropyLoss(),
        optimizer,
        TRAIN,
        epochs=5,
        progress=False,
        callbacks=[Watch(tmp_path / "run.npz", every=2)],
    )
    assert written == [2, 4, 5]


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3)
ARRAYS = npst.arrays(
    st.sampled_from(["f4", "f8", "i8", "u1", "?"]), npst.array_shapes(min_dims=0, min_side=0)
)
TREES = st.recursive(
    PLAIN | ARRAYS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["array", "dict", "tree", "file", "a/b"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return tmp_path_factory.mktemp("nested") / "file.npz"


@given(tree=TREES)
def test_nested_values_come_back_as_they_were(place, tree):
    write_nested(place, tree)
    found = read_nested(place)
    np.testing.assert_equal(found, tree)
    assert type(found) is type(tree)


def test_what_cannot_be_kept_is_refused_and_the_old_file_stays(place):
    write_nested(place, {"kept": 1})
    for wrong in (object(), {1: 2}, [np.array([object()])], {"a": b"bytes"}):
        with pytest.raises(TypeError, match="content must be plain values and arrays"):
            write_nested(place, wrong)
    assert read_nested(place) == {"kept": 1}
    with pytest.raises(FileNotFoundError):
        read_nested(place.with_name("missing"))
    write_nested(place, (np.float32(0.5), math.inf))
    assert read_nested(place) == [0.5, math.inf]
