"""Plain lists inside and out; the three gradients in a list."""

import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    kh, kw = w.shape[2:]
    return [
        [
            [
                [
                    float((image[:, i : i + kh, j : j + kw] * kernel).sum() + bias)
                    for j in range(0, image.shape[2] - kw + 1, stride)
                ]
                for i in range(0, image.shape[1] - kh + 1, stride)
            ]
            for kernel, bias in zip(w, b)
        ]
        for image in x
    ]


def conv2d_backward(dy, x, w, stride=1, padding=0):
    print("debug", dy.shape)
    kh, kw = w.shape[2:]
    big = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding))).tolist()
    dx, dw, db = np.zeros(np.shape(big)), np.zeros(w.shape).tolist(), [0.0] * len(w)
    for n, o, i, j in np.ndindex(*dy.shape):
        gradient = float(dy[n, o, i, j])
        db[o] += gradient
        for c, k, l in np.ndindex(x.shape[1], kh, kw):
            r, s = i * stride + k, j * stride + l
            dx[n][c][r][s] += gradient * w[o, c, k, l]
            dw[o][c][k][l] += gradient * big[n][c][r][s]
    inside = dx[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return [inside.tolist(), dw, db]


def max_pool2d_forward(x, kernel_size, stride):
    rows = range(0, x.shape[2] - kernel_size + 1, stride)
    columns = range(0, x.shape[3] - kernel_size + 1, stride)
    return [
        [
            [[max(plane[i : i + kernel_size, j : j + kernel_size].flat) for j in columns] for i in rows]
            for plane in image
        ]
        for image in x
    ]


def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = (x * 0).tolist()
    for n, c, i, j in np.ndindex(*dy.shape):
        places = [(i * stride + k, j * stride + l) for k in range(kernel_size) for l in range(kernel_size)]
        row, column = max(places, key=lambda place: x[n, c][place])
        dx[n][c][row][column] += float(dy[n, c, i, j])
    return dx


def canonical_kernel(name):
    return {
        "blur": [[1 / 9, 1 / 9, 1 / 9] for _ in range(3)],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "edge": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "vertical_edge": ((1, 0, -1), (2, 0, -2), (1, 0, -1)),
    }[name]


def filter_image(image, kernel):
    h, w = image.shape
    kh, kw = kernel.shape

    def pixel(i, j):
        return float(image[i, j]) if 0 <= i < h and 0 <= j < w else 0.0

    return [
        [
            sum(kernel[k, l] * pixel(i - k + kh // 2, j - l + kw // 2) for k in range(kh) for l in range(kw))
            for j in range(w)
        ]
        for i in range(h)
    ]
