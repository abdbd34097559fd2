"""A loop over output places, everything else by broadcasting."""

import numpy as np

from course_lib.data import load_textures


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


def convolve1d(x, h, stride=1, padding=0, dilation=1):
    xp = np.concatenate([np.zeros(padding), x, np.zeros(padding)])
    reach = dilation * (len(h) - 1)
    y = sum(weight * xp[reach - k * dilation : len(xp) - k * dilation] for k, weight in enumerate(h))
    return y[::stride]


def property_gaps(operation, x, z, h, a, b):
    def op(u, v):
        y = np.convolve(u, np.flip(v) if operation == "correlation" else v)
        y = y + (operation == "affine")
        return y.clip(min=0) if operation == "relu" else y

    together, apart = op(a * x + b * z, h), a * op(x, h) + b * op(z, h)
    return [np.ptp(np.append(abs(d), 0)) for d in (op(x, h) - op(h, x), together - apart)]


def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    xp = np.pad(x, [(0, 0), (0, 0), (padding,) * 2, (padding,) * 2])
    rows = range(0, xp.shape[2] - kernel_height + 1, stride)
    columns = range(0, xp.shape[3] - kernel_width + 1, stride)
    windows = [
        image[:, r : r + kernel_height, s : s + kernel_width].ravel()
        for image in xp
        for r in rows
        for s in columns
    ]
    return np.stack(windows, axis=1)


def conv2d_from_columns(columns, w, b, height, width):
    flat = w.reshape(w.shape[0], -1)
    product = (flat[:, :, None] * columns[None]).sum(1) + b.reshape(-1, 1)
    return np.stack(np.split(product, columns.shape[1] // (height * width), axis=1)).reshape(
        -1, w.shape[0], height, width
    )


def conv_as_matrix(w, height, width, stride=1, padding=0):
    o, c, kh, kw = w.shape
    blank = np.zeros((c, height + 2 * padding, width + 2 * padding))
    lines = []
    for kernel in w:
        for r in range(0, blank.shape[1] - kh + 1, stride):
            for s in range(0, blank.shape[2] - kw + 1, stride):
                line = blank.copy()
                line[:, r : r + kh, s : s + kw] = kernel
                lines.append(line[:, padding : padding + height, padding : padding + width].ravel())
    return np.array(lines)


def slide_fully_connected(x, weight, bias, height, width):
    n, c, h, w = x.shape
    y = np.zeros((n, len(bias), h - height + 1, w - width + 1))
    for row, weights in enumerate(weight):
        channel, k, l = np.unravel_index(row, (c, height, width))
        seen = x[:, channel, k : k + y.shape[2], l : l + y.shape[3]]
        y += weights[:, None, None] * seen[:, None]
    return y + bias[:, None, None]


def avg_pool2d_forward(x, kernel_size, stride):
    k = kernel_size
    rows = range(0, x.shape[2] - k + 1, stride)
    columns = range(0, x.shape[3] - k + 1, stride)
    lines = [np.stack([x[..., r : r + k, s : s + k].mean((-2, -1)) for s in columns], -1) for r in rows]
    return np.stack(lines, -2)


def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros_like(x)
    oh, ow = dy.shape[2:]
    for k in range(kernel_size):
        for l in range(kernel_size):
            dx[..., k : k + stride * oh : stride, l : l + stride * ow : stride][..., :oh, :ow] += dy
    return dx / kernel_size**2


def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    # One full layer whose kernels are products of both stages.
    w = pointwise[:, :, None, None] * depthwise[None]
    return conv2d_forward(x, w, np.zeros(len(pointwise)), stride, padding)


def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    sides = np.array([height, width])
    places = ((sides + 2 * padding - kernel_size) // stride + 1).prod()
    weights = np.array([channels * filters * kernel_size**2, channels * (kernel_size**2 + filters)])
    return (*weights, *(weights * places))


def receptive_field(layers):
    kernels, strides, dilations = np.array(layers, dtype=int).reshape(-1, 3).T
    steps = np.cumprod(np.concatenate([[1], strides]))
    return 1 + (dilations * (kernels - 1) * steps[:-1]).sum(), steps[-1]


def net_size(input_shape, layers):
    shape = np.array(input_shape)
    table = []
    for kind, *args in layers:
        before = shape
        if kind == "fc":
            shape = np.array([args[0], 1, 1])
            fan_in = before.prod()
        else:
            k, s, p = args[-3:] if kind == "conv" else (*args, 0)
            shape = np.array([args[0] if kind == "conv" else before[0], *((before[1:] + 2 * p - k) // s + 1)])
            fan_in = before[0] * k * k if kind == "conv" else 0
        table.append((shape.prod(), fan_in * shape[0], fan_in * shape.prod()))
    return tuple(np.array(table).T)


def shift_errors(image, kernel, pool, shift):
    kh, kw = kernel.shape

    def respond(picture):
        h, w = picture.shape[0] - kh + 1, picture.shape[1] - kw + 1
        y = sum(kernel[k, l] * picture[k : k + h, l : l + w] for k in range(kh) for l in range(kw))
        y = y[: h // pool * pool, : w // pool * pool]
        return y.reshape(h // pool, pool, w // pool, pool).max((1, 3))

    a, b = respond(image[:, :-shift]), respond(image[:, shift:])
    q = shift // pool
    along, stays = a[:, q:], b[:, : a.shape[1] - q]
    return abs(stays - along).sum() / abs(along).sum(), abs(b - a).sum() / abs(a).sum()


def texture_experiment(name, pool):
    pictures, names = load_textures()
    corner = dict(zip(names, pictures))[name][:48, :48]
    kernel = np.outer([1, 2, 1], [1, 0, -1])
    errors = np.array([shift_errors(corner / 255, kernel, pool, s)[1] for s in np.arange(1, 7)])
    return errors, np.logical_and.accumulate(errors < 0.5).sum()
