"""Plain lists inside and out; the three gradients in a list."""

import numpy as np

from course_lib.data import load_textures


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


def convolve1d(x, h, stride=1, padding=0, dilation=1):
    signal = [0.0] * padding + x.tolist() + [0.0] * padding
    spread = [0.0] * (dilation * (len(h) - 1) + 1)
    spread[::dilation] = h.tolist()
    spread.reverse()
    return [
        sum(p * q for p, q in zip(spread, signal[i : i + len(spread)]))
        for i in range(0, len(signal) - len(spread) + 1, stride)
    ]


def property_gaps(operation, x, z, h, a, b):
    def op(u, v):
        if operation == "correlation":
            v = list(reversed(v))
        y = [
            sum(u[s] * v[t - s] for s in range(len(u)) if 0 <= t - s < len(v))
            for t in range(len(u) + len(v) - 1)
        ]
        if operation == "affine":
            y = [value + 1 for value in y]
        return [max(value, 0) for value in y] if operation == "relu" else y

    x, z, h = x.tolist(), z.tolist(), h.tolist()
    mixed = op([a * p + b * q for p, q in zip(x, z)], h)
    linear = [m - a * p - b * q for m, p, q in zip(mixed, op(x, h), op(z, h))]
    return [max(abs(p - q) for p, q in zip(op(x, h), op(h, x))), max(map(abs, linear))]


def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = range(0, x.shape[2] - kernel_height + 1, stride)
    columns = range(0, x.shape[3] - kernel_width + 1, stride)
    return [
        [float(x[n, c, r + k, s + l]) for n in range(len(x)) for r in rows for s in columns]
        for c in range(x.shape[1])
        for k in range(kernel_height)
        for l in range(kernel_width)
    ]


def conv2d_from_columns(columns, w, b, height, width):
    lines = [kernel.ravel() @ columns + bias for kernel, bias in zip(w, b)]
    size = height * width
    return [
        [line[n * size : (n + 1) * size].reshape(height, width).tolist() for line in lines]
        for n in range(columns.shape[1] // size)
    ]


def conv_as_matrix(w, height, width, stride=1, padding=0):
    O, C, KH, KW = w.shape

    def weight(o, c, k, l):
        return float(w[o, c, k, l]) if 0 <= k < KH and 0 <= l < KW else 0.0

    return [
        [
            weight(o, c, row - top, column - left)
            for c in range(C)
            for row in range(height)
            for column in range(width)
        ]
        for o in range(O)
        for top in range(-padding, height + padding - KH + 1, stride)
        for left in range(-padding, width + padding - KW + 1, stride)
    ]


def slide_fully_connected(x, weight, bias, height, width):
    def at(image, i, j):
        return (image[:, i : i + height, j : j + width].ravel() @ weight + bias).tolist()

    return [
        [
            [
                [at(image, i, j)[o] for j in range(x.shape[3] - width + 1)]
                for i in range(x.shape[2] - height + 1)
            ]
            for o in range(len(bias))
        ]
        for image in x
    ]


def avg_pool2d_forward(x, kernel_size, stride):
    rows = range(0, x.shape[2] - kernel_size + 1, stride)
    columns = range(0, x.shape[3] - kernel_size + 1, stride)
    return [
        [
            [[float(np.mean(plane[i : i + kernel_size, j : j + kernel_size])) for j in columns] for i in rows]
            for plane in image
        ]
        for image in x
    ]


def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = (x * 0.0).tolist()
    for n, c, i, j in np.ndindex(*dy.shape):
        for k in range(kernel_size):
            for l in range(kernel_size):
                dx[n][c][i * stride + k][j * stride + l] += float(dy[n, c, i, j]) / kernel_size / kernel_size
    return dx


def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    apart = [
        conv2d_forward(x[:, c : c + 1], depthwise[None, c : c + 1], [0.0], stride, padding)
        for c in range(len(depthwise))
    ]
    return [
        [sum(row[c] * np.array(apart[c][n][0]) for c in range(len(row))).tolist() for row in pointwise]
        for n in range(len(x))
    ]


def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    def count(side):
        return len(range(0, side + 2 * padding - kernel_size + 1, stride))

    weights = [channels * filters * kernel_size**2, channels * kernel_size**2 + channels * filters]
    return weights + [count(height) * count(width) * number for number in weights]


def receptive_field(layers):
    # Which pixels does a unit see, and which its neighbour? Sets of them, layer by layer from the last.
    def outline(unit):
        first = last = unit
        for kernel, stride, dilation in layers[::-1]:
            taps = [dilation * k for k in range(kernel)]
            first, last = stride * first + min(taps), stride * last + max(taps)
        return first, last

    (first, last), (following, _) = outline(0), outline(1)
    return [last - first + 1, following - first]


def net_size(input_shape, layers):
    if not layers:
        return [], [], []
    (kind, *numbers), *rest = layers
    c, h, w = input_shape
    if kind == "fc":
        shape, weights = (numbers[0], 1, 1), c * h * w * numbers[0]
    elif kind == "pool":
        size, stride = numbers
        shape, weights = (c, (h - size) // stride + 1, (w - size) // stride + 1), 0
    else:
        o, size, stride, padding = numbers
        high, wide = h + 2 * padding - size, w + 2 * padding - size
        shape, weights = (o, high // stride + 1, wide // stride + 1), o * c * size * size
    following = net_size(shape, rest)
    here = shape[0] * shape[1] * shape[2], weights, weights * shape[1] * shape[2]
    return tuple([first, *others] for first, others in zip(here, following))


def shift_errors(image, kernel, pool, shift):
    def answers(picture):
        y = conv2d_forward(np.array([[picture]]), np.array([[kernel]]), [0.0])
        return max_pool2d_forward(np.array(y), pool, pool)[0][0]

    def error(new, old):
        gaps = [abs(p - q) for r, s in zip(new, old) for p, q in zip(r, s)]
        return sum(gaps) / sum(abs(q) for s in old for q in s)

    before = answers([row[: len(row) - shift] for row in image.tolist()])
    after = answers([row[shift:] for row in image.tolist()])
    q = shift // pool
    return [error(after, [row[q:] for row in before]), error(after, before)]


def texture_experiment(name, pool):
    textures, names = load_textures()
    picture = textures[list(names).index(name), :48, :48] / 255.0
    kernel = np.array(canonical_kernel("vertical_edge"))
    errors = [shift_errors(picture, kernel, pool, shift)[1] for shift in (1, 2, 3, 4, 5, 6)]
    large = [shift for shift in range(6) if errors[shift] >= 0.5]
    return [errors, min([*large, 6])]
