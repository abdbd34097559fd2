"""Convolution, the way networks mean it: cross-correlation, one sum over the kernel's taps.

A tap (i, j) of the kernel sees one strided patch of the padded input, and multiplies its channels by one
matrix. Forward adds these products up; backward sends the gradient through each product.

All arguments come spelt out: stride and dilation as (vertical, horizontal), padding as ((top, bottom), (left,
right)).
"""

from collections.abc import Iterator

import numpy as np

Pair = tuple[int, int]


def conv2d(
    x: np.ndarray,
    w: np.ndarray,
    b: np.ndarray | None,
    stride: Pair,
    padding: tuple[Pair, Pair],
    dilation: Pair,
    groups: int,
) -> np.ndarray:
    """Convolve images (N, C, H, W) with kernels (O, C/groups, KH, KW); gives (N, O, OH, OW)."""
    n, o = len(x), len(w)
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    size = output_size(x, w, stride, padding, dilation)
    kernels = w.reshape(groups, o // groups, *w.shape[1:])
    area = size[0] * size[1]
    y = np.zeros((n, groups, o // groups, area), x.dtype)
    for i, j, patch in taps(padded, w.shape[2:], size, stride, dilation):
        y += kernels[..., i, j] @ patch.reshape(n, groups, w.shape[1], area)
    y = y.reshape(n, o, *size)
    return y if b is None else y + b[:, None, None]


def conv2d_backward(
    dy: np.ndarray,
    x: np.ndarray,
    w: np.ndarray,
    stride: Pair,
    padding: tuple[Pair, Pair],
    dilation: Pair,
    groups: int,
    needs: tuple[bool, bool, bool],
) -> tuple[np.ndarray | None, np.ndarray | None, np.ndarray | None]:
    """Give the gradients of x, w and b (None where not needed) from dy (N, O, OH, OW)."""
    n, o = len(x), len(w)
    size = dy.shape[2:]
    padded = np.pad(x, ((0, 0), (0, 0), *padding))
    kernels = w.reshape(groups, o // groups, *w.shape[1:])
    area = size[0] * size[1]
    dy_groups = dy.reshape(n, groups, o // groups, area)
    dx_padded, dw = np.zeros_like(padded), np.zeros_like(kernels)
    positions = taps(padded, w.shape[2:], size, stride, dilation)
    targets = taps(dx_padded, w.shape[2:], size, stride, dilation)
    for (i, j, patch), (_, _, dpatch) in zip(positions, targets):
        if needs[0]:
            dpatch += (kernels[..., i, j].swapaxes(1, 2) @ dy_groups).reshape(patch.shape)
        if needs[1]:
            columns = patch.reshape(n, groups, w.shape[1], area)
            dw[..., i, j] = (dy_groups @ columns.swapaxes(2, 3)).sum(axis=0)
    (top, _), (left, _) = padding
    h, width = x.shape[2:]
    dx = dx_padded[:, :, top : top + h, left : left + width].copy()
    return (
        dx if needs[0] else None,
        dw.reshape(w.shape) if needs[1] else None,
        dy.sum(axis=(0, 2, 3)) if needs[2] else None,
    )


def taps(
    padded: np.ndarray, kernel: Pair, size: Pair, stride: Pair, dilation: Pair
) -> Iterator[tuple[int, int, np.ndarray]]:
    """Go through a kernel's taps; each comes with the view of the input (N, C, OH, OW) that it sees."""
    for i in range(kernel[0]):
        for j in range(kernel[1]):
            rows = slice(i * dilation[0], i * dilation[0] + (size[0] - 1) * stride[0] + 1, stride[0])
            columns = slice(j * dilation[1], j * dilation[1] + (size[1] - 1) * stride[1] + 1, stride[1])
            yield i, j, padded[:, :, rows, columns]


def output_size(
    x: np.ndarray, w: np.ndarray, stride: Pair, padding: tuple[Pair, Pair], dilation: Pair
) -> Pair:
    """Count the positions of the kernel on the padded input: floor((n + p - d(k-1) - 1) / s) + 1 an axis."""
    rows, columns = (
        (n + before + after - d * (k - 1) - 1) // s + 1
        for n, k, s, (before, after), d in zip(x.shape[2:], w.shape[2:], stride, padding, dilation)
    )
    return rows, columns
