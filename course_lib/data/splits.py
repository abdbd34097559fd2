"""Stratified splits: every part has the class proportions of the whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from course_lib.data.examples import LabelledImages


def stratified_indices(
    labels: np.ndarray, fractions: Sequence[float] = (0.8, 0.2), *, rng: np.random.Generator | int
) -> tuple[np.ndarray, ...]:
    """Return one array of shuffled indices a part, disjoint and together everything.

    Each class is shuffled and cut on its own: a part holds its fraction of every class to within one example.

    Parameters
    ----------
    labels : ndarray of integers, shape (N,)
        Class of each example.
    fractions : sequence of float
        Share of each part; positive, and they add up to 1.
    rng : Generator or int
        Source of randomness, or a seed for one.

    Returns
    -------
    tuple of ndarray of int64
        As many as there are fractions.

    Raises
    ------
    TypeError
        If the labels are not integers.
    ValueError
        If the labels are not one-dimensional, or the fractions are not positive or do not add up to 1.
    """
    labels = np.asarray(labels)
    if labels.ndim != 1:
        raise ValueError(f"labels must have shape (N,), one an example, got {labels.shape}")
    if not np.issubdtype(labels.dtype, np.integer):
        raise TypeError(f"labels must be integers, got {labels.dtype}")
    fractions = np.asarray(fractions, dtype=np.float64)
    if fractions.ndim != 1 or not (fractions > 0).all() or abs(fractions.sum() - 1) > 1e-9:
        raise ValueError(f"fractions must be positive and add up to 1, got {fractions.tolist()}")
    rng = np.random.default_rng(rng)
    parts: list[list[np.ndarray]] = [[] for _ in fractions]
    for label in np.unique(labels):
        members = rng.permutation(np.flatnonzero(labels == label))
        cuts = np.rint(np.cumsum(fractions)[:-1] * len(members)).astype(int)
        for part, chosen in zip(parts, np.split(members, cuts), strict=True):
            part.append(chosen)
    empty = [np.empty(0, dtype=np.int64)]
    return tuple(rng.permutation(np.concatenate(part or empty)) for part in parts)


def stratified_split(
    data: LabelledImages | tuple[np.ndarray, np.ndarray],
    fractions: Sequence[float] = (0.8, 0.2),
    *,
    rng: np.random.Generator | int,
) -> tuple[LabelledImages, ...]:
    """Return the parts of `data` that `stratified_indices` chooses, as copies.

    `train, test = stratified_split(load_digits(), (0.8, 0.2), rng=0)`

    Raises
    ------
    TypeError, ValueError
        As `stratified_indices`; also if there are not as many labels as images.
    """
    data = LabelledImages(*data)
    if len(data.images) != len(data.labels):
        raise ValueError(
            f"data must have a label an image, got {len(data.images)} images and {len(data.labels)} labels"
        )
    return tuple(data.subset(part) for part in stratified_indices(data.labels, fractions, rng=rng))
