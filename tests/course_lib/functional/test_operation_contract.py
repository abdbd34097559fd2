"""What every operation promises, whatever it computes."""

import numpy as np
import pytest
from operation_cases import LOSSES, OPERATIONS, drawing

pytestmark = pytest.mark.usefixtures("backend")

every_operation = pytest.mark.parametrize("name", OPERATIONS)
every_loss = pytest.mark.parametrize("name", LOSSES)
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def compute(name, arrays):
    """Give y, and all gradients for a gradient of y that is drawn afresh from a fixed seed."""
    operation = OPERATIONS[name]
    y = operation.forward(**arrays)
    dy = drawing(y.dtype, seed=11)(*y.shape)
    return {"y": y, **operation.backward(dy, **arrays)}


def inputs(name, dtype=np.float64, batch=3):
    return OPERATIONS[name].arrays(drawing(dtype), batch)


def assert_same(found, expected):
    assert found.keys() == expected.keys()
    for key, value in expected.items():
        tolerance = 1e-5 if value.dtype == np.float32 else 1e-12
        np.testing.assert_allclose(found[key], value, rtol=tolerance, atol=tolerance, err_msg=key)


@every_operation
@both_dtypes
def test_keeps_the_dtype_and_gives_gradients_shaped_as_their_arrays(name, dtype):
    arrays = inputs(name, dtype)
    results = compute(name, arrays)
    assert set(results) == {"y", *arrays}
    for key, value in results.items():
        assert value.dtype == dtype, key
        assert value.flags.c_contiguous and value.flags.writeable, key
        if key != "y":
            assert value.shape == arrays[key].shape, key


@every_operation
def test_leaves_its_inputs_alone(name):
    arrays = inputs(name)
    before = {key: value.copy() for key, value in arrays.items()}
    compute(name, arrays)
    for key, value in arrays.items():
        np.testing.assert_array_equal(value, before[key], err_msg=key)


@every_operation
def test_gives_fresh_results_each_time(name):
    arrays = inputs(name)
    first, second = compute(name, arrays), compute(name, arrays)
    for key in first:
        np.testing.assert_array_equal(first[key], second[key], err_msg=f"{key} differs in a second call")
        for other in [*arrays.values(), second[key]]:
            assert not np.shares_memory(first[key], other), key


@every_operation
@pytest.mark.parametrize("layout", ["every other", "backwards", "column major", "byte-swapped", "unaligned"])
def test_takes_any_layout_in_memory(name, layout):
    arrays = inputs(name)
    assert_same(
        compute(name, {key: relaid(value, layout) for key, value in arrays.items()}), compute(name, arrays)
    )


def relaid(array, layout):
    if layout == "every other":
        spaced = np.full([2 * n for n in array.shape], np.nan, array.dtype)
        view = spaced[tuple(slice(None, None, 2) for _ in array.shape)]
        view[...] = array
        return view
    if layout == "backwards":
        return np.ascontiguousarray(array[..., ::-1])[..., ::-1]
    if layout == "column major":
        return np.asfortranarray(array)
    if layout == "byte-swapped":
        return array.astype(array.dtype.newbyteorder())
    memory = np.empty(array.nbytes + 1, np.uint8)[1:].view(array.dtype).reshape(array.shape)
    memory[...] = array
    assert not memory.flags.aligned
    return memory


@every_operation
def test_takes_read_only_arrays(name):
    arrays = inputs(name)
    expected = compute(name, arrays)
    for value in arrays.values():
        value.flags.writeable = False
    assert_same(compute(name, arrays), expected)


@every_operation
@both_dtypes
def test_takes_a_batch_of_one(name, dtype):
    results = compute(name, inputs(name, dtype, batch=1))
    assert all(np.isfinite(value).all() for value in results.values())


@every_operation
@both_dtypes
def test_an_empty_batch_gives_empty_results_and_zero_gradients_of_parameters(name, dtype):
    results = compute(name, inputs(name, dtype, batch=0))
    for key in OPERATIONS[name].parameters:
        assert not results.pop(key).any(), key
    for key, value in results.items():
        assert value.size == 0 and value.dtype == dtype, key


def poisoned(array, seed):
    """Give a copy with NaN in one drawn place, and the marks of that place."""
    marks = np.zeros(array.shape, bool)
    marks.flat[np.random.default_rng(seed).integers(array.size)] = True
    return np.where(marks, array.dtype.type(np.nan), array), marks


def assert_nan_exactly(found, marks, without):
    np.testing.assert_array_equal(np.isnan(found), marks)
    np.testing.assert_allclose(found[~marks], without[~marks], rtol=1e-12, atol=1e-12)


@every_operation
@pytest.mark.parametrize("seed", range(4))
def test_a_nan_reaches_the_results_that_read_it_and_no_others(name, seed):
    operation, arrays = OPERATIONS[name], inputs(name)
    x, marks = poisoned(arrays["x"], seed)
    readers = operation.readers(marks)
    assert_nan_exactly(operation.forward(**{**arrays, "x": x}), readers, operation.forward(**arrays))
    # In single precision a faster convolution may spread it further, over a tile.
    single = {key: value.astype(np.float32) for key, value in {**arrays, "x": x}.items()}
    assert np.isnan(operation.forward(**single)[readers]).all()


