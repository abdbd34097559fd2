"""What the optimiser race computes: seven optimisers from one start, with the same minibatches.

All of them are one formula with different numbers: m ← keep₁·m + take₁·g, v ← keep₂·v + take₂·g², and
θ ← θ − α · m̂ / (√v̂ + eps). So they run side by side, a row of one array each. The tests compare every row
with its optimiser in `course_lib.optim`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.widgets.optimiser_race_courses import ALIKE, BATCHES, COURSES, minibatches

SGD, MOMENTUM, ADAGRAD, RMSPROP = "SGD", "momentum", "AdaGrad", "RMSProp"
UNCORRECTED, ADAM, AMSGRAD = "Adam uncorrected", "Adam", "AMSGrad"
RUNNERS = (SGD, MOMENTUM, ADAGRAD, RMSPROP, UNCORRECTED, ADAM, AMSGRAD)
# Whose number each is.
USERS = {
    "rate_sgd": (SGD, MOMENTUM),
    "rate_adagrad": (ADAGRAD,),
    "rate_adam": (RMSPROP, UNCORRECTED, ADAM, AMSGRAD),
    "beta1": (MOMENTUM, UNCORRECTED, ADAM, AMSGRAD),
    "beta2": (UNCORRECTED, ADAM, AMSGRAD),
    "rho": (RMSPROP,),
}
STEP, RATE = "length of the step", "effective rate"
SHOWN = (STEP, RATE)
STEPS = 300
LIMITS = {
    "steps": (1, STEPS),
    "rate_sgd": (1e-5, 10),
    "rate_adagrad": (1e-5, 10),
    "rate_adam": (1e-5, 10),
    "beta1": (0, 0.99),
    "beta2": (0, 0.9999),
    "rho": (0, 0.9999),
    "one_in": (2, 50),
    "noise": (0, 5),
    "draw": (1, 99),
}
_WHOLE = ("steps", "one_in", "draw")
_EPS = 1e-8


@dataclass(frozen=True)
class RaceParameters:
    """What the hand can change.

    Attributes
    ----------
    surface : str
        One of `COURSES`.
    theta1, theta2 : float or None
        The start; None for the course's own.
    runners : tuple of str
        Who is shown, of `RUNNERS`.
    steps : int
        How much of the race is shown, to 300.
    rate_sgd : float
        α of SGD and of momentum.
    rate_adagrad, rate_adam : float
        α of AdaGrad; of RMSProp, Adam and AMSGrad.
    beta1, beta2 : float
        What Adam and AMSGrad keep of their averages; beta1 is also what momentum keeps of its velocity.
    rho : float
        What RMSProp keeps of its average.
    batches : str
        One of `BATCHES`.
    one_in : int
        How rare the rare batches are.
    noise : float
        Standard deviation of the gradients' noise, in the course's unit.
    draw : int
        Which minibatches.
    shown : str
        One of `SHOWN`.
    """

    surface: str = "ravine"
    theta1: float | None = None
    theta2: float | None = None
    runners: tuple[str, ...] = (SGD, MOMENTUM, ADAGRAD, RMSPROP, ADAM)
    steps: int = STEPS
    rate_sgd: float = 0.03
    rate_adagrad: float = 0.3
    rate_adam: float = 0.05
    beta1: float = 0.9
    beta2: float = 0.999
    rho: float = 0.9
    batches: str = ALIKE
    one_in: int = 10
    noise: float = 0.0
    draw: int = 1
    shown: str = STEP

    def __post_init__(self) -> None:
        for name, allowed in (("surface", tuple(COURSES)), ("batches", BATCHES), ("shown", SHOWN)):
            if getattr(self, name) not in allowed:
                raise ValueError(f"{name} must be one of {', '.join(allowed)}, got {getattr(self, name)!r}")
        known = isinstance(self.runners, tuple) and set(self.runners) <= set(RUNNERS)
        if not known or len(set(self.runners)) < len(self.runners):
            raise ValueError(
                f"runners must be a tuple of some of {', '.join(RUNNERS)}, each once, got {self.runners!r}"
            )
        left, right, bottom, top = COURSES[self.surface].surface.extent
        limits = LIMITS | {"theta1": (left, right), "theta2": (bottom, top)}
        for name, (low, high) in limits.items():
            value = getattr(self, name)
            if value is None and name.startswith("theta"):
                continue
            kind, word = (int, "whole number") if name in _WHOLE else ((int, float), "number")
            if isinstance(value, bool) or not isinstance(value, kind) or not low <= value <= high:
                raise ValueError(f"{name} must be a {word} from {low:g} to {high:g}, got {value!r}")

    @property
    def start(self) -> tuple[float, float]:
        """Where the race begins."""
        own = COURSES[self.surface].start
        given = (self.theta1, self.theta2)
        return tuple(float(o if g is None else g) for o, g in zip(own, given))


@dataclass(frozen=True)
class RaceResult:
    """A race of all `RUNNERS`, in their order; read-only. Who has diverged has values that are not finite.

    Attributes
    ----------
    paths : ndarray
        Where each was after 0, 1, 2 … steps, shape (7, steps + 1, 2).
    costs : ndarray
        The surface's cost there, without noise, shape (7, steps + 1).
    moves : ndarray
        Length of each step along each coordinate, |Δθᵢ|, shape (7, steps, 2).
    rates : ndarray
        What multiplied the gradient, or its average, in each step: α / (√v̂ᵢ + eps), shape (7, steps, 2).
    """

    parameters: RaceParameters
    paths: np.ndarray
    costs: np.ndarray
    moves: np.ndarray
    rates: np.ndarray


def compute(parameters: RaceParameters) -> RaceResult:
    """Let all optimisers run from one start with the same minibatches.

    Parameters
    ----------
    parameters : RaceParameters
        Where, with what numbers, and how far.

    Returns
    -------
    RaceResult
    """
    p = parameters
    course = (p.surface, p.start, p.batches, p.one_in, float(p.noise), p.draw)
    paths, costs, moves, rates = _raced(
        course, (p.rate_sgd, p.rate_adagrad, p.rate_adam), p.beta1, p.beta2, p.rho
    )
    return RaceResult(
        p, paths[:, : p.steps + 1], costs[:, : p.steps + 1], moves[:, : p.steps], rates[:, : p.steps]
    )


@dataclass(frozen=True)
class _Rules:
    """The numbers of the seven rules, a row each; AdaGrad's sum keeps all and takes all."""

    # What the averages of g and of g² keep of themselves and take of the new one, shape (2, 7, 1).
    keep: np.ndarray
    take: np.ndarray
    # For each step, shape (STEPS, 7, 1): α, and what the averages are divided by, 1 but for correction.
    rate: np.ndarray
    first: np.ndarray
    second: np.ndarray
    # SGD and momentum divide by √0 + 1.
    eps: np.ndarray
    largest: np.ndarray


