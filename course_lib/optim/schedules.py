"""Learning-rate schedules: functions of the number of steps (or epochs) already made.

`schedule(t)` is the rate for the step after t steps, so `schedule(0)` is the first. Set it by
`optimizer.lr = schedule(t)`; `course_lib.training.RateSchedule` does that during `fit`. Any function of t
will do; those here have no memory, so a run may be continued anywhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from course_lib.optim.optimizer import in_range


class Schedule:
    """A rate for every number of steps already made; a subclass writes `rate`.

    `least` gives the least value of each number that the schedule is made with.
    """

    least: ClassVar[dict[str, float]] = {}

    def __post_init__(self) -> None:
        for name, low in self.least.items():
            in_range(name, getattr(self, name), low=low)

    def rate(self, t: int) -> float:
        """Return the rate after t steps, t being checked."""
        raise NotImplementedError(f"{type(self).__name__} has no rate")

    def __call__(self, t: int) -> float:
        """Return the rate after t steps.

        Raises
        ------
        TypeError, ValueError
            If t is not a number of at least 0.
        """
        return self.rate(in_range("t", t, low=0))


@dataclass(frozen=True)
class StepDecay(Schedule):
    """lr·factor^⌊t/every⌋: cut the rate by a factor at regular times.

    Parameters
    ----------
    lr : float
        First rate.
    every : int
        Steps between cuts.
    factor : float
        What is left after a cut.
    """

    least = {"lr": 0, "every": 1, "factor": 0}

    lr: float
    every: int
    factor: float = 0.1

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr * self.factor ** (t // self.every)


@dataclass(frozen=True)
class ExponentialDecay(Schedule):
    """lr·factor^t: lose the same share at every step.

    Parameters
    ----------
    lr : float
        First rate.
    factor : float
        Share that each step leaves.
    """

    least = {"lr": 0, "factor": 0}

    lr: float
    factor: float

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr * self.factor**t


@dataclass(frozen=True)
class InverseTimeDecay(Schedule):
    """lr/(1 + decay·t).

    Parameters
    ----------
    lr : float
        First rate.
    decay : float
        One over the time in which the rate halves.
    """

    least = {"lr": 0, "decay": 0}

    lr: float
    decay: float

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr / (1 + self.decay * t)


@dataclass(frozen=True)
class HoldThenInverse(Schedule):
    """lr·τ/max(t, τ): constant for τ steps, then falling as 1/t.

    Parameters
    ----------
    lr : float
        Rate that is held.
    tau : float
        How long.
    """

    least = {"lr": 0, "tau": 1}

    lr: float
    tau: float

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr * self.tau / max(t, self.tau)


@dataclass(frozen=True)
class Triangular(Schedule):
    """Up from low to high in half a cycle, and down again, for ever (Smith 2017).

    Parameters
    ----------
    low, high : float
        The two ends.
    half_cycle : int
        Steps from one to the other.
    """

    least = {"low": 0, "half_cycle": 1}

    low: float
    high: float
    half_cycle: int

    def __post_init__(self) -> None:
        super().__post_init__()
        in_range("high", self.high, low=self.low)

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        distance = abs(t % (2 * self.half_cycle) - self.half_cycle) / self.half_cycle
        return self.high + (self.low - self.high) * distance


@dataclass(frozen=True)
class Cosine(Schedule):
    """Half a cosine from lr to final over a number of steps, then final (Loshchilov and Hutter 2017).

    Parameters
    ----------
    lr : float
        First rate.
    steps : int
        Length of the descent.
    final : float
        Last rate.
    """

    least = {"lr": 0, "steps": 1, "final": 0}

    lr: float
    steps: int
    final: float = 0.0

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.final + (self.lr - self.final) * (1 + math.cos(math.pi * min(t / self.steps, 1))) / 2


@dataclass(frozen=True)
class WarmUp(Schedule):
    """Grow evenly to the first rate of another schedule, then follow it from its beginning.

    Parameters
    ----------
    schedule : callable
        What follows.
    steps : int
        Steps of growth; the first of them already has 1/steps of the rate.
    """

    least = {"steps": 1}

    schedule: Callable[[int], float]
    steps: int

    def __post_init__(self) -> None:
        super().__post_init__()
        if not callable(self.schedule):
            raise TypeError(f"schedule must be a function of t, got a {type(self.schedule).__name__}")

    def rate(self, t: int) -> float:
        """Return the rate after t steps."""
        if t < self.steps:
            return self.schedule(0) * (t + 1) / self.steps
        return self.schedule(t - self.steps)
