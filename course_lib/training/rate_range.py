"""Finding the learning rate: raise it step by step until the loss goes up, then stay well below."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from course_lib.data import Minibatches
from course_lib.nn import Loss, Module
from course_lib.optim import Optimizer
from course_lib.training.state import capture, restore


@dataclass(frozen=True)
class RateRange:
    """What `learning_rate_range` measured.

    Attributes
    ----------
    rates, losses, smoothed : ndarray of float64, shape (S,)
        Rate of each step, the minibatch's loss before it, and that loss smoothed.
    largest : float
        The rate at which the smoothed loss was lowest: beyond it, steps make things worse.
    suggestion : float
        A third of it.
    diverged : bool
        Whether the loss went up again before the highest rate. If not, look further up.
    """

    rates: np.ndarray
    losses: np.ndarray
    smoothed: np.ndarray
    largest: float
    suggestion: float
    diverged: bool


def learning_rate_range(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    train: tuple[np.ndarray, np.ndarray],
    *,
    lowest: float = 1e-5,
    highest: float = 10.0,
    steps: int = 100,
    batch_size: int = 64,
    smoothing: float = 0.9,
    blow_up: float = 4.0,
    rng: np.random.Generator | int = 0,
) -> RateRange:
    """Train for some steps at geometrically rising rates, then put everything back as it was.

    Weights, running statistics, the optimiser with its rate, modes and all random states are restored, also
    when something goes wrong: the run that follows is the one that would have been without the test.

    Parameters
    ----------
    model, loss, optimizer, train, batch_size, rng
        As for `fit`.
    lowest, highest : float
        Rates of the first and the last step.
    steps : int
        Updates; the data is gone through as often as they need.
    smoothing : float
        Share of the past in the exponential average of the losses, corrected for its start.
    blow_up : float
        The test ends once the smoothed loss is this many times its lowest value, or is not finite.

    Returns
    -------
    RateRange

    Raises
    ------
    ValueError
        If there is no data, or a number is out of its range.

    Notes
    -----
    Smith, Cyclical learning rates for training neural networks (2017), section 3.3.
    """
    if not 0 < lowest < highest < np.inf:
        raise ValueError(f"lowest and highest must be rising positive rates, got {lowest} and {highest}")
    if steps < 2:
        raise ValueError(f"steps must be 2 or more, got {steps}")
    if not 0 <= smoothing < 1:
        raise ValueError(f"smoothing must be from 0 to below 1, got {smoothing}")
    if not blow_up > 1:
        raise ValueError(f"blow_up must be above 1, got {blow_up}")
    rng = np.random.default_rng(rng)
    before = capture(model, optimizer, rng)
    modes = [(module, module.training) for module in model.modules()]
    rates = np.geomspace(lowest, highest, steps)
    try:
        batches = Minibatches(*train, batch_size, rng=rng)
        if len(batches) == 0:
            raise ValueError("train must hold at least one example, got none")
        model.train()
        losses, smoothed = _climb(model, loss, optimizer, batches, rates, smoothing, blow_up)
    finally:
        restore(before, model, optimizer, rng)
        optimizer.zero_grad()
        for module, mode in modes:
            module.training = mode
    lowest_at = int(np.nanargmin(smoothed))
    largest = float(rates[lowest_at])
    diverged = not smoothed[-1] < blow_up * smoothed[lowest_at]
    return RateRange(rates[: len(losses)], losses, smoothed, largest, largest / 3, diverged)


def _climb(
    model: Module,
    loss: Loss,
    optimizer: Optimizer,
    batches: Minibatches,
    rates: np.ndarray,
    smoothing: float,
    blow_up: float,
) -> tuple[np.ndarray, np.ndarray]:
    losses: list[float] = []
    smoothed: list[float] = []
    average, source = 0.0, iter(batches)
    # Overflow is what the test is for: it ends there.
    with np.errstate(over="ignore", invalid="ignore"):
        for step, rate in enumerate(rates, start=1):
            x, y = next(source, (None, None))
            if x is None:
                source = iter(batches)
                x, y = next(source)
            optimizer.lr = float(rate)
            optimizer.zero_grad()
            losses.append(float(loss(model(x), y)))
            average = smoothing * average + (1 - smoothing) * losses[-1]
            smoothed.append(average / (1 - smoothing**step))
            if not smoothed[-1] < blow_up * min(smoothed):
                break
            model.backward(loss.backward())
            optimizer.step()
    return np.array(losses), np.array(smoothed)
