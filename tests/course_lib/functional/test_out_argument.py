"""`out=`: the caller's own arrays are filled with the same bits and come back; unfit ones are refused."""

import numpy as np
import pytest
from operation_cases import drawing

import course_lib.functional as F

pytestmark = pytest.mark.usefixtures("backend")


def calls(dtype=np.float64):
    """Give each public operation with arguments (inputs by name, options) for one call."""
    draw = drawing(dtype)
    x, dy = draw(3, 4, 6, 5), draw(3, 4, 6, 5)
    gamma, beta = draw(4), draw(4)
    mean, var = np.zeros(4, dtype), np.ones(4, dtype)
    scores, classes = draw(5, 7), np.arange(5)
    found = {}

    def call(name, options=None, **inputs):
        found[name] = inputs, options or {}

    call("conv2d", {"padding": 1}, x=x, w=draw(9, 4, 3, 3), b=draw(9))
    call("conv2d_backward", {"padding": 1}, dy=draw(3, 9, 6, 5), x=x, w=draw(9, 4, 3, 3))
    call("conv1d", {"groups": 2}, x=draw(3, 4, 8), w=draw(6, 2, 3), b=draw(6))
    call("conv1d_backward", {"groups": 2}, dy=draw(3, 6, 6), x=draw(3, 4, 8), w=draw(6, 2, 3))
    call("linear", x=draw(3, 20, 6), w=draw(9, 6), b=draw(9))
    call("linear_backward", dy=draw(3, 20, 9), x=draw(3, 20, 6), w=draw(9, 6))
    call("max_pool2d", {"kernel_size": 3, "stride": 2}, x=x)
    pooled, indices = F.max_pool2d(x, 3, stride=2)
    call("max_pool2d_backward", {"x_shape": x.shape}, dy=pooled, indices=indices)
    call("avg_pool2d", {"kernel_size": 3, "stride": 2}, x=x)
    call("avg_pool2d_backward", {"x_shape": x.shape, "kernel_size": 3, "stride": 2}, dy=draw(3, 4, 2, 2))
    call("global_avg_pool2d", x=x)
    call("global_avg_pool2d_backward", {"x_shape": x.shape}, dy=draw(3, 4))
    averages = {"running_mean": mean, "running_var": var}
    call("batch_norm", {"training": False}, x=x, gamma=gamma, beta=beta, **averages)
    call("batch_norm_backward", dy=dy, cache=F.batch_norm(x, gamma, beta, training=True)[1])
    call("group_norm", {"num_groups": 2}, x=x, gamma=gamma, beta=beta)
    call("group_norm_backward", dy=dy, cache=F.group_norm(x, 2, gamma, beta)[1])
    call("instance_norm", x=x, gamma=gamma, beta=beta)
    call("instance_norm_backward", dy=dy, cache=F.instance_norm(x, gamma, beta)[1])
    call("layer_norm", x=x, gamma=draw(6, 5), beta=draw(6, 5))
    call("layer_norm_backward", dy=dy, cache=F.layer_norm(x, draw(6, 5), draw(6, 5))[1])
    call("decorrelated_batch_norm", {"training": True}, x=x)
    call("decorrelated_batch_norm_backward", dy=dy, cache=F.decorrelated_batch_norm(x, training=True)[1])
    for name in ("relu", "leaky_relu", "elu", "sigmoid", "tanh"):
        call(name, x=x)
        call(f"{name}_backward", dy=dy, x=x)
    call("maxout", {"pieces": 2}, x=x)
    call("maxout_backward", {"pieces": 2}, dy=draw(3, 2, 6), indices=F.maxout(draw(3, 4, 6), 2)[1])
    for axis, name in enumerate(("softmax", "log_softmax"), start=-1):
        call(name, {"axis": axis}, x=x)
        call(f"{name}_backward", {"axis": axis}, dy=dy, y=getattr(F, name)(x, axis))
    call("cross_entropy", logits=scores, targets=classes)
    call("hinge_loss", scores=scores, targets=classes)
    call("mse_loss", input=x, target=dy)
    call("binary_cross_entropy_with_logits", input=x, target=np.abs(np.sin(dy)))
    call("dropout", {"p": 0.3}, x=x)
    call("drop_connect", {"p": 0.3}, w=x)
    return found


every_operation = pytest.mark.parametrize("name", F.__all__)


def run(name, inputs, options, **out):
    if name.startswith("drop"):
        options = {**options, "rng": np.random.default_rng(7)}
    return getattr(F, name)(**inputs, **options, **out)


def several(results):
    """Tell whether `out` is a tuple: not so for (loss, gradient) and (y, cache)."""
    return isinstance(results, tuple) and all(isinstance(each, np.ndarray) for each in results)


def filled(results):
    """List the arrays that go into `out`."""
    if isinstance(results, np.ndarray):
        return [results]
    return (
        list(results) if several(results) else [results[1] if isinstance(results[0], float) else results[0]]
    )


def as_out(results, arrays):
    return tuple(arrays) if several(results) else arrays[0]


@every_operation
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_given_arrays_are_filled_with_the_same_bits_and_come_back(name, dtype):
    inputs, options = calls(dtype)[name]
    expected = run(name, inputs, options)
    arrays = [np.full_like(each, 77) for each in filled(expected)]
    found = run(name, inputs, options, out=as_out(expected, arrays))
    assert len(filled(found)) == len(arrays)
    for result, array, value in zip(filled(found), arrays, filled(expected)):
        assert result is array
        np.testing.assert_array_equal(array, value)
    if isinstance(expected, tuple) and isinstance(expected[0], float):
        assert found[0] == expected[0]


