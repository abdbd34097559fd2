"""Searches of the kept response surface, each method many times: what a budget buys, and how much is luck.

`python -m tools.measure_search_surface` made them with `search_hyperparameters` and kept the points that they
tried; how good these are is looked up on the surface. The points of a grid are worked out when asked for.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from course_lib.training.response_surface import FILE, SPACE, kept_loss, loss_at
from course_lib.training.search import Round, coarse_to_fine, grid_points, search_hyperparameters

#: Method, and the strategy of `search_hyperparameters` behind it.
GRID, COARSE_TO_FINE = "grid", "coarse to fine"
STRATEGIES = {"random": "random", "Bayesian": "bayesian", "evolutionary": "evolutionary"}
KEPT = (*STRATEGIES, COARSE_TO_FINE)
METHODS = (GRID, *KEPT)
#: How many searches of each method there are, and how many trials each of them has.
SEARCHES, TRIALS = 30, 64
#: A search from coarse to fine has three rounds of so many random trials.
ROUNDS = (32, 16, 16)


def run_search(method: str, seed: int, *, trials: int = TRIALS) -> np.ndarray:
    """Search the kept surface.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    seed : int
        Of what is drawn.
    trials : int
        Budget; a search from coarse to fine is cut off after so many.

    Returns
    -------
    ndarray of float64, shape (trials, 3)
        Rate, decay and width of each trial.

    Raises
    ------
    ValueError
        If there is no such method.
    """
    _check_method(method)
    if method == COARSE_TO_FINE:
        rounds = coarse_to_fine(kept_loss, SPACE, [Round(number) for number in ROUNDS], seed=seed)
        results = [finished.result for finished in rounds]
    elif method == GRID:
        levels = grid_levels(trials)
        settings = {"strategy": "grid", "levels": levels, "trials": trials, "seed": seed}
        results = [search_hyperparameters(kept_loss, SPACE, **settings)]
    else:
        settings = {"strategy": STRATEGIES[method], "trials": trials, "seed": seed}
        results = [search_hyperparameters(kept_loss, SPACE, **settings)]
    points = [[trial.parameters[name] for name in SPACE] for result in results for trial in result.trials]
    return np.array(points, dtype=np.float64)[:trials]


def grid_levels(budget: int) -> int:
    """Give the fewest values of each hyper-parameter whose combinations take up a budget."""
    levels = 1
    while levels ** len(SPACE) < budget:
        levels += 1
    return levels


def tried_points(method: str, seed: int, budget: int) -> np.ndarray:
    """Give what a search tried, in its order.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    seed : int
        Which search, from 0 to `SEARCHES` - 1.
    budget : int
        Trials, from 1 to `TRIALS`. Of a grid it says also how fine it is.

    Returns
    -------
    ndarray of float64, shape (budget, 3)
        Rate, decay and width; do not change it.

    Raises
    ------
    ValueError
        If an argument is none of these.
    """
    _check_method(method)
    if not 0 <= seed < SEARCHES:
        raise ValueError(f"seed must be from 0 to {SEARCHES - 1}, got {seed!r}")
    if not 1 <= budget <= TRIALS:
        raise ValueError(f"budget must be from 1 to {TRIALS}, got {budget!r}")
    if method != GRID:
        return _kept_points()[KEPT.index(method), seed, :budget]
    return _grid(grid_levels(budget))[_order(grid_levels(budget), seed)[:budget]]


@lru_cache(maxsize=len(METHODS) * TRIALS)
def best_so_far(method: str, budget: int) -> np.ndarray:
    """Give the lowest loss after each trial, of every search of a method.

    Parameters
    ----------
    method, budget
        As for `tried_points`.

    Returns
    -------
    ndarray of float64, shape (SEARCHES, budget)
        Read-only.
    """
    points = np.stack([tried_points(method, seed, budget) for seed in range(SEARCHES)])
    curves = np.minimum.accumulate(losses_of(points), axis=-1)
    curves.flags.writeable = False
    return curves


def losses_of(points: np.ndarray) -> np.ndarray:
    """Give the loss of points of shape (..., 3) on the kept surface."""
    return loss_at(*np.moveaxis(points, -1, 0))


@lru_cache(maxsize=1)
def _kept_points() -> np.ndarray:
    with np.load(FILE, allow_pickle=False) as kept:
        points = kept["points"].astype(np.float64)
    # Four bytes a number round a bound to just outside.
    low, high = np.array([(found.low, found.high) for found in SPACE.values()]).T
    points = np.clip(points, low, high)
    points.flags.writeable = False
    return points


@lru_cache(maxsize=8)
def _grid(levels: int) -> np.ndarray:
    points = np.array([[point[name] for name in SPACE] for point in grid_points(SPACE, levels)])
    points.flags.writeable = False
    return points


@lru_cache(maxsize=8 * SEARCHES)
def _order(levels: int, seed: int) -> np.ndarray:
    """The order of `search_hyperparameters`."""
    return np.random.default_rng(seed).permutation(len(_grid(levels)))


def _check_method(method: str) -> None:
    if method not in METHODS:
        raise ValueError(f"method must be one of {', '.join(METHODS)}, got {method!r}")
