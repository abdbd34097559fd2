"""The compiled kernels against the NumPy reference, on drawn shapes, options and values."""

import numpy as np
import pytest
from backends import backend, both
from hypothesis import given, settings
from hypothesis import strategies as st
from operation_cases import LOSSES, OPERATIONS, drawing
from strategies import DTYPES, SEEDS, convolutions, shapes, values, windows

import course_lib.functional as F
from course_lib import kernels

pytestmark = pytest.mark.skipif(kernels.problem() is not None, reason="the kernels are not built")


def with_loss_as_array(result):
    # A loss is as exact as the dtype it was computed in.
    loss, gradient = result
    return np.asarray(loss, gradient.dtype), gradient


@settings(max_examples=150)
@given(case=convolutions(), dtype=DTYPES, seed=SEEDS, threads=st.integers(1, 3))
def test_convolution(case, dtype, seed, threads):
    x, w, b = values(seed, dtype, case.x, case.w, case.w[:1])

    def compute():
        y = F.conv2d(x, w, b if case.bias else None, **case.options)
        (dy,) = values(seed + 1, dtype, y.shape)
        return y, *F.conv2d_backward(dy, x, w, **case.options)

    both(compute, threads)


@settings(max_examples=20)
@given(
    case=convolutions(batch=st.integers(1, 2), most_channels=40),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(2, 4),
)
def test_convolution_of_few_large_images_on_several_threads(case, dtype, seed, threads):
    n, c, h, w_ = case.x
    x, w = values(seed, dtype, (n, c, h + 70, w_ + 61), case.w)

    def compute():
        y = F.conv2d(x, w, **case.options)
        (dy,) = values(seed + 1, dtype, y.shape)
        # Of mean zero and small, so that sums over thousands of positions keep their digits.
        return y, *F.conv2d_backward(dy / 64, x, w, **case.options)

    both(compute, threads)


@settings(max_examples=100)
@given(case=windows(), dtype=DTYPES, seed=SEEDS, threads=st.integers(1, 3), data=st.data())
def test_pooling(case, dtype, seed, threads, data):
    (x,) = values(seed, dtype, case.x)
    x = np.round(x, data.draw(st.sampled_from([0, 6])))  # rounded values meet in ties
    counts = data.draw(st.booleans())

    def compute():
        y, indices = F.max_pool2d(x, **case.options)
        (dy,) = values(seed + 1, dtype, y.shape)
        return (
            y,
            indices.astype(np.float64),
            F.max_pool2d_backward(dy, indices, x.shape),
            F.avg_pool2d(x, **case.options, count_include_pad=counts),
            F.avg_pool2d_backward(dy, x.shape, **case.options, count_include_pad=counts),
        )

    both(compute, threads)


@settings(max_examples=60)
@given(case=windows(batch=st.integers(1, 2)), dtype=DTYPES, seed=SEEDS)
def test_max_pool_finds_the_same_nan_and_infinities(case, dtype, seed):
    (x,) = values(seed, dtype, case.x)
    kinds = np.random.default_rng(seed).integers(0, 6, x.shape)
    x[kinds == 0], x[kinds == 1], x[kinds == 2] = np.nan, -np.inf, np.inf
    with backend("kernels"):
        found = F.max_pool2d(x, **case.options)
    with backend("reference"):
        expected = F.max_pool2d(x, **case.options)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("stride", [1, 2, 3, 5, 17])
def test_pooling_reads_nothing_beyond_the_last_plane(stride, dtype):
    # AddressSanitizer sees what vectors with gaps read behind the last window: the arrays end there.
    (x,) = values(stride, dtype, (1, 3, 2, 3 * stride + 2))

    def compute():
        y, indices = F.max_pool2d(x, 2, stride=stride)
        return (
            y,
            indices.astype(dtype),
            F.avg_pool2d(x, 2, stride=stride),
            F.avg_pool2d(x, (1, 2), stride=stride),
        )

    both(compute)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("area", [(5, 5), (7, 9), (16, 16), (31, 33)])
def test_kernels_of_one_element_over_several_blocks_of_positions(area, dtype):
    # More source channels than a block of all positions has room for, and a rest shorter than a vector.
    x, w, b, dy = values(3, dtype, (2, 300, *area), (20, 150, 1, 1), (20,), (2, 20, *area))
    both(
        lambda: (F.conv2d(x, w, b, groups=2), *F.conv2d_backward(dy / 16, x, w, groups=2)),
        threads=2,
    )


@settings(max_examples=60)
@given(
    rows=st.integers(0, 200),
    inputs=st.integers(1, 150),
    outputs=st.integers(1, 150),
    bias=st.booleans(),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(1, 3),
)
def test_linear(rows, inputs, outputs, bias, dtype, seed, threads):
    x, w, b, dy = values(seed, dtype, (rows, inputs), (outputs, inputs), (outputs,), (rows, outputs))
    both(lambda: (F.linear(x, w, b if bias else None), *F.linear_backward(dy, x, w)), threads)


def test_linear_with_more_terms_than_one_table_of_offsets_holds():
    x, w, dy = values(0, np.float64, (5000, 20), (30, 20), (5000, 30))
    both(lambda: (F.linear(x, w), *F.linear_backward(dy, x, w)), threads=2)


@settings(max_examples=60)
@given(shape=shapes(2, 4), dtype=DTYPES, seed=SEEDS, training=st.booleans(), threads=st.integers(1, 3))
def test_batch_norm(shape, dtype, seed, training, threads):
    shape = (shape[0] + 1, *shape[1:])
    channels = shape[1:2]
    x, gamma, beta, mean, var, dy = values(seed, dtype, shape, channels, channels, channels, channels, shape)
    var = np.abs(var) + 0.5

    def compute():
        statistics = mean.copy(), var.copy()
        y, cache = F.batch_norm(x, gamma, beta, *statistics, training=training, eps=1e-2)
        return y, *statistics, *F.batch_norm_backward(dy, cache)

    both(compute, threads)


