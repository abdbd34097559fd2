"""What the search lab computes: the trials of one search, and what searches of its kind have found."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from course_lib.training.kept_searches import (
    METHODS,
    SEARCHES,
    TRIALS,
    best_so_far,
    losses_of,
    tried_points,
)
from course_lib.training.response_surface import DECAYS, RATES, WIDTHS, loss_at

#: The method that all others are compared with.
LUCK = "random"


@dataclass(frozen=True)
class SearchLabParameters:
    """What the hand can change.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    budget : int
        Trials, from 1 to `TRIALS`.
    search : int
        Which of the method's searches, from 1 to `SEARCHES`.
    rate, decay : float
        The point that is tried by hand, with the width that is best there.
    """

    method: str = "random"
    budget: int = 27
    search: int = 1
    rate: float = 0.01
    decay: float = 0.001

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {self.method!r}")
        for name, highest in (("budget", TRIALS), ("search", SEARCHES)):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= highest:
                raise ValueError(f"{name} must be a whole number from 1 to {highest}, got {value!r}")
        for name, grid in (("rate", RATES), ("decay", DECAYS)):
            value = getattr(self, name)
            if not isinstance(value, float) or not grid[0] <= value <= grid[-1]:
                raise ValueError(f"{name} must be from {grid[0]:g} to {grid[-1]:g}, got {value!r}")


@dataclass(frozen=True)
class SearchLabResult:
    """A search, and the others of its kind.

    Attributes
    ----------
    parameters : SearchLabParameters
    points : ndarray of float64, shape (budget, 3)
        Rate, decay and width of each trial.
    losses : ndarray of float64, shape (budget,)
        Their validation losses; infinite where a run diverged.
    best : ndarray of float64, shape (budget,)
        Lowest loss after each trial.
    quartiles : ndarray of float64, shape (3, budget)
        Lower quartile, median and upper quartile of `best` over all searches of the method.
    luck : ndarray of float64, shape (budget,)
        Median of random search.
    by_hand : float
        Loss at the point that is tried by hand.
    hand_width : int
        The width that is best there.
    """

    parameters: SearchLabParameters
    points: np.ndarray
    losses: np.ndarray
    best: np.ndarray
    quartiles: np.ndarray
    luck: np.ndarray
    by_hand: float
    hand_width: int

    @property
    def winner(self) -> int:
        """Number of the best trial, from 0."""
        return int(np.argmin(self.losses))


def compute(parameters: SearchLabParameters) -> SearchLabResult:
    """Look up a search, its losses, and the quartiles of its method.

    Parameters
    ----------
    parameters : SearchLabParameters

    Returns
    -------
    SearchLabResult
    """
    method, budget = parameters.method, parameters.budget
    points = np.array(tried_points(method, parameters.search - 1, budget))
    losses = losses_of(points)
    # Ranks, not means of neighbours: there is none between a number and infinity.
    quartiles = np.quantile(best_so_far(method, budget), (0.25, 0.5, 0.75), axis=0, method="nearest")
    luck = np.quantile(best_so_far(LUCK, budget), 0.5, axis=0, method="nearest")
    widths = loss_at(parameters.rate, parameters.decay, WIDTHS)
    return SearchLabResult(
        parameters,
        points,
        losses,
        np.minimum.accumulate(losses),
        quartiles,
        luck,
        float(widths.min()),
        int(WIDTHS[np.argmin(widths)]),
    )


def lowest_over_widths(columns: int, rows: int) -> np.ndarray:
    """Give the surface over rate and decay, at the best of `WIDTHS` each.

    Parameters
    ----------
    columns, rows : int
        How many rates and decays, at equal ratios, both bounds included.

    Returns
    -------
    ndarray of float64, shape (rows, columns)
        Infinite where all widths diverge.
    """
    rates = np.clip(np.geomspace(RATES[0], RATES[-1], columns), RATES[0], RATES[-1])
    decays = np.clip(np.geomspace(DECAYS[0], DECAYS[-1], rows), DECAYS[0], DECAYS[-1])
    return loss_at(rates[None, :, None], decays[:, None, None], WIDTHS).min(axis=-1)


def in_words(loss: float) -> str:
    """Write a loss with three digits, or say that the run diverged."""
    return f"{loss:.3f}" if math.isfinite(loss) else "diverged"
