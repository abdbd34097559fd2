"""Small problems of classification: codes, labels, heads, and the last layer of a trunk before them."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Example, example
from grading.checks.small_numbers import fill

Array = np.ndarray
SIZES = ((1, 1, 2), (2, 1, 2), (2, 3, 2), (3, 2, 3), (4, 2, 3), (3, 4, 3), (5, 3, 4))


def codes_and_labels(
    rng: np.random.Generator, size: tuple[int, int, int], dtype: str = "float64"
) -> tuple[Array, Array]:
    """Return codes (N, D), whole numbers and halves, and labels of K classes, perhaps not of all."""
    n, d, k = size
    return fill(rng, (n, d), "halves", dtype), rng.integers(0, k, n)


def head(rng: np.random.Generator, size: tuple[int, int, int], dtype: str = "float64") -> tuple[Array, Array]:
    """Return V (D, K) and v (K,): eighths, so that few margins are exactly 0."""
    _, d, k = size
    V, v = fill(rng, (d, k), "whole", dtype) / 8, fill(rng, (k,), "whole", dtype) / 8
    return V + np.arange(k, dtype=dtype) / 32, v


def softmax_problem(
    rng: np.random.Generator,
    size: tuple[int, int, int],
    steps: int,
    penalty: float,
    lr: float = 0.5,
    dtype: str = "float64",
) -> Example:
    """Build a call of softmax_head."""
    codes, labels = codes_and_labels(rng, size, dtype)
    return example(codes, labels, size[2], penalty, lr, steps)


def svm_problem(
    rng: np.random.Generator, size: tuple[int, int, int], penalty: float, dtype: str = "float64"
) -> Example:
    """Build a call of svm_cost."""
    codes, labels = codes_and_labels(rng, size, dtype)
    return example(*head(rng, size, dtype), codes, labels, penalty)


def tuning_problem(
    rng: np.random.Generator, size: tuple[int, int, int], inside: int, dtype: str = "float64"
) -> Example:
    """Build a call of tuned_gradients, with so many maps before the trunk's last layer."""
    n, d, k = size
    s, labels = codes_and_labels(rng, size, dtype)
    u = fill(rng, (n, inside), "halves", dtype)
    W, b = fill(rng, (inside, d), "whole", dtype) / 4, fill(rng, (d,), "whole", dtype) / 4
    return example(u, s, labels, W, b, *head(rng, size, dtype))
