"""Aligned arrays are ordinary ones, and views of them can be told from them."""

import copy
import pickle
import sys

import numpy as np
import pytest

from course_lib import aligned


@pytest.mark.parametrize("shape", [(), (0,), (3, 0), (5,), (100, 7, 9), (1 << 18,)])
@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.int64])
def test_it_has_shape_and_dtype_and_large_ones_begin_at_a_cache_line(shape, dtype):
    for make in (aligned.empty, aligned.zeros):
        array = make(shape, dtype)
        assert type(array) is np.ndarray and array.shape == shape and array.dtype == dtype
        assert array.flags.c_contiguous and array.flags.writeable and aligned.owns(array)
        if array.nbytes >= aligned.SMALL:
            assert array.ctypes.data % aligned.LINE == 0
    assert not array.any()
    array[...] = 7
    assert (array == 7).all()


def test_a_view_holds_its_array_and_owns_nothing():
    array = aligned.empty((100, 100), np.float64)
    before = sys.getrefcount(array)
    views = [array[3:], array.reshape(-1), array.T, array.reshape(-1)[5:].reshape(5, -1)]
    assert sys.getrefcount(array) == before + len(views)
    assert not any(aligned.owns(view) for view in views)


def test_a_copy_has_the_values_in_rows_whatever_the_order_before():
    array = np.arange(20_000.0).reshape(100, 200)
    for source in (array, array.T, array[::3, ::-1]):
        twin = aligned.copy(source)
        assert np.array_equal(twin, source) and twin.flags.c_contiguous
        assert not np.shares_memory(twin, source)


def test_copies_and_pickles_are_plain_arrays():
    array = aligned.zeros((100, 100), np.float32)
    for twin in (array.copy(), copy.deepcopy(array), pickle.loads(pickle.dumps(array))):
        assert type(twin) is np.ndarray and not np.shares_memory(twin, array) and np.array_equal(twin, array)
