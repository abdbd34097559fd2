"""Index arrays, take_along_axis and np.add.at; Fourier transforms for the filter."""

import numpy as np


def indexes(x, kh, kw, stride, p):
    oh, ow = (x.shape[2] + 2 * p - kh) // stride + 1, (x.shape[3] + 2 * p - kw) // stride + 1
    rows = (np.arange(oh) * stride)[:, None, None, None] + np.arange(kh)[:, None]
    columns = (np.arange(ow) * stride)[:, None, None] + np.arange(kw)
    return rows, columns


def conv2d_forward(x, w, b, stride=1, padding=0):
    rows, columns = indexes(x, *w.shape[2:], stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    y = np.tensordot(w, xp[:, :, rows, columns], axes=([1, 2, 3], [1, 4, 5]))
    y = y.swapaxes(0, 1)
    return y + b[None, :, None, None]


def conv2d_backward(dy, x, w, stride=1, padding=0):
    rows, columns = indexes(x, *w.shape[2:], stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dw = np.tensordot(dy, xp[:, :, rows, columns], axes=([0, 2, 3], [0, 2, 3]))
    dxp = np.zeros_like(xp)
    np.add.at(
        dxp,
        (slice(None), slice(None), rows, columns),
        np.tensordot(dy, w, (1, 0)).transpose(0, 3, 1, 2, 4, 5),
    )
    h, width = x.shape[2:]
    return [dxp[:, :, padding : h + padding, padding : width + padding], dw, np.add.reduce(dy, (0, 2, 3))]


def max_pool2d_forward(x, kernel_size, stride):
    rows, columns = indexes(x, kernel_size, kernel_size, stride, 0)
    windows = x[:, :, rows, columns]
    flat = windows.reshape(*windows.shape[:4], -1)
    return np.take_along_axis(flat, flat.argmax(-1)[..., None], -1)[..., 0]


def max_pool2d_backward(dy, x, kernel_size, stride):
    rows, columns = indexes(x, kernel_size, kernel_size, stride, 0)
    rows, columns = np.broadcast_arrays(rows, columns)
    windows = x[:, :, rows, columns]
    best = windows.reshape(*windows.shape[:4], -1).argmax(-1)
    oh, ow = dy.shape[2:]
    i, j = np.arange(oh)[:, None], np.arange(ow)
    r = i * stride + best // kernel_size
    c = j * stride + best % kernel_size
    n, channel = np.ogrid[: x.shape[0], : x.shape[1]]
    dx = np.zeros(x.shape)
    np.add.at(dx, (n[..., None, None], channel[..., None, None], r, c), dy)
    return dx


def canonical_kernel(name):
    kernel = np.zeros((3, 3))
    if name == "blur":
        kernel += 1 / 9
    elif name == "sharpen":
        kernel[[0, 1, 1, 2], [1, 0, 2, 1]] = -1
        kernel[1, 1] = 5
    elif name == "edge":
        kernel -= 1
        np.add.at(kernel, (1, 1), 9)
    else:
        kernel[:, 0], kernel[:, 2] = (1, 2, 1), (-1, -2, -1)
    return kernel


def filter_image(image, kernel):
    shape = [a + b - 1 for a, b in zip(image.shape, kernel.shape)]
    full = np.fft.irfft2(np.fft.rfft2(image, shape) * np.fft.rfft2(kernel, shape), shape)
    top, left = kernel.shape[0] // 2, kernel.shape[1] // 2
    return full[top : top + image.shape[0], left : left + image.shape[1]]
