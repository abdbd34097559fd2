"""The benchmark of learning trains epoch by epoch in turn, and what it times is the training of a lecture."""

import dataclasses

import numpy as np
import pytest

from benchmarks import learning
from benchmarks.small_nets import BATCH, DIGITS, our_accuracy, our_epochs
from course_lib import nn, optim
from course_lib.training import RateSchedule, fit


def few_digits(seed):
    train, test = DIGITS.data(seed)
    return train.subset(np.arange(200)), test.subset(np.arange(50))


LESSON = dataclasses.replace(DIGITS, data=few_digits, epochs=3, seeds=2)


def test_epochs_one_by_one_are_the_training_as_a_whole():
    train, test = few_digits(4)
    model = LESSON.net.ours(8, np.random.default_rng(4))
    history = fit(
        model,
        nn.CrossEntropyLoss(),
        optim.Adam(model.parameters(), LESSON.rate),
        train,
        validation=test,
        epochs=3,
        batch_size=BATCH,
        rng=4,
        callbacks=[RateSchedule(optim.Cosine(LESSON.rate, steps=3 * 4))],
        progress=False,
    )
    assert list(our_epochs(LESSON, 4)) == history.validation_accuracy
    assert our_accuracy(LESSON, 4) == history.validation_accuracy[-1] > history.validation_accuracy[0]


def test_epochs_alternate_and_each_is_timed_by_itself(monkeypatch):
    """A clock that the contenders move on by what their epoch takes."""
    now, turns = [0.0], []

    def contender(name, seconds):
        def epochs(lesson, seed):
            for number in range(lesson.epochs):
                turns.append((seed, name))
                now[0] += seconds
                yield number + seed / 10

        return epochs

    monkeypatch.setattr(
        learning, "CONTENDERS", {"ours": contender("ours", 2.0), "other": contender("other", 5.0)}
    )
    found = learning.run_lesson(LESSON, clock=lambda: now[0])
    assert [name for seed, name in turns if seed == 0] == ["ours", "other", "other", "ours", "ours", "other"]
    assert found["ours"].epochs == pytest.approx([2.0] * 6)
    assert found["other"].epochs == pytest.approx([5.0] * 6)
    assert found["other"].accuracies == pytest.approx([2.0, 2.1])
    assert found["other"].seconds_a_run == pytest.approx(15.0)


def test_pytorch_learns_the_same_lesson():
    pytest.importorskip("torch")
    from benchmarks.small_nets import torch_epochs

    accuracies = list(torch_epochs(dataclasses.replace(LESSON, epochs=4), 0))
    assert len(accuracies) == 4
    assert accuracies[-1] > max(0.5, accuracies[0])
