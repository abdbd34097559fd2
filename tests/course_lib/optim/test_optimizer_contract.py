"""What every optimiser promises, whatever its rule."""

import copy
import tracemalloc

import numpy as np
import pytest

from course_lib import optim
from course_lib.nn import Parameter


class LooksAhead(optim.LookAheadNesterov):
    """The look-ahead form under loops that know no look-ahead: both halves of a step at once."""

    def step(self):
        self.look_ahead()
        super().step()


OPTIMIZERS = {
    "SGD": lambda params: optim.SGD(params, 0.1),
    "SGD with momentum": lambda params: optim.SGD(params, 0.1, momentum=0.9, dampening=0.2),
    "SGD with Nesterov": lambda params: optim.SGD(params, 0.1, momentum=0.9, nesterov=True),
    "SGD with decay": lambda params: optim.SGD(params, 0.1, momentum=0.5, weight_decay=0.3),
    "Adam": lambda params: optim.Adam(params, 0.1),
    "Adam without correction": lambda params: optim.Adam(params, 0.1, bias_correction=False),
    "AMSGrad with decay": lambda params: optim.Adam(params, 0.1, amsgrad=True, weight_decay=0.3),
    "Adagrad": lambda params: optim.Adagrad(params, 0.1, lr_decay=0.001, initial_accumulator_value=0.2),
    "RMSprop": lambda params: optim.RMSprop(params, 0.1),
    "centred RMSprop with momentum": lambda params: optim.RMSprop(params, 0.1, centered=True, momentum=0.9),
    "AdamW": lambda params: optim.AdamW(params, 0.1),
    "velocity momentum": lambda params: optim.VelocityMomentum(params, 0.1, momentum=0.8),
    "velocity momentum with decay": lambda params: optim.VelocityMomentum(params, 0.1, weight_decay=0.2),
    "average momentum": lambda params: optim.AverageMomentum(params, 0.1, beta=0.8),
    "average momentum with decay": lambda params: optim.AverageMomentum(params, 0.1, weight_decay=0.2),
    "look-ahead Nesterov": lambda params: LooksAhead(params, 0.1),
    "look-ahead Nesterov with decay": lambda params: LooksAhead(params, 0.1, momentum=0.5, weight_decay=0.2),
}


@pytest.fixture(params=OPTIMIZERS.values(), ids=OPTIMIZERS.keys())
def make(request):
    return request.param


def parameters(dtype=np.float64):
    rng = np.random.default_rng(0)
    return [Parameter(rng.normal(size=shape).astype(dtype)) for shape in [(3, 4), (5,), ()]]


def step(params, optimizer, rng):
    for parameter in params:
        parameter.grad = rng.normal(size=parameter.shape).astype(parameter.dtype)
    optimizer.step()


def values(params):
    return [parameter.data.copy() for parameter in params]


def assert_equal(first, second):
    for a, b in zip(first, second, strict=True):
        assert np.array_equal(a, b)


def test_gradients_are_only_read(make):
    params = parameters()
    optimizer = make(params)
    rng = np.random.default_rng(1)
    for _ in range(3):
        gradients = [rng.normal(size=parameter.shape) for parameter in params]
        before = [gradient.copy() for gradient in gradients]
        for parameter, gradient in zip(params, gradients, strict=True):
            gradient.flags.writeable = False
            parameter.grad = gradient
        optimizer.step()
        assert_equal(gradients, before)
        assert all(parameter.grad is gradient for parameter, gradient in zip(params, gradients, strict=True))


def test_state_does_not_alias_a_gradient(make):
    params, twins = parameters(), parameters()
    optimizer, twin = make(params), make(twins)
    rng, twin_rng = np.random.default_rng(1), np.random.default_rng(1)
    for _ in range(3):
        step(params, optimizer, rng)
        step(twins, twin, twin_rng)
        for parameter in params:
            parameter.grad[...] = np.nan
    assert_equal(values(params), values(twins))


def test_every_parameter_moves(make):
    params = parameters()
    before = values(params)
    step(params, make(params), np.random.default_rng(1))
    for parameter, old in zip(params, before, strict=True):
        assert (parameter.data != old).all()
        assert np.isfinite(parameter.data).all()


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_dtypes_stay(make, dtype):
    params = parameters(dtype)
    optimizer = make(params)
    for _ in range(2):
        step(params, optimizer, np.random.default_rng(1))
    assert all(parameter.data.dtype == dtype for parameter in params)
    arrays = [v for state in optimizer.state for v in state.values() if isinstance(v, np.ndarray)]
    assert all(array.dtype == dtype for array in arrays)


def test_a_saved_state_continues_to_the_same_bits(make):
    params = parameters()
    optimizer = make(params)
    rng = np.random.default_rng(2)
    for _ in range(4):
        step(params, optimizer, rng)
    saved, kept, kept_rng = optimizer.state_dict(), values(params), copy.deepcopy(rng)
    for _ in range(4):
        step(params, optimizer, rng)
    resumed = [Parameter(array) for array in kept]
    other = make(resumed)
    other.lr = 123.0
    other.load_state_dict(saved)
    for _ in range(4):
        step(resumed, other, kept_rng)
    assert_equal(values(params), values(resumed))


