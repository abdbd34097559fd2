"""Batches of examples and of images, with γ and β: the input of questions about normalisation."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Drawn, Example, example
from grading.checks.small_numbers import fill

SMALL_EPS = 1e-5


def batch(
    rng: np.random.Generator,
    examples: int,
    features: int,
    numbers: str,
    eps: float,
    dtype: str,
    offset: float = 0.0,
) -> Example:
    """Build the call of a normalisation of (N, D)."""
    x = (fill(rng, (examples, features), numbers) + offset).astype(dtype)
    return example(x, fill(rng, (features,), "halves", dtype), fill(rng, (features,), "whole", dtype), eps)


def with_dy(rng: np.random.Generator, examples: int, features: int, **rest: object) -> Example:
    """Build the call of a gradient: dy before the forward's arguments."""
    forward = batch(rng, examples, features, **rest)
    dy = fill(rng, (examples, features), "whole", str(forward.args[0].dtype))
    return example(dy, *forward.args)


def images(
    rng: np.random.Generator,
    count: int,
    channels: int,
    size: tuple[int, int],
    numbers: str,
    eps: float,
    dtype: str,
) -> Example:
    """Build the call of a normalisation of (N, C, H, W)."""
    x = fill(rng, (count, channels, *size), numbers, dtype)
    return example(x, fill(rng, (channels,), "halves", dtype), fill(rng, (channels,), "whole", dtype), eps)


def drawn_batches(build: object, *eps: float, **options: tuple) -> Drawn:
    """Draw batches with one of these constants."""
    every = {
        "examples": (2, 1, 3, 4),
        "features": (1, 2, 3, 4),
        "numbers": ("whole", "counting", "halves", "tied"),
        "eps": eps,
        "dtype": ("float64", "float32"),
    }
    return Drawn(build, every | options)


def drawn_images(*eps: float, **options: tuple) -> Drawn:
    """Draw batches of images with one of these constants."""
    every = {
        "count": (1, 2, 3),
        "channels": (1, 2, 3),
        "size": ((1, 2), (2, 1), (2, 2), (2, 3), (3, 1), (3, 2)),
        "numbers": ("whole", "counting", "halves"),
        "eps": eps,
        "dtype": ("float64", "float32"),
    }
    return Drawn(images, every | options)