@every_operation
@pytest.mark.parametrize("seed", range(2))
def test_a_nan_in_a_parameter_reaches_what_depends_on_it_and_no_other_channel(name, seed):
    operation, arrays = OPERATIONS[name], inputs(name)
    clean = operation.forward(**arrays)
    for key in operation.parameters:
        value, marks = poisoned(arrays[key], seed)
        y = operation.forward(**{**arrays, key: value})
        dependent = operation.forward(**{**arrays, key: arrays[key] + marks}) != clean
        others = set() if operation.channels is None else {*range(y.ndim)} - {operation.channels % y.ndim}
        channel = dependent.any(axis=tuple(others), keepdims=True) | dependent
        assert dependent.any() and np.isnan(y[dependent]).all(), key
        np.testing.assert_allclose(y[~channel], clean[~channel], rtol=1e-12, atol=1e-12, err_msg=key)


@every_operation
@pytest.mark.parametrize("seed", range(4))
def test_a_nan_in_dy_reaches_the_gradients_that_it_has_a_share_in_and_no_others(name, seed):
    operation, arrays = OPERATIONS[name], inputs(name)
    dy = drawing(np.float64, seed=11)(*operation.forward(**arrays).shape)
    broken, marks = poisoned(dy, seed)
    shares = operation.backward(marks.astype(float), **arrays)
    clean, found = operation.backward(dy, **arrays), operation.backward(broken, **arrays)
    assert_nan_exactly(found["x"], shares["x"] != 0, clean["x"])
    for key in operation.parameters:
        # NaN times the zeros of a padding is NaN as well, but in the weights of one output only.
        output = (shares[key] != 0).any(axis=tuple(range(1, shares[key].ndim)))
        assert np.isnan(found[key][shares[key] != 0]).all(), key
        np.testing.assert_allclose(found[key][~output], clean[key][~output], rtol=1e-12, atol=1e-12)


@every_operation
@pytest.mark.parametrize("dtype", [np.int64, np.float16, np.bool_, np.complex128])
def test_refuses_other_dtypes_by_name(name, dtype):
    arrays = inputs(name)
    for key in arrays:
        with pytest.raises(TypeError, match=rf"^{key} .*{np.dtype(dtype)}"):
            OPERATIONS[name].forward(**{**arrays, key: np.ones_like(arrays[key], dtype)})


@every_operation
def test_refuses_what_is_no_array_by_name(name):
    arrays = inputs(name)
    for key, value in arrays.items():
        with pytest.raises(TypeError, match=f"^{key} .*list"):
            OPERATIONS[name].forward(**{**arrays, key: value.tolist()})


@every_operation
def test_refuses_mixed_dtypes_by_name(name):
    arrays = inputs(name)
    for key in list(arrays)[1:]:
        with pytest.raises(TypeError, match=f"^{key} .*float32.*float64"):
            OPERATIONS[name].forward(**{**arrays, key: arrays[key].astype(np.float32)})


@every_operation
def test_refuses_a_gradient_of_another_shape_or_dtype(name):
    arrays = inputs(name)
    y = OPERATIONS[name].forward(**arrays)
    with pytest.raises((TypeError, ValueError), match=r"dy|indices|x_shape"):
        OPERATIONS[name].backward(np.ones((*y.shape[:-1], y.shape[-1] + 1)), **arrays)
    with pytest.raises(TypeError, match="dy"):
        OPERATIONS[name].backward(np.ones(y.shape, np.int64), **arrays)


@every_loss
@both_dtypes
def test_losses_are_numbers_with_fresh_gradients_of_the_input_dtype(name, dtype):
    loss_of, make = LOSSES[name]
    first, second = make(drawing(dtype), 4)
    before = first.copy(), second.copy()
    loss, gradient = loss_of(first, second)
    assert isinstance(loss, float) and np.isfinite(loss)
    assert gradient.dtype == dtype and gradient.shape == first.shape
    assert not np.shares_memory(gradient, first)
    np.testing.assert_array_equal(first, before[0])
    np.testing.assert_array_equal(second, before[1])


@every_loss
def test_losses_take_any_layout_and_read_only_arrays(name):
    loss_of, make = LOSSES[name]
    arrays = make(drawing(np.float64), 4)
    expected = loss_of(*arrays)
    for layout in ("every other", "backwards", "column major"):
        changed = [relaid(each, layout) if each.dtype.kind == "f" else each[:] for each in arrays]
        for each in changed:
            each.flags.writeable = False
        loss, gradient = loss_of(*changed)
        assert loss == pytest.approx(expected[0], abs=1e-14)
        np.testing.assert_allclose(gradient, expected[1], atol=1e-15)


@every_loss
def test_the_loss_of_an_empty_batch_is_nan_with_an_empty_gradient(name):
    loss_of, make = LOSSES[name]
    loss, gradient = loss_of(*make(drawing(np.float32), 0))
    assert np.isnan(loss)
    assert gradient.size == 0 and gradient.dtype == np.float32


@every_loss
@both_dtypes
@pytest.mark.parametrize("seed", range(3))
def test_a_nan_makes_the_loss_nan_and_leaves_the_gradients_of_other_examples_alone(name, dtype, seed):
    loss_of, make = LOSSES[name]
    first, second = make(drawing(dtype), 4)
    broken, marks = poisoned(first, seed)
    loss, gradient = loss_of(broken, second)
    assert np.isnan(loss)
    example = marks.reshape(4, -1).any(axis=1)
    # The gradient of the hinge loss counts violations, and NaN is none.
    assert np.isnan(gradient[example]).any() or name == "hinge_loss"
    np.testing.assert_array_equal(gradient[~example], loss_of(first, second)[1][~example])
