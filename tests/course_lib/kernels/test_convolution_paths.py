"""Every way in which the kernels compute a convolution: which shapes take it, and what it computes."""

import numpy as np
import pytest
from backends import both
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import DTYPES, SEEDS, pairs, values

import course_lib
import course_lib.functional as F
from course_lib import kernels

pytestmark = pytest.mark.skipif(kernels.problem() is not None, reason="the kernels are not built")


@pytest.fixture
def without_winograd():
    course_lib.set_winograd(False)
    yield
    course_lib.set_winograd(True)


def paths(x, w, stride=1, padding=0, dilation=1, groups=1, dtype=np.float32):
    """The ways of forward, of dx and of dw for arrays of these shapes."""
    return kernels.family("convolution").paths(
        np.empty(x, dtype),
        np.empty(w, dtype),
        (stride, stride),
        ((padding, padding), (padding, padding)),
        (dilation, dilation),
        groups,
    )


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_winograd_serves_wide_convolutions_three_by_three(dtype):
    x, w = (8, 32, 16, 16), (64, 32, 3, 3)
    assert paths(x, w, padding=1, dtype=dtype) == ("winograd",) * 3
    assert paths(x, w, padding=1, stride=2, dtype=dtype) == ("winograd", "gather", "winograd")
    others = [
        paths(x, w, stride=3, dtype=dtype),
        paths(x, w, dilation=2, dtype=dtype),
        paths(x, (64, 16, 3, 3), groups=2, dtype=dtype),
        paths((8, 4, 16, 16), (64, 4, 3, 3), dtype=dtype),
        paths(x, (64, 32, 5, 5), dtype=dtype),
        # Of five outputs in a row, the last one would have a tile of its own.
        paths((8, 32, 9, 9), w, padding=1, stride=2, dtype=dtype),
    ]
    assert not any("winograd" in each for each in others)


@pytest.mark.usefixtures("without_winograd")
def test_winograd_can_be_switched_off():
    for dtype in (np.float32, np.float64):
        for stride in (1, 2):
            found = paths((8, 32, 16, 16), (64, 32, 3, 3), stride, padding=1, dtype=dtype)
            assert found == ("gather",) * 3


@settings(max_examples=120)
@given(
    n=st.integers(1, 5),
    channels=pairs(16, 70),
    size=pairs(29, 40),
    stride=st.integers(1, 2),
    padding=st.tuples(pairs(0, 3), pairs(0, 3)),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(1, 3),
)
def test_winograd(n, channels, size, stride, padding, dtype, seed, threads):
    shapes = (n, channels[0], *size), (channels[1], channels[0], 3, 3)
    assert paths(*shapes, stride, dtype=dtype)[::2] == ("winograd",) * 2
    x, w, b = values(seed, dtype, *shapes, channels[1:])
    # Sums over thousands of positions keep their digits where the terms are small.
    w /= 16

    def compute():
        y = F.conv2d(x, w, b, stride=stride, padding=padding)
        (dy,) = values(seed + 1, dtype, y.shape)
        return y, *F.conv2d_backward(dy / 64, x, w, stride=stride, padding=padding)

    both(compute, threads)


def relative_errors():
    """How far float32 is off in y, dx and dw, as parts of the largest element."""
    exact = values(3, np.float64, (8, 64, 16, 16), (64, 64, 3, 3), (8, 64, 16, 16))
    errors = []
    for x, w, dy in (exact, [each.astype(np.float32) for each in exact]):
        errors.append((F.conv2d(x, w, padding=1), *F.conv2d_backward(dy, x, w, padding=1)[:2]))
    return [np.abs(found - true).max() / np.abs(true).max() for true, found in zip(*errors)]


def test_the_rounding_of_winograd_stays_within_what_is_documented():
    assert paths((8, 64, 16, 16), (64, 64, 3, 3), padding=1) == ("winograd",) * 3
    errors = relative_errors()
    assert max(errors) < 1.3e-5, errors


def whole_numbers(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.integers(-8, 9, shape).astype(np.float64) for shape in shapes]


