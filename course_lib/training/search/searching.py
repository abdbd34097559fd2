"""The search: draw, try, write down, until the budget is spent."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from course_lib.training.search.result import SearchResult
from course_lib.training.search.samplers import STRATEGIES, distributions, sampler
from course_lib.training.search.space import Space, check_space, grid_points
from course_lib.training.search.storage import Record
from course_lib.training.search.workers import Crew, Objective, crew, judge, parcel, run_trial


class SearchError(RuntimeError):
    """A trial could not be judged; the ones that were are kept where there is a storage."""


def search_hyperparameters(
    objective: Objective,
    space: Space,
    *,
    strategy: str = "random",
    trials: int | None = None,
    levels: int = 3,
    points: Sequence[Mapping[str, Any]] = (),
    maximize: bool = False,
    seed: int = 0,
    workers: int | None = None,
    cluster: Any = None,
    storage: str | Path | None = None,
    name: str = "search",
) -> SearchResult:
    """Try hyper-parameters and keep a record of how good they were.

    Judge by validation data, never by the test set. While one hyper-parameter is studied, leave early
    stopping out of the objective: it would hide what the others do to the end of training.

    Parameters
    ----------
    objective : callable
        Takes a dict of hyper-parameters, trains, and returns a number such as the validation loss. NaN counts
        as infinitely bad: a diverged run is an answer, too.
    space : mapping of str to LogUniform, Uniform, Integers or Choice
        What may vary.
    strategy : str
        "manual" tries `points`; "grid" all combinations of `levels` values; "random" draws each value on its
        own; "bayesian" draws where a model of the trials so far expects most; "evolutionary" crosses the
        good ones.
    trials : int or None
        How many in all, those of an earlier run in the same storage included. May be None for "manual" and
        "grid": all of them.
    levels : int
        Values of each range in a grid.
    points : sequence of dict
        Tried before anything is drawn, whatever the strategy: what was good elsewhere.
    maximize : bool
        Whether large values are good.
    seed : int
        Of everything that is drawn. With one worker the same trials follow; with more, random search and the
        grid try the same ones, and the strategies that learn go by what is finished first.
    workers : int or None
        Processes that try at the same time; None means one here, or a trial for each thread of the cluster.
    cluster : str, distributed.Client or None
        Address of a Dask scheduler (or a client) where trials run. Its workers should have one thread each.
    storage : str, Path or None
        SQLite file; the same search with the same file goes on where it ended, whatever ended it. One process
        at a time may use it.
    name : str
        Of the search within the file.

    Returns
    -------
    SearchResult

    Raises
    ------
    ValueError, TypeError
        If an argument is out of range, or the file holds another search of that name.
    SearchError
        If the objective raises, or a worker dies.
    ImportError
        If optuna (or distributed, for a cluster) is not installed.

    Notes
    -----
    Bergstra and Bengio, Random search for hyper-parameter optimization (2012).
    """
    check_space(space)
    queue = _queue(space, strategy, trials, levels, points, seed)
    budget = len(queue) if trials is None else trials
    if workers is not None and workers < 1:
        raise ValueError(f"workers must be 1 or more, got {workers}")
    plan = {
        "space": {key: {type(found).__name__: asdict(found)} for key, found in space.items()},
        "strategy": strategy,
        "seed": seed,
        "maximize": maximize,
        "queue": [dict(point) for point in queue],
    }
    record = Record(storage, name, plan, maximize)
    record.take_up()
    with crew(workers or (0 if cluster is not None else 1), cluster) as hands:
        _Search(objective, space, _Draw(strategy, seed, queue), record, hands).run(budget)
    return SearchResult(record.trials(), maximize)


def _queue(
    space: Space,
    strategy: str,
    trials: int | None,
    levels: int,
    points: Sequence[Mapping[str, Any]],
    seed: int,
) -> list[dict[str, Any]]:
    if strategy not in STRATEGIES:
        raise ValueError(f"strategy must be one of {', '.join(map(repr, STRATEGIES))}, got {strategy!r}")
    if trials is not None and trials < 0:
        raise ValueError(f"trials must be 0 or more, got {trials}")
    if trials is None and strategy not in ("manual", "grid"):
        raise ValueError(f"trials must say how many to draw with strategy {strategy!r}, got None")
    if levels < 1:
        raise ValueError(f"levels must be 1 or more, got {levels}")
    for number, point in enumerate(points):
        if set(point) != set(space):
            raise ValueError(
                f"points[{number}] must have a value for each of {sorted(space)}, got {sorted(point)}"
            )
    queue = [dict(point) for point in points]
    if strategy == "manual" and not queue:
        raise ValueError("points must hold what to try with strategy 'manual', got none")
    if strategy == "grid":
        grid = grid_points(space, levels)
        # In another order than by rows: a search that ends early has been everywhere.
        queue += [grid[place] for place in np.random.default_rng(seed).permutation(len(grid))]
    if strategy in ("manual", "grid") and trials is not None and trials > len(queue):
        raise ValueError(f"trials must be at most {len(queue)}, the points that there are, got {trials}")
    return queue


@dataclass(frozen=True)
class _Draw:
    """How the trial of a place gets its values: from the queue, as long as it lasts, then by the strategy."""

    strategy: str
    seed: int
    queue: list[dict[str, Any]]

    def begin(self, record: Record, found: dict[str, Any]) -> Any:
        place = record.next_place()
        point = self.queue[place] if place < len(self.queue) else None
        return record.begin(place, sampler(self.strategy, self.seed, place), found, point)


class _Search:
    def __init__(self, objective: Objective, space: Space, draw: _Draw, record: Record, hands: Crew) -> None:
        self.objective, self.draw, self.record, self.hands = objective, draw, record, hands
        self.distributions = distributions(space)
        self.worst = -math.inf if record.maximize else math.inf
        self.running: dict[Future, Any] = {}
        self.parcel = parcel(objective) if hands.away else b""

    def run(self, budget: int) -> None:
        """Keep all workers busy until `budget` trials are done."""
        done = self.record.judged()
        try:
            while done < budget:
                while len(self.running) < min(self.hands.size, budget - done):
                    self._begin()
                finished, _ = wait(self.running, return_when=FIRST_COMPLETED)
                for future in sorted(finished, key=lambda one: self.running[one].number):
                    self._end(future)
                    done += 1
        finally:
            for future in self.running:
                future.cancel()

    def _begin(self) -> None:
        trial = self.draw.begin(self.record, self.distributions)
        task = (run_trial, self.parcel) if self.hands.away else (judge, self.objective)
        self.running[self.hands.executor.submit(*task, trial.params)] = trial

    def _end(self, future: Future) -> None:
        trial = self.running.pop(future)
        try:
            value, seconds = future.result()
        except BrokenExecutor as problem:
            raise SearchError(
                f"a worker process died while it tried {trial.params}: the machine may have run out of "
                "memory. In a script, search under `if __name__ == '__main__':`: every worker reads it"
            ) from problem
        except Exception as problem:
            self.record.fail(trial)
            raise SearchError(
                f"objective raised {type(problem).__name__} for {trial.params}: {problem}. With a "
                "storage, the same call goes on without this trial"
            ) from problem
        self.record.finish(trial, self.worst if math.isnan(value) else value, seconds)
