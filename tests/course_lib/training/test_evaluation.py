"""Judging a model: averages over examples, in evaluation mode, leaving no trace."""

import math

import numpy as np
import pytest

from course_lib import nn
from course_lib.training import accuracy, evaluate, evaluation_mode


def test_accuracy_is_the_share_of_right_rows():
    outputs = np.array([[1.0, 2.0, 0.0], [3.0, 1.0, 2.0], [0.0, 0.0, 1.0], [5.0, 1.0, 1.0]])
    assert accuracy(outputs, np.array([1, 0, 2, 2])) == 0.75


@pytest.mark.parametrize(
    ("outputs", "targets"),
    [
        (np.zeros((2, 3)), np.zeros((2, 3))),
        (np.zeros((2, 3)), np.zeros(2)),
        (np.zeros(2), np.zeros(2, int)),
        (np.zeros((0, 3)), np.zeros(0, int)),
    ],
)
def test_accuracy_of_no_classes_is_nan(outputs, targets):
    assert math.isnan(accuracy(outputs, targets))


def test_the_batch_size_does_not_matter():
    rng = np.random.default_rng(0)
    data = rng.normal(size=(50, 3)), rng.integers(0, 4, 50)
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Dropout(0.5, rng=0), nn.Linear(3, 4, rng=0)).astype(
        np.float64
    )
    results = [evaluate(model, nn.CrossEntropyLoss(), data, batch_size=size) for size in (1, 7, 50, 100)]
    np.testing.assert_allclose(results, np.broadcast_to(results[0], (4, 2)), rtol=1e-12)


def test_it_leaves_modes_and_averages_as_they_were():
    model = nn.Sequential(nn.BatchNorm1d(3), nn.Linear(3, 4, rng=0))
    model[1].eval()
    before = model.state_dict()
    evaluate(model, nn.CrossEntropyLoss(), (np.ones((5, 3), np.float32), np.zeros(5, int)))
    assert [module.training for module in model.modules()] == [True, True, False]
    np.testing.assert_equal(model.state_dict(), before)


def test_modes_come_back_after_an_exception():
    model = nn.Sequential(nn.ReLU())
    with pytest.raises(ZeroDivisionError), evaluation_mode(model):
        assert not model[0].training
        raise ZeroDivisionError
    assert model[0].training


def test_nothing_to_judge_is_an_error():
    with pytest.raises(ValueError, match="data"):
        evaluate(nn.ReLU(), nn.CrossEntropyLoss(), (np.zeros((0, 3)), np.zeros(0, int)))
