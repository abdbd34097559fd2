"""Pooling windows in wrong places: the same mistakes, whatever is taken of a window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grading.checks.convolution.sliding import fitting, pooled

Array = np.ndarray
Pooling = Callable[[Array, int, int], Array]


@dataclass(frozen=True)
class WindowMistakes:
    """Functions (x, kernel_size, stride) that make mistakes about windows.

    Parameters
    ----------
    reduce : callable
        What is taken of a window: np.max or np.mean.
    """

    reduce: Callable[..., Array]

    def pool(
        self, x: Array, window: int, step: int, rows: int | None = None, columns: int | None = None
    ) -> Array:
        """Pool with windows of any size and distance, as many as fit or as many as said."""
        rows = fitting(x.shape[2], window, step) if rows is None else rows
        columns = fitting(x.shape[3], window, step) if columns is None else columns
        return pooled(x, window, step, rows, columns, self.reduce)

    @property
    def window_is_stride(self) -> tuple[Pooling, ...]:
        """Windows as large as the stride, with their own number or the right one."""
        return (
            lambda x, kernel_size, stride: self.pool(x, stride, stride),
            lambda x, kernel_size, stride: self.pool(x, stride, stride, *_counts(x, kernel_size, stride)),
        )

    @property
    def stride_is_window(self) -> tuple[Pooling, ...]:
        """Windows side by side."""
        return (
            lambda x, kernel_size, stride: self.pool(x, kernel_size, kernel_size),
            lambda x, kernel_size, stride: self.pool(
                x, kernel_size, kernel_size, *_counts(x, kernel_size, stride)
            ),
        )

    @property
    def stride_ignored(self) -> tuple[Pooling, ...]:
        """Windows one pixel apart."""
        return (
            lambda x, kernel_size, stride: self.pool(x, kernel_size, 1),
            lambda x, kernel_size, stride: self.pool(x, kernel_size, 1, *_counts(x, kernel_size, stride)),
        )

    @property
    def number_of_windows(self) -> tuple[Pooling, ...]:
        """Other formulas for the size of the output."""
        formulas = (
            lambda length, window, step: length // step,
            lambda length, window, step: (length + 1) // step,
            lambda length, window, step: -(-length // step),
            lambda length, window, step: -(-(length - window) // step) + 1,
            lambda length, window, step: (length - window) // step,
            lambda length, window, step: length // window,
        )
        return tuple(self._counted(formula) for formula in formulas)

    @property
    def height_and_width(self) -> tuple[Pooling, ...]:
        """Columns counted by the height, rows by the width, or both exchanged."""

        def choosing(*axes: int) -> Pooling:
            def compute(x: Array, kernel_size: int, stride: int) -> Array:
                counts = _counts(x, kernel_size, stride)
                return self.pool(x, kernel_size, stride, *(counts[axis] for axis in axes))

            return compute

        return choosing(0, 0), choosing(1, 1), choosing(1, 0)

    def _counted(self, count: Callable[[int, int, int], int]) -> Pooling:
        def compute(x: Array, kernel_size: int, stride: int) -> Array:
            counts = (count(length, kernel_size, stride) for length in x.shape[2:])
            return self.pool(x, kernel_size, stride, *counts)

        return compute


def _counts(x: Array, kernel_size: int, stride: int) -> tuple[int, ...]:
    return tuple(fitting(length, kernel_size, stride) for length in x.shape[2:])
