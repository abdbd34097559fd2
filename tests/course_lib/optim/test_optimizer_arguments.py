"""Arguments that no optimiser can take are refused by name."""

import copy

import numpy as np
import pytest
from optimizer_cases import parameters, step

from course_lib import optim
from course_lib.nn import Parameter


def test_bad_parameters_are_refused(make):
    with pytest.raises(ValueError, match="params.*none"):
        make([])
    with pytest.raises(TypeError, match="params.*ndarray"):
        make([np.zeros(3)])
    parameter = Parameter(np.zeros(3))
    with pytest.raises(ValueError, match="params.*twice"):
        make([parameter, parameter])


def test_a_foreign_state_is_refused_and_changes_nothing(make):
    params = parameters()
    optimizer = make(params)
    step(params, optimizer, np.random.default_rng(6))
    before = optimizer.state_dict()
    fewer = make(parameters()[:1]).state_dict()
    other_options = before | {"options": before["options"] | {"colour": 1}}
    other_groups = before | {"groups": before["groups"] * 2}
    shorter = copy.deepcopy(before)
    shorter["state"][1] = {"velocity": np.zeros(2)}
    for wrong in (fewer, other_options, other_groups, shorter, {}):
        with pytest.raises(ValueError, match="saved"):
            optimizer.load_state_dict(wrong)
    np.testing.assert_equal(optimizer.state_dict(), before)


def test_bad_groups_are_refused(make):
    options = {name: getattr(make(parameters()), name) for name in make(parameters()).option_names}
    kind = type(make(parameters()))
    first, second, _ = parameters()
    for error, groups, message in [
        (ValueError, [{"params": [first], "colour": 1}], "params may set.*colour"),
        (ValueError, [{"lr": 0.1}], "params must have 'params'"),
        (TypeError, [first, {"params": [second]}], "params must be.*both"),
        (ValueError, [{"params": [first]}, {"params": [first]}], "params.*twice"),
        (ValueError, [{"params": [first], "weight_decay": -1}], "weight_decay"),
        (TypeError, [{"params": [first], "lr": "fast"}], "lr"),
    ]:
        with pytest.raises(error, match=message):
            kind(groups, **options)
    with pytest.raises(ValueError, match="lr must be above 0"):
        kind([{"params": [first], "lr": 0.1}], **(options | {"lr": 0}))


@pytest.mark.parametrize(
    ("create", "message"),
    [
        (lambda p: optim.SGD(p, -0.1), "lr"),
        (lambda p: optim.SGD(p, float("nan")), "lr"),
        (lambda p: optim.SGD(p, 0.1, momentum=-1), "momentum"),
        (lambda p: optim.SGD(p, 0.1, dampening=-1), "dampening"),
        (lambda p: optim.SGD(p, 0.1, weight_decay=-1), "weight_decay"),
        (lambda p: optim.SGD(p, 0.1, nesterov=True), "nesterov.*momentum"),
        (lambda p: optim.SGD(p, 0.1, momentum=0.9, dampening=0.1, nesterov=True), "nesterov.*dampening"),
        (lambda p: optim.Adam(p, betas=(0.9, 1.0)), "betas"),
        (lambda p: optim.Adam(p, betas=(-0.1, 0.9)), "betas"),
        (lambda p: optim.Adam(p, betas=(0.9,)), "betas"),
        (lambda p: optim.Adam(p, eps=-1), "eps"),
        (lambda p: optim.Adagrad(p, lr_decay=-1), "lr_decay"),
        (lambda p: optim.Adagrad(p, initial_accumulator_value=-1), "initial_accumulator_value"),
        (lambda p: optim.RMSprop(p, alpha=-1), "alpha"),
        (lambda p: optim.AdamW(p, weight_decay=-1), "weight_decay"),
        (lambda p: optim.VelocityMomentum(p, 0.1, momentum=-0.5), "momentum"),
        (lambda p: optim.AverageMomentum(p, 0.1, beta=1.0), "beta"),
        (lambda p: optim.LookAheadNesterov(p, 0.1, momentum=float("nan")), "momentum"),
        (lambda p: optim.Newton(p, None, np.eye, damping=-1), "damping"),
        (lambda p: optim.IterateAverage(p, decay=1.0), "decay"),
    ],
)
def test_options_out_of_range_are_named(create, message):
    with pytest.raises(ValueError, match=message):
        create([Parameter(np.zeros(2))])


def test_a_gradient_of_another_shape_is_refused():
    class Loose:
        data = np.zeros(3)
        grad = np.zeros((3, 1))

    with pytest.raises(ValueError, match=r"grad of parameter 0.*\(3,\).*\(3, 1\)"):
        optim.SGD([Loose()], 0.1).step()


@pytest.mark.parametrize("rate", ["0.1", None, True, [0.1]])
def test_a_rate_that_is_no_number_is_refused(rate):
    with pytest.raises(TypeError, match="lr must be a number"):
        optim.SGD([Parameter(np.zeros(2))], rate)
