"""Small real data sets for runs of a tenth of a second: the tuned-on ones, and one that was kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib.data import load_digits, load_fashion_mnist_subset, load_textures

PATCH = 10
PATCHES_A_TEXTURE = 600


@dataclass(frozen=True)
class Samples:
    """Images with zero mean and unit variance over all, shape (N, 1, side, side), and their classes."""

    images: np.ndarray
    labels: np.ndarray
    classes: int

    @property
    def side(self) -> int:
        """Rows, and columns, of an image."""
        return self.images.shape[2]

    def draw(self, train: int, validation: int, rng: np.random.Generator) -> tuple:
        """Return ((inputs, labels), (inputs, labels)) of different examples."""
        order = rng.permutation(len(self.images))[: train + validation]
        parts = order[:train], order[train:]
        return tuple((self.images[part], self.labels[part]) for part in parts)


def _samples(images: np.ndarray, labels: np.ndarray, classes: int) -> Samples:
    images = (images - images.mean()) / images.std()
    return Samples(images.astype(np.float32), labels, classes)


@cache
def digits() -> Samples:
    """Return 1,797 digits of 8×8."""
    return _samples(*load_digits(), 10)


@cache
def textures() -> Samples:
    """Return 1,800 patches of 10×10, each from one of three textures, at half resolution."""
    pictures, _ = load_textures()
    rng = np.random.default_rng(0)
    patches, labels = [], []
    for label, picture in enumerate(pictures):
        half = picture.astype(np.float32).reshape(256, 2, 256, 2).mean((1, 3))
        # Brightness alone must not tell the textures apart.
        half = (half - half.mean()) / half.std()
        for row, column in rng.integers(0, 256 - PATCH, (PATCHES_A_TEXTURE, 2)):
            patches.append(half[row : row + PATCH, column : column + PATCH])
            labels.append(label)
    return _samples(np.stack(patches)[:, None], np.array(labels), 3)


@cache
def fashion() -> Samples:
    """Return 5,000 pieces of clothing, 28×28 averaged down to 14×14."""
    images, labels = load_fashion_mnist_subset()[0]
    return _samples(images.reshape(-1, 1, 14, 2, 14, 2).mean((3, 5)), labels, 10)


SETS = {"digits": digits, "textures": textures, "fashion": fashion}
