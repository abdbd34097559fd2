"""The experiment: patches of textures and handwritten digits, and what the trained trunk makes of them.

The notebook computes the same in plain NumPy; here it is the library's, so that nothing that a student's
notebook says about its features is taken for true.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from course_lib.data.embedded import read_embedded
from course_lib.nn import Module, Sequential
from course_lib.training.pretrained import pretrained_trunk, trunk_images

PATCH = 32
# Examples a class that count as few and as many, of textures and of digits.
TEXTURES = (3, 20)
DIGITS = (3, 12)
TEST_DIGITS = 100
ZOOM = 4
# Steps through all 1797 digits: 1103 has no divisor in common with their number.
STRIDE = 1103


@dataclass(frozen=True)
class Features:
    """What the trunk makes of images.

    Attributes
    ----------
    u : ndarray of float64, shape (N, 240)
        Means over the maps before the trunk's last convolution.
    s : ndarray of float64, shape (N, 40)
        Means over the maps that the last block adds.
    maps : ndarray of float64, shape (N, 40, 4, 4)
        The trunk's output.
    """

    u: np.ndarray
    s: np.ndarray
    maps: np.ndarray


def features_of(images: np.ndarray) -> Features:
    """Run the trained trunk on grey images (N, 1, 32, 32) from 0 to 1."""
    trunk = _trunk()
    x = trunk[:5](trunk_images(images.astype(np.float32))).copy()
    layers = list(_last_block())
    h = x
    for layer in layers[:6]:
        h = layer(h)
    h = h.copy()
    y = x + layers[7](layers[6](h))
    return Features(*(array.astype(np.float64) for array in (h.mean(axis=(2, 3)), x.mean(axis=(2, 3)), y)))


@cache
def last_layer() -> tuple[np.ndarray, np.ndarray]:
    """Return W (240, 40) and b (40,) of the trunk's last convolution, with its normalisation folded in."""
    *_, convolution, norm = _last_block()
    scale = norm.weight.data / np.sqrt(norm.running_var + norm.eps)
    W = (convolution.weight.data[:, :, 0, 0] * scale[:, None]).T
    return W.astype(np.float64), (norm.bias.data - scale * norm.running_mean).astype(np.float64)


@cache
def photographs() -> np.ndarray:
    """Return the three textures, (3, 512, 512), from 0 to 1."""
    return read_embedded("textures_cc0")["images"] / 255.0


def patches(left: int, row: int, column: int, step_down: int, step_right: int, count: int) -> np.ndarray:
    """Cut `count` patches a texture, at a grid of places that begins at (row, left + column)."""
    across = 8
    cut = []
    for photograph in photographs():
        for number in range(count):
            top = row + step_down * (number // across)
            side = left + column + step_right * (number % across)
            cut.append(photograph[top : top + PATCH, side : side + PATCH])
    return np.array(cut)[:, None]


@cache
def texture_training() -> tuple[Features, np.ndarray]:
    """Return the features and labels of the training patches: the left halves, 20 a texture.

    The places go through the halves in steps without a pattern; the first three are "few".
    """
    images = np.array(
        [
            photograph[top : top + PATCH, side : side + PATCH]
            for photograph in photographs()
            for top, side in training_places()
        ]
    )
    return features_of(images[:, None]), np.repeat(np.arange(3), TEXTURES[1])


def training_places() -> list[tuple[int, int]]:
    """Return where the training patches of each texture begin."""
    return [(i * 187 % 481, i * 89 % 225) for i in range(TEXTURES[1])]


@cache
def texture_test(row: int, column: int, contrast: float) -> tuple[Features, np.ndarray]:
    """Return features and labels of 32 patches a texture from the right halves, moved and paled."""
    images = patches(256, row, column, 120, 28, 32)
    return features_of(0.5 + contrast * (images - 0.5)), np.repeat(np.arange(3), 32)


@cache
def digit_images() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return training and test pixels (N, 64), from 0 to 1, one after the other, and all labels."""
    arrays = read_embedded("digits")
    order = np.arange(len(arrays["labels"])) * STRIDE % len(arrays["labels"])
    images, labels = arrays["images"][order] / 16.0, arrays["labels"][order].astype(np.int64)
    chosen = [np.flatnonzero(labels[TEST_DIGITS:] == digit)[: DIGITS[1]] + TEST_DIGITS for digit in range(10)]
    rows = np.concatenate([*chosen, np.arange(TEST_DIGITS)])
    return images[rows].reshape(len(rows), 64), labels[rows], rows


@cache
def digit_maps() -> np.ndarray:
    """Return the trunk's maps of all digits of the experiment, each pixel four by four."""
    images = digit_images()[0].reshape(-1, 1, 8, 8)
    return features_of(np.kron(images, np.ones((ZOOM, ZOOM)))).maps


@cache
def _trunk() -> Sequential:
    return pretrained_trunk()


def _last_block() -> Module:
    """Return the layers around which the last block's input goes."""
    return _trunk()[5][0].branches[0]
