"""What every layer promises, whatever it computes."""

import copy

import numpy as np
import pytest
from layer_cases import CASES, LAYERS

from course_lib import nn


@pytest.fixture(params=CASES.values(), ids=CASES.keys())
def layer_case(request):
    return request.param


def draw(shape, seed=0, dtype=np.float64):
    return np.random.default_rng(seed).normal(size=shape).astype(dtype)


def shaken(layer, seed=9):
    """Move every parameter and buffer off its start, so that ones and zeros hide nothing."""
    rng = np.random.default_rng(seed)
    state = {name: array + rng.uniform(0.1, 0.5, array.shape) for name, array in layer.state_dict().items()}
    layer.load_state_dict(state)
    return layer


def gradients(layer):
    return {name: None if p.grad is None else p.grad.copy() for name, p in layer.named_parameters()}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("training", [True, False])
def test_shapes_and_dtypes(layer_case, dtype, training):
    layer = layer_case.make(1).astype(dtype).train(training)
    y = layer(draw(layer_case.x_shape, dtype=dtype))
    assert (y.shape, y.dtype) == (layer_case.y_shape, dtype)
    dx = layer.backward(draw(y.shape, 1, dtype))
    assert (dx.shape, dx.dtype) == (layer_case.x_shape, dtype)
    for parameter in layer.parameters():
        assert parameter.grad.dtype == parameter.dtype == dtype
        assert parameter.grad.shape == parameter.shape


@pytest.mark.parametrize("training", [True, False])
def test_backward_is_the_derivative_of_forward(layer_case, training):
    layer = shaken(layer_case.make(1).astype(np.float64)).train(training)
    x, dy = draw(layer_case.x_shape), draw(layer_case.y_shape, 1)

    def total():
        return float((copy.deepcopy(layer)(x) * dy).sum())

    checked = copy.deepcopy(layer)
    checked(x)
    dx = checked.backward(dy)
    arrays = {"x": (x, dx)}
    received = dict(checked.named_parameters())
    arrays |= {name: (p.data, received[name].grad) for name, p in layer.named_parameters()}
    for name, (array, gradient) in arrays.items():
        tried = list(np.ndindex(array.shape))
        if len(tried) > 24:
            tried = [tried[n] for n in np.random.default_rng(2).choice(len(tried), 24, replace=False)]
        expected = np.array(gradient)
        for index in tried:
            kept = array[index]
            array[index] = kept + 1e-5
            above = total()
            array[index] = kept - 1e-5
            below = total()
            array[index] = kept
            expected[index] = (above - below) / 2e-5
        np.testing.assert_allclose(gradient, expected, rtol=1e-6, atol=1e-8, err_msg=name)


def test_gradients_add_up_until_they_are_cleared(layer_case):
    layer = shaken(layer_case.make(1))
    x, dy = draw(layer_case.x_shape, dtype=np.float32), draw(layer_case.y_shape, 1, np.float32)
    layer(x)
    first_dx = layer.backward(dy)
    first, held = gradients(layer), [parameter.grad for parameter in layer.parameters()]
    second_dx = layer.backward(dy)
    np.testing.assert_array_equal(first_dx, second_dx)
    for name, gradient in gradients(layer).items():
        np.testing.assert_allclose(gradient, 2 * first[name], rtol=1e-6)
    for array, before in zip(held, first.values(), strict=True):
        np.testing.assert_array_equal(array, before)
    layer.zero_grad()
    assert all(parameter.grad is None for parameter in layer.parameters())
    layer.backward(dy)
    for name, gradient in gradients(layer).items():
        np.testing.assert_array_equal(gradient, first[name])


@pytest.mark.parametrize("training", [True, False])
def test_inputs_are_not_touched_and_results_are_fresh(layer_case, training):
    layer = layer_case.make(1).train(training)
    x, dy = draw(layer_case.x_shape, dtype=np.float32), draw(layer_case.y_shape, 1, np.float32)
    x_before, dy_before = x.copy(), dy.copy()
    x.flags.writeable = dy.flags.writeable = False
    y = layer(x)
    dx = layer.backward(dy)
    np.testing.assert_array_equal(x, x_before)
    np.testing.assert_array_equal(dy, dy_before)
    assert not np.shares_memory(y, x)
    assert not np.shares_memory(dx, dy)
    y_before, dx_before = y.copy(), dx.copy()
    layer(x + 1)
    layer.backward(dy + 1)
    np.testing.assert_array_equal(y, y_before)
    np.testing.assert_array_equal(dx, dx_before)


def test_any_memory_layout_gives_the_same(layer_case):
    x, dy = draw(layer_case.x_shape, dtype=np.float32), draw(layer_case.y_shape, 1, np.float32)
    results = []
    for lay_out in (np.ascontiguousarray, np.asfortranarray, lambda a: np.repeat(a, 2, axis=-1)[..., ::2]):
        layer = shaken(layer_case.make(1))
        y = layer(lay_out(x))
        results.append([y, layer.backward(lay_out(dy)), *gradients(layer).values()])
    for other in results[1:]:
        for a, b in zip(results[0], other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-6)


