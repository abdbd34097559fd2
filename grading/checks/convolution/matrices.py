"""The right answers about the layer as a matrix: im2col, the sparse matrix, and fully connected layers."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from grading.checks.convolution.references import conv2d_forward
from grading.checks.convolution.sliding import padded


def im2col(
    x: np.ndarray, kernel_height: int, kernel_width: int, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Lay the windows of x (N, C, H, W) out as columns: (C * KH * KW, N * OH * OW)."""
    windows = sliding_window_view(padded(x, padding), (kernel_height, kernel_width), axis=(2, 3))
    kept = windows[:, :, ::stride, ::stride]
    return kept.transpose(1, 4, 5, 0, 2, 3).reshape(x.shape[1] * kernel_height * kernel_width, -1)


def conv2d_from_columns(
    columns: np.ndarray, w: np.ndarray, b: np.ndarray, height: int, width: int
) -> np.ndarray:
    """Compute the layer from its columns, as one matrix product; gives (N, O, height, width)."""
    y = w.reshape(len(w), -1) @ columns + b[:, None]
    return y.reshape(len(w), -1, height, width).transpose(1, 0, 2, 3)


def conv_as_matrix(w: np.ndarray, height: int, width: int, stride: int = 1, padding: int = 0) -> np.ndarray:
    """Return the matrix (O * OH * OW, C * H * W) that does to a flat image what the layer does."""
    pixels = w.shape[1] * height * width
    impulses = np.eye(pixels).reshape(pixels, w.shape[1], height, width)
    return conv2d_forward(impulses, w, np.zeros(len(w)), stride, padding).reshape(pixels, -1).T


def slide_fully_connected(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray, height: int, width: int
) -> np.ndarray:
    """Apply a layer for flat (C, height, width) images to every such window of x (N, C, H, W)."""
    kernels = weight.T.reshape(len(bias), x.shape[1], height, width)
    return conv2d_forward(x, kernels, bias)