@pytest.mark.parametrize("stride", [1, 2])
def test_of_float64_and_of_strides_winograd_loses_no_digit(stride):
    # Whose points are 0, 1 and -1: whole numbers, halves and quarters are exact.
    x, w = whole_numbers(5, (8, 32, 16, 16), (64, 32, 3, 3))
    exact = []
    for dtype in (np.float64, np.float32):
        assert "winograd" in paths(x.shape, w.shape, stride, 1, dtype=dtype)
        y = F.conv2d(x.astype(dtype), w.astype(dtype), stride=stride, padding=1)
        (dy,) = whole_numbers(6, y.shape)
        arrays = dy.astype(dtype), x.astype(dtype), w.astype(dtype)
        exact.append((y, *F.conv2d_backward(*arrays, stride=stride, padding=1)))
    course_lib.set_winograd(False)
    try:
        plain = (
            F.conv2d(x, w, stride=stride, padding=1),
            *F.conv2d_backward(dy, x, w, stride=stride, padding=1),
        )
    finally:
        course_lib.set_winograd(True)
    for found, true in zip(exact[0], plain):
        np.testing.assert_array_equal(found, true)
    if stride == 2:
        for found, true in zip(exact[1], plain):
            np.testing.assert_array_equal(found, true)


@pytest.mark.usefixtures("without_winograd")
def test_without_winograd_rounding_is_smaller():
    errors = relative_errors()
    assert max(errors) < 2.4e-6, errors


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_few_channels_and_kernels_of_one_element_are_taken_position_by_position(dtype):
    depthwise = paths((2, 24, 9, 9), (24, 1, 3, 3), padding=1, groups=24, dtype=dtype)
    assert depthwise == ("pixels",) * 3
    assert paths((2, 3, 12, 12), (20, 3, 5, 5), dtype=dtype) == ("gather", "pixels", "gather")
    assert paths((2, 20, 12, 12), (3, 20, 5, 5), dtype=dtype) == ("pixels", "gather", "gather")
    assert paths((2, 20, 8, 8), (30, 20, 1, 1), dtype=dtype) == ("points", "points", "gather")
    # So few positions would leave many lanes of the vectors without work.
    assert paths((2, 20, 1, 3), (30, 20, 1, 1), dtype=dtype) == ("gather",) * 3
    assert paths((2, 20, 9, 9), (30, 20, 1, 1), stride=2, dtype=dtype) == ("gather",) * 3


@settings(max_examples=80)
@given(
    n=st.integers(1, 3),
    groups=st.sampled_from([1, 1, 3, 17]),
    channels=pairs(1, 4),
    kernel=pairs(1, 4),
    size=pairs(4, 40),
    stride=pairs(1, 3),
    padding=st.tuples(pairs(0, 2), pairs(0, 2)),
    dilation=pairs(1, 2),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(1, 3),
)
def test_few_channels(n, groups, channels, kernel, size, stride, padding, dilation, dtype, seed, threads):
    size = tuple(s + d * (k - 1) for s, k, d in zip(size, kernel, dilation))
    x, w, b = values(
        seed,
        dtype,
        (n, groups * channels[0], *size),
        (groups * channels[1], channels[0], *kernel),
        (groups * channels[1],),
    )
    options = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}

    def compute():
        y = F.conv2d(x, w, b, **options)
        (dy,) = values(seed + 1, dtype, y.shape)
        return y, *F.conv2d_backward(dy / 16, x, w, **options)

    both(compute, threads)


@settings(max_examples=60)
@given(
    n=st.integers(1, 3),
    groups=st.integers(1, 2),
    channels=pairs(1, 90),
    size=pairs(1, 48),
    bias=st.booleans(),
    dtype=DTYPES,
    seed=SEEDS,
    threads=st.integers(1, 5),
)
def test_kernels_of_one_element(n, groups, channels, size, bias, dtype, seed, threads):
    x, w, b = values(
        seed,
        dtype,
        (n, groups * channels[0], *size),
        (groups * channels[1], channels[0], 1, 1),
        (groups * channels[1],),
    )

    def compute():
        y = F.conv2d(x, w, b if bias else None, groups=groups)
        (dy,) = values(seed + 1, dtype, y.shape)
        return y, *F.conv2d_backward(dy / 32, x, w, groups=groups)

    both(compute, threads)


def test_an_image_whose_offsets_do_not_fit_is_refused():
    # All elements are the same one in memory.
    image = np.broadcast_to(np.float32(1), (1, 1, 70_000, 70_000))
    options = (1, 1), ((0, 0), (0, 0)), (1, 1), 1
    with pytest.raises(ValueError, match="^x has images too large .*reference"):
        kernels.family("convolution").paths(image, np.ones((1, 1, 3, 3), np.float32), *options)
