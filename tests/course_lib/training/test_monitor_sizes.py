"""The monitor counts how large values are: the colours of an activation map."""

import numpy as np
import pytest

from course_lib.training.monitor import SIZE_EDGES, Record


def test_values_are_counted_by_their_size_whatever_their_sign():
    record = Record()
    record.add(0, np.array([0.0, 0.0, 1e-9, 0.02, -0.02, 1.0, -3.0, 500.0]))
    (shares,) = record.sizes
    expected = np.histogram([0, 0, 1e-9, 0.02, 0.02, 1, 3, 500], bins=[-np.inf, *SIZE_EDGES, np.inf])[0]
    np.testing.assert_allclose(shares, expected / 8)
    assert shares[0] == 3 / 8
    assert shares[-1] == 1 / 8


def test_shares_add_up_to_one_for_large_arrays_too():
    record = Record()
    record.add(0, np.random.default_rng(0).standard_normal((64, 3, 50)).astype(np.float32))
    assert len(record.sizes[0]) == len(SIZE_EDGES) + 1
    assert sum(record.sizes[0]) == pytest.approx(1)


def test_what_is_no_number_is_counted_nowhere():
    record = Record()
    record.add(0, np.array([1.0, np.nan]))
    assert np.isnan(record.sizes[0]).all()
