"""Minibatches: every example once an epoch, new order each epoch, the same orders for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from course_lib.data import Minibatches


@given(count=st.integers(0, 40), batch_size=st.integers(1, 45), drop_last=st.booleans(), seed=st.integers(0))
def test_an_epoch_holds_every_example_once(count, batch_size, drop_last, seed):
    inputs = np.arange(count, dtype=np.float32)
    loader = Minibatches(inputs, 2 * inputs, batch_size, rng=seed, drop_last=drop_last)
    batches = list(loader)
    assert len(batches) == len(loader)
    assert all(len(x) == batch_size for x, _ in batches[:-1])
    seen = np.concatenate([x for x, _ in batches]) if batches else np.empty(0)
    kept = count - count % batch_size if drop_last else count
    assert len(seen) == len(set(seen)) == kept
    assert all(np.array_equal(2 * x, y) for x, y in batches)


def test_every_epoch_has_its_own_order_and_a_seed_fixes_them_all():
    inputs = np.arange(100)
    first = Minibatches(inputs, inputs, 100, rng=7)
    again = Minibatches(inputs, inputs, 100, rng=np.random.default_rng(7))
    orders = [next(iter(first))[0] for _ in range(3)]
    assert not np.array_equal(orders[0], orders[1])
    assert not np.array_equal(orders[1], orders[2])
    assert all(np.array_equal(order, next(iter(again))[0]) for order in orders)


def test_without_shuffling_the_order_is_that_of_the_data():
    inputs = np.arange(7)
    batches = list(Minibatches(inputs, inputs, 3, shuffle=False))
    assert [x.tolist() for x, _ in batches] == [[0, 1, 2], [3, 4, 5], [6]]


def test_batches_are_copies():
    inputs, targets = np.zeros((4, 2)), np.zeros(4, int)
    for x, y in Minibatches(inputs, targets, 2, shuffle=False):
        x += 1
        y += 1
    assert not inputs.any()
    assert not targets.any()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"targets": np.zeros(3)}, "targets.*3.*4"),
        ({"batch_size": 0}, "batch_size.*0"),
        ({"batch_size": 2.0}, "batch_size.*2.0"),
        ({"batch_size": True}, "batch_size.*True"),
        ({"rng": None}, "rng.*shuffle=False"),
    ],
)
def test_bad_arguments_are_named(change, message):
    arguments = {"inputs": np.zeros(4), "targets": np.zeros(4), "batch_size": 2, "rng": 0} | change
    with pytest.raises(ValueError, match=message):
        Minibatches(**arguments)
