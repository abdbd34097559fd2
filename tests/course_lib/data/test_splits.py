"""Stratified splits: a partition, with the proportions of the whole, the same for the same seed."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from course_lib.data import LabelledImages, load_digits, stratified_indices, stratified_split

FRACTIONS = st.sampled_from([(0.8, 0.2), (0.5, 0.5), (0.6, 0.2, 0.2), (1.0,), (0.05, 0.9, 0.05)])


@given(
    labels=arrays.arrays(np.int64, st.integers(0, 60), elements=st.integers(-2, 4)),
    fractions=FRACTIONS,
    seed=st.integers(0, 2**32),
)
def test_parts_are_a_partition_with_the_share_of_each_class(labels, fractions, seed):
    parts = stratified_indices(labels, fractions, rng=seed)
    assert len(parts) == len(fractions)
    assert np.array_equal(np.sort(np.concatenate(parts)), np.arange(len(labels)))
    for part, fraction in zip(parts, fractions, strict=True):
        for label in np.unique(labels):
            here, everywhere = np.sum(labels[part] == label), np.sum(labels == label)
            assert abs(here - fraction * everywhere) <= 1


def test_a_seed_and_its_generator_agree_and_seeds_differ():
    labels = load_digits().labels
    first = stratified_indices(labels, rng=3)
    again = stratified_indices(labels, rng=np.random.default_rng(3))
    other = stratified_indices(labels, rng=4)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert set(first[1]) != set(other[1])


def test_parts_are_shuffled():
    train, _ = stratified_indices(load_digits().labels, rng=0)
    assert not np.array_equal(train, np.sort(train))


def test_split_keeps_images_with_their_labels_and_copies():
    digits = load_digits()
    whole = LabelledImages(digits.images + digits.labels[:, None, None, None] * 10, digits.labels)
    train, test = stratified_split(whole, (0.7, 0.3), rng=0)
    assert len(train.labels) + len(test.labels) == len(digits.labels)
    for part in (train, test):
        assert np.array_equal(part.images.max(axis=(1, 2, 3)) // 10, part.labels + 0.0)
        assert not np.shares_memory(part.images, whole.images)


@pytest.mark.parametrize(
    ("labels", "fractions", "error", "message"),
    [
        (np.zeros((2, 2), int), (0.5, 0.5), ValueError, "labels.*shape"),
        (np.zeros(4), (0.5, 0.5), TypeError, "labels.*float64"),
        (np.zeros(4, int), (0.5, 0.6), ValueError, "fractions"),
        (np.zeros(4, int), (1.5, -0.5), ValueError, "fractions"),
        (np.zeros(4, int), (np.nan, 1), ValueError, "fractions"),
        (np.zeros(4, int), (), ValueError, "fractions"),
    ],
)
def test_bad_arguments_are_named(labels, fractions, error, message):
    with pytest.raises(error, match=message):
        stratified_indices(labels, fractions, rng=0)


def test_images_and_labels_must_be_as_many():
    with pytest.raises(ValueError, match="data.*3 images.*2 labels"):
        stratified_split((np.zeros((3, 1)), np.zeros(2, int)), rng=0)
