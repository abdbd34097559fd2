"""What may happen beside the training loop: plain objects with three methods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from tqdm.auto import tqdm

from course_lib.nn import Module
from course_lib.optim import Optimizer
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
    epoch: int = 0
    step: int = 0
    history: History = field(default_factory=History)
    stop: bool = False


class Callback:
    """Does nothing at every occasion; a subclass writes the methods that it needs."""

    def before_fit(self, run: Run) -> None:
        """Called once, before the first step."""

    def after_step(self, run: Run) -> None:
        """Called after each update, with the gradients still in place."""

    def after_epoch(self, run: Run) -> None:
        """Called after each epoch and its validation."""

    def after_fit(self, run: Run) -> None:
        """Called once at the end, also when training ends by an exception."""


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
        run.optimizer.lr = self.schedule(0)

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


class ProgressBar(Callback):
    """A bar over all steps with the latest numbers, in a notebook or a terminal."""

    def before_fit(self, run: Run) -> None:
        """Open the bar."""
        self.bar = tqdm(total=run.epochs * run.steps_per_epoch, unit="step", desc="training")

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
