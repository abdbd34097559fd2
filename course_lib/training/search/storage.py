"""The file that a search writes down: one that was killed goes on from it."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from course_lib.training.search.result import Trial
from course_lib.training.search.samplers import optuna

_PLACE = "place"
_RAISED = "raised"
_SECONDS = "seconds"
_PLAN = "plan"


class Record:
    """The trials of one search, in memory or in a SQLite file.

    Parameters
    ----------
    path : str, Path or None
        The file; None keeps them in memory.
    name : str
        Name of the search: a file may hold several.
    plan : dict
        What the search is, in plain values; a file's must be the same.
    maximize : bool
        Whether large values are good.

    Raises
    ------
    ValueError
        If the file holds a search of that name with another plan.
    """

    def __init__(self, path: str | Path | None, name: str, plan: dict[str, Any], maximize: bool) -> None:
        self.maximize = maximize
        library = optuna()
        self.study = library.create_study(
            storage=None if path is None else _file(path),
            study_name=name,
            direction="maximize" if maximize else "minimize",
            sampler=library.samplers.RandomSampler(seed=0),
            load_if_exists=path is not None,
        )
        said = json.dumps(plan, sort_keys=True)
        kept = self.study.user_attrs.get(_PLAN)
        if kept is None:
            self.study.set_user_attr(_PLAN, said)
        elif kept != said:
            raise ValueError(
                f"{path} holds another search of the name {name!r} ({kept}, here {said}): give this one "
                "another name or storage, or delete the file"
            )

    def take_up(self) -> None:
        """Give up trials that were running when the search was killed: their places are free again."""
        states = optuna().trial.TrialState
        for trial in self.study.get_trials(deepcopy=False, states=(states.RUNNING,)):
            self.study.tell(trial.number, state=states.FAIL)
        # Killed between being given its values and being begun; only one that has begun can be ended.
        for _ in self.study.get_trials(deepcopy=False, states=(states.WAITING,)):
            self.study.tell(self.study.ask(), state=states.FAIL)

    def next_place(self) -> int:
        """Return the first place in the search that no trial has."""
        states = optuna().trial.TrialState
        taken = {
            trial.user_attrs.get(_PLACE)
            for trial in self.study.get_trials(deepcopy=False)
            if trial.state in (states.COMPLETE, states.RUNNING) or _RAISED in trial.user_attrs
        }
        return next(place for place in range(len(taken) + 1) if place not in taken)

    def begin(self, place: int, sampler: Any, distributions: dict[str, Any], point: dict | None) -> Any:
        """Return the trial of a place, with values from `point`, or drawn by `sampler`."""
        if point is not None:
            self.study.enqueue_trial(point)
        self.study.sampler = sampler
        trial = self.study.ask(distributions)
        trial.set_user_attr(_PLACE, place)
        return trial

    def judged(self) -> int:
        """Return how many trials are spent: those that are finished, and those whose objective raised."""
        states = optuna().trial.TrialState
        trials = self.study.get_trials(deepcopy=False, states=(states.COMPLETE, states.FAIL))
        return sum(trial.state == states.COMPLETE or _RAISED in trial.user_attrs for trial in trials)

    def finish(self, trial: Any, value: float, seconds: float) -> None:
        """Write down what a trial came to."""
        trial.set_user_attr(_SECONDS, seconds)
        self.study.tell(trial, value)

    def fail(self, trial: Any) -> None:
        """Write down that the objective raised."""
        trial.set_user_attr(_RAISED, True)
        self.study.tell(trial, state=optuna().trial.TrialState.FAIL)

    def trials(self) -> tuple[Trial, ...]:
        """Return the finished trials in the order of their places."""
        done = self.study.get_trials(deepcopy=False, states=(optuna().trial.TrialState.COMPLETE,))
        found = [
            Trial(
                trial.user_attrs[_PLACE],
                dict(trial.params),
                float(trial.value),
                float(trial.user_attrs[_SECONDS]),
            )
            for trial in done
        ]
        return tuple(sorted(found, key=lambda trial: trial.number))


def _file(path: str | Path) -> Any:
    """Return a storage in a SQLite file whose commits survive a killed process, though not a power cut.

    Waiting for the disk at each of a trial's dozen commits would take a third of a second.
    """
    storage = optuna().storages.RDBStorage(f"sqlite:///{Path(path).resolve()}")
    import_module("sqlalchemy").event.listen(storage.engine, "connect", _do_not_wait)
    # Connections that are open already are made anew.
    storage.engine.dispose()
    return storage


def _do_not_wait(connection: Any, _: Any) -> None:
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=OFF")
