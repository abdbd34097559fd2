"""Learning-rate schedules: functions of the number of steps (or epochs) already made.

`schedule(t)` is the rate for the step after t steps, so `schedule(0)` is the first. Set it by
`optimizer.lr = schedule(t)`; `course_lib.training.RateSchedule` does that during `fit`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from course_lib.optim.optimizer import in_range


def _check(schedule: object, **least: float) -> None:
    for name, low in least.items():
        in_range(name, getattr(schedule, name), low=low)


@dataclass(frozen=True)
class StepDecay:
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

    lr: float
    every: int
    factor: float = 0.1

    def __post_init__(self) -> None:
        _check(self, lr=0, every=1, factor=0)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr * self.factor ** (t // self.every)


@dataclass(frozen=True)
class ExponentialDecay:
    """lr·factor^t: lose the same share at every step.

    Parameters
    ----------
    lr : float
        First rate.
    factor : float
        Share that each step leaves.
    """

    lr: float
    factor: float

    def __post_init__(self) -> None:
        _check(self, lr=0, factor=0)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr * self.factor**t


@dataclass(frozen=True)
class InverseTimeDecay:
    """lr/(1 + decay·t).

    Parameters
    ----------
    lr : float
        First rate.
    decay : float
        One over the time in which the rate halves.
    """

    lr: float
    decay: float

    def __post_init__(self) -> None:
        _check(self, lr=0, decay=0)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr / (1 + self.decay * t)


@dataclass(frozen=True)
class HoldThenInverse:
    """lr·τ/max(t, τ): constant for τ steps, then falling as 1/t.

    Parameters
    ----------
    lr : float
        Rate that is held.
    tau : float
        How long.
    """

    lr: float
    tau: float

    def __post_init__(self) -> None:
        _check(self, lr=0, tau=1)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.lr * self.tau / max(t, self.tau)


@dataclass(frozen=True)
class Triangular:
    """Up from low to high in half a cycle, and down again, for ever (Smith 2017).

    Parameters
    ----------
    low, high : float
        The two ends.
    half_cycle : int
        Steps from one to the other.
    """

    low: float
    high: float
    half_cycle: int

    def __post_init__(self) -> None:
        _check(self, low=0, high=self.low, half_cycle=1)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        distance = abs(t % (2 * self.half_cycle) - self.half_cycle) / self.half_cycle
        return self.high + (self.low - self.high) * distance


@dataclass(frozen=True)
class Cosine:
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

    lr: float
    steps: int
    final: float = 0.0

    def __post_init__(self) -> None:
        _check(self, lr=0, steps=1, final=0)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        return self.final + (self.lr - self.final) * (1 + math.cos(math.pi * min(t / self.steps, 1))) / 2


@dataclass(frozen=True)
class WarmUp:
    """Grow evenly to the first rate of another schedule, then follow it from its beginning.

    Parameters
    ----------
    schedule : callable
        What follows.
    steps : int
        Steps of growth; the first of them already has 1/steps of the rate.
    """

    schedule: Callable[[int], float]
    steps: int

    def __post_init__(self) -> None:
        _check(self, steps=1)

    def __call__(self, t: int) -> float:
        """Return the rate after t steps."""
        if t < self.steps:
            return self.schedule(0) * (t + 1) / self.steps
        return self.schedule(t - self.steps)
