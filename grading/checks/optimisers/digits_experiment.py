"""The experiment on handwritten digits, run with the references: what students should read from theirs."""

from __future__ import annotations

from functools import cache

import numpy as np

from course_lib.data.embedded import read_embedded
from grading.checks.optimisers.references import gradient_noise, sgd_pass

SIZES = (1, 8, 64, 512)
RATES = (0.01, 0.03, 0.1, 0.3)
RATE = 0.1
SIZE = 64
# Steps through all 1797 examples: 1103 has no divisor in common with their number.
STRIDE = 1103


@cache
def digits() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return pixels beside a column of ones (1797, 65), 1 for odd digits and −1 for even, and the order."""
    arrays = read_embedded("digits")
    count = len(arrays["labels"])
    X = np.column_stack([arrays["images"].reshape(count, -1) / 16.0, np.ones(count)])
    y = np.where(arrays["labels"] % 2 == 1, 1.0, -1.0)
    return X, y, np.arange(count) * STRIDE % count


@cache
def loss_after_a_pass(size: int, lr: float) -> float:
    """Return half the mean squared error on all digits after one pass of SGD; inf if it diverged."""
    X, y, order = digits()
    with np.errstate(all="ignore"):
        loss = float(0.5 * np.mean((X @ sgd_pass(X, y, order, size, lr) - y) ** 2))
    return loss if np.isfinite(loss) else np.inf


@cache
def answers() -> tuple[int, float, int]:
    """Return the best batch size, the largest rate that learns, and the first size whose noise is small."""
    X, y, _ = digits()
    at_start = 0.5 * np.mean(y**2)
    best_size = min(SIZES, key=lambda size: loss_after_a_pass(size, RATE))
    largest_rate = max(lr for lr in RATES if loss_after_a_pass(SIZE, lr) < at_start)
    gradients = -X * y[:, None]
    quiet_size = 1
    while True:
        mean, variance = gradient_noise(gradients, quiet_size)
        if np.sqrt(variance) < np.linalg.norm(mean) / 2:
            return best_size, largest_rate, quiet_size
        quiet_size *= 2
