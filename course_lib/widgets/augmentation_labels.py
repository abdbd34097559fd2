"""What the augmentation gallery computes: changed pictures, and which of them no longer earn their label."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib.data import (
    DIGIT_NAMES,
    FASHION_MNIST_NAMES,
    Augmentation,
    Brightness,
    ColourCast,
    Contrast,
    CropAndScale,
    Elastic,
    Flip,
    Jitter,
    Rotate,
    Shift,
    load_digits,
    load_fashion_mnist_subset,
    load_photographs,
)

DIGITS, CLOTHES, TILES = "digits", "clothes", "photographs"
SETS = (DIGITS, CLOTHES, TILES)
COLUMNS, COPIES = 8, 3
#: Mirrored they are no digit, whatever they may look like.
ONE_SIDED = (2, 3, 4, 5, 6, 7, 9)
COLOUR_NAMES = ("grey", "red", "green", "blue")
KEPT, DOUBTFUL, CHANGED = 0, 1, 2

_NEIGHBOURS = 7
_KNOWN = 120
#: So many neighbours of one other class say that the label has changed.
_MOST = 6
# ... if they correlate with it by so much on average; new pictures do by 0.9.
_ALIKE = 0.72
_SHOWN_DIGITS = (6, 9, 3, 7, 1, 4, 0, 2)
_SHOWN_CLOTHES = (0, 1, 3, 5, 7, 8, 9, 6)
_TILE = 48
_LEAST_COLOUR = 0.05


@dataclass(frozen=True)
class GalleryParameters:
    """What the hand can change; every strength is the largest that may be drawn.

    Attributes
    ----------
    pictures : str
        One of `SETS`.
    flip : float
        Probability of a mirror image, from 0 to 1.
    shift : int
        In eighths of the width, from 0 to 4.
    crop : float
        Share of the side that a crop may leave out, from 0 to 0.7.
    rotate : int
        Degrees to either side, from 0 to 180.
    elastic : float
        Displacement in percent of the width, from 0 to 30.
    brightness, contrast, cast, jitter : float
        As of the steps of `course_lib.data`; from 0 to 1, of jitter to 0.5. A cast needs colours.
    seed : int
        From 0 to 99.
    """

    pictures: str = DIGITS
    flip: float = 0.5
    shift: int = 0
    crop: float = 0.0
    rotate: int = 15
    elastic: float = 0.0
    brightness: float = 0.1
    contrast: float = 0.2
    cast: float = 0.0
    jitter: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not isinstance(self.pictures, str) or self.pictures not in SETS:
            raise ValueError(f"pictures must be one of {', '.join(SETS)}, got {self.pictures!r}")
        ranges = {"flip": 1, "shift": 4, "crop": 0.7, "rotate": 180, "elastic": 30, "brightness": 1}
        ranges |= {"contrast": 1, "cast": 1, "jitter": 0.5, "seed": 99}
        for name, high in ranges.items():
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not 0 <= value <= high:
                raise ValueError(f"{name} must be a number from 0 to {high:g}, got {value!r}")


@dataclass(frozen=True)
class GalleryResult:
    """Pictures as they are and as they become.

    Attributes
    ----------
    originals : ndarray
        Shape (8, C, H, W).
    changed : ndarray
        Three draws of each, shape (3, 8, C, H, W).
    labels : ndarray of int64, shape (8,)
    verdicts : ndarray of int64, shape (3, 8)
        `KEPT`, `DOUBTFUL` or `CHANGED`.
    seen_as : ndarray of int64, shape (3, 8)
        The class that a changed picture looks like; −1 for a mirrored digit.
    """

    parameters: GalleryParameters
    originals: np.ndarray
    changed: np.ndarray
    labels: np.ndarray
    verdicts: np.ndarray
    seen_as: np.ndarray

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the classes."""
        return {DIGITS: DIGIT_NAMES, CLOTHES: FASHION_MNIST_NAMES, TILES: COLOUR_NAMES}[
            self.parameters.pictures
        ]


def colour_of(images: np.ndarray) -> np.ndarray:
    """Return the colour (0 grey, 1 red, 2 green, 3 blue) that pictures (N, 3, H, W) have on average."""
    means = images.mean(axis=(2, 3))
    spread = means.max(axis=1) - means.min(axis=1)
    return np.where(spread < _LEAST_COLOUR, 0, 1 + means.argmax(axis=1))


