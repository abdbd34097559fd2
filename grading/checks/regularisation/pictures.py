"""The right answers for augmentation: pictures changed, and labels that follow or forbid it."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
NAMES = ("mirror", "shift", "turn", "brightness", "contrast", "cast")


def augment(name: str, images: Array, amount: float) -> Array:
    """Change every picture (N, H, W, C) with values from 0 to 1 in one way."""
    if name == "mirror":
        return images[:, :, ::-1]
    if name == "shift":
        return shifted(images, int(amount))
    if name == "turn":
        return np.rot90(images, int(amount), axes=(1, 2))
    if name == "brightness":
        return np.clip(images + amount, 0, 1)
    if name == "contrast":
        mean = images.mean(axis=(1, 2, 3), keepdims=True)
        return np.clip(mean + amount * (images - mean), 0, 1)
    factors = np.ones(images.shape[-1])
    factors[0] = amount
    return np.clip(images * factors, 0, 1)


def shifted(images: Array, right: int) -> Array:
    """Move pictures to the right; zeros come in."""
    width = images.shape[2]
    moved = np.zeros_like(images)
    moved[:, :, max(right, 0) : width + min(right, 0)] = images[:, :, max(-right, 0) : width - max(right, 0)]
    return moved


def random_crops(images: Array, size: int, seed: int) -> Array:
    """Cut a window out of every picture (N, H, W), each from a place of its own."""
    rng = np.random.default_rng(seed)
    count, height, width = images.shape
    rows = rng.integers(0, height - size, count, endpoint=True)
    columns = rng.integers(0, width - size, count, endpoint=True)
    return np.array(
        [image[row : row + size, column : column + size] for image, row, column in zip(images, rows, columns)]
    )


def flip_batch(images: Array, labels: Array, chosen: Array, partner: Array) -> tuple[Array, Array]:
    """Mirror the chosen pictures (N, H, W) whose class has a mirror image, with the label of that."""
    flipped = chosen & (partner[labels] >= 0)
    return (
        np.where(flipped[:, None, None], images[:, :, ::-1], images),
        np.where(flipped, partner[labels], labels),
    )
