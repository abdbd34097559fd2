"""What the minibatch lab computes: one run of minibatch SGD, its expectation, its noise, and the U-curve."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from course_lib.optim import Cosine, HoldThenInverse, StepDecay, Triangular
from course_lib.widgets.minibatch_digits import COUNT, digits_problem
from course_lib.widgets.minibatch_moments import (
    expected_excess,
    floor_excess,
    noise_share,
    updates_to_reach,
)

EPOCHS = 10
START = np.array([-1.0, 1.4])
SIZES = 2 ** np.arange(9)
#: The expected excess that the U-curve asks for, as a share of the one at the start.
TARGET = 0.01

REPLACED = "with replacement"
SORTED = "sorted by class"
ORDERS = ("new order each epoch", "same order each epoch", SORTED, REPLACED)

SCHEDULES: dict[str, Callable[[float, int], Callable[[int], float]]] = {
    "constant": lambda lr, updates: lambda t: lr,
    "÷ 10 half-way": lambda lr, updates: StepDecay(lr, every=max(updates // 2, 1)),
    "hold, then 1/t": lambda lr, updates: HoldThenInverse(lr, tau=max(updates / 5, 1)),
    "triangular": lambda lr, updates: Triangular(lr / 10, lr, half_cycle=max(updates // 4, 1)),
    "cosine": lambda lr, updates: Cosine(lr, steps=updates),
}

# Beyond this excess a run counts as diverged and is cut off.
_FAR = 1e6
_VARIANCE_EPOCHS = 40
_RATE_GRID = np.geomspace(0.003, 2, 40)


@dataclass(frozen=True)
class MinibatchParameters:
    """What the hand can change.

    Attributes
    ----------
    size : int
        S, a power of two up to all 256 examples.
    rate : float
        α, or the schedule's first (triangular: highest) rate; from 0.01 to 3.
    schedule : str
        One of `SCHEDULES`.
    order : str
        One of `ORDERS`.
    overhead : int
        What an update costs besides its examples, in examples' worth of time; from 0 to 1000.
    seed : int
        Of the order, from 0 to 99.
    """

    size: int = 8
    rate: float = 0.1
    schedule: str = "constant"
    order: str = ORDERS[0]
    overhead: int = 10
    seed: int = 0

    def __post_init__(self) -> None:
        if self.size not in SIZES.tolist():
            raise ValueError(f"size must be a power of two from 1 to {COUNT}, got {self.size!r}")
        for name, known in (("schedule", SCHEDULES), ("order", ORDERS)):
            if not isinstance(getattr(self, name), str) or getattr(self, name) not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {getattr(self, name)!r}")
        for name, low, high in (("rate", 0.01, 3), ("overhead", 0, 1000), ("seed", 0, 99)):
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not low <= value <= high:
                raise ValueError(f"{name} must be a number from {low:g} to {high:g}, got {value!r}")


@dataclass(frozen=True)
class MinibatchResult:
    """A run of ten epochs, and what is known about all such runs.

    Attributes
    ----------
    path : ndarray, shape (T + 1, 2)
        The weights before each update and after the last; shorter where the run diverges.
    excess : ndarray, shape (T + 1,)
        Cost above the minimum along the path.
    rates : ndarray
        α of every update that was made.
    expected : ndarray
        The mean of `excess` over independent minibatches.
    smallest, largest : ndarray
        The same expectation for S = 1 and for the full batch, at the same rate and schedule.
    floor : float
        Where `expected` settles, were the rate held for ever; infinite where it does not.
    variance_theory, variance_measured : ndarray, shape (9,)
        Of the minibatch gradient at the start for each of `SIZES`, as a share of one example's: from the
        formula, and over the minibatches that this order makes.
    updates_best, best_rates : ndarray, shape (9,)
        Fewest expected updates to the target for each size, and the rate that needs so few.
    updates_here : ndarray, shape (9,)
        The same at the rate chosen, held; infinite where the target is out of reach.
    """

    parameters: MinibatchParameters
    path: np.ndarray
    excess: np.ndarray
    rates: np.ndarray
    expected: np.ndarray
    smallest: np.ndarray
    largest: np.ndarray
    floor: float
    variance_theory: np.ndarray
    variance_measured: np.ndarray
    updates_best: np.ndarray
    best_rates: np.ndarray
    updates_here: np.ndarray

    @property
    def last_epoch(self) -> float:
        """The mean excess over the updates of the last epoch."""
        return float(self.excess[-(COUNT // self.parameters.size) :].mean())

    @property
    def diverged(self) -> bool:
        """Whether the run was cut off."""
        return len(self.rates) < EPOCHS * COUNT // self.parameters.size

    def time(self, updates: np.ndarray) -> np.ndarray:
        """Return what so many updates of each of `SIZES` cost, in examples' worth of time."""
        return updates * (self.parameters.overhead + SIZES)