def _seen(images: np.ndarray) -> np.ndarray:
    """Return pictures as the judge sees them: those of 28 pixels in means of 2 × 2, for speed."""
    if images.shape[-1] < 16:
        return images
    count, channels, height, width = images.shape
    return images.reshape(count, channels, height // 2, 2, width // 2, 2).mean(axis=(3, 5))


def _directions(images: np.ndarray) -> np.ndarray:
    """Return pictures as vectors of mean 0 and length 1: their products are correlations."""
    flat = images.reshape(len(images), -1)
    flat = flat - flat.mean(axis=1, keepdims=True)
    return flat / np.maximum(np.linalg.norm(flat, axis=1, keepdims=True), 1e-6)


@cache
def _known(pictures: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return eight pictures to change with their labels, and the directions of all others with theirs."""
    if pictures == TILES:
        photos, _ = load_photographs()
        places = ((0, 20, 20), (0, 220, 300), (0, 320, 500), (0, 250, 60))
        places += ((1, 60, 60), (1, 180, 260), (1, 300, 300), (1, 230, 520))
        size = 2 * _TILE
        tiles = [photos[n, top : top + size : 2, left : left + size : 2] for n, top, left in places]
        images = (np.stack(tiles).transpose(0, 3, 1, 2) / 255).astype(np.float32)
        return images, colour_of(images), np.empty((0, 0)), np.empty(0)
    data = load_digits() if pictures == DIGITS else load_fashion_mnist_subset()[0]
    # Two thirds of the digits; as many of the clothes are enough, and quicker than all.
    by_class = [np.flatnonzero(data.labels == c) for c in range(10)]
    known = np.concatenate([members[:_KNOWN] for members in by_class])
    directions, classes = _directions(_seen(data.images[known])), data.labels[known]
    shown = []
    for label in _SHOWN_DIGITS if pictures == DIGITS else _SHOWN_CLOTHES:
        # One that the judge takes for what it is: what it says of changed copies is about the change.
        others = by_class[label][_KNOWN:]
        votes, _ = _votes(data.images[others], directions, classes)
        shown.append(others[votes[:, label].argmax()])
    found = data.images[shown], data.labels[shown], directions, classes
    for array in found:
        array.setflags(write=False)
    return found


def _votes(images: np.ndarray, directions: np.ndarray, classes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Count the classes of the pictures that correlate most with each image, (N, 10); and how much, (N,)."""
    # Where a picture stands must not decide: it is also tried an eighth of the width to every side.
    images = _seen(images)
    step, side = images.shape[-1] // 8, images.shape[-1]
    padded = np.pad(images, ((0, 0), (0, 0), (step, step), (step, step)), mode="edge")
    starts = (0, step, 2 * step)
    places = [padded[..., top : top + side, left : left + side] for top in starts for left in starts]
    # All in one product: on a busy machine each has its threads wait for one another.
    products = _directions(np.concatenate(places)) @ directions.T
    alike = products.reshape(len(places), len(images), -1).max(axis=0)
    nearest = np.argpartition(-alike, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    votes = np.stack([np.bincount(classes[row], minlength=10) for row in nearest])
    return votes, np.take_along_axis(alike, nearest, axis=1).mean(axis=1)


def neighbours_say(pictures: str, images: np.ndarray, labels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ask the seven unchanged pictures that correlate most with each image what it looks like.

    Parameters
    ----------
    pictures : str
        `DIGITS` or `CLOTHES`.
    images : ndarray, shape (N, 1, H, W)
    labels : ndarray of integers, shape (N,)
        What they are to be.

    Returns
    -------
    verdicts, seen_as : ndarray of int64, shape (N,)
        `CHANGED` where six of the seven are of one other class and really alike, `DOUBTFUL` where fewer than
        four are of the label's; and the class that most of them are of.
    """
    *_, known, classes = _known(pictures)
    votes, alike = _votes(images, known, classes)
    seen_as = votes.argmax(axis=1)
    own = votes[np.arange(len(labels)), labels]
    changed = (seen_as != labels) & (votes.max(axis=1) >= _MOST) & (alike >= _ALIKE)
    return np.where(changed, CHANGED, np.where(own <= _NEIGHBOURS // 2, DOUBTFUL, KEPT)), seen_as


def steps_of(parameters: GalleryParameters, side: int) -> tuple[Augmentation, Augmentation]:
    """Return the geometric steps, mirror images left out, and the photometric ones, for `side` pixels.

    All are there, some with strength 0: so each draws the same numbers whatever the others' strengths are.
    """
    geometric = Augmentation(
        # Asked last, as it alone draws more or fewer numbers for another strength.
        Shift(round(parameters.shift * side / 8)),
        CropAndScale(1 - parameters.crop),
        Rotate(parameters.rotate),
        Elastic(parameters.elastic / 100 * side, bend=side / 4),
    )
    colours = [ColourCast(parameters.cast)] if parameters.pictures == TILES else []
    photometric = Augmentation(
        Brightness(parameters.brightness),
        Contrast(parameters.contrast),
        *colours,
        Jitter(parameters.jitter),
    )
    return geometric, photometric


def compute(parameters: GalleryParameters) -> GalleryResult:
    """Change eight pictures three times, and ask of each whether its label is still true.

    Parameters
    ----------
    parameters : GalleryParameters

    Returns
    -------
    GalleryResult
    """
    originals, labels, *_ = _known(parameters.pictures)
    images = np.concatenate([originals] * COPIES)
    wanted = np.tile(labels, COPIES)
    streams = np.random.default_rng(parameters.seed).spawn(3)
    mirrored = Flip(parameters.flip)(images, streams[0])
    turned = (mirrored != images).any(axis=(1, 2, 3))
    changed = mirrored
    for steps, rng in zip(steps_of(parameters, images.shape[-1]), streams[1:]):
        changed = steps(changed, rng)
    if parameters.pictures == TILES:
        seen_as = colour_of(changed)
        verdicts = np.where(seen_as == wanted, KEPT, CHANGED)
    else:
        verdicts, seen_as = neighbours_say(parameters.pictures, changed, wanted)
    if parameters.pictures == DIGITS:
        no_digit = turned & np.isin(wanted, ONE_SIDED)
        verdicts = np.where(no_digit, CHANGED, verdicts)
        seen_as = np.where(no_digit, -1, seen_as)
    shape = (COPIES, COLUMNS)
    return GalleryResult(
        parameters,
        originals.copy(),
        changed.reshape(*shape, *changed.shape[1:]),
        labels.copy(),
        verdicts.reshape(shape),
        seen_as.reshape(shape),
    )
