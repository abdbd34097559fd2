"""Labelled images as the library passes them around: a pair of arrays that unpacks like one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np


class LabelledImages(NamedTuple):
    """Images and their labels; `x, y = data` unpacks it, and `fit` takes it whole.

    Attributes
    ----------
    images : ndarray, shape (N, C, H, W)
        float32 or float64 in [0, 1], or uint8 if the loader was asked for raw pixels.
    labels : ndarray of int64, shape (N,)
        Class of each image.
    """

    images: np.ndarray
    labels: np.ndarray

    def subset(self, indices: np.ndarray) -> LabelledImages:
        """Return copies of the examples at `indices` (integers, or a boolean mask), in that order."""
        indices = np.asarray(indices)
        return LabelledImages(self.images[indices], self.labels[indices])


def labelled(pixels: np.ndarray, labels: np.ndarray, *, white: int, dtype: type) -> LabelledImages:
    """Return images (N, C, H, W), or grey ones (N, H, W), in four axes, floats divided by `white`.

    Raises
    ------
    TypeError
        If `dtype` is none of float32, float64 and uint8.
    """
    dtype = np.dtype(dtype)
    if dtype not in (np.float32, np.float64, np.uint8):
        raise TypeError(f"dtype must be float32 or float64 (in [0, 1]) or uint8 (raw pixels), got {dtype}")
    images = (pixels[:, None] if pixels.ndim == 3 else pixels).astype(dtype)
    if dtype != np.uint8:
        images /= white
    return LabelledImages(images, labels.astype(np.int64))
