"""How many perturbed test pictures a net that was handed in recognises."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np

from course_lib import nn
from course_lib.data.datasets import load_fashion_mnist_subset

Array = np.ndarray
BATCH = 100
# The perturbation: pixels moved each way, factors of brightness, standard deviation of the noise.
SHIFT, BRIGHTNESS, NOISE = 1, (0.85, 1.15), 0.03


@cache
def pictures() -> tuple[Array, Array]:
    """Return the 1,000 test pictures of the course's Fashion-MNIST, float32 in [0, 1], and their classes."""
    _, test = load_fashion_mnist_subset()
    return test.images, test.labels


def perturbed(images: Array, seed: bytes) -> Array:
    """Return the pictures moved by up to a pixel, brighter or darker, and with some noise.

    Parameters
    ----------
    images : ndarray of float32, shape (N, 1, H, W)
        In [0, 1]; not changed.
    seed : bytes
        Decides how: the same seed gives the same pictures.

    Returns
    -------
    ndarray of float32, shape (N, 1, H, W)
        In [0, 1].
    """
    rng = np.random.default_rng(np.frombuffer(hashlib.sha256(seed).digest(), np.uint32))
    count, _, height, width = images.shape
    framed = np.pad(images, ((0, 0), (0, 0), (SHIFT, SHIFT), (SHIFT, SHIFT)))
    windows = np.lib.stride_tricks.sliding_window_view(framed, (height, width), axis=(2, 3))
    down, right = rng.integers(0, 2 * SHIFT + 1, (2, count))
    moved = windows[np.arange(count), :, down, right]
    factor = rng.uniform(*BRIGHTNESS, (count, 1, 1, 1)).astype(np.float32)
    noise = NOISE * rng.standard_normal(images.shape, dtype=np.float32)
    return np.clip(moved * factor + noise, 0, 1)


def accuracy(model: nn.Module, images: Array, labels: Array) -> float:
    """Return the share of pictures whose highest score is that of their class; NaN is never right."""
    right = 0
    with np.errstate(all="ignore"):
        for start in range(0, len(images), BATCH):
            scores = model(images[start : start + BATCH])
            known = np.isfinite(scores).all(axis=1)
            right += int((known & (scores.argmax(axis=1) == labels[start : start + BATCH])).sum())
    return right / len(images)