def test_a_saved_state_is_a_copy(make):
    params = parameters()
    optimizer = make(params)
    rng = np.random.default_rng(2)
    step(params, optimizer, rng)
    saved = optimizer.state_dict()
    before = copy.deepcopy(saved)
    step(params, optimizer, rng)
    np.testing.assert_equal(saved, before)
    optimizer.load_state_dict(saved)
    step(params, optimizer, rng)
    np.testing.assert_equal(saved, before)


def test_a_parameter_without_gradient_stays_and_does_not_age(make):
    params = parameters()
    optimizer = make(params)
    lone = Parameter(params[1].data)
    lone_optimizer = make([lone])
    rng = np.random.default_rng(3)
    first = params[0].data.copy()
    for _ in range(3):
        params[1].grad = lone.grad = rng.normal(size=5)
        optimizer.step()
        lone_optimizer.step()
    assert np.array_equal(params[0].data, first)
    assert optimizer.state[0] == {}
    assert np.array_equal(params[1].data, lone.data)


def test_zero_grad_forgets_gradients(make):
    params = parameters()
    optimizer = make(params)
    step(params, optimizer, np.random.default_rng(4))
    optimizer.zero_grad()
    assert all(parameter.grad is None for parameter in params)


def test_the_rate_may_change_between_steps(make):
    params = parameters()
    optimizer = make(params)
    optimizer.lr = 0.0
    before = values(params)
    step(params, optimizer, np.random.default_rng(5))
    assert_equal(values(params), before)


def test_it_goes_down_a_bowl(make):
    parameter = Parameter(np.array([3.0, -2.0]))
    optimizer = make([parameter])
    start = parameter.data @ parameter.data
    for _ in range(200):
        parameter.grad = 2 * parameter.data
        optimizer.step()
    assert parameter.data @ parameter.data < 0.1 * start


def test_empty_parameters_are_fine(make):
    parameter = Parameter(np.empty((0, 3)))
    optimizer = make([parameter])
    parameter.grad = np.empty((0, 3))
    optimizer.step()
    assert parameter.data.shape == (0, 3)


def test_the_caller_may_give_a_generator_of_parameters(make):
    params = parameters()
    assert make(parameter for parameter in params).params == params


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


def test_its_representation_tells_its_options(make):
    optimizer = make(parameters())
    assert repr(optimizer).startswith(type(optimizer).__name__ + "(lr=0.1")


def test_a_group_moves_as_an_optimiser_of_its_own_options_does(make):
    params, twins = parameters(), parameters()
    reference = make(parameters())
    optimizer = type(reference)(
        [{"params": params[:1]}, {"params": iter(params[1:]), "lr": 0.02, "weight_decay": 0.5}],
        **{name: getattr(reference, name) for name in reference.option_names},
    )
    first, second = make(twins[:1]), make(twins[1:])
    second.lr, second.weight_decay = 0.02, 0.5
    rng, twin_rng = np.random.default_rng(7), np.random.default_rng(7)
    for number in range(4):
        if number == 2:
            # Half the rate of all, as a schedule would set it.
            optimizer.lr, first.lr, second.lr = 0.05, 0.05, 0.01
        step(params, optimizer, rng)
        for parameter in twins:
            parameter.grad = twin_rng.normal(size=parameter.shape)
        first.step()
        second.step()
    for parameter, twin in zip(params, twins, strict=True):
        np.testing.assert_allclose(parameter.data, twin.data, rtol=1e-12)


def test_groups_are_saved(make):
    def grouped(params):
        optimizer = make(params)
        optimizer.groups = [optim.Group(params[:1]), optim.Group(params[1:], {"weight_decay": 0.5}, 0.2)]
        return optimizer

    params = parameters()
    optimizer = grouped(params)
    rng = np.random.default_rng(8)
    step(params, optimizer, rng)
    resumed = [Parameter(parameter.data) for parameter in params]
    other = grouped(resumed)
    other.groups[1].overrides, other.groups[1].rate = {}, 1.0
    other.load_state_dict(optimizer.state_dict())
    other_rng = copy.deepcopy(rng)
    step(params, optimizer, rng)
    step(resumed, other, other_rng)
    assert_equal(values(params), values(resumed))


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


def test_a_step_allocates_nothing_of_the_size_of_a_parameter(make):
    parameter = Parameter(np.ones((256, 1024), np.float32))
    optimizer = make([parameter])
    parameter.grad = np.full(parameter.shape, 0.1, np.float32)
    optimizer.step()
    optimizer.step()
    tracemalloc.start()
    try:
        optimizer.step()
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        optimizer.step()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak - before < 2**16


def test_copies_and_pickles_go_on_alike(make):
    params = parameters()
    optimizer = make(params)
    rng = np.random.default_rng(9)
    step(params, optimizer, rng)
    twin_params, twin = copy.deepcopy((params, optimizer))
    assert all(a is b for a, b in zip(twin.params, twin_params, strict=True))
    twin_rng = copy.deepcopy(rng)
    step(params, optimizer, rng)
    step(twin_params, twin, twin_rng)
    assert_equal(values(params), values(twin_params))


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
