"""What the normalisation cube computes: which numbers share a mean, and what becomes of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

IMAGES, CHANNELS, SIDE = 4, 4, 2
EPS = 1e-5
LARGEST = 12.0

BATCH, LAYER, INSTANCE, GROUP = "batch", "layer", "instance", "group (2 groups)"
METHODS = (BATCH, LAYER, INSTANCE, GROUP)
TRAINING, EVALUATION = "training", "evaluation"
MODES = (TRAINING, EVALUATION)
MOST_SEEN = 60

# (images, channels, rows, columns): a channel around 0, a large one, a narrow one, and a constant one; the
# last image is brighter than the others.
_START = (
    (((1, -2), (0, 3)), ((6, 2), (4, 8)), ((-2, -1), (-3, -2)), ((4, 4), (4, 4))),
    (((-1, 2), (-3, 0)), ((3, 7), (5, 1)), ((-1, -2), (-2, -4)), ((4, 4), (4, 4))),
    (((0, 1), (2, -1)), ((9, 5), (6, 4)), ((-3, -2), (-1, -2)), ((4, 4), (4, 4))),
    (((5, 8), (6, 9)), ((12, 9), (11, 10)), ((2, 4), (3, 1)), ((4, 4), (4, 4))),
)
VALUES = tuple(np.array(_START, dtype=float).ravel().tolist())


@dataclass(frozen=True)
class CubeParameters:
    """What the hand can change.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    images : int
        Batch size, from 1 to 4.
    mode : str
        One of `MODES`.
    seen : int
        How often this batch was seen in training before, from 0 to 60; moves the running averages.
    momentum : float
        Weight of the new value in the running averages, from 0 to 1.
    across, down : float
        The chosen entry, as a place among all: channels and rows of images are each 2 wide.
    values : tuple of float
        The 64 entries of 4 images × 4 channels × 2 × 2, in the order of memory, from -12 to 12.
    """

    method: str = BATCH
    images: int = 3
    mode: str = TRAINING
    seen: int = 20
    momentum: float = 0.1
    across: float = 2.5
    down: float = 0.5
    values: tuple[float, ...] = VALUES

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise ValueError(f"method must be one of {', '.join(METHODS)}, got {self.method!r}")
        if self.mode not in MODES:
            raise ValueError(f"mode must be one of {', '.join(MODES)}, got {self.mode!r}")
        for name, low, high in (("images", 1, IMAGES), ("seen", 0, MOST_SEEN)):
            _check_whole(name, getattr(self, name), low, high)
        for name, high in (("momentum", 1), ("across", CHANNELS * SIDE), ("down", self.images * SIDE)):
            value = getattr(self, name)
            if not (isinstance(value, int | float) and 0 <= value <= high):
                raise ValueError(f"{name} must be a number from 0 to {high}, got {value!r}")
        if not (
            isinstance(self.values, tuple)
            and len(self.values) == len(VALUES)
            and all(isinstance(v, int | float) and -LARGEST <= v <= LARGEST for v in self.values)
        ):
            raise ValueError(f"values must be {len(VALUES)} numbers from -12 to 12, got {self.values!r}")

    @property
    def place(self) -> tuple[int, int, int, int]:
        """Image, channel, row and column of the chosen entry."""
        row = min(int(self.down), self.images * SIDE - 1)
        column = min(int(self.across), CHANNELS * SIDE - 1)
        return row // SIDE, column // SIDE, row % SIDE, column % SIDE

    @property
    def cell(self) -> int:
        """Number of the chosen entry among `values`."""
        return int(np.ravel_multi_index(self.place, (IMAGES, CHANNELS, SIDE, SIDE)))


@dataclass(frozen=True)
class CubeResult:
    """What the cube shows.

    Attributes
    ----------
    parameters : CubeParameters
    x, y : ndarray of float64, shape (images, 4, 2, 2)
        Before and after.
    sets : ndarray of int64, likewise
        Entries with the same number share a mean and a variance.
    means, variances : ndarray of float64, likewise
        With which each entry is normalised.
    batch_mean, batch_var : ndarray of float64, shape (4,)
        Of each channel in this batch, the variance the biased one.
    running_mean, running_var : ndarray of float64, shape (4,)
        Running averages after this batch was seen so often; the variance is the unbiased one's.
    """

    parameters: CubeParameters
    x: np.ndarray
    y: np.ndarray
    sets: np.ndarray
    means: np.ndarray
    variances: np.ndarray
    batch_mean: np.ndarray
    batch_var: np.ndarray
    running_mean: np.ndarray
    running_var: np.ndarray

    @property
    def outside(self) -> bool:
        """Whether mean and variance come from the running averages, not from this batch."""
        return self.parameters.method == BATCH and self.parameters.mode == EVALUATION

    @property
    def count(self) -> int:
        """How many numbers share a mean."""
        return int((self.sets == self.sets[self.parameters.place]).sum())


def shared(method: str, images: int) -> np.ndarray:
    """Number the sets whose entries share a mean and a variance.

    Parameters
    ----------
    method : str
        One of `METHODS`.
    images : int
        Batch size.

    Returns
    -------
    ndarray of int64, shape (images, 4, 2, 2)
    """
    image, channel = np.indices((images, CHANNELS))
    number = {
        BATCH: channel,
        LAYER: image,
        INSTANCE: image * CHANNELS + channel,
        GROUP: image * 2 + channel // 2,
    }[method]
    return np.broadcast_to(number[:, :, None, None], (images, CHANNELS, SIDE, SIDE)).copy()


def compute(parameters: CubeParameters) -> CubeResult:
    """Normalise the batch.

    Parameters
    ----------
    parameters : CubeParameters

    Returns
    -------
    CubeResult
    """
    p = parameters
    x = np.array(p.values, dtype=float).reshape(IMAGES, CHANNELS, SIDE, SIDE)[: p.images]
    sets = shared(p.method, p.images)
    counts = np.bincount(sets.ravel())
    means = (np.bincount(sets.ravel(), x.ravel()) / counts)[sets]
    variances = (np.bincount(sets.ravel(), ((x - means) ** 2).ravel()) / counts)[sets]
    batch_mean, batch_var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    m = p.images * SIDE**2
    # So many steps of running += momentum (batch - running), with the unbiased variance, from 0 and from 1.
    old = (1 - p.momentum) ** p.seen
    running_mean = (1 - old) * batch_mean
    running_var = old + (1 - old) * batch_var * m / (m - 1)
    if p.method == BATCH and p.mode == EVALUATION:
        means, variances = (np.array(kept)[sets] for kept in (running_mean, running_var))
    y = (x - means) / np.sqrt(variances + EPS)
    return CubeResult(p, x, y, sets, means, variances, batch_mean, batch_var, running_mean, running_var)


def _check_whole(name: str, value: object, low: int, high: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool)
    if not whole or not low <= value <= high or not math.isfinite(value):
        raise ValueError(f"{name} must be a whole number from {low} to {high}, got {value!r}")