@every_operation
def test_a_function_is_asked_for_shape_and_dtype(name):
    inputs, options = calls()[name]
    expected = run(name, inputs, options)
    made = []

    def give(shape, dtype):
        made.append(np.empty(shape, dtype))
        return made[-1]

    found = filled(run(name, inputs, options, out=as_out(expected, [give] * len(filled(expected)))))
    assert len(found) == len(made)
    for result, array, value in zip(found, made, filled(expected)):
        assert result is array
        np.testing.assert_array_equal(array, value)


@every_operation
@pytest.mark.parametrize("kind", ["a list", "integers", "another shape", "read only", "every other"])
def test_an_unfit_array_is_refused_by_name(name, kind):
    inputs, options = calls()[name]
    expected = run(name, inputs, options)
    arrays = filled(expected)
    for number, like in enumerate(arrays):
        unfit, error, text = unfitting(kind, like)
        outs = [None] * len(arrays)
        outs[number] = unfit
        argument = rf"out\[{number}\]" if several(expected) else "out"
        with pytest.raises(error, match=f"^{argument} must .*{text}"):
            run(name, inputs, options, out=as_out(expected, outs))


def unfitting(kind, like):
    if kind == "a list":
        return like.tolist(), TypeError, "NumPy array, got list"
    if kind == "integers":
        return np.zeros(like.shape, np.int32), TypeError, "dtype .*int32"
    if kind == "another shape":
        return np.empty((*like.shape, 2), like.dtype), ValueError, "shape"
    if kind == "every other":
        return np.empty((*like.shape, 2), like.dtype)[..., 0], ValueError, "C-contiguous"
    array = np.empty_like(like)
    array.flags.writeable = False
    return array, ValueError, "writeable"


@every_operation
def test_an_array_that_overlaps_an_input_is_refused(name):
    inputs, options = calls()[name]
    expected = run(name, inputs, options)
    arrays = filled(expected)
    for key, given in inputs.items():
        for number, like in enumerate(arrays):
            if key == "cache":
                changed, memory = inputs, given.x.reshape(-1).view(np.uint8)
            else:
                memory = np.zeros(given.nbytes + like.nbytes, np.uint8)
                placed = memory[: given.nbytes].view(given.dtype).reshape(given.shape)
                placed[...] = given
                changed = {**inputs, key: placed}
            if memory.size < like.nbytes:
                continue
            before = memory.copy()
            outs = [None] * len(arrays)
            outs[number] = memory[: like.nbytes].view(like.dtype).reshape(like.shape)
            with pytest.raises(ValueError, match="^out.* must not overlap"):
                run(name, changed, options, out=as_out(expected, outs))
            np.testing.assert_array_equal(memory, before)


@every_operation
def test_several_results_take_a_tuple_of_different_arrays_or_none(name):
    inputs, options = calls()[name]
    expected = run(name, inputs, options)
    if not several(expected):
        with pytest.raises(TypeError, match="^out must be a NumPy array, got tuple"):
            run(name, inputs, options, out=(np.empty_like(filled(expected)[0]),))
        return
    last = np.empty_like(expected[-1])
    found = run(name, inputs, options, out=(*[None] * (len(expected) - 1), last))
    assert found[-1] is last
    for result, value in zip(found, expected):
        np.testing.assert_array_equal(result, value)
    for wrong in (last, [None] * len(expected), (None,) * (len(expected) + 1)):
        with pytest.raises(TypeError, match=f"^out must be a tuple of {len(expected)}"):
            run(name, inputs, options, out=wrong)


def test_two_results_may_not_share_an_array():
    x = np.ones((2, 3))
    one = np.empty_like(x)
    with pytest.raises(ValueError, match=r"^out\[1\] must not overlap"):
        F.dropout(x, 0.5, rng=np.random.default_rng(0), out=(one, one))


def test_a_result_that_is_not_needed_takes_no_array():
    x, w = np.ones((2, 3, 5, 5)), np.ones((4, 3, 3, 3))
    dy = np.ones((2, 4, 3, 3))
    with pytest.raises(ValueError, match=r"^out\[0\] must be None"):
        F.conv2d_backward(dy, x, w, needs=("w", "b"), out=(np.empty_like(x), None, None))
    dw = np.empty_like(w)
    dx, found, db = F.conv2d_backward(dy, x, w, needs=("w",), out=(None, dw, None))
    assert dx is None and db is None and found is dw


def test_empty_batches_give_the_array_back_and_clear_the_gradients_of_parameters():
    x, w = np.ones((0, 3, 5, 5)), np.ones((4, 3, 3, 3))
    y = np.empty((0, 4, 3, 3))
    assert F.conv2d(x, w, out=y) is y
    dw, db = np.ones_like(w), np.ones(4)
    F.conv2d_backward(y, x, w, out=(None, dw, db))
    assert not dw.any() and not db.any()
    _, cache = F.batch_norm(x, np.ones(3), np.ones(3), training=True)
    dgamma, dbeta = np.ones(3), np.ones(3)
    F.batch_norm_backward(x, cache, out=(None, dgamma, dbeta))
    assert not dgamma.any() and not dbeta.any()
