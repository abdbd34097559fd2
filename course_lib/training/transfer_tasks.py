"""Tasks to transfer to: one whose images are like those of ImageNet, and one whose images are not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from course_lib.data import LabelledImages, load_fashion_mnist_subset, load_textures

#: Side of the patches that are cut out of the textures.
PATCH = 32


@dataclass(frozen=True)
class TransferTask:
    """Images and labels in any number, and how a trunk is to see them.

    Attributes
    ----------
    name : str
    similar : bool
        Whether the images are like those that the trunk was trained on.
    classes : int
    draw : callable
        Of a number of examples a class and a generator: training images, drawn anew each time.
    test : LabelledImages
        What is judged, the same for every draw.
    few, many : int
        Examples a class that count as small and as large data.
    size : int
        Side to which images are scaled for the trunk.
    grid : int
        The code holds means over grid × grid parts of the trunk's maps: 1 where place does not matter.
    """

    name: str
    similar: bool
    classes: int
    draw: Callable[[int, np.random.Generator], LabelledImages]
    test: LabelledImages
    few: int
    many: int
    size: int
    grid: int


def textures() -> TransferTask:
    """Return the task of telling brick, grass and gravel by patches of 32 x 32 pixels.

    Patches to train on come from the left halves of three photographs, at places drawn at random; those to
    test on tile the right halves.
    """
    photographs, _ = load_textures()
    _, height, width = photographs.shape
    middle = width // 2

    def draw(count: int, rng: np.random.Generator) -> LabelledImages:
        kinds = np.repeat(np.arange(len(photographs)), count)
        rows = rng.integers(0, height - PATCH + 1, len(kinds))
        columns = rng.integers(0, middle - PATCH + 1, len(kinds))
        return _patches(photographs, kinds, rows, columns)

    kinds, rows, columns = np.meshgrid(
        np.arange(len(photographs)),
        np.arange(0, height - PATCH + 1, PATCH),
        np.arange(middle, width - PATCH + 1, PATCH),
        indexing="ij",
    )
    test = _patches(photographs, kinds.ravel(), rows.ravel(), columns.ravel())
    return TransferTask("textures", True, 3, draw, test, few=3, many=60, size=32, grid=1)


def clothes() -> TransferTask:
    """Return the task of telling the ten classes of Fashion-MNIST: grey shapes on black, 28 x 28 pixels."""
    pool, test = load_fashion_mnist_subset()

    def draw(count: int, rng: np.random.Generator) -> LabelledImages:
        members = [np.flatnonzero(pool.labels == label) for label in range(10)]
        return pool.subset(np.concatenate([rng.choice(each, count, replace=False) for each in members]))

    return TransferTask("clothes", False, 10, draw, test, few=3, many=500, size=64, grid=4)


def _patches(
    photographs: np.ndarray, kinds: np.ndarray, rows: np.ndarray, columns: np.ndarray
) -> LabelledImages:
    images = [
        photographs[kind, row : row + PATCH, column : column + PATCH]
        for kind, row, column in zip(kinds, rows, columns, strict=True)
    ]
    return LabelledImages(np.stack(images)[:, None].astype(np.float32) / 255, kinds.astype(np.int64))
