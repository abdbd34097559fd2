"""A response surface: how good a small net becomes at every rate, weight decay and width.

One run is cheap and can be made at will; all runs of a grid were made once by
`python -m tools.measure_search_surface`, and are read from the file beside this one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from course_lib import nn, optim
from course_lib.data import load_digits
from course_lib.training.evaluation import evaluate
from course_lib.training.loop import fit
from course_lib.training.search.space import Integers, LogUniform

FILE = Path(__file__).with_name("response_surface.npz")

RATES = 10.0 ** (np.arange(-12, 1) / 4)
DECAYS = 10.0 ** (np.arange(-10, -1) / 2)
WIDTHS = 2 ** np.arange(1, 7)
#: Runs of each point, which differ by their initial weights and the order of the examples.
SEEDS = 3
EPOCHS = 20

#: What a search of the surface may vary.
SPACE = {
    "rate": LogUniform(float(RATES[0]), float(RATES[-1])),
    "decay": LogUniform(float(DECAYS[0]), float(DECAYS[-1])),
    "width": Integers(int(WIDTHS[0]), int(WIDTHS[-1]), log=True),
}

_TRAIN, _VALIDATION = 300, 300
_DRAWN_LABELS = 30
_BATCH, _MOMENTUM = 20, 0.9
# Nearer to a point of the grid than this share of a step is on it: a logarithm has rounded.
_ROUNDING = 1e-6

Examples = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class DigitRun:
    """What one run comes to.

    Attributes
    ----------
    validation_losses : ndarray of float64, shape (epochs,)
        After each epoch; infinite where a loss was no number.
    test_loss, test_accuracy : float
        At the end.
    """

    validation_losses: np.ndarray
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True)
class ResponseRuns:
    """All runs of the grid; do not change them.

    Attributes
    ----------
    validation_losses : ndarray of float32, shape (rates, decays, widths, SEEDS, EPOCHS)
        After each epoch; infinite where a run diverged (or a loss was above 65,504).
    test_losses, test_accuracies : ndarray of float32, shape (rates, decays, widths, SEEDS)
        At the end.
    """

    validation_losses: np.ndarray
    test_losses: np.ndarray
    test_accuracies: np.ndarray


@lru_cache(maxsize=1)
def search_digits() -> tuple[Examples, Examples, Examples]:
    """Return 300 digits to train, 300 to validate, and 1,197 to test: few, and some labels are wrong.

    30 labels of the training set were drawn anew from all ten classes (labels that hands have made are never
    all right); the others are as they came. Inputs are float32 of shape (N, 64), with mean 0 and variance 1
    over the training set.
    """
    images, labels = load_digits(dtype=np.float64)
    rng = np.random.default_rng(11)
    order = rng.permutation(len(images))
    x, y = images.reshape(len(images), -1)[order], labels[order].copy()
    x = ((x - x[:_TRAIN].mean()) / x[:_TRAIN].std()).astype(np.float32)
    y[:_DRAWN_LABELS] = rng.integers(0, 10, _DRAWN_LABELS)
    first, second = _TRAIN, _TRAIN + _VALIDATION
    return (x[:first], y[:first]), (x[first:second], y[first:second]), (x[second:], y[second:])


def digit_run(rate: float, decay: float, width: int, *, seed: int = 0, epochs: int = EPOCHS) -> DigitRun:
    """Train a net with one hidden layer of ReLUs on `search_digits`, by SGD with a momentum of 0.9.

    Parameters
    ----------
    rate : float
        Of SGD; batches are of 20.
    decay : float
        Weight decay: so much of each parameter is added to its gradient.
    width : int
        Hidden units.
    seed : int
        Of the initial weights (He's) and of the order of examples.
    epochs : int
        All are run: early stopping would hide what the hyper-parameters do to the end of training.

    Returns
    -------
    DigitRun
    """
    train, validation, test = search_digits()
    net = nn.Sequential(nn.Linear(64, width), nn.ReLU(), nn.Linear(width, 10))
    nn.initialise(net, nn.initialisers.he_normal, rng=seed)
    loss = nn.CrossEntropyLoss()
    sgd = optim.SGD(net.parameters(), rate, momentum=_MOMENTUM, weight_decay=decay)
    settings = {"epochs": epochs, "batch_size": _BATCH, "rng": seed, "progress": False}
    # A rate that is too high overflows: that is what is to be found out.
    with np.errstate(all="ignore"):
        history = fit(net, loss, sgd, train, validation=validation, **settings)
        test_loss, test_accuracy = evaluate(net, loss, test)
    losses = np.array(history.validation_loss)
    losses[~np.isfinite(losses)] = np.inf
    return DigitRun(losses, test_loss if np.isfinite(test_loss) else np.inf, test_accuracy)


@lru_cache(maxsize=1)
def response_runs() -> ResponseRuns:
    """Read the runs that were made once.

    Returns
    -------
    ResponseRuns
    """
    with np.load(FILE, allow_pickle=False) as kept:
        arrays = {name: kept[name].astype(np.float32) for name in ResponseRuns.__dataclass_fields__}
    for array in arrays.values():
        array.flags.writeable = False
    return ResponseRuns(**arrays)


def surface(*, epochs: int = EPOCHS, seed: int | None = None) -> np.ndarray:
    """Give the validation loss at the points of the grid.

    Parameters
    ----------
    epochs : int
        After how many, from 1 to `EPOCHS`.
    seed : int or None
        Of the run; None is the mean over all.

    Returns
    -------
    ndarray of float64, shape (rates, decays, widths)

    Raises
    ------
    ValueError
        If there is no such epoch or seed.
    """
    if isinstance(epochs, bool) or not 1 <= epochs <= EPOCHS:
        raise ValueError(f"epochs must be from 1 to {EPOCHS}, got {epochs!r}")
    if seed is not None and not 0 <= seed < SEEDS:
        raise ValueError(f"seed must be None or from 0 to {SEEDS - 1}, got {seed!r}")
    losses = response_runs().validation_losses[..., epochs - 1].astype(np.float64)
    return losses.mean(axis=-1) if seed is None else losses[..., seed]


@lru_cache(maxsize=128)
def _log_surface(epochs: int, seed: int | None) -> np.ndarray:
    return np.log(surface(epochs=epochs, seed=seed))


def loss_at(
    rate: np.ndarray | float,
    decay: np.ndarray | float,
    width: np.ndarray | float,
    *,
    epochs: int = EPOCHS,
    seed: int | None = None,
) -> np.ndarray:
    """Give the validation loss anywhere within the grid: between its points, logarithms are linear.

    Parameters
    ----------
    rate, decay, width : array_like
        Shapes that broadcast; within `SPACE`.
    epochs, seed
        As for `surface`.

    Returns
    -------
    ndarray of float64
        Infinite where one of the points around it is.

    Raises
    ------
    ValueError
        If a place is outside the grid.
    """
    logs = _log_surface(epochs, seed)
    cells, shares = [], []
    for (name, grid), values in zip(
        (("rate", RATES), ("decay", DECAYS), ("width", WIDTHS)), np.broadcast_arrays(rate, decay, width)
    ):
        places = np.log(np.asarray(values, dtype=float) / grid[0]) / np.log(grid[1] / grid[0])
        near = np.round(places)
        places = np.where(np.abs(places - near) < _ROUNDING, near, places)
        if not np.all((places >= 0) & (places <= len(grid) - 1)):
            raise ValueError(f"{name} must be from {grid[0]:g} to {grid[-1]:g}, got {values}")
        cells.append(np.minimum(places.astype(int), len(grid) - 2))
        shares.append(places - cells[-1])
    total = np.zeros(shares[0].shape)
    for corner in np.ndindex(2, 2, 2):
        weight = np.ones_like(total)
        for upper, share in zip(corner, shares):
            weight = weight * (share if upper else 1 - share)
        value = logs[tuple(cell + upper for cell, upper in zip(cells, corner))]
        # A corner without weight has no say, not even where it is infinite.
        total += np.where(weight > 0, weight * np.where(weight > 0, value, 0), 0)
    return np.exp(total)


def kept_loss(found: Mapping[str, Any]) -> float:
    """Judge hyper-parameters as a search wants it: a look at the kept surface in place of a training.

    Parameters
    ----------
    found : mapping
        "rate", "decay" and "width"; maybe "epochs" and "seed", as for `surface`.

    Returns
    -------
    float
    """
    return float(loss_at(**found))
