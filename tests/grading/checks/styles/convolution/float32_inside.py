"""Everything in single precision, whatever comes in."""

import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    x, w, b = x.astype("f4"), w.astype("f4"), b.astype("f4")
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = w.shape[2:]
    oh, ow = (x.shape[2] - kh) // stride + 1, (x.shape[3] - kw) // stride + 1
    y = np.zeros((len(x), len(w), oh, ow), np.float32)
    for n, image in enumerate(x):
        for o, kernel in enumerate(w):
            for i in range(oh):
                for j in range(ow):
                    y[n, o, i, j] = np.vdot(
                        image[:, i * stride : i * stride + kh, j * stride : j * stride + kw], kernel
                    )
            y[n, o] += b[o]
    return y


def conv2d_backward(dy, x, w, stride=1, padding=0):
    dy, x, w = np.float32(dy), np.float32(x), np.float32(w)
    n, c, h, width = x.shape
    big = np.zeros((n, c, h + 2 * padding, width + 2 * padding), np.float32)
    big[:, :, padding : padding + h, padding : padding + width] = x
    dbig, dw, db = np.zeros_like(big), np.zeros_like(w), np.zeros(len(w), np.float32)
    for a in range(n):
        for o in range(len(w)):
            for i in range(dy.shape[2]):
                for j in range(dy.shape[3]):
                    at = np.s_[
                        a, :, i * stride : i * stride + w.shape[2], j * stride : j * stride + w.shape[3]
                    ]
                    dbig[at] += dy[a, o, i, j] * w[o]
                    dw[o] += dy[a, o, i, j] * big[at]
                    db[o] += dy[a, o, i, j]
    return dbig[:, :, padding : padding + h, padding : padding + width], dw, db


def max_pool2d_forward(x, kernel_size, stride):
    x = x.astype(np.float32)
    y = None
    oh, ow = (x.shape[2] - kernel_size) // stride + 1, (x.shape[3] - kernel_size) // stride + 1
    for k in range(kernel_size):
        for l in range(kernel_size):
            shifted = x[:, :, k : k + (oh - 1) * stride + 1 : stride, l : l + (ow - 1) * stride + 1 : stride]
            y = shifted if y is None else np.maximum(y, shifted)
    return y


def max_pool2d_backward(dy, x, kernel_size, stride):
    x, dy = x.astype(np.float32), dy.astype(np.float32)
    dx = np.zeros_like(x)
    for index, gradient in np.ndenumerate(dy):
        n, c, i, j = index
        window = x[n, c, i * stride :, j * stride :][:kernel_size, :kernel_size]
        k, l = divmod(int(np.argmax(window)), kernel_size)
        dx[n, c, i * stride + k, j * stride + l] += gradient
    return dx


def canonical_kernel(name):
    kernels = {
        "blur": [[1 / 9] * 3] * 3,
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "vertical_edge": [[1, 0, -1], [2, 0, -2], [1, 0, -1]],
    }
    return np.float32(kernels[name])


def filter_image(image, kernel):
    image, kernel = image.astype(np.float32), kernel.astype(np.float32)
    (h, w), (kh, kw) = image.shape, kernel.shape
    full = np.zeros((h + kh - 1, w + kw - 1), np.float32)
    for (i, j), value in np.ndenumerate(image):
        full[i : i + kh, j : j + kw] += value * kernel
    return full[kh // 2 : kh // 2 + h, kw // 2 : kw // 2 + w]