def test_batch_norm_of_images_whose_means_lie_far_apart():
    (x,) = values(5, np.float32, (64, 3, 4, 8))
    x[0] += 3000  # the variance is that of the means, and nothing of it may cancel
    gamma, beta = np.ones(3, np.float32), np.zeros(3, np.float32)
    with backend("kernels"):
        _, cache = F.batch_norm(x, gamma, beta, training=True)
    exact = x.astype(np.float64)
    np.testing.assert_allclose(cache.mean, exact.mean((0, 2, 3)), rtol=1e-6)
    np.testing.assert_allclose(cache.inv_std, 1 / np.sqrt(exact.var((0, 2, 3)) + 1e-5), rtol=1e-6)


@settings(max_examples=60)
@given(shape=shapes(2, 4), groups=st.integers(1, 4), dtype=DTYPES, seed=SEEDS, threads=st.integers(1, 3))
def test_group_and_layer_norm(shape, groups, dtype, seed, threads):
    shape = (shape[0], groups * shape[1], *shape[2:])
    x, gamma, beta, dy = values(seed, dtype, shape, shape[1:2], shape[1:2], shape)
    scale, shift = values(seed + 1, dtype, shape[1:], shape[1:])

    def compute():
        y, cache = F.group_norm(x, groups, gamma, beta, eps=1e-2)
        z, other = F.layer_norm(x, scale, shift, eps=1e-2)
        return y, *F.group_norm_backward(dy, cache), z, *F.layer_norm_backward(dy, other)

    both(compute, threads)


@settings(max_examples=60)
@given(
    images=st.integers(1, 6),
    channels=st.integers(1, 9),
    area=st.integers(1, 400),
    offset=st.sampled_from([0, 5]),
    training=st.booleans(),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(1, 3),
)
def test_decorrelated_batch_norm(images, channels, area, offset, training, dtype, seed, threads):
    # More positions than channels, as the eigenvalues of a poor covariance magnify rounding.
    shape = images + 2 * channels, channels, area
    x, dy, mean, mixing = values(seed, dtype, shape, shape, (channels,), (channels, channels))
    x += offset
    whitening = np.ascontiguousarray(mixing @ mixing.T)

    def compute():
        statistics = mean.copy(), whitening.copy()
        y, cache = F.decorrelated_batch_norm(x, *statistics, training=training, eps=1e-1)
        return y, *statistics, F.decorrelated_batch_norm_backward(dy, cache)

    both(compute, threads)


@settings(max_examples=40)
@given(
    shape=shapes(1, 3, most=40),
    dtype=DTYPES,
    seed=SEEDS,
    size=st.sampled_from([0.01, 1, 10]),
    option=st.floats(0, 2),
)
def test_activations(shape, dtype, seed, size, option):
    x, dy = values(seed, dtype, shape, shape)
    x = (x * size).astype(dtype)
    plain = ["relu", "sigmoid", "tanh"]
    both(
        lambda: [
            *(getattr(F, name)(x) for name in plain),
            *(getattr(F, f"{name}_backward")(dy, x) for name in plain),
            F.leaky_relu(x, option),
            F.leaky_relu_backward(dy, x, option),
            F.elu(x, option),
            F.elu_backward(dy, x, option),
        ]
    )


def test_activations_on_several_threads():
    x, dy = values(1, np.float32, (3, 200_000), (3, 200_000))
    both(lambda: (F.relu(x), F.relu_backward(dy, x), F.tanh(x), F.sigmoid_backward(dy, x)), threads=2)


@settings(max_examples=60)
@given(
    rows=st.integers(1, 60),
    classes=st.integers(1, 90),
    size=st.sampled_from([1, 30]),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(1, 3),
)
def test_softmax_and_losses(rows, classes, size, dtype, seed, threads):
    x, dy, target = values(seed, dtype, (rows, classes), (rows, classes), (rows, classes))
    x = (x * size).astype(dtype)
    labels = np.random.default_rng(seed).integers(0, classes, rows)
    both(
        lambda: (
            F.softmax(x),
            F.softmax_backward(dy, F.softmax(x)),
            F.log_softmax(x),
            F.log_softmax_backward(dy, F.log_softmax(x)),
            *with_loss_as_array(F.cross_entropy(x, labels)),
            *with_loss_as_array(F.hinge_loss(x, labels)),
            *with_loss_as_array(F.mse_loss(x, target)),
            *with_loss_as_array(F.binary_cross_entropy_with_logits(x, target)),
        ),
        threads,
    )


@settings(max_examples=30)
@given(shape=shapes(2, 4), pieces=st.integers(1, 4), dtype=DTYPES, seed=SEEDS)
def test_maxout(shape, pieces, dtype, seed):
    x, dy = values(seed, dtype, (shape[0], shape[1] * pieces, *shape[2:]), shape)
    x = np.round(x, 1)

    def compute():
        y, indices = F.maxout(x, pieces)
        return y, indices.astype(np.float64), F.maxout_backward(dy, indices, pieces)

    both(compute)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("name", [*OPERATIONS, *LOSSES])
def test_every_operation(name, dtype):
    draw = drawing(dtype)
    if name in LOSSES:
        loss_of, make = LOSSES[name]
        first, second = make(draw, 5)
        both(lambda: with_loss_as_array(loss_of(first, second)))
        return
    operation = OPERATIONS[name]
    arrays = operation.arrays(draw, 3)
    dy = draw(*operation.forward(**arrays).shape)
    both(lambda: (operation.forward(**arrays), *operation.backward(dy, **arrays).values()), threads=2)
