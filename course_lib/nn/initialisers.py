"""Starting values for weights: arrays of a given shape, drawn from a given generator.

A weight is (out, in) or (out, in/groups, KH, KW), as PyTorch has them. Everything is drawn in float64 and
then rounded, so float32 and float64 networks of one seed start at the same point.
"""

from __future__ import annotations

import math

import numpy as np


def fans(shape: tuple[int, ...]) -> tuple[int, int]:
    """Return (fan_in, fan_out): values that one output sums over, and outputs that one input reaches.

    Raises
    ------
    ValueError
        If the shape has fewer than two axes, as a bias has.
    """
    if len(shape) < 2:
        raise ValueError(f"shape must be a weight's, (out, in) or (out, in, *kernel), got {tuple(shape)}")
    kernel = math.prod(shape[2:])
    return shape[1] * kernel, shape[0] * kernel


def zeros(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return zeros: right for biases, and for weights the way to see that nothing breaks the symmetry.

    There is nothing to draw; `rng` is there so that all initialisers are called alike.
    """
    return np.zeros(shape, dtype)


def normal(
    shape: tuple[int, ...],
    *,
    std: float,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> np.ndarray:
    """Return draws from a normal distribution of mean 0 and standard deviation `std`."""
    return (np.random.default_rng(rng).standard_normal(shape) * std).astype(dtype)


def uniform(
    shape: tuple[int, ...],
    *,
    bound: float,
    rng: np.random.Generator | int | None = None,
    dtype: type = np.float32,
) -> np.ndarray:
    """Return draws from the uniform distribution on (-bound, bound), whose variance is bound²/3."""
    return np.random.default_rng(rng).uniform(-bound, bound, shape).astype(dtype)


def fan_in_uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return draws from the uniform distribution on ±1/√fan_in: PyTorch's default for Conv2d and Linear."""
    return uniform(shape, bound=fan_in_bound(fans(shape)[0]), rng=rng, dtype=dtype)


def fan_in_bound(fan_in: int) -> float:
    """Return 1/√fan_in, and 0 for a layer without inputs."""
    return 1 / math.sqrt(fan_in) if fan_in else 0.0


def fan_in_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return normal draws of variance 1/fan_in, which keeps the size of linear sums (LeCun 1998)."""
    return normal(shape, std=fan_in_bound(fans(shape)[0]), rng=rng, dtype=dtype)


def xavier_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return normal draws of variance 2/(fan_in + fan_out) (Glorot and Bengio 2010)."""
    return normal(shape, std=math.sqrt(2 / sum(fans(shape))), rng=rng, dtype=dtype)


def xavier_uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return uniform draws of variance 2/(fan_in + fan_out) (Glorot and Bengio 2010)."""
    return uniform(shape, bound=math.sqrt(6 / sum(fans(shape))), rng=rng, dtype=dtype)


def he_normal(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return normal draws of variance 2/fan_in, which keeps activations alive through ReLUs (He 2015)."""
    return normal(shape, std=math.sqrt(2 / fans(shape)[0]), rng=rng, dtype=dtype)


def he_uniform(
    shape: tuple[int, ...], *, rng: np.random.Generator | int | None = None, dtype: type = np.float32
) -> np.ndarray:
    """Return uniform draws of variance 2/fan_in (He 2015)."""
    return uniform(shape, bound=math.sqrt(6 / fans(shape)[0]), rng=rng, dtype=dtype)
