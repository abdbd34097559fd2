"""A few handwritten digits to learn from, some with wrong labels, and many others to be judged by.

Every task has its own digits, and its own names for the ten classes, so that what was learnt at home, or in
another task, answers nothing here. The digits are public all the same: who embeds them all in a notebook can
look up which class is which. That is more work than the question, and the only way around it.
"""

from __future__ import annotations

from functools import cache

import numpy as np

from course_lib.data.embedded import read_embedded

Array = np.ndarray
COUNT = 200
WRONG = 40
TASKS = 4096


@cache
def digits() -> tuple[Array, Array]:
    """Return all digits as rows of 64 values from 0 to 1, and their labels."""
    arrays = read_embedded("digits")
    return arrays["images"].reshape(len(arrays["labels"]), 64) / 16.0, arrays["labels"].astype(np.int64)


def task(number: int) -> tuple[Array, Array, Array, Array]:
    """Return x (200, 64) and y (200,), a fifth of it wrong, and others x and y, all right."""
    rng = np.random.default_rng([number, COUNT])
    x, labels = digits()
    order = rng.permutation(len(x))
    y = rng.permutation(10)[labels[order]]
    x = x[order]
    told = y[:COUNT].copy()
    told[:WRONG] = (told[:WRONG] + rng.integers(1, 10, WRONG)) % 10
    shuffled = rng.permutation(COUNT)
    return x[:COUNT][shuffled], told[shuffled], x[COUNT:], y[COUNT:]