def test_the_seed_decides_the_start(layer_case):
    first, again, other = layer_case.make(1), layer_case.make(1), layer_case.make(2)
    states = [layer.state_dict() for layer in (first, again, other)]
    assert all(np.array_equal(states[0][name], states[1][name]) for name in states[0])
    if layer_case.random_start:
        assert any(not np.array_equal(states[0][name], states[2][name]) for name in states[0])
    x = draw(layer_case.x_shape, dtype=np.float32)
    np.testing.assert_array_equal(first(x), again(x))


@pytest.mark.parametrize("training", [True, False])
def test_a_saved_state_restores_the_function(layer_case, training):
    layer = shaken(layer_case.make(1)).train(training)
    other = layer_case.make(2).train(training)
    saved = layer.state_dict()
    other.load_state_dict(saved)
    assert list(other.state_dict()) == list(saved)
    x = draw(layer_case.x_shape, dtype=np.float32)
    if hasattr(layer, "rng"):
        other.rng = copy.deepcopy(layer.rng)
    np.testing.assert_array_equal(layer(x), other(x))


def test_a_saved_state_is_a_copy_both_ways(layer_case):
    layer = layer_case.make(1)
    saved = layer.state_dict()
    before = copy.deepcopy(saved)
    for array in saved.values():
        array += 1
    np.testing.assert_equal(layer.state_dict(), before)
    layer.load_state_dict(saved)
    for array in saved.values():
        array += 1
    for name, array in layer.state_dict().items():
        np.testing.assert_array_equal(array, before[name] + np.float32(1))


def test_a_wrong_state_is_refused_and_changes_nothing(layer_case):
    layer = layer_case.make(1)
    before = layer.state_dict()
    wrong = [before | {"colour": np.zeros(1)}]
    for name in before:
        wrong.append({key: array + 1 for key, array in before.items() if key != name})
        wrong.append(before | {name: np.zeros((*before[name].shape, 2))})
    for state in wrong:
        with pytest.raises(ValueError, match="state"):
            layer.load_state_dict(state)
        np.testing.assert_equal(layer.state_dict(), before)
    layer.load_state_dict(before | {"colour": np.zeros(1)}, strict=False)


def test_an_empty_batch_gives_empty_results(layer_case):
    layer = layer_case.make(1)
    y = layer(np.empty((0, *layer_case.x_shape[1:]), np.float32))
    assert y.shape == (0, *layer_case.y_shape[1:])
    dx = layer.backward(np.empty_like(y))
    assert dx.shape == (0, *layer_case.x_shape[1:])
    assert all(not parameter.grad.any() for parameter in layer.parameters())


def test_in_evaluation_examples_do_not_see_each_other(layer_case):
    layer = shaken(layer_case.make(1)).eval()
    x = draw(layer_case.x_shape, dtype=np.float32)
    together = layer(x)
    for position in range(len(x)):
        np.testing.assert_allclose(
            layer(x[position : position + 1])[0], together[position], rtol=1e-5, atol=1e-6
        )


def test_modes_reach_inner_modules_and_chain(layer_case):
    layer = layer_case.make(1)
    assert all(module.training for module in layer.modules())
    assert layer.eval() is layer
    assert not any(module.training for module in layer.modules())
    assert layer.train() is layer
    assert all(module.training for module in layer.modules())


def test_nan_comes_through(layer_case):
    layer = layer_case.make(1).eval()
    y = layer(np.full(layer_case.x_shape, np.nan, np.float32))
    # Dropout may not drop anything in evaluation, so every layer must show it everywhere.
    assert np.isnan(y).all()


def test_backward_needs_a_forward(layer_case):
    with pytest.raises(RuntimeError, match="backward before any forward"):
        layer_case.make(1).backward(draw(layer_case.y_shape, dtype=np.float32))


def test_a_gradient_of_another_shape_is_refused(layer_case):
    layer = layer_case.make(1)
    layer(draw(layer_case.x_shape, dtype=np.float32))
    with pytest.raises(ValueError, match="dy"):
        layer.backward(draw((*layer_case.y_shape, 1), dtype=np.float32))


def test_input_that_is_no_array_of_floats_is_refused(layer_case):
    layer = layer_case.make(1)
    with pytest.raises(TypeError, match=r"\bx\b"):
        layer(draw(layer_case.x_shape).tolist())
    if not isinstance(layer, nn.Flatten):
        with pytest.raises(TypeError, match=r"\bx\b"):
            layer(np.ones(layer_case.x_shape, np.int64))


def test_its_representation_starts_with_its_name(layer_case):
    layer = layer_case.make(1)
    assert repr(layer).startswith(type(layer).__name__ + "(")


@pytest.mark.parametrize(
    "name", [n for n, c in LAYERS.items() if c.make(0).parameters() and n != "Sequential"]
)
def test_float64_data_makes_it_compute_in_float64(name):
    layer_case = CASES[name]
    layer = layer_case.make(1)
    parameters = layer.parameters()
    parameters[0].data = parameters[0].data.astype(np.float64)
    y = layer(draw(layer_case.x_shape, dtype=np.float32))
    dx = layer.backward(np.ones(y.shape, np.float32))
    assert y.dtype == dx.dtype == parameters[0].grad.dtype == np.float64
