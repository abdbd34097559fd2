"""augment(name, images, amount): six ways to make another picture of the same thing."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.pictures import NAMES, shifted
from grading.checks.regularisation.pictures import augment as reference

Array = np.ndarray
SQUARE = ((1, 2, 2, 1), (2, 2, 2, 1), (1, 3, 3, 1), (2, 2, 2, 3))
OBLONG = ((1, 1, 2, 1), (1, 2, 2, 1), (1, 1, 2, 2), (1, 2, 3, 1), (2, 3, 2, 1), (2, 2, 1, 2), (2, 2, 3, 3))
# In the order in which failures shrink; amounts that would leave pictures as they are would show no mistake.
AMOUNTS = {
    "mirror": (1.0,),
    "shift": (1, -1),
    "turn": (1, 3, 2),
    "brightness": (0.25, -0.25, 0.5),
    "contrast": (0.5, 2.0, 3.0),
    "cast": (0.5, 2.0, 1.5),
}


def pictures(
    rng: np.random.Generator, name: str, shape: tuple[int, ...], amount: float, dtype: str
) -> Example:
    """Build a call; values are eighths from 0 to 1."""
    return example(name, (rng.integers(0, 9, shape) / 8).astype(dtype), amount)


def drawn(name: str) -> Drawn:
    """Draw pictures, square ones where they are turned."""
    shapes = SQUARE if name == "turn" else OBLONG
    if name == "cast":
        shapes = ((1, 1, 1, 3), (1, 1, 2, 3), (2, 1, 2, 3), (1, 2, 2, 3))
    return Drawn(
        pictures,
        {"name": (name,), "shape": shapes, "amount": AMOUNTS[name], "dtype": ("float64", "float32")},
    )


def fixed(name: str) -> tuple[Example, ...]:
    """Return the examples that teach."""
    rng = np.random.default_rng(60)
    amounts = AMOUNTS[name]
    small = np.array([0.0, 0.25, 0.5, 1.0]).reshape(1, 2, 2, 1)
    several = pictures(rng, name, (2, 3, 3, 3) if name == "turn" else (2, 3, 4, 3), amounts[0], "float64")
    last = {"turn": (3, 4, 4, 2), "cast": (3, 4, 5, 3)}.get(name, (3, 4, 5, 2))
    again = pictures(rng, name, last, amounts[-1], "float32")
    if name == "cast":
        small = np.array([0.5, 0.25, 0.75]).reshape(1, 1, 1, 3)
    return example(name, small, amounts[0], note="the example of the prompt"), several, again


def _mistake(
    identifier: str, title: str, explanation: str, part: str, *computes: Callable[[Array, float], Array]
) -> Misconception:
    """Name a mistake in one of the six ways."""
    calls = tuple(lambda name, images, amount, c=c: c(images, amount) for c in computes)
    return Misconception(identifier, title, explanation, sections.AUGMENTATION, calls, part=part)


def _clipped(values: Array) -> Array:
    return np.clip(values, 0, 1)


def _about(mean: Array | float, images: Array, amount: float) -> Array:
    return _clipped(mean + amount * (images - mean))


def _cast(images: Array, amount: float, channel: int) -> Array:
    factors = np.ones(images.shape[-1])
    factors[channel] = amount
    return _clipped(images * factors)


MISCONCEPTIONS = (
    _mistake(
        "mirror-upside-down",
        "the picture stands on its head",
        "Axis 1 counts rows, from top to bottom. Left and right are exchanged along axis 2, the columns.",
        "mirror",
        lambda images, amount: images[:, ::-1],
        lambda images, amount: images[:, ::-1, ::-1],
    ),
    _mistake(
        "mirror-of-other-axes",
        "pictures or channels change places",
        "Axis 0 counts pictures, the last one channels. Left and right are exchanged along axis 2.",
        "mirror",
        lambda images, amount: images[::-1],
        lambda images, amount: images[..., ::-1],
        lambda images, amount: np.swapaxes(images, 1, 2),
    ),
    _mistake(
        "shift-comes-in-on-the-other-side",
        "what leaves on one side comes in on the other",
        "np.roll wraps around. What comes in is 0, for nobody knows what was beside the picture.",
        "shift",
        lambda images, amount: np.roll(images, int(amount), axis=2),
    ),
    _mistake(
        "shift-to-the-left",
        "the picture moves to the left",
        "A positive amount moves to the right: column 0 goes to column `amount`.",
        "shift",
        lambda images, amount: shifted(images, -int(amount)),
    ),
    _mistake(
        "shift-down",
        "the picture moves up or down",
        "Axis 1 counts rows. To the right means along axis 2.",
        "shift",
        lambda images, amount: np.swapaxes(shifted(np.swapaxes(images, 1, 2), int(amount)), 1, 2),
    ),
    _mistake(
        "shift-to-the-right-alone",
        "a negative amount is not a move to the left",
        "With a negative amount the picture moves to the left, and zeros come in on the right.",
        "shift",
        lambda images, amount: shifted(images, abs(int(amount))),
    ),
    _mistake(
        "turn-clockwise",
        "turned clockwise",
        "Quarter turns are counter-clockwise: what was on the right comes to the top.",
        "turn",
        lambda images, amount: np.rot90(images, -int(amount), axes=(1, 2)),
    ),
    _mistake(
        "turn-of-other-axes",
        "other axes are turned",
        "np.rot90 turns the first two axes unless it is told axes=(1, 2), rows and columns.",
        "turn",
        lambda images, amount: np.rot90(images, int(amount)),
        lambda images, amount: np.rot90(images, int(amount), axes=(2, 3)),
    ),
    _mistake(
        "turn-once-always",
        "always one quarter",
        "`amount` counts quarter turns.",
        "turn",
        lambda images, amount: np.rot90(images, 1, axes=(1, 2)),
        lambda images, amount: np.swapaxes(images, 1, 2),
    ),
    _mistake(
        "brightness-not-clipped",
        "values leave the range from 0 to 1",
        "Clip to 0 and 1 at the end: there is nothing blacker than black.",
        "brightness",
        lambda images, amount: images + amount,
    ),
    _mistake(
        "brightness-multiplies",
        "multiplied instead of added",
        "Brightness adds the same number to all values: black becomes grey, too.",
        "brightness",
        lambda images, amount: _clipped(images * amount),
        lambda images, amount: _clipped(images * (1 + amount)),
    ),
    _mistake(
        "contrast-not-clipped",
        "values leave the range from 0 to 1",
        "Clip to 0 and 1 at the end.",
        "contrast",
        lambda images, amount: images.mean(axis=(1, 2, 3), keepdims=True) * (1 - amount) + amount * images,
    ),
    _mistake(
        "contrast-about-zero",
        "the picture gets darker or brighter as a whole",
        "Contrast stretches values about the picture's mean, which stays where it is.",
        "contrast",
        lambda images, amount: _clipped(amount * images),
        lambda images, amount: _about(0.5, images, amount),
    ),
    _mistake(
        "contrast-about-another-mean",
        "the mean is not that of each picture",
        "Every picture has one mean of its own, over its rows, columns and channels: axis=(1, 2, 3).",
        "contrast",
        lambda images, amount: _about(images.mean(), images, amount),
        lambda images, amount: _about(images.mean(axis=(1, 2), keepdims=True), images, amount),
        lambda images, amount: _about(images.mean(axis=0), images, amount),
        lambda images, amount: _about(images.mean(axis=3, keepdims=True), images, amount),
    ),
    _mistake(
        "cast-of-all-channels",
        "all channels are multiplied",
        "A cast tints: only channel 0, red, is multiplied. The others stay.",
        "cast",
        lambda images, amount: _clipped(images * amount),
    ),
    _mistake(
        "cast-of-another-channel",
        "another channel is multiplied",
        "Channels are the last axis, and red is number 0.",
        "cast",
        lambda images, amount: _cast(images, amount, -1),
        lambda images, amount: _cast(images, amount, min(1, images.shape[-1] - 1)),
    ),
    _mistake(
        "cast-not-clipped",
        "values leave the range from 0 to 1",
        "Clip to 0 and 1 at the end.",
        "cast",
        lambda images, amount: images * np.r_[amount, np.ones(images.shape[-1] - 1)],
    ),
    _mistake(
        "cast-adds",
        "added instead of multiplied",
        "A coloured light multiplies: where a channel is 0 it stays 0.",
        "cast",
        lambda images, amount: _clipped(images + amount * np.r_[1, np.zeros(images.shape[-1] - 1)]),
    ),
)
check = Check(
    name="augment",
    signature="(name, images, amount)",
    section=sections.AUGMENTATION,
    reference=reference,
    outputs=("images",),
    magnitude=lambda name, images, amount: np.ones(1),
    parts=tuple(Part(name, 1, fixed(name), drawn(name)) for name in NAMES),
    misconceptions=MISCONCEPTIONS,
)
