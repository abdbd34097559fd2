"""What the shift lab computes: features of a picture that moves, and a classifier on top of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

import course_lib.functional as F
from course_lib.data import FASHION_MNIST_NAMES, load_fashion_mnist_subset

LARGEST = 6
# Black around the picture: moved by `LARGEST` it stays whole, and so do the answers of 3×3 kernels.
_MARGIN = 8
SIDE = 28 + 2 * _MARGIN
SHIFTS = np.arange(-LARGEST, LARGEST + 1)

NO_POOLING = "no pooling"
# What happens to the answers, and into how many pixels' steps.
POOLINGS = {NO_POOLING: 1, "max pooling 2×2": 2, "max pooling 4×4": 4, "mean pooling 4×4": 4}
PICTURES = ("sneaker", "bag", "trouser", "coat", "sandal", "dress")

_TRAIN, _OTHERS = 500, 100
_STEPS, _RATE, _MOMENTUM = 80, 1.0, 0.9


@dataclass(frozen=True)
class ShiftParameters:
    """What the hand can change.

    Attributes
    ----------
    picture : str
        One of `PICTURES`.
    pooling : str
        One of `POOLINGS`.
    shift : int
        Pixels to the right, from −6 to 6.
    """

    picture: str = "sneaker"
    pooling: str = "max pooling 2×2"
    shift: int = 3

    def __post_init__(self) -> None:
        for name, known in (("picture", PICTURES), ("pooling", POOLINGS)):
            value = getattr(self, name)
            if value not in known:
                raise ValueError(f"{name} must be one of {', '.join(known)}, got {value!r}")
        if not isinstance(self.shift, int) or not -LARGEST <= self.shift <= LARGEST:
            raise ValueError(f"shift must be a whole number from {-LARGEST} to {LARGEST}, got {self.shift!r}")


@dataclass(frozen=True)
class ShiftResult:
    """Features and prediction of a picture where it was and where it is now.

    Attributes
    ----------
    moved : ndarray
        The picture as it stands now, shape (44, 44).
    features : ndarray
        Features of the moved picture summed over the eight kernels, shape (44 / step, 44 / step).
    carried : ndarray
        Those of the picture where it was, moved along by whole cells.
    equivariance, invariance : ndarray
        Relative errors for each of `SHIFTS`, shape (13,).
    kept : ndarray
        Share of 100 other pictures that the classifier puts into the same class after the shift, shape (13,).
    before, after : ndarray
        Probabilities of the ten classes, shape (10,).
    """

    parameters: ShiftParameters
    moved: np.ndarray
    features: np.ndarray
    carried: np.ndarray
    equivariance: np.ndarray
    invariance: np.ndarray
    kept: np.ndarray
    before: np.ndarray
    after: np.ndarray


@cache
def kernels() -> np.ndarray:
    """Return Sobel kernels in eight directions, 45 degrees apart, shape (8, 1, 3, 3), read-only."""
    straight = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]], np.float32) / 4
    slanted = np.array([[2, 1, 0], [1, 0, -1], [0, -1, -2]], np.float32) / 4
    turned = [np.rot90(kernel, turns) for turns in range(4) for kernel in (straight, slanted)]
    found = np.stack(turned)[:, None]
    found.setflags(write=False)
    return found


def features(images: np.ndarray, pooling: str) -> np.ndarray:
    """Return what eight edge kernels, ReLU and a pooling make of pictures.

    Parameters
    ----------
    images : ndarray of float32, shape (N, 44, 44)
    pooling : str
        One of `POOLINGS`.

    Returns
    -------
    ndarray of float32, shape (N, 8, 44 / step, 44 / step)
    """
    y = F.relu(F.conv2d(images[:, None], kernels(), padding=1))
    step = POOLINGS[pooling]
    if step == 1:
        return y
    return F.max_pool2d(y, step)[0] if pooling.startswith("max") else F.avg_pool2d(y, step)


def moved(values: np.ndarray, cells: int) -> np.ndarray:
    """Move pictures or features to the right, along the last axis; the black rim enters from the left."""
    return np.roll(values, cells, axis=-1)


def relative_errors(there: np.ndarray, here: np.ndarray, cells: int) -> tuple[float, float]:
    """Compare features after a shift with those before.

    Parameters
    ----------
    there : ndarray
        Features of the moved picture.
    here : ndarray
        Features of the picture where it was, of the same shape.
    cells : int
        By how many cells a picture moved by that many pixels ought to move its features, rounded down.

    Returns
    -------
    equivariance, invariance : float
        Sum of absolute differences from the features moved along, and from the features where they were, over
        the sum of the features.
    """
    total = np.abs(here).sum()
    apart = np.abs(there - moved(here, cells)).sum(), np.abs(there - here).sum()
    return float(apart[0] / total), float(apart[1] / total)


@cache
def pictures() -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return 500 training pictures and labels, then the chosen test pictures, then 100 others, on black.

    Returns
    -------
    train (500, 44, 44), labels (500,), chosen (6, 44, 44), others (100, 44, 44) : ndarray
        Read-only; every class alike often.
    """
    train, test = load_fashion_mnist_subset()
    rooms = ((0, 0), (_MARGIN, _MARGIN), (_MARGIN, _MARGIN))
    some = _of_each_class(train.labels, _TRAIN // 10, 0)
    classes = [FASHION_MNIST_NAMES.index(name) for name in PICTURES]
    chosen = [np.flatnonzero(test.labels == number)[0] for number in classes]
    others = _of_each_class(test.labels, _OTHERS // 10, 1)
    found = [
        np.pad(data.images[which, 0], rooms)
        for data, which in ((train, some), (test, chosen), (test, others))
    ]
    arrays = found[0], train.labels[some], found[1], found[2]
    for array in arrays:
        array.setflags(write=False)
    return arrays


def _of_each_class(labels: np.ndarray, number: int, start: int) -> np.ndarray:
    return np.concatenate([np.flatnonzero(labels == c)[start : start + number] for c in range(10)])


@cache
def classifier(pooling: str) -> np.ndarray:
    """Train a softmax classifier on the features of pictures that all stand in the middle.

    Descent from 0 with momentum. Its weights are always sums of training features, `a Φ`, so that descent
    can work on `a` with the inner products of the features: the same steps for far fewer products.

    Parameters
    ----------
    pooling : str
        One of `POOLINGS`.

    Returns
    -------
    ndarray of float32, shape (10, features)
        Read-only.
    """
    train, labels, *_ = pictures()
    phi = features(train, pooling).reshape(len(train), -1)
    gram = phi @ phi.T
    # Features are not negative: the largest sum of a row bounds the largest eigenvalue, and closely.
    rate = _RATE * len(train) / gram.sum(axis=0).max()
    a = np.zeros((10, len(train)), np.float32)
    velocity = np.zeros_like(a)
    for _ in range(_STEPS):
        slope = F.cross_entropy((a @ gram).T.copy(), labels)[1].T
        velocity = _MOMENTUM * velocity - rate * slope
        a += velocity
    weights = a @ phi
    weights.setflags(write=False)
    return weights


def probabilities(images: np.ndarray, pooling: str) -> np.ndarray:
    """Return the classifier's probabilities of the ten classes for pictures (N, 44, 44), shape (N, 10)."""
    return F.softmax(features(images, pooling).reshape(len(images), -1) @ classifier(pooling).T)


@cache
def share_kept(pooling: str) -> np.ndarray:
    """Return for each of `SHIFTS` the share of 100 test pictures that keep their class, read-only."""
    others = pictures()[3]
    before = probabilities(others, pooling).argmax(axis=1)
    found = np.array(
        [
            np.mean(probabilities(moved(others, shift), pooling).argmax(axis=1) == before)
            for shift in SHIFTS.tolist()
        ]
    )
    found.setflags(write=False)
    return found


def compute(parameters: ShiftParameters) -> ShiftResult:
    """Move a picture, and measure what that does to its features and to its class.

    Parameters
    ----------
    parameters : ShiftParameters
        Which picture, how far, and what is pooled.

    Returns
    -------
    ShiftResult
    """
    pooling, step = parameters.pooling, POOLINGS[parameters.pooling]
    picture = pictures()[2][PICTURES.index(parameters.picture)]
    places = np.stack([moved(picture, shift) for shift in SHIFTS.tolist()])
    found = features(places, pooling)
    here = found[LARGEST]
    errors = np.array(
        [relative_errors(there, here, shift // step) for there, shift in zip(found, SHIFTS.tolist())]
    )
    now = LARGEST + parameters.shift
    before, after = F.softmax(found[[LARGEST, now]].reshape(2, -1) @ classifier(pooling).T)
    return ShiftResult(
        parameters,
        places[now],
        found[now].sum(axis=0),
        moved(here, parameters.shift // step).sum(axis=0),
        errors[:, 0],
        errors[:, 1],
        share_kept(pooling),
        before,
        after,
    )
