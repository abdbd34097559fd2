"""Windows copied into the columns of a matrix, one product, and back."""

import numpy as np


def rows_of_windows(x, kh, kw, stride, p):
    n, c, h, w = x.shape
    x = np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))
    oh, ow = (h + 2 * p - kh) // stride + 1, (w + 2 * p - kw) // stride + 1
    columns = np.zeros((n, oh, ow, c * kh * kw), x.dtype)
    for i in range(oh):
        for j in range(ow):
            part = x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            columns[:, i, j] = part.reshape(n, -1)
    return columns.reshape(n * oh * ow, -1), oh, ow


def back_to_image(columns, shape, kh, kw, stride, p, oh, ow):
    n, c, h, w = shape
    columns = columns.reshape(n, oh, ow, c, kh, kw)
    x = np.zeros((n, c, h + 2 * p, w + 2 * p), columns.dtype)
    for i in range(oh):
        for j in range(ow):
            x[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += columns[:, i, j]
    return x[:, :, p : p + h, p : p + w]


def conv2d_forward(x, w, b, stride=1, padding=0):
    columns, oh, ow = rows_of_windows(x, w.shape[2], w.shape[3], stride, padding)
    y = columns @ w.reshape(len(w), -1).T + b
    return y.reshape(len(x), oh, ow, -1).transpose(0, 3, 1, 2)


def conv2d_backward(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[2:]
    columns, oh, ow = rows_of_windows(x, kh, kw, stride, padding)
    flat = dy.transpose(0, 2, 3, 1).reshape(-1, len(w))
    dw = (flat.T @ columns).reshape(w.shape)
    dx = back_to_image(flat @ w.reshape(len(w), -1), x.shape, kh, kw, stride, padding, oh, ow)
    return dx, dw, flat.sum(0)


def max_pool2d_forward(x, kernel_size, stride):
    n, c, h, w = x.shape
    columns, oh, ow = rows_of_windows(x.reshape(n * c, 1, h, w), kernel_size, kernel_size, stride, 0)
    return columns.max(1).reshape(n, c, oh, ow)


def max_pool2d_backward(dy, x, kernel_size, stride):
    n, c, h, w = x.shape
    k = kernel_size
    columns, oh, ow = rows_of_windows(x.reshape(n * c, 1, h, w), k, k, stride, 0)
    gradient = np.zeros(columns.shape)
    gradient[np.arange(len(columns)), columns.argmax(1)] = dy.ravel()
    return back_to_image(gradient, (n * c, 1, h, w), k, k, stride, 0, oh, ow).reshape(x.shape)


def canonical_kernel(name):
    columns = {
        "blur": np.full(9, 1.0) / 9,
        "sharpen": np.array([0, -1, 0, -1, 5, -1, 0, -1, 0]),
        "edge": np.r_[[-1] * 4, 8, [-1] * 4],
        "vertical_edge": np.array([1, 2, 1, 0, 0, 0, -1, -2, -1]),
    }
    return columns[name].reshape(3, 3, order="F" if name == "vertical_edge" else "C")


def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    columns, oh, ow = rows_of_windows(padded[None, None], kh, kw, 1, 0)
    return (columns @ kernel.ravel()[::-1]).reshape(oh, ow)
