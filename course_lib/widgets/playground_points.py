"""Two classes of points in the plane, for the playground: what a regulariser does to a boundary."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

#: Half the side of the square that the playground shows: of moons with noise 0.3 it holds 99 % and more.
REACH = 2.0
VALIDATION = 400


def moons(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return two half circles that reach into each other, shape (N, 2)."""
    angle = rng.uniform(0, np.pi, len(labels))
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    return np.where(labels[:, None] == 1, -upper, upper)


def rings(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a disk of radius 0.5 (class 0) within a ring from 0.8 to 1.2, shape (N, 2)."""
    share, angle = rng.random(len(labels)), rng.uniform(0, 2 * np.pi, len(labels))
    # Even over the area: the square of the radius is.
    inner, outer = np.where(labels == 1, 0.8, 0.0), np.where(labels == 1, 1.2, 0.5)
    radius = np.sqrt(inner**2 + share * (outer**2 - inner**2))
    return radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def quadrants(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a square whose class is 1 where both coordinates have the same sign, shape (N, 2)."""
    size = rng.uniform(0.1, 1.2, (len(labels), 2))
    first = rng.choice([-1.0, 1.0], len(labels))
    return size * np.stack([first, np.where(labels == 1, first, -first)], axis=1)


def spirals(labels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return two arms of a spiral, each one and a quarter turns long, shape (N, 2)."""
    share = np.sqrt(rng.uniform(0.04, 1, len(labels)))
    angle = 2.5 * np.pi * share + np.pi * labels
    return 1.3 * share[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)


SHAPES: dict[str, Callable[[np.ndarray, np.random.Generator], np.ndarray]] = {
    "moons": moons,
    "rings": rings,
    "quadrants": quadrants,
    "spirals": spirals,
}


def draw_points(shape: str, count: int, noise: float, seed: int) -> tuple[np.ndarray, ...]:
    """Draw training points, and `VALIDATION` others from the same source.

    Parameters
    ----------
    shape : str
        One of `SHAPES`.
    count : int
        Training points, half of each class.
    noise : float
        Standard deviation of what is added to every coordinate.
    seed : int
        Other seeds give other points. More of them with the same seed are all new.

    Returns
    -------
    x, labels, validation_x, validation_labels : ndarray
        float32 of shapes (count, 2) and (400, 2), int64 0 or 1 of shapes (count,) and (400,).
    """
    found = []
    for part, number in enumerate((count, VALIDATION)):
        rng = np.random.default_rng([seed, part])
        labels = np.arange(number) % 2
        places = SHAPES[shape](labels, rng) + noise * rng.normal(size=(number, 2))
        found += [places.astype(np.float32), labels]
    return tuple(found)
