"""What normalisation does to training: which rates work, at which depth, and with how small a batch.

Single runs are cheap and can be made at will; the whole grids were run once by
`python -m tools.measure_normalisation` and are read from the file beside this one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from course_lib import nn, optim
from course_lib.data import Minibatches
from course_lib.training.depth import small_clothes
from course_lib.training.evaluation import accuracy, evaluation_mode
from course_lib.training.normalisation_nets import map_net, study_digits, unit_net

Examples = tuple[np.ndarray, np.ndarray]

FILE = Path(__file__).with_name("normalisation_runs.npz")

RATES = 10.0 ** (np.arange(-16, 9) / 8)
DEPTHS = (1, 2, 4, 8, 16)
SEEDS = 3
#: Updates of a run over rates; losses are kept as means of so many updates.
STEPS, TOGETHER = 160, 8
BATCH = 50

#: Batch sizes for maps; fully connected units need two examples for a variance.
MAP_SIZES = (1, 2, 4, 8, 32, 128)
UNIT_SIZES = MAP_SIZES[1:]
#: The rate of a run over batch sizes is this for 32 examples, and in proportion otherwise.
RATE_FOR_32 = 0.2
EPOCHS = 3


@dataclass(frozen=True)
class NormalisationRuns:
    """The grids of runs that were made once.

    Attributes
    ----------
    losses : ndarray of float32, shape (norms, depths, rates, seeds, STEPS / TOGETHER)
        Training losses of fully connected nets over `UNIT_NORMS`, `DEPTHS`, `RATES`; inf where one left the
        range of numbers.
    map_accuracies : ndarray of float32, shape (norms, sizes, seeds, 2)
        Of nets of convolutions on clothes for testing, over `MAP_NORMS` and `MAP_SIZES`: in evaluation, and
        normalised as in training, in batches as large as those of training.
    unit_accuracies : ndarray of float32, shape (norms, sizes, seeds, 2)
        Likewise of nets with two hidden layers on digits, over `UNIT_NORMS` and `UNIT_SIZES`.
    """

    losses: np.ndarray
    map_accuracies: np.ndarray
    unit_accuracies: np.ndarray


@lru_cache(maxsize=1)
def normalisation_runs() -> NormalisationRuns:
    """Read the grids that were made once; do not change them.

    Returns
    -------
    NormalisationRuns
    """
    with np.load(FILE, allow_pickle=False) as kept:
        arrays = {name: kept[name].astype(np.float32) for name in kept.files}
    for array in arrays.values():
        array.flags.writeable = False
    return NormalisationRuns(**arrays)


def losses_at_rate(norm: str, depth: int, rate: float, seed: int, *, steps: int = STEPS) -> np.ndarray:
    """Train a net on digits by SGD at one rate, and give the loss of each minibatch before its update.

    Parameters
    ----------
    norm, depth, seed
        As for `unit_net`; the order of the data is the same for all.
    rate : float
        Of SGD, without momentum.
    steps : int
        Updates.

    Returns
    -------
    ndarray of float64, shape (steps,)
        Infinite from where a loss was no longer a number.
    """
    net, loss = unit_net(norm, depth, seed), nn.CrossEntropyLoss()
    sgd = optim.SGD(net.parameters(), lr=rate)
    losses = np.full(steps, np.inf)
    # A rate that is too high overflows: that is what is to be found out.
    with np.errstate(all="ignore"):
        for step, (x, y) in enumerate(_endless(study_digits()[0], BATCH, seed)):
            if step == steps:
                break
            value = float(loss(net(x), y))
            if not math.isfinite(value):
                break
            losses[step] = value
            sgd.zero_grad()
            net.backward_to_parameters(loss.backward())
            sgd.step()
    return losses


def in_groups(losses: np.ndarray) -> np.ndarray:
    """Give the means of every `TOGETHER` losses along the last axis."""
    return losses.reshape(*losses.shape[:-1], -1, TOGETHER).mean(axis=-1)


def works(losses: np.ndarray, target: float) -> np.ndarray:
    """Say which runs ended below a loss, in the median over seeds.

    Parameters
    ----------
    losses : ndarray, shape (*, seeds, points)
        As in `NormalisationRuns`.
    target : float
        What the mean of the last two points must be below.

    Returns
    -------
    ndarray of bool, shape (*,)
    """
    return np.median(losses[..., -2:].mean(axis=-1), axis=-1) < target


def usable_range(losses: np.ndarray, target: float) -> tuple[float, float] | None:
    """Give the lowest and the highest rate of the longest row of neighbouring rates that work.

    Parameters
    ----------
    losses : ndarray, shape (rates, seeds, points)
        Of one norm and depth.
    target : float
        As for `works`.

    Returns
    -------
    (float, float) or None
        None if no rate works.
    """
    good = np.flatnonzero(works(losses, target))
    if not good.size:
        return None
    rows = np.split(good, np.flatnonzero(np.diff(good) > 1) + 1)
    longest = max(rows, key=len)
    return float(RATES[longest[0]]), float(RATES[longest[-1]])


def accuracies_at_size(
    net: nn.Module,
    train: Examples,
    test: Examples,
    size: int,
    seed: int,
    *,
    epochs: int = EPOCHS,
) -> tuple[float, float]:
    """Train a net by SGD with batches of one size, the rate in proportion to it; judge it in two ways.

    Parameters
    ----------
    net : Module
        Changed in place.
    train, test : (inputs, labels)
        What is left over at the end of an epoch, or of the test data, is left out.
    size : int
        Examples a batch.
    seed : int
        Of the order.
    epochs : int
        Passes over the data.

    Returns
    -------
    in_evaluation, as_in_training : float
        Share of test examples that are right; the second with the statistics of batches of this size.
    """
    (x, y), (test_x, test_y) = train, test
    loss = nn.CrossEntropyLoss()
    sgd = optim.SGD(net.parameters(), lr=RATE_FOR_32 * size / 32)
    rng = np.random.default_rng(seed)
    net.train()
    for _ in range(epochs):
        for rows in _batches(rng.permutation(len(x)), size):
            loss(net(x[rows]), y[rows])
            sgd.zero_grad()
            net.backward_to_parameters(loss.backward())
            sgd.step()
    judged = _batches(np.arange(len(test_x)), size)
    with evaluation_mode(net):
        in_evaluation = accuracy(net(test_x[judged.ravel()]), test_y[judged.ravel()])
    return in_evaluation, float(np.mean([accuracy(net(test_x[rows]), test_y[rows]) for rows in judged]))


def map_size_run(
    norm: str, size: int, seed: int, *, count: int = 2000, epochs: int = EPOCHS
) -> tuple[float, float]:
    """Run `accuracies_at_size` for a `map_net` on clothes.

    Parameters
    ----------
    norm : str
        One of `MAP_NORMS`.
    size, seed, epochs
        As there; the seed also draws the weights.
    count : int
        Training images.

    Returns
    -------
    in_evaluation, as_in_training : float
    """
    return accuracies_at_size(map_net(norm, seed), *small_clothes(count), size, seed, epochs=epochs)


def unit_size_run(norm: str, size: int, seed: int, *, epochs: int = EPOCHS) -> tuple[float, float]:
    """Run `accuracies_at_size` for a `unit_net` with two hidden layers on digits.

    Parameters
    ----------
    norm : str
        One of `UNIT_NORMS`.
    size, seed, epochs
        As there; the seed also draws the weights.

    Returns
    -------
    in_evaluation, as_in_training : float
    """
    return accuracies_at_size(unit_net(norm, 2, seed), *study_digits(), size, seed, epochs=epochs)


def _batches(order: np.ndarray, size: int) -> np.ndarray:
    return order[: len(order) // size * size].reshape(-1, size)


def _endless(examples: Examples, size: int, seed: int) -> Iterator[Examples]:
    batches = Minibatches(*examples, size, rng=seed)
    while True:
        yield from batches