@lru_cache(maxsize=64)
def epoch_orders(order: str, seed: int, epochs: int) -> np.ndarray:
    """Return the rows that each epoch goes through, shape (epochs, 256); read-only."""
    rng = np.random.default_rng(seed)
    if order == SORTED:
        found = np.tile(np.arange(COUNT), (epochs, 1))
    elif order == REPLACED:
        found = rng.integers(COUNT, size=(epochs, COUNT))
    elif order == ORDERS[1]:
        found = np.tile(rng.permutation(COUNT), (epochs, 1))
    else:
        found = np.stack([rng.permutation(COUNT) for _ in range(epochs)])
    found.setflags(write=False)
    return found


def descend(batches: np.ndarray, rates: np.ndarray) -> np.ndarray:
    """Run SGD from `START` over minibatches given by their rows, shape (T, S); returns the path.

    It ends early where the cost passes every bound.
    """
    problem = digits_problem()
    x, y = problem.x[batches], problem.y[batches]
    # A step along the mean gradient of a batch is θ ← θ − α(Aᵦθ − cᵦ), with its own two-by-two matrix.
    square = np.einsum("tsi,tsj->tij", x, x) / batches.shape[1]
    target = np.einsum("tsi,ts->ti", x, y) / batches.shape[1]
    first, second = START.tolist()
    path = [(first, second)]
    for lr, ((a, b), (_, d)), (p, q) in zip(rates.tolist(), square.tolist(), target.tolist()):
        first, second = first - lr * (a * first + b * second - p), second - lr * (b * first + d * second - q)
        path.append((first, second))
        if first * first + second * second > _FAR:
            break
    return np.array(path)


@lru_cache(maxsize=64)
def schedule_rates(rate: float, schedule: str, size: int) -> np.ndarray:
    """Return the rate of every update of ten epochs with batches of a size; read-only."""
    updates = EPOCHS * COUNT // size
    rule = SCHEDULES[schedule](rate, updates)
    rates = np.array([rule(t) for t in range(updates)])
    rates.setflags(write=False)
    return rates


@lru_cache(maxsize=64)
def expectation(size: int, rate: float, schedule: str, replacement: bool) -> np.ndarray:
    """Return the expected excess along ten epochs of independent minibatches; read-only."""
    rates = schedule_rates(rate, schedule, size)
    with np.errstate(over="ignore", invalid="ignore"):
        found = expected_excess(START, rates, float(noise_share(size, replacement=replacement)))
    found.setflags(write=False)
    return found


@lru_cache(maxsize=16)
def measured_variance(order: str, seed: int) -> np.ndarray:
    """Return the mean of ‖ĝ − ∇J‖² at the start over the minibatches of forty epochs, for each of `SIZES`."""
    gradients = digits_problem().gradients(START)
    means = (gradients - gradients.mean(axis=0))[epoch_orders(order, seed, _VARIANCE_EPOCHS)]
    found = []
    for _ in SIZES:
        found.append((means**2).sum(axis=-1).mean())
        # Two neighbouring batches make one of twice the size.
        half = means.shape[1] // 2
        means = means.reshape(_VARIANCE_EPOCHS, half, 2, 2).mean(axis=2) if half else means
    variances = np.array(found)
    variances.setflags(write=False)
    return variances


@lru_cache(maxsize=2)
def best_updates(replacement: bool) -> tuple[np.ndarray, np.ndarray]:
    """Return for each of `SIZES` the fewest expected updates to the target, and the rate that needs them."""
    shares = noise_share(SIZES, replacement=replacement)
    rates, shares = (grid.ravel() for grid in np.meshgrid(_RATE_GRID, shares))
    updates = updates_to_reach(_target(), START, rates, shares).reshape(len(SIZES), -1)
    best = updates.argmin(axis=1)
    found = updates[np.arange(len(SIZES)), best], _RATE_GRID[best]
    for array in found:
        array.setflags(write=False)
    return found


def _target() -> float:
    return TARGET * float(digits_problem().excess(START))


def compute(parameters: MinibatchParameters) -> MinibatchResult:
    """Run ten epochs of minibatch SGD, and work out what such runs do on average.

    Parameters
    ----------
    parameters : MinibatchParameters
        Batch size, rate, schedule, order, overhead and seed.

    Returns
    -------
    MinibatchResult
    """
    size, rate, problem = int(parameters.size), float(parameters.rate), digits_problem()
    replacement = parameters.order == REPLACED
    rates = schedule_rates(rate, parameters.schedule, size)
    path = descend(epoch_orders(parameters.order, parameters.seed, EPOCHS).reshape(-1, size), rates)
    runs = [expectation(n, rate, parameters.schedule, replacement) for n in (size, 1, COUNT)]
    shares = noise_share(SIZES, replacement=replacement)
    gradients = problem.gradients(START)
    variance = ((gradients - gradients.mean(axis=0)) ** 2).sum(axis=1).mean()
    return MinibatchResult(
        parameters,
        path,
        problem.excess(path),
        rates[: len(path) - 1],
        *runs,
        floor_excess(rate, float(noise_share(size, replacement=replacement))),
        shares,
        measured_variance(parameters.order, int(parameters.seed)) / variance,
        *best_updates(replacement),
        updates_to_reach(_target(), START, np.full(len(SIZES), rate), shares),
    )
