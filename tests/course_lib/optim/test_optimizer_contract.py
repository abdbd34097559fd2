"""What every optimiser promises, whatever its rule."""

import copy
import tracemalloc

import numpy as np
import pytest
from optimizer_cases import assert_equal, parameters, step, values_of

import course_lib
from course_lib import optim
from course_lib.nn import Parameter


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
    assert_equal(values_of(params), values_of(twins))


def test_a_nan_in_a_gradient_reaches_its_own_element_alone(make):
    params, twins = parameters(), parameters()
    optimizer, twin = make(params), make(twins)
    rng, twin_rng = np.random.default_rng(1), np.random.default_rng(1)
    for number in range(3):
        for parameter in params:
            parameter.grad = rng.normal(size=parameter.shape)
        if number == 1:
            params[0].grad[1, 2] = np.nan
        optimizer.step()
        step(twins, twin, twin_rng)
    hit = np.zeros(params[0].shape, bool)
    hit[1, 2] = True
    np.testing.assert_array_equal(np.isnan(params[0].data), hit)
    np.testing.assert_array_equal(params[0].data[~hit], twins[0].data[~hit])
    assert_equal(values_of(params[1:]), values_of(twins[1:]))


def test_every_parameter_moves(make):
    params = parameters()
    before = values_of(params)
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
    saved, kept, kept_rng = optimizer.state_dict(), values_of(params), copy.deepcopy(rng)
    for _ in range(4):
        step(params, optimizer, rng)
    resumed = [Parameter(array) for array in kept]
    other = make(resumed)
    other.lr = 123.0
    other.load_state_dict(saved)
    for _ in range(4):
        step(resumed, other, kept_rng)
    assert_equal(values_of(params), values_of(resumed))


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
    before = values_of(params)
    step(params, optimizer, np.random.default_rng(5))
    assert_equal(values_of(params), before)


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
    assert_equal(values_of(params), values_of(resumed))


@pytest.mark.skipif(
    course_lib.show_config("dicts")["backend"] != "kernels", reason="the reference makes new arrays"
)
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
    assert_equal(values_of(params), values_of(twin_params))
