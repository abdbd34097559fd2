"""Reads images at places between their pixels."""

from __future__ import annotations

import numpy as np


def grid_of(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the place of every pixel of images (N, C, H, W): rows and columns (N, H, W), from the centre."""
    count, _, height, width = images.shape
    rows = np.arange(height, dtype=images.dtype) - images.dtype.type((height - 1) / 2)
    columns = np.arange(width, dtype=images.dtype) - images.dtype.type((width - 1) / 2)
    shape = (count, height, width)
    return np.broadcast_to(rows[:, None], shape), np.broadcast_to(columns, shape)


def sample(images: np.ndarray, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Return images (N, C, H, W) read bilinearly at the given places.

    Parameters
    ----------
    images : ndarray of float32 or float64, shape (N, C, H, W)
    rows, columns : ndarray, shape (N, h, w)
        Places in pixels from the centre; what lies outside shows the nearest edge.

    Returns
    -------
    ndarray, shape (N, C, h, w)
        Fresh, in the dtype of `images`. At whole pixels, exactly their values.
    """
    count, channels, height, width = images.shape
    top, above, down = _between(rows, height)
    left, before, right = _between(columns, width)
    planes = (np.arange(count * channels) * (height * width)).reshape(count, channels, 1, 1)
    flat = np.ascontiguousarray(images).reshape(-1)

    def at(row: np.ndarray, column: np.ndarray) -> np.ndarray:
        return flat.take((row * width + column)[:, None] + planes)

    above, before = above[:, None].astype(images.dtype), before[:, None].astype(images.dtype)
    upper, lower = at(top, left), at(down, left)
    upper += before * (at(top, right) - upper)
    lower += before * (at(down, right) - lower)
    lower -= upper
    lower *= above
    upper += lower
    return upper


def smooth_field(
    shape: tuple[int, ...], scale: float, rng: np.random.Generator, dtype: np.dtype
) -> np.ndarray:
    """Return random numbers in [-1, 1] of `shape` (..., H, W) that vary over about `scale` pixels."""
    *lead, height, width = shape
    coarse = tuple(max(2, int(round(size / scale)) + 1) for size in (height, width))
    knots = rng.uniform(-1, 1, (int(np.prod(lead)), 1, *coarse)).astype(dtype)
    rows, columns = (
        np.linspace(-(few - 1) / 2, (few - 1) / 2, size, dtype=dtype)
        for few, size in zip(coarse, (height, width), strict=True)
    )
    places = (len(knots), height, width)
    field = sample(knots, np.broadcast_to(rows[:, None], places), np.broadcast_to(columns, places))
    return field.reshape(shape)


def _between(places: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the pixel at or before each place, the share of the way to the next one, and that next one."""
    places = np.clip(places + (size - 1) / 2, 0, size - 1)
    first = places.astype(np.intp)
    return first, places - first, np.minimum(first + 1, size - 1)
