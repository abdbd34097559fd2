"""Pooling: the maximum or the mean of each window of an image, and the gradients back to the elements.

Spatial arguments come spelt out: kernel and stride as (vertical, horizontal), padding as ((top, bottom),
(left, right)).
"""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

Pair = tuple[int, int]
Paddings = tuple[Pair, Pair]


def max_pool2d(x: np.ndarray, kernel: Pair, stride: Pair, padding: Paddings) -> tuple[np.ndarray, np.ndarray]:
    """Take the maximum of each window of (N, C, H, W).

    Gives y (N, C, OH, OW) and where each maximum stood, as a flat index into the unpadded plane (int64). The
    first maximum in row order wins, and NaN beats every number.
    """
    h, w = x.shape[2:]
    windows = _windows(x, kernel, stride, padding, fill=-np.inf)
    inside = _windows(np.ones((1, 1, h, w), bool), kernel, stride, padding, fill=False)
    flat = windows.reshape(*windows.shape[:4], kernel[0] * kernel[1])
    inside = inside.reshape(*inside.shape[:4], -1)
    # A window that holds only minus infinity must point to a real element, never to padding.
    tap = np.where(flat.max(axis=-1) == -np.inf, inside.argmax(axis=-1), flat.argmax(axis=-1))
    y = np.take_along_axis(flat, tap[..., None], axis=-1)[..., 0]
    oh, ow = y.shape[2:]
    rows = np.arange(oh)[:, None] * stride[0] - padding[0][0] + tap // kernel[1]
    columns = np.arange(ow) * stride[1] - padding[1][0] + tap % kernel[1]
    return y, rows * w + columns


def max_pool2d_backward(dy: np.ndarray, indices: np.ndarray, x_shape: tuple[int, ...]) -> np.ndarray:
    """Send each window's gradient to its maximum; where windows overlap, gradients add up."""
    n, c, h, w = x_shape
    if indices.size and not (indices.min() >= 0 and indices.max() < h * w):
        raise ValueError(
            f"indices must lie between 0 and {h * w - 1}, the elements of a plane of x_shape {x_shape}"
        )
    planes = n * c
    windows = dy.shape[2] * dy.shape[3]
    dx = np.zeros((planes, h * w), dy.dtype)
    positions = np.arange(planes)[:, None], indices.reshape(planes, windows)
    np.add.at(dx, positions, dy.reshape(planes, windows))
    return dx.reshape(x_shape)


def avg_pool2d(
    x: np.ndarray, kernel: Pair, stride: Pair, padding: Paddings, count_include_pad: bool
) -> np.ndarray:
    """Take the mean of each window of (N, C, H, W)."""
    sums = _windows(x, kernel, stride, padding, fill=0).sum(axis=(-2, -1))
    return sums / _counts(x.shape, kernel, stride, padding, count_include_pad, x.dtype)


def avg_pool2d_backward(
    dy: np.ndarray,
    x_shape: tuple[int, ...],
    kernel: Pair,
    stride: Pair,
    padding: Paddings,
    count_include_pad: bool,
) -> np.ndarray:
    """Spread each window's gradient evenly over its elements."""
    h, w = x_shape[2:]
    (top, bottom), (left, right) = padding
    share = dy / _counts(x_shape, kernel, stride, padding, count_include_pad, dy.dtype)
    padded = np.zeros((*x_shape[:2], h + top + bottom, w + left + right), dy.dtype)
    oh, ow = dy.shape[2:]
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            rows = slice(i, i + (oh - 1) * stride[0] + 1, stride[0])
            columns = slice(j, j + (ow - 1) * stride[1] + 1, stride[1])
            padded[:, :, rows, columns] += share
    return padded[:, :, top : top + h, left : left + w].copy()


def global_avg_pool2d(x: np.ndarray) -> np.ndarray:
    """Take the mean of each plane: (N, C, H, W) to (N, C)."""
    return x.mean(axis=(2, 3))


def global_avg_pool2d_backward(dy: np.ndarray, x_shape: tuple[int, ...]) -> np.ndarray:
    """Spread the gradient of each mean evenly over its plane."""
    h, w = x_shape[2:]
    return np.broadcast_to((dy / dy.dtype.type(h * w))[:, :, None, None], x_shape).copy()


def _windows(x: np.ndarray, kernel: Pair, stride: Pair, padding: Paddings, fill: float) -> np.ndarray:
    padded = np.pad(x, ((0, 0), (0, 0), *padding), constant_values=fill)
    return sliding_window_view(padded, kernel, axis=(2, 3))[:, :, :: stride[0], :: stride[1]]


def _counts(
    x_shape: tuple[int, ...],
    kernel: Pair,
    stride: Pair,
    padding: Paddings,
    count_include_pad: bool,
    dtype: np.dtype,
) -> np.ndarray:
    if count_include_pad:
        return np.array(kernel[0] * kernel[1], dtype)
    return _windows(np.ones((1, 1, *x_shape[2:]), dtype), kernel, stride, padding, fill=0).sum(axis=(-2, -1))
