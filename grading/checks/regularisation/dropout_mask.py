"""dropout_mask(shape, p, seed): which elements stay.

Which numbers are drawn is the student's business. What is judged is what all good answers have in common: the
share that stays, that there are ones and zeros alone, and that elements know nothing of each other.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from grading.checks.comparison import article
from grading.checks.definition import Check, Dialogue, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.dropping import dropout_mask as reference
from grading.checks.student import StudentFault

Array = np.ndarray
Mask = Callable[[tuple[int, ...], float, int], Array]
# Shares of fair draws lie this close to their mean but for one case in a million.
DEVIATIONS = 5.0


def traits(
    call: Callable[..., object], shape: tuple[int, ...], p: float, seed: int
) -> tuple[float, Array, Array]:
    """Ask for masks thrice, twice with one seed and once with another, and say what they are like.

    Returns
    -------
    kept : float
        The share of ones; where fair draws of a share that is known are as near, that share.
    values : ndarray
        The smallest value, the largest, and the share of what is neither 0 nor 1.
    draws : ndarray
        Truths, 1 or 0: neither rows nor columns repeat; the same for the same seed; another for another seed.

    Raises
    ------
    StudentFault
        If what comes back is no array of numbers of that shape.
    """
    mask, again, other = (_mask(call(shape, p, s), shape) for s in (seed, seed, seed + 1))
    between = float(np.mean((mask != 0) & (mask != 1)))
    truths = [
        p == 0 or not _repeats(mask),
        np.array_equal(mask, again),
        p == 0 or not np.array_equal(mask, other),
    ]
    values = np.array([mask.min(), mask.max(), between])
    # Where all rows are alike, only those of one were drawn.
    draws = mask[0].size if (mask == mask[:1]).all() else mask.size
    return _known_share(float(np.mean(mask != 0)), p, draws), values, np.array(truths, dtype=np.float64)


def _mask(value: object, shape: tuple[int, ...]) -> Array:
    try:
        array = np.asarray(value) if isinstance(value, list | tuple | np.ndarray) else None
    except ValueError:
        # Rows of several lengths form no array.
        array = None
    if array is None or array.dtype.kind not in "biuf":
        raise StudentFault("unsupported", text=f"expected an array of zeros and ones, got {article(value)}")
    if array.shape != tuple(shape):
        raise StudentFault("unsupported", text=f"expected a mask of shape {shape}, got shape {array.shape}")
    return array.astype(np.float64)


def _known_share(share: float, p: float, size: int) -> float:
    """Return the known share that a drawn one stands for; what is asked for comes first."""
    for known in (1 - p, p, *(normal(z) for z in (1 - p, p, p - 1, -p))):
        if abs(share - known) <= DEVIATIONS * math.sqrt(known * (1 - known) / size):
            return known
    return share


def normal(z: float) -> float:
    """Return the share of normal numbers below z: what who draws these keeps."""
    return (1 + math.erf(z / math.sqrt(2))) / 2


def _repeats(mask: Array) -> bool:
    """Tell whether all slices along some axis are the same, or neighbours always are."""
    slices = (np.moveaxis(mask, axis, 0) for axis in range(mask.ndim) if mask.shape[axis] > 1)
    if mask.ndim > 1 and any((part == part[:1]).all() for part in slices):
        return True
    flat = mask.ravel()
    return bool(np.count_nonzero(np.diff(flat)) <= 4)


def _from(draw: Callable[[np.random.Generator, tuple[int, ...], float], Array]) -> Mask:
    """Return masks from a generator with the seed."""
    return lambda shape, p, seed: np.asarray(draw(np.random.default_rng(seed), shape, p), dtype=np.float64)


def _one_row(rng: np.random.Generator, shape: tuple[int, ...], p: float) -> Array:
    return np.broadcast_to(rng.random(shape[1:]) >= p, shape)


def _block(rng: np.random.Generator, shape: tuple[int, ...], p: float) -> Array:
    count = math.prod(shape)
    return (np.arange(count) >= round(p * count)).reshape(shape)


MISCONCEPTIONS = (
    Misconception(
        "dropout-keeps-what-it-should-drop",
        "p is taken for the probability of keeping",
        "Here p is the probability of dropping, as in most libraries: the share 1 - p stays.",
        sections.DROPOUT,
        (_from(lambda rng, shape, p: rng.random(shape) < p),),
    ),
    Misconception(
        "dropout-draws-normal-numbers",
        "normal numbers are drawn instead of uniform ones",
        "Of uniform numbers between 0 and 1 the share p lies below p. Of normal ones (randn) it does not.",
        sections.DROPOUT,
        tuple(
            _from(lambda rng, shape, p, compare=compare: compare(rng.standard_normal(shape), p))
            for compare in (
                lambda z, p: z >= p,
                lambda z, p: z < p,
                lambda z, p: z < 1 - p,
                lambda z, p: z >= 1 - p,
            )
        ),
    ),
    Misconception(
        "dropout-keeps-everything",
        "nothing is dropped",
        "Every number is below 1: compare uniform numbers with p itself.",
        sections.DROPOUT,
        (_from(lambda rng, shape, p: np.ones(shape)),),
    ),
    Misconception(
        "dropout-drops-everything",
        "everything is dropped",
        "Compare uniform floats between 0 and 1 with p: whole numbers, or a mask of p/p, do not fit.",
        sections.DROPOUT,
        (_from(lambda rng, shape, p: np.zeros(shape)),),
    ),
    Misconception(
        "dropout-mask-is-scaled",
        "the mask is scaled already",
        "The mask of this question holds ones and zeros. Question 8 scales.",
        sections.DROPOUT,
        (
            _from(lambda rng, shape, p: (rng.random(shape) >= p) / (1 - p)),
            _from(lambda rng, shape, p: (rng.random(shape) >= p) * (1 - p)),
        ),
    ),
    Misconception(
        "dropout-mask-of-the-first-row",
        "all examples lose the same elements",
        "Draw a number for every element of the whole shape: examples must not share their fate.",
        sections.DROPOUT,
        (_from(_one_row),),
    ),
    Misconception(
        "dropout-drops-a-fixed-block",
        "the same elements are dropped every time",
        "Which elements are dropped is decided by chance, element by element.",
        sections.DROPOUT,
        (_from(_block),),
    ),
    Misconception(
        "dropout-forgets-the-seed",
        "the seed has no effect",
        "Draw with np.random.default_rng(seed): the same seed gives the same mask, another seed another one.",
        sections.DROPOUT,
        (
            lambda shape, p, seed: reference(shape, p, 0),
            lambda shape, p, seed: (np.random.default_rng().random(shape) >= p).astype(float),
        ),
    ),
)


def mask_of(rng: np.random.Generator, shape: tuple[int, ...], p: float, seed: int) -> Example:
    """Build a call."""
    return example(shape, p, seed)


FIXED = (
    example((50, 80), 0.2, 0, note="the example of the prompt"),
    example((40, 10, 3, 4), 0.75, 1, note="images"),
    example((5000,), 0.5, 2, note="one axis"),
    example((60, 50), 0.0, 3, note="nothing is dropped"),
)
DRAWN = Drawn(
    mask_of,
    {
        "shape": ((50, 80), (80, 50), (4000,), (20, 50, 4)),
        "p": (0.2, 0.75, 0.3, 0.9),
        "seed": (0, 1, 2, 3, 4, 5, 6, 7),
    },
    cases=5,
)
check = Check(
    name="dropout_mask",
    signature="(shape, p, seed)",
    section=sections.DROPOUT,
    reference=reference,
    outputs=("kept", "values", "draws"),
    parts=(
        Part("the share that is kept", 2, FIXED, DRAWN, output="kept"),
        Part("ones and zeros", 1, FIXED, DRAWN, output="values"),
        Part("independent, and decided by the seed", 1, FIXED, DRAWN, output="draws"),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(traits, ("shape", "p", "seed"), "dropout_mask({shape}, {p}, {seed})"),
)
