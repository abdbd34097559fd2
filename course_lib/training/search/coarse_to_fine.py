"""From coarse to fine: few epochs over wide ranges first, then longer ones where the good trials were."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from course_lib.training.search.result import SearchResult
from course_lib.training.search.searching import search_hyperparameters
from course_lib.training.search.space import Choice, Space, check_space


@dataclass(frozen=True)
class Round:
    """One pass of a search from coarse to fine.

    Attributes
    ----------
    trials : int
        How many.
    fixed : dict
        What the objective gets beside what is drawn, such as `{"epochs": 1}`.
    strategy : str
        As for `search_hyperparameters`.
    """

    trials: int
    fixed: Mapping[str, Any] = field(default_factory=dict)
    strategy: str = "random"


@dataclass(frozen=True)
class FinishedRound:
    """A round, the space that it searched, and what it found."""

    round: Round
    space: Space
    result: SearchResult


def narrow(space: Space, result: SearchResult, *, keep: float = 0.25, margin: float = 0.1) -> Space:
    """Return the part of `space` where the best trials were.

    Parameters
    ----------
    space : mapping of str to range
        That was searched.
    result : SearchResult
        Of the search.
    keep : float
        Share of the trials that count as good; two at least, where two are finite.
    margin : float
        By which share of its width a range extends beyond the good trials, inside the old bounds: the best
        may lie just outside.

    Returns
    -------
    dict of str to range

    Raises
    ------
    ValueError
        If `keep` is not in (0, 1], `margin` is not positive, or no trial is finite.
    """
    if not 0 < keep <= 1:
        raise ValueError(f"keep must be above 0 and at most 1, got {keep}")
    if not margin > 0:
        raise ValueError(f"margin must be positive, got {margin}")
    ranked = [trial for trial in result.ranked() if math.isfinite(trial.value)]
    if not ranked:
        raise ValueError(f"result must hold a trial with a finite value, got none among {len(result.trials)}")
    good = ranked[: max(2, round(keep * len(ranked)))]
    smaller: dict[str, Any] = {}
    for name, inside in space.items():
        values = [trial.parameters[name] for trial in good]
        if isinstance(inside, Choice):
            smaller[name] = Choice(*(option for option in inside.options if option in values))
        else:
            smaller[name] = inside.around(min(values), max(values), margin)
    return smaller


def coarse_to_fine(
    objective: Callable[[dict[str, Any]], float],
    space: Space,
    rounds: Sequence[Round],
    *,
    keep: float = 0.25,
    margin: float = 0.1,
    maximize: bool = False,
    seed: int = 0,
    workers: int | None = None,
    cluster: Any = None,
    storage: str | Path | None = None,
    name: str = "search",
) -> list[FinishedRound]:
    """Search in rounds: each one only where the best trials of the one before it were.

    Parameters
    ----------
    objective : callable
        Takes a dict with what is drawn and what the round has fixed.
    space : mapping of str to range
        Of the first round: wide.
    rounds : sequence of Round
        Such as `[Round(30, {"epochs": 1}), Round(15, {"epochs": 5})]`.
    keep, margin : float
        As for `narrow`.
    maximize, seed, workers, cluster, storage, name
        As for `search_hyperparameters`.

    Returns
    -------
    list of FinishedRound
        Values of different rounds do not compare where the rounds fix different things.

    Raises
    ------
    ValueError
        If there is no round, or one fixes a hyper-parameter that is searched.
    """
    check_space(space)
    if not rounds:
        raise ValueError("rounds must hold one Round at least, got none")
    for number, one in enumerate(rounds):
        if both := sorted(set(one.fixed) & set(space)):
            raise ValueError(f"rounds[{number}] must not fix what is searched, got {both}")
    finished: list[FinishedRound] = []
    for number, one in enumerate(rounds):
        if finished:
            space = narrow(space, finished[-1].result, keep=keep, margin=margin)
        result = search_hyperparameters(
            _With(objective, dict(one.fixed)),
            space,
            strategy=one.strategy,
            trials=one.trials,
            maximize=maximize,
            seed=seed + number,
            workers=workers,
            cluster=cluster,
            storage=storage,
            name=f"{name}, round {number + 1}",
        )
        finished.append(FinishedRound(one, dict(space), result))
    return finished


@dataclass(frozen=True)
class _With:
    """The objective with what a round fixes; a class, so that it can be sent to other processes."""

    objective: Callable[[dict[str, Any]], float]
    fixed: dict[str, Any]

    def __call__(self, parameters: dict[str, Any]) -> float:
        return self.objective({**self.fixed, **parameters})