def _rules(rates: tuple[float, float, float], beta1: float, beta2: float, rho: float) -> _Rules:
    plain, summed, averaged = rates
    b1, b2 = 1 - beta1, 1 - beta2
    rows = (
        # rate, keep₁, take₁, keep₂, take₂, eps, corrected, largest
        (plain, 0, 1, 0, 0, 1, 0, 0),
        (plain, beta1, 1, 0, 0, 1, 0, 0),
        (summed, 0, 1, 1, 1, _EPS, 0, 0),
        (averaged, 0, 1, rho, 1 - rho, _EPS, 0, 0),
        (averaged, beta1, b1, beta2, b2, _EPS, 0, 0),
        (averaged, beta1, b1, beta2, b2, _EPS, 1, 0),
        (averaged, beta1, b1, beta2, b2, _EPS, 1, 1),
    )
    rate, keep1, take1, keep2, take2, eps, corrected, largest = np.array(rows, dtype=float).T[..., None]
    count = np.arange(1, STEPS + 1)[:, None, None]
    return _Rules(
        keep=np.stack([keep1, keep2]),
        take=np.stack([take1, take2]),
        rate=rate,
        first=np.where(corrected, 1 - beta1**count, 1.0),
        second=np.where(corrected, np.sqrt(1 - beta2**count), 1.0),
        eps=eps,
        largest=largest,
    )


@lru_cache(maxsize=8)
def _raced(
    course: tuple, rates: tuple[float, float, float], beta1: float, beta2: float, rho: float
) -> tuple[np.ndarray, ...]:
    name, start, kind, one_in, noise, draw = course
    surface, unit = COURSES[name].surface, COURSES[name].unit
    shares, shifts = minibatches(kind, one_in, noise, STEPS, draw)
    rules = _rules(rates, beta1, beta2, rho)
    # α · m/first / (√v/second + eps) as (α·second/first) · m / (√v + eps·second): a hand waits for each step.
    factors, eps = rules.rate * rules.second / rules.first, rules.eps * rules.second
    size = (len(RUNNERS), 2)
    taken, averages = np.zeros((2, 2, *size))
    (g, squared), (m, v) = taken, averages
    divisor = np.zeros(size)
    paths, roots = np.empty((STEPS + 1, *size)), np.empty((STEPS, *size))
    paths[0] = start
    # Who diverges overflows in the end, and the view leaves out what is not finite.
    with np.errstate(all="ignore"):
        for here, after, root, share, shift, factor, small in zip(
            paths, paths[1:], roots, shares, unit * shifts, factors, eps
        ):
            np.multiply(share, surface.gradient(here), out=g)
            g += shift
            np.multiply(g, g, out=squared)
            taken *= rules.take
            averages *= rules.keep
            averages += taken
            # 0 · the last one for all but AMSGrad, which keeps the largest.
            divisor *= rules.largest
            np.maximum(divisor, v, out=divisor)
            np.sqrt(divisor, out=root)
            root += small
            np.divide(m, root, out=after)
            after *= factor
            np.subtract(here, after, out=after)
        costs = surface.value(paths)
        moves = np.abs(np.diff(paths, axis=0))
        effective = rules.rate * rules.second / roots
    found = tuple(np.moveaxis(array, 1, 0).copy() for array in (paths, costs, moves, effective))
    for array in found:
        array.setflags(write=False)
    return found
