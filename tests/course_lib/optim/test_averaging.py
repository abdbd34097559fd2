"""Averages of iterates: what they are, and how they come into the model and out again."""

import copy

import numpy as np
import pytest

from course_lib import optim
from course_lib.nn import Parameter


def walked(average, params, steps=6):
    rng = np.random.default_rng(3)
    points = []
    for _ in range(steps):
        for parameter in params:
            parameter.data += rng.normal(size=parameter.shape)
        average.update()
        points.append([parameter.data.copy() for parameter in params])
    return points


def params(dtype=np.float64):
    return [Parameter(np.zeros((3, 2), dtype)), Parameter(np.ones((), dtype))]


def test_polyaks_average_is_the_mean_of_all_iterates():
    parameters = params()
    average = optim.IterateAverage(parameters)
    points = walked(average, parameters)
    with average.swapped():
        for position, parameter in enumerate(parameters):
            np.testing.assert_allclose(
                parameter.data, np.mean([p[position] for p in points], axis=0), rtol=1e-12
            )
    for position, parameter in enumerate(parameters):
        np.testing.assert_array_equal(parameter.data, points[-1][position])


def test_the_exponential_average_weighs_by_age():
    parameters = params()
    average = optim.IterateAverage(parameters, decay=0.7)
    points = walked(average, parameters)
    weights = 0.3 * 0.7 ** np.arange(len(points))[::-1]
    weights[0] /= 0.3
    assert weights.sum() == pytest.approx(1)
    average.swap()
    for position, parameter in enumerate(parameters):
        expected = sum(w * p[position] for w, p in zip(weights, points, strict=True))
        np.testing.assert_allclose(parameter.data, expected, rtol=1e-12)


@pytest.mark.parametrize("decay", [None, 0.9])
def test_it_is_pytorchs(decay):
    torch = pytest.importorskip("torch")
    swa = torch.optim.swa_utils
    model = torch.nn.Linear(2, 3).double()
    rule = swa.get_swa_avg_fn() if decay is None else swa.get_ema_avg_fn(decay)
    theirs = swa.AveragedModel(model, avg_fn=rule)
    mine = [Parameter(p.detach().numpy()) for p in model.parameters()]
    average = optim.IterateAverage(mine, decay=decay)
    rng = np.random.default_rng(0)
    for _ in range(12):
        for p, parameter in zip(model.parameters(), mine, strict=True):
            move = rng.normal(size=parameter.shape)
            parameter.data += move
            with torch.no_grad():
                p += torch.tensor(move)
        average.update()
        theirs.update_parameters(model)
    average.swap()
    for p, parameter in zip(theirs.module.parameters(), mine, strict=True):
        np.testing.assert_allclose(parameter.data, p.detach().numpy(), rtol=0, atol=1e-9)


def test_it_quiets_the_fluctuations_of_sgd():
    rng = np.random.default_rng(1)
    parameter = Parameter(np.zeros(50))
    optimizer, average = optim.SGD([parameter], 0.1), optim.IterateAverage([parameter])
    for _ in range(2000):
        parameter.grad = parameter.data + rng.normal(size=50)
        optimizer.step()
        average.update()
    around = np.abs(parameter.data).mean()
    with average.swapped():
        assert np.abs(parameter.data).mean() < around / 4


def test_the_array_that_the_model_holds_stays_the_same_object():
    parameters = params(np.float32)
    arrays = [parameter.data for parameter in parameters]
    average = optim.IterateAverage(parameters)
    walked(average, parameters)
    average.swap()
    assert all(parameter.data is array for parameter, array in zip(parameters, arrays, strict=True))
    assert all(parameter.dtype == np.float32 for parameter in parameters)


def test_an_error_inside_swaps_back():
    parameters = params()
    average = optim.IterateAverage(parameters)
    points = walked(average, parameters)
    with pytest.raises(KeyError), average.swapped():
        raise KeyError
    np.testing.assert_array_equal(parameters[0].data, points[-1][0])


def test_what_would_mix_average_and_iterate_is_refused():
    parameters = params()
    average = optim.IterateAverage(parameters)
    with pytest.raises(RuntimeError, match=r"update\(\)"):
        average.swap()
    walked(average, parameters)
    with average.swapped():
        for action in (average.update, average.state_dict, average.swapped().__enter__):
            with pytest.raises(RuntimeError, match="swapped in"):
                action()


@pytest.mark.parametrize("decay", [None, 0.5])
def test_a_saved_average_continues(decay):
    parameters = params()
    average = optim.IterateAverage(parameters, decay=decay)
    walked(average, parameters)
    others = copy.deepcopy(parameters)
    other = optim.IterateAverage(others)
    saved = average.state_dict()
    other.load_state_dict(saved)
    walked(average, parameters)
    walked(other, others)
    for a, b in zip(average.average, other.average, strict=True):
        np.testing.assert_array_equal(a, b)
    np.testing.assert_equal(saved["count"], 6)


def test_a_foreign_state_is_refused():
    parameters = params()
    average = optim.IterateAverage(parameters)
    walked(average, parameters)
    before = average.state_dict()
    fresh = optim.IterateAverage(parameters)
    fresh.load_state_dict(fresh.state_dict())
    for wrong in ({}, before | {"average": before["average"][:1]}, before | {"average": [np.zeros(2)] * 2}):
        with pytest.raises(ValueError, match="saved"):
            average.load_state_dict(wrong)
    np.testing.assert_equal(average.state_dict(), before)


def test_there_must_be_parameters():
    with pytest.raises(ValueError, match="params"):
        optim.IterateAverage([])
