"""What a search found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from course_lib.training.search.space import Choice, Integers, LogUniform, Space, Uniform


@dataclass(frozen=True)
class Trial:
    """One set of hyper-parameters that was tried.

    Attributes
    ----------
    number : int
        From 0, in the order in which they were drawn.
    parameters : dict
        Name to value.
    value : float
        What the objective returned; infinitely bad where that was not a number.
    seconds : float
        How long it took.
    """

    number: int
    parameters: dict[str, Any]
    value: float
    seconds: float


@dataclass(frozen=True)
class SearchResult:
    """All trials of a search, in the order in which they were drawn.

    Attributes
    ----------
    trials : tuple of Trial
    maximize : bool
        Whether large values are good.
    """

    trials: tuple[Trial, ...]
    maximize: bool = False

    @property
    def best(self) -> Trial:
        """The best trial, the first of equals.

        Raises
        ------
        ValueError
            If there is no trial.
        """
        if not self.trials:
            raise ValueError("there is no trial yet: search with trials=1 or more")
        return self.ranked()[0]

    def ranked(self) -> list[Trial]:
        """Return the trials, best first."""
        sign = -1 if self.maximize else 1
        return sorted(self.trials, key=lambda trial: sign * trial.value)

    @property
    def values(self) -> np.ndarray:
        """Value of each trial, float64 of shape (N,)."""
        return np.array([trial.value for trial in self.trials], dtype=np.float64)

    def best_so_far(self) -> np.ndarray:
        """Return the best value after each trial, float64 of shape (N,): the budget curve."""
        return (np.maximum if self.maximize else np.minimum).accumulate(self.values)

    def column(self, name: str) -> np.ndarray:
        """Return one hyper-parameter of each trial, shape (N,)."""
        return np.array([trial.parameters[name] for trial in self.trials])

    def at_edge(self, space: Space, *, within: float = 0.05) -> dict[str, str]:
        """Return which hyper-parameters of the best trial lie at the "low" or "high" edge of their range.

        There the optimum may be outside: widen the range.

        Parameters
        ----------
        space : mapping of str to range
            That was searched.
        within : float
            Share of a range's width that counts as its edge.
        """
        found = {}
        for name, value in self.best.parameters.items():
            if name not in space or isinstance(space[name], Choice):
                continue
            place = _place(space[name], value)
            if not within < place < 1 - within:
                found[name] = "low" if place < 0.5 else "high"
        return found


def _place(inside: Uniform | LogUniform | Integers, value: float) -> float:
    if isinstance(inside, LogUniform) or getattr(inside, "log", False):
        return float(np.log(value / inside.low) / np.log(inside.high / inside.low))
    return float((value - inside.low) / (inside.high - inside.low))
