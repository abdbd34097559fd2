"""Dropping units and connections: the right share, no pattern, and the same mask whoever computes it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from strategies import SEEDS, shapes, values

import course_lib
import course_lib.functional as F
from course_lib import kernels
from course_lib.reference.dropout import SEGMENT

needs_kernels = pytest.mark.skipif(kernels.problem() is not None, reason="the kernels are not built")
both_drops = pytest.mark.parametrize("drop", [F.dropout, F.drop_connect])
both_dtypes = pytest.mark.parametrize("dtype", [np.float32, np.float64])


def masked(count, p, seed=0, dtype=np.float32):
    return F.dropout(np.ones(count, dtype), p, rng=np.random.default_rng(seed))[1]


@pytest.mark.usefixtures("backend")
@both_drops
@both_dtypes
def test_dropping_keeps_dtype_and_inputs_and_gives_fresh_results(drop, dtype):
    (x,) = values(1, dtype, (5, 3, 4))
    before, rng = x.copy(), np.random.default_rng(2)
    first, second = drop(x, 0.4, rng=rng), drop(x, 0.4, rng=rng)
    np.testing.assert_array_equal(x, before)
    arrays = [*first, *second]
    for array in arrays:
        assert array.dtype == dtype and array.shape == x.shape and array.flags.c_contiguous
        assert not any(np.shares_memory(array, other) for other in [x, *arrays] if other is not array)
    assert (first[1] != second[1]).any()


@pytest.mark.usefixtures("backend")
@both_drops
def test_dropping_takes_any_layout_and_read_only_arrays(drop):
    (x,) = values(1, np.float64, (5, 6, 4))
    expected = drop(x, 0.4, rng=np.random.default_rng(2))
    spaced = np.zeros((10, 6, 8))[::2, :, ::2]
    spaced[...] = x
    spaced.flags.writeable = False
    for laid in (spaced, np.asfortranarray(x), x.astype(x.dtype.newbyteorder())):
        for found, wanted in zip(drop(laid, 0.4, rng=np.random.default_rng(2)), expected):
            np.testing.assert_array_equal(found, wanted)


@pytest.mark.usefixtures("backend")
@both_dtypes
@pytest.mark.parametrize("shape", [(), (0,), (3, 0, 2), (1,), (1, 1)])
def test_numbers_and_empty_arrays_keep_their_shape(shape, dtype):
    y, mask = F.dropout(np.ones(shape, dtype), 0.5, rng=np.random.default_rng(0))
    assert y.shape == mask.shape == shape and y.dtype == mask.dtype == dtype


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("p", [0, 0.5, 1])
@pytest.mark.parametrize("training", [True, False])
def test_nan_stays_where_it_is(p, training):
    x = np.ones(3000)
    x[::7] = np.nan
    y, mask = F.dropout(x, p, training=training, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(np.isnan(y), np.isnan(x))
    assert not np.isnan(mask).any()


@pytest.mark.usefixtures("backend")
@both_dtypes
@pytest.mark.parametrize("p", [1e-3, 0.05, 0.3, 0.5, 0.9, 0.999])
def test_the_share_that_is_dropped_lies_in_the_bounds_of_a_binomial(p, dtype):
    count = 2_000_000
    mask = masked(count, p, seed=3, dtype=dtype)
    dropped = count - np.count_nonzero(mask)
    assert abs(dropped - count * p) <= 4 * np.sqrt(count * p * (1 - p))
    assert set(np.unique(mask)) == {dtype(0), dtype(1 / (1 - p))}


@needs_kernels
def test_half_a_billion_draws_show_no_bias_of_a_ten_thousandth():
    x, count, p, dropped = np.ones(2**22, np.float32), 120, 0.3, 0
    out, rng = (np.empty_like(x), np.empty_like(x)), np.random.default_rng(0)
    for _ in range(count):
        dropped += x.size - np.count_nonzero(F.dropout(x, p, rng=rng, out=out)[1])
    bound = 4 * np.sqrt(count * x.size * p * (1 - p))
    assert bound / (count * x.size) < 1e-4
    assert abs(dropped - count * x.size * p) <= bound


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("p", [0.1, 0.5])
def test_neighbours_rows_and_segments_are_dropped_independently(p):
    count = 2_000_000
    dropped = (masked(count, p, seed=4) == 0) - p
    for lag in (1, 2, 3, 4, 8, 16, 32, 64, 512, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2**16):
        together = float(dropped[lag:] @ dropped[:-lag])
        assert abs(together) <= 4.5 * np.sqrt(count - lag) * p * (1 - p), lag
    # Neither does a place within a segment stand out, nor a segment.
    blocks = dropped[: count // SEGMENT * SEGMENT].reshape(-1, SEGMENT)
    for sums, size in ((blocks.sum(axis=0), len(blocks)), (blocks.sum(axis=1), SEGMENT)):
        squares = (sums**2).sum() / (size * p * (1 - p))
        assert abs(squares - len(sums)) <= 4.5 * np.sqrt(2 * len(sums))


@pytest.mark.usefixtures("backend")
def test_calls_one_after_another_are_independent_and_no_shifted_copies():
    rng, x = np.random.default_rng(5), np.ones(2**16, np.float32)
    first, second = (np.sign(F.dropout(x, 0.5, rng=rng)[1]) * 2 - 1 for _ in range(2))
    # Every shift at once: the correlation at all of them is a product of the transforms.
    shifted = np.fft.irfft(np.fft.rfft(first) * np.conj(np.fft.rfft(second)))
    assert np.abs(shifted).max() < 6 * np.sqrt(x.size)


@pytest.mark.usefixtures("backend")
@pytest.mark.parametrize("kind", [np.random.PCG64, np.random.MT19937, np.random.Philox, np.random.SFC64])
def test_any_bit_generator_serves_and_its_state_decides(kind):
    (x,) = values(6, np.float32, (500,))
    first, again = (F.dropout(x, 0.5, rng=np.random.Generator(kind(8))) for _ in range(2))
    np.testing.assert_array_equal(first[1], again[1])
    assert 150 < np.count_nonzero(first[1]) < 350


@pytest.mark.usefixtures("backend")
def test_a_call_advances_the_generator_by_one_draw_and_by_none_where_nothing_is_drawn():
    rng, other = np.random.default_rng(7), np.random.default_rng(7)
    for p, training in ((0, True), (1, True), (0.5, False)):
        F.dropout(np.ones(9), p, training=training, rng=rng)
    assert rng.bit_generator.state == other.bit_generator.state
    F.dropout(np.ones(9), 0.5, rng=rng)
    F.dropout(np.ones(9000), 0.5, rng=other)
    assert rng.bit_generator.state == other.bit_generator.state


@needs_kernels
@settings(max_examples=80)
@given(shape=shapes(1, 3, most=40), p=st.floats(0, 1), dtype=st.sampled_from(["f4", "f8"]), seed=SEEDS)
def test_both_backends_find_the_same_mask_for_the_same_state(shape, p, dtype, seed):
    (x,) = values(seed, np.dtype(dtype).type, shape)
    found = {}
    for backend in ("kernels", "reference"):
        course_lib.set_backend(backend)
        found[backend] = F.dropout(x, p, rng=np.random.default_rng(seed))
    course_lib.set_backend("auto")
    for ours, theirs in zip(*found.values()):
        np.testing.assert_array_equal(ours, theirs)


@needs_kernels
@both_dtypes
def test_a_large_mask_is_the_same_on_any_backend_and_number_of_threads_and_in_any_dtype(dtype):
    before = course_lib.get_num_threads()
    course_lib.set_backend("reference")
    expected = masked(700_001, 0.35, seed=9, dtype=np.float64) != 0
    try:
        course_lib.set_backend("kernels")
        for threads in (1, 2, 3):
            course_lib.set_num_threads(threads)
            np.testing.assert_array_equal(masked(700_001, 0.35, seed=9, dtype=dtype) != 0, expected)
    finally:
        course_lib.set_num_threads(before)
        course_lib.set_backend("auto")
