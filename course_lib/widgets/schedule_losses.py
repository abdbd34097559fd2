"""What the schedule designer computes: a schedule's rates, and their loss on a noisy quadratic."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.geometry import expected_costs, noisy_descent
from course_lib.optim import (
    Cosine,
    ExponentialDecay,
    HoldThenInverse,
    InverseTimeDecay,
    StepDecay,
    Triangular,
    WarmUp,
)

STEPS = 1000
#: The quadratic ½Σλθ² has a steep and a flat direction, and starts as high above the minimum in both.
EIGENVALUES = np.array([1.0, 0.02])
START = np.array([3.0, 3.0 / np.sqrt(0.02)])

HELD, STEP, EXPONENTIAL, INVERSE = "constant", "step", "exponential", "1/t"
HOLD, TRIANGULAR, COSINE = "hold, then 1/t", "triangular", "cosine"
NAMES = (HELD, STEP, EXPONENTIAL, INVERSE, HOLD, TRIANGULAR, COSINE)
#: What `length` is to each schedule that has one.
LENGTHS = {
    STEP: "every",
    EXPONENTIAL: "length",
    INVERSE: "1/decay",
    HOLD: "tau",
    TRIANGULAR: "half_cycle",
    COSINE: "steps",
}
WITH_FACTOR, WITH_LOW = (STEP, EXPONENTIAL), (TRIANGULAR, COSINE)


@dataclass(frozen=True)
class ScheduleParameters:
    """What the hand can change.

    Attributes
    ----------
    schedule : str
        One of `NAMES`.
    rate : float
        α₀, the schedule's first rate (triangular: its highest); from 0.01 to 1.9.
    length : int
        In steps, from 10 to 1000: between cuts (step), until the factor has come once (exponential), until
        the rate has halved (1/t), held (hold), from low to high (triangular), of the descent (cosine).
    factor : float
        What is left after a cut, or after `length` steps (exponential); from 0.01 to 1.
    low : float
        The low end (triangular) or the last rate (cosine), as a share of α₀; from 0 to 1.
    warm_up : int
        Steps of even growth before the schedule begins, from 0 to 300.
    noise : float
        σ of every component of the gradient, from 0 to 2.
    seed : int
        Of the noise, from 0 to 99.
    """

    schedule: str = STEP
    rate: float = 0.5
    length: int = 400
    factor: float = 0.1
    low: float = 0.0
    warm_up: int = 0
    noise: float = 0.5
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.schedule, str) or self.schedule not in NAMES:
            raise ValueError(f"schedule must be one of {', '.join(NAMES)}, got {self.schedule!r}")
        limits = {"rate": (0.01, 1.9), "factor": (0.01, 1), "low": (0, 1), "noise": (0, 2)}
        whole = {"length": (10, STEPS), "warm_up": (0, 300), "seed": (0, 99)}
        for name, (low, high) in (limits | whole).items():
            value = getattr(self, name)
            kinds = int if name in whole else (int, float)
            if not isinstance(value, kinds) or isinstance(value, bool) or not low <= value <= high:
                kind = "a whole number" if name in whole else "a number"
                raise ValueError(f"{name} must be {kind} from {low:g} to {high:g}, got {value!r}")


@dataclass(frozen=True)
class ScheduleResult:
    """A schedule's rates over 1000 steps, and what becomes of a noisy quadratic.

    Attributes
    ----------
    rates : ndarray, shape (1000,)
        α of every step.
    parts : ndarray, shape (1001, 2)
        Expected cost along the steep and along the flat direction, before each step and after the last.
    run : ndarray, shape (1001,)
        The cost of one run.
    held : ndarray, shape (1001,)
        Expected cost with α₀ from beginning to end.
    """

    parameters: ScheduleParameters
    rates: np.ndarray
    parts: np.ndarray
    run: np.ndarray
    held: np.ndarray

    @property
    def expected(self) -> np.ndarray:
        """The expected cost, shape (1001,)."""
        return self.parts.sum(axis=1)


def make_schedule(parameters: ScheduleParameters) -> tuple[Callable[[int], float], str]:
    """Return the schedule of `course_lib.optim` that the parameters mean, and the code that makes it."""
    rate, length = float(parameters.rate), parameters.length
    low = parameters.low * rate
    schedule: Callable[[int], float]
    if parameters.schedule == HELD:
        schedule, code = (lambda t: rate), f"lambda t: {rate:.3g}"
    elif parameters.schedule == STEP:
        schedule = StepDecay(rate, every=length, factor=parameters.factor)
        code = f"StepDecay({rate:.3g}, every={length}, factor={parameters.factor:.3g})"
    elif parameters.schedule == EXPONENTIAL:
        schedule = ExponentialDecay(rate, factor=parameters.factor ** (1 / length))
        code = f"ExponentialDecay({rate:.3g}, factor={parameters.factor:.3g} ** (1 / {length}))"
    elif parameters.schedule == INVERSE:
        schedule = InverseTimeDecay(rate, decay=1 / length)
        code = f"InverseTimeDecay({rate:.3g}, decay=1 / {length})"
    elif parameters.schedule == HOLD:
        schedule, code = HoldThenInverse(rate, tau=length), f"HoldThenInverse({rate:.3g}, tau={length})"
    elif parameters.schedule == TRIANGULAR:
        schedule = Triangular(low, rate, half_cycle=length)
        code = f"Triangular({low:.3g}, {rate:.3g}, half_cycle={length})"
    else:
        schedule = Cosine(rate, steps=length, final=low)
        code = f"Cosine({rate:.3g}, steps={length}, final={low:.3g})"
    if parameters.warm_up:
        return WarmUp(schedule, steps=parameters.warm_up), f"WarmUp({code}, steps={parameters.warm_up})"
    return schedule, code


def compute(parameters: ScheduleParameters) -> ScheduleResult:
    """Follow a schedule for 1000 steps of descent along noisy gradients.

    Parameters
    ----------
    parameters : ScheduleParameters
        The schedule's, and the noise's.

    Returns
    -------
    ScheduleResult
    """
    schedule, _ = make_schedule(parameters)
    rates = np.array([schedule(t) for t in range(STEPS)])
    noise = float(parameters.noise)
    path = noisy_descent(EIGENVALUES, START, rates, noise, int(parameters.seed))
    return ScheduleResult(
        parameters,
        rates,
        expected_costs(EIGENVALUES, START, rates, noise),
        path**2 @ EIGENVALUES / 2,
        expected_costs(EIGENVALUES, START, np.full(STEPS, float(parameters.rate)), noise).sum(axis=1),
    )
