"""Random restarts: a cost with many minima is searched from many beginnings, and the best end is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.nn import Module


@dataclass(frozen=True)
class Restarts:
    """What `random_restarts` found.

    Attributes
    ----------
    best : Module
        The model of the lowest cost.
    costs : ndarray of float64, shape (count,)
        Cost of every end, in the order of the starts; NaN where a run diverged.
    """

    best: Module
    costs: np.ndarray


def random_restarts(
    build: Callable[[np.random.Generator], Module],
    train: Callable[[Module, np.random.Generator], float],
    count: int,
    *,
    rng: np.random.Generator | int,
) -> Restarts:
    """Build and train `count` models from independent random beginnings; keep the best.

    Parameters
    ----------
    build : callable
        Of a generator: a fresh model.
    train : callable
        Of a model and a generator: trains it and returns the cost by which ends are compared, such as the
        validation loss.
    count : int
        How many.
    rng : Generator or int
        Every start gets a generator of its own from it, so that the first starts do not depend on `count`.

    Raises
    ------
    ValueError
        If `count` is not positive, or every run diverged.
    """
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise ValueError(f"count must be a positive integer, got {count!r}")
    costs, best, lowest = [], None, np.inf
    for source in np.random.default_rng(rng).spawn(count):
        model = build(source)
        costs.append(float(train(model, source)))
        if costs[-1] < lowest:
            best, lowest = model, costs[-1]
    if best is None:
        raise ValueError(f"train must return a finite cost for one start at least, got {costs}")
    return Restarts(best, np.array(costs))
