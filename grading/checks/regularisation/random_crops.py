"""random_crops(images, size, seed): a window out of every picture, each from a place of its own.

Which numbers are drawn is the student's business. The pictures that the check hands over have pixels that all
differ, so that a window tells where it comes from; what is judged is what all good answers have in common.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.comparison import article
from grading.checks.definition import Check, Dialogue, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.pictures import random_crops as reference
from grading.checks.student import StudentFault

Array = np.ndarray
# So many that fair draws miss one of at most 16 places less than once in a million times.
COUNT = 300
Places = Callable[[np.random.Generator, int, int, int], tuple[Array, Array]]


def telling(count: int, height: int, width: int) -> Array:
    """Return pictures in which every pixel is a number of its own."""
    return np.arange(float(count * height * width)).reshape(count, height, width)


def traits(
    call: Callable[..., object], count: int, height: int, width: int, size: int, seed: int
) -> tuple[Array, Array, Array]:
    """Ask for windows thrice, twice with one seed and once with another, and say what they are like.

    Returns
    -------
    windows : ndarray
        The share of windows that are whole pieces of a picture; and of those that are of their own picture.
    places : ndarray
        How many rows windows begin at, how many columns, and how many pairs of these.
    draws : ndarray
        Truths, 1 or 0: the same for the same seed; others for another seed.

    Raises
    ------
    StudentFault
        If what comes back is no array of windows.
    """
    images = telling(count, height, width)
    first, again, other = (_windows(call(images, size, s), count, size) for s in (seed, seed, seed + 1))
    corner = first[:, :1, :1]
    steps = np.arange(size)[:, None] * width + np.arange(size)
    own, place = np.divmod(corner[:, 0, 0], height * width)
    row, column = np.divmod(place, width)
    whole = (first == corner + steps).all(axis=(1, 2)) & (row <= height - size) & (column <= width - size)
    mine = own == np.arange(count)
    pairs = {pair for pair, good in zip(zip(row, column), whole) if good}
    truths = [np.array_equal(first, again), not np.array_equal(first, other)]
    return (
        np.array([whole.mean(), mine.mean()]),
        np.array([len({row for row, _ in pairs}), len({column for _, column in pairs}), len(pairs)]),
        np.array(truths, dtype=np.float64),
    )


def _windows(value: object, count: int, size: int) -> Array:
    try:
        array = np.asarray(value) if isinstance(value, list | tuple | np.ndarray) else None
    except ValueError:
        array = None
    if array is None or array.dtype.kind not in "iuf":
        raise StudentFault("unsupported", text=f"expected an array of windows, got {article(value)}")
    if array.shape != (count, size, size):
        wanted = f"windows of shape {(count, size, size)}"
        raise StudentFault("unsupported", text=f"expected {wanted}, got shape {array.shape}")
    return array.astype(np.float64)


def _cut(images: Array, size: int, rows: Array, columns: Array) -> Array:
    inside = np.arange(size)
    return images[
        np.arange(len(images))[:, None, None],
        rows[:, None, None] + inside[:, None],
        columns[:, None, None] + inside,
    ]


def _from(places: Places) -> Callable[[Array, int, int], Array]:
    """Cut windows at `places(rng, count, rows, columns)`, given how many rows and columns are possible."""

    def crops(images: Array, size: int, seed: int) -> Array:
        count, height, width = images.shape
        rng = np.random.default_rng(seed)
        return _cut(images, size, *places(rng, count, height - size + 1, width - size + 1))

    return crops


def _unseeded(images: Array, size: int, seed: int) -> Array:
    return reference(images, size, int(np.random.default_rng().integers(1 << 30)))


MISCONCEPTIONS = (
    Misconception(
        "crops-all-from-one-place",
        "all pictures are cut at the same place",
        "Every picture gets a place of its own: draw as many rows and columns as there are pictures.",
        sections.AUGMENTATION,
        (
            _from(
                lambda rng, n, rows, columns: (
                    np.full(n, rng.integers(rows)),
                    np.full(n, rng.integers(columns)),
                )
            ),
            _from(
                lambda rng, n, rows, columns: (np.full(n, (rows - 1) // 2), np.full(n, (columns - 1) // 2))
            ),
            _from(lambda rng, n, rows, columns: (np.zeros(n, int), np.zeros(n, int))),
        ),
    ),
    Misconception(
        "crops-never-at-the-end",
        "the last place is never drawn",
        "A window of size s in H rows can begin at 0 … H - s, which are H - s + 1 places: integers(a, b) "
        "leaves out b.",
        sections.AUGMENTATION,
        (
            _from(
                lambda rng, n, rows, columns: (
                    rng.integers(max(rows - 1, 1), size=n),
                    rng.integers(max(columns - 1, 1), size=n),
                )
            ),
        ),
    ),
    Misconception(
        "crops-along-the-diagonal",
        "row and column are one number",
        "Rows and columns are drawn apart: otherwise windows come from the diagonal alone.",
        sections.AUGMENTATION,
        (_from(lambda rng, n, rows, columns: (rng.integers(min(rows, columns), size=n),) * 2),),
    ),
    Misconception(
        "crops-move-one-way-only",
        "windows move along one axis only",
        "Draw both a row and a column for every picture.",
        sections.AUGMENTATION,
        (
            _from(lambda rng, n, rows, columns: (rng.integers(rows, size=n), np.zeros(n, int))),
            _from(lambda rng, n, rows, columns: (np.zeros(n, int), rng.integers(columns, size=n))),
        ),
    ),
    Misconception(
        "crops-forget-the-seed",
        "the seed has no effect",
        "Draw with np.random.default_rng(seed): the same seed gives the same windows, another seed others.",
        sections.AUGMENTATION,
        (lambda images, size, seed: reference(images, size, 0), _unseeded),
    ),
    Misconception(
        "crops-of-shuffled-pictures",
        "the pictures come in another order",
        "Window number n belongs to picture number n: otherwise it gets another picture's label.",
        sections.AUGMENTATION,
        (
            lambda images, size, seed: reference(images[::-1], size, seed),
            lambda images, size, seed: reference(images[:1].repeat(len(images), axis=0), size, seed),
        ),
    ),
)


def crops_of(rng: np.random.Generator, height: int, width: int, size: int, seed: int) -> Example:
    """Build a call; there is always more than one row and one column to begin at."""
    return example(COUNT, height + size, width + size, size, seed)


FIXED = (
    example(COUNT, 5, 4, 3, 0, note="the example of the prompt"),
    example(COUNT, 4, 7, 4, 1, note="as high as the window: one row to begin at"),
    example(COUNT, 6, 6, 3, 2),
)
DRAWN = Drawn(
    crops_of,
    {"height": (1, 2, 3), "width": (1, 2, 3), "size": (1, 2, 3), "seed": (0, 1, 2, 3, 4, 5, 6, 7)},
    cases=5,
)
check = Check(
    name="random_crops",
    signature="(images, size, seed)",
    section=sections.AUGMENTATION,
    reference=reference,
    outputs=("windows", "places", "draws"),
    parts=(
        Part("windows of their own picture", 2, FIXED, DRAWN, output="windows"),
        Part("every place", 1, FIXED, DRAWN, output="places"),
        Part("decided by the seed", 1, FIXED, DRAWN, output="draws"),
    ),
    misconceptions=MISCONCEPTIONS,
    dialogue=Dialogue(
        traits,
        ("pictures", "height", "width", "size", "seed"),
        "random_crops(images, {size}, {seed}), with {pictures} images of {height} × {width} pixels that all "
        "differ",
    ),
)
