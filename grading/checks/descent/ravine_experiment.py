"""The experiment on handwritten digits, run with the references: what students should read from theirs."""

from __future__ import annotations

from functools import cache

import numpy as np

from course_lib.data.embedded import read_embedded
from grading.checks.descent.references import hessian_condition, quadratic_descent

KINDS = ("raw", "centred", "scaled")
# Of the way from the start down to the minimum this share may be left.
LEFT = 0.01
MOST_STEPS = 2000


@cache
def features(kind: str) -> np.ndarray:
    """Return mean brightnesses of 4 × 4 blocks, prepared in one of three ways, beside a column of ones."""
    images = read_embedded("digits")["images"] / 16.0
    count = len(images)
    blocks = images.reshape(count, 4, 2, 4, 2).mean(axis=(2, 4)).reshape(count, 16)
    if kind != "raw":
        blocks = blocks - blocks.mean(axis=0)
    if kind == "scaled":
        blocks = blocks / blocks.std(axis=0)
    return np.column_stack([blocks, np.ones(count)])


@cache
def bowl(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the Hessian of half the mean squared error, and where the start is, seen from the minimum."""
    X = features(kind)
    y = np.where(read_embedded("digits")["labels"] % 2 == 1, 1.0, -1.0)
    H = X.T @ X / len(X)
    return H, -np.linalg.solve(H, X.T @ y / len(X))


@cache
def condition(kind: str) -> float:
    """Return the condition number of one Hessian."""
    return hessian_condition(bowl(kind)[0])


@cache
def steps_needed(kind: str, of_the_limit: float = 0.5) -> int:
    """Return after how many steps little enough is left, at a share of the stability limit 2/λmax."""
    H, start = bowl(kind)
    path = quadratic_descent(H, start, of_the_limit * 2 / np.linalg.eigvalsh(H)[-1], MOST_STEPS)
    cost = np.einsum("ki,ij,kj->k", path, H, path)
    return int(np.argmax(cost <= LEFT * cost[0]))


@cache
def answers() -> tuple[int, int, int, int, int]:
    """Return the three condition numbers, and the steps with the worst and with the best preparation."""
    rounded = [round(condition(kind)) for kind in KINDS]
    return (*rounded, steps_needed("raw"), steps_needed("scaled"))
