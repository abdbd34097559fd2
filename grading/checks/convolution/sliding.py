"""Sliding windows that start where they are told to: most mistakes put them in the wrong places."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np


def correlate(
    x: np.ndarray, w: np.ndarray, b: np.ndarray, rows: Iterable[int], columns: Iterable[int]
) -> np.ndarray:
    """Multiply the windows of x that start at these rows and columns with w, sum, and add b.

    Parameters
    ----------
    x : ndarray
        Images (N, C, H, W), already padded.
    w : ndarray
        Kernels (O, C, KH, KW).
    b : ndarray
        Biases (O,).
    rows, columns : iterable of int
        Where the windows start.

    Returns
    -------
    ndarray
        Of shape (N, O, number of rows, number of columns).

    Raises
    ------
    ValueError
        Where a window leaves the image, as a loop over slices would: shapes no longer match.
    """
    rows, columns = list(rows), list(columns)
    y = np.empty((len(x), len(w), len(rows), len(columns)))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            window = x[:, None, :, row : row + w.shape[2], column : column + w.shape[3]]
            y[:, :, i, j] = (window * w).sum(axis=(2, 3, 4)) + b
    return y


def padded(x: np.ndarray, padding: int) -> np.ndarray:
    """Surround images (N, C, H, W) with zeros."""
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def output_size(x: np.ndarray, kernel: tuple[int, int], stride: int, padding: int = 0) -> tuple[int, int]:
    """Count the windows that fit, down and across."""
    return tuple((x.shape[2 + i] + 2 * padding - kernel[i]) // stride + 1 for i in (0, 1))


def fitting(length: int, window: int, stride: int) -> int:
    """Count the windows that fit along one side."""
    return (length - window) // stride + 1


def pooled(
    x: np.ndarray, window: int, step: int, rows: int, columns: int, reduce: Callable[..., np.ndarray]
) -> np.ndarray:
    """Reduce windows as a loop over slices does: cut off at the edge, ValueError where one is empty."""
    y = np.empty((*x.shape[:2], rows, columns))
    for i, j in np.ndindex(rows, columns):
        part = x[:, :, i * step : i * step + window, j * step : j * step + window]
        if not part.size:
            raise ValueError("the window lies outside the image")
        y[:, :, i, j] = reduce(part, axis=(2, 3))
    return y
