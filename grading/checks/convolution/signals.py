"""The right answers in one dimension: convolution as signal processing defines it, and its two laws."""

from __future__ import annotations

import numpy as np

OPERATIONS = ("convolution", "correlation", "affine", "relu")


def convolve1d(
    x: np.ndarray, h: np.ndarray, stride: int = 1, padding: int = 0, dilation: int = 1
) -> np.ndarray:
    """Convolve x (L,) with a dilated kernel h (K,), flipped, where it lies whole on the padded signal."""
    spread = np.zeros(dilation * (len(h) - 1) + 1)
    spread[::dilation] = h
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(x, padding), len(spread))
    return windows[::stride] @ spread[::-1]


def operate(operation: str, x: np.ndarray, h: np.ndarray) -> np.ndarray:
    """Apply one of the four operations to a signal and a kernel, in full: L + K - 1 values."""
    if operation == "correlation":
        return np.convolve(x, h[::-1])
    y = np.convolve(x, h)
    if operation == "affine":
        return y + 1
    return np.maximum(y, 0) if operation == "relu" else y


def property_gaps(
    operation: str, x: np.ndarray, z: np.ndarray, h: np.ndarray, a: float, b: float
) -> tuple[float, float]:
    """Measure by how much an operation fails to commute, and to be linear."""
    commuted = operate(operation, x, h) - operate(operation, h, x)
    apart = a * operate(operation, x, h) + b * operate(operation, z, h)
    together = operate(operation, a * x + b * z, h)
    return float(np.abs(commuted).max()), float(np.abs(together - apart).max())
