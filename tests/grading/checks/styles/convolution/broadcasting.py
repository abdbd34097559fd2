"""A loop over output places, everything else by broadcasting."""

import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    kh, kw = w.shape[-2:]
    rows = range(0, xp.shape[2] - kh + 1, stride)
    columns = range(0, xp.shape[3] - kw + 1, stride)
    y = np.empty((x.shape[0], w.shape[0], len(rows), len(columns)), dtype=x.dtype)
    for i, r in enumerate(rows):
        for j, s in enumerate(columns):
            y[..., i, j] = (xp[:, None, :, r : r + kh, s : s + kw] * w[None]).sum((2, 3, 4))
    return y + b.reshape(1, -1, 1, 1)


def conv2d_backward(dy, x, w, stride=1, padding=0):
    p, (kh, kw) = padding, w.shape[-2:]
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            where = np.s_[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            g = dy[:, :, None, None, None, i, j]
            dxp[where] += (g * w).sum(1)
            dw += (g * xp[where][:, None]).sum(0)
    dx = dxp[:, :, p : dxp.shape[2] - p, p : dxp.shape[3] - p]
    return dx, dw, dy.sum(axis=3).sum(axis=2).sum(axis=0)


def max_pool2d_forward(x, kernel_size, stride):
    k = kernel_size
    rows = range(0, x.shape[2] - k + 1, stride)
    columns = range(0, x.shape[3] - k + 1, stride)
    lines = [np.stack([x[..., r : r + k, s : s + k].max((-2, -1)) for s in columns], -1) for r in rows]
    return np.stack(lines, -2)


def max_pool2d_backward(dy, x, kernel_size, stride):
    # Ties: all of them.
    dx = np.zeros_like(x)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            w = np.s_[..., i * stride : i * stride + kernel_size, j * stride : j * stride + kernel_size]
            dx[w] += (x[w] == x[w].max((-2, -1), keepdims=True)) * dy[..., i : i + 1, j : j + 1]
    return dx


def canonical_kernel(name):
    box = np.ones((3, 3))
    centre = np.pad([[1.0]], 1)
    cross = np.array([[0, 1, 0], [1, 0, 1], [0, 1, 0]])
    return {
        "blur": box / box.sum(),
        "sharpen": centre + 4 * centre - cross,
        "edge": 9 * centre - box,
        "vertical_edge": np.outer([1, 2, 1], [1, 0, -1]),
    }[name]


def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2,) * 2, (kw // 2,) * 2))
    turned = np.rot90(kernel, 2)
    return np.array(
        [
            [(padded[i : i + kh, j : j + kw] * turned).sum() for j in range(image.shape[1])]
            for i in range(image.shape[0])
        ]
    )
