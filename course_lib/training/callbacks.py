"""What may happen beside the training loop: plain objects with a method for each occasion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from tqdm.auto import tqdm

from course_lib.data import Minibatches
from course_lib.nn import Module
from course_lib.optim import IterateAverage, Optimizer
from course_lib.training.history import History


@dataclass
class Run:
    """A training run as callbacks see it.

    Attributes
    ----------
    model, loss, optimizer
        As `fit` was given them.
    epochs, steps_per_epoch : int
        What is planned.
    batches : Minibatches
        What an epoch goes through.
    callbacks : list of Callback
        All of them, in the order in which they are told.
    epoch, step : int
        Epochs and steps that are finished.
    history : History
        The record so far.
    stop : bool
        Set it to end training after the present epoch.
    """

    model: Module
    loss: Callable[[np.ndarray, np.ndarray], float]
    optimizer: Optimizer
    epochs: int
    steps_per_epoch: int
    batches: Minibatches
    callbacks: list[Callback] = field(default_factory=list)
    epoch: int = 0
    step: int = 0
    history: History = field(default_factory=History)
    stop: bool = False


class Callback:
    """Does nothing at every occasion; a subclass writes the methods that it needs."""

    def before_fit(self, run: Run) -> None:
        """Called once, before the first step."""

    def before_update(self, run: Run) -> None:
        """Called after each backward pass, before the optimiser's step."""

    def after_step(self, run: Run) -> None:
        """Called after each update, with the gradients still in place."""

    def after_epoch(self, run: Run) -> None:
        """Called after each epoch and its validation."""

    def after_fit(self, run: Run) -> None:
        """Called once at the end of what `before_fit` began, also when training ends by an exception."""

    def state_dict(self) -> dict[str, Any]:
        """Return what a later run needs to go on from here: plain values and arrays, kept in checkpoints."""
        return {}

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on from what `state_dict` returned; called after `before_fit`."""


class RateSchedule(Callback):
    """Set the optimiser's learning rate before every step, or before every epoch.

    Parameters
    ----------
    schedule : callable
        Gives the rate for a number of steps (epochs) already made, as those of `course_lib.optim`.
    per : "step" or "epoch"
        What is counted.

    Raises
    ------
    ValueError
        If `per` is neither.
    """

    def __init__(self, schedule: Callable[[int], float], *, per: str = "step") -> None:
        if per not in ("step", "epoch"):
            raise ValueError(f"per must be 'step' or 'epoch', got {per!r}")
        self.schedule = schedule
        self.per = per

    def before_fit(self, run: Run) -> None:
        """Set the first rate."""
        run.optimizer.lr = self.schedule(run.step if self.per == "step" else run.epoch)

    def after_step(self, run: Run) -> None:
        """Set the rate of the next step."""
        if self.per == "step":
            run.optimizer.lr = self.schedule(run.step)

    def after_epoch(self, run: Run) -> None:
        """Set the rate of the next epoch."""
        if self.per == "epoch":
            run.optimizer.lr = self.schedule(run.epoch)


class EachStep(Callback):
    """Call something after every update: `EachStep(MaxNorm(weights, 3).apply)`, `EachStep(average.update)`.

    Parameters
    ----------
    action : callable
        Takes nothing.

    Raises
    ------
    TypeError
        If it cannot be called.
    """

    def __init__(self, action: Callable[[], None]) -> None:
        if not callable(action):
            raise TypeError(f"action must be a function, got a {type(action).__name__}")
        self.action = action

    def after_step(self, run: Run) -> None:
        """Call it."""
        self.action()


class AverageIterates(Callback):
    """Average the parameters over the updates from some epoch on; see `IterateAverage`.

    ``with callback.average.swapped(): evaluate(model, ...)`` judges the average; running statistics of
    normalisation layers stay those of the iterates.

    Parameters
    ----------
    decay : float or None
        As for `IterateAverage`.
    after : int
        Epochs that are left out: the way to the valley floor is no part of it.
    """

    average: IterateAverage

    def __init__(self, *, decay: float | None = None, after: int = 0) -> None:
        self.decay = decay
        self.after = after

    def before_fit(self, run: Run) -> None:
        """Begin anew."""
        self.average = IterateAverage(run.model.parameters(), decay=self.decay)

    def after_step(self, run: Run) -> None:
        """Take this iterate in."""
        if run.epoch >= self.after:
            self.average.update()

    def state_dict(self) -> dict[str, Any]:
        """Return the average so far."""
        return self.average.state_dict()

    def load_state_dict(self, saved: dict[str, Any]) -> None:
        """Go on from it."""
        self.average.load_state_dict(saved)


class ProgressBar(Callback):
    """A bar over all steps with the latest numbers, in a notebook or a terminal."""

    def before_fit(self, run: Run) -> None:
        """Open the bar."""
        self.bar = tqdm(
            total=run.epochs * run.steps_per_epoch, initial=run.step, unit="step", desc="training"
        )

    def after_step(self, run: Run) -> None:
        """Advance it."""
        self.bar.update()

    def after_epoch(self, run: Run) -> None:
        """Show the epoch's losses and accuracies."""
        latest = run.history.latest()
        shown = {name.replace("_", " "): f"{value:.3f}" for name, value in latest.items()}
        self.bar.set_description(f"epoch {run.epoch}/{run.epochs}")
        self.bar.set_postfix(shown)

    def after_fit(self, run: Run) -> None:
        """Close it."""
        self.bar.close()
