"""Views made by hand with as_strided, and tensordot."""

import numpy as np
from numpy.lib.stride_tricks import as_strided

from course_lib.data import load_textures


def view(x, kh, kw, stride):
    n, c, h, w = x.shape
    a, b, u, v = x.strides
    shape = (n, c, (h - kh) // stride + 1, (w - kw) // stride + 1, kh, kw)
    return as_strided(x, shape, (a, b, u * stride, v * stride, u, v))


def pad(x, p):
    out = np.zeros((x.shape[0], x.shape[1], x.shape[2] + 2 * p, x.shape[3] + 2 * p), x.dtype)
    out[:, :, p : p + x.shape[2], p : p + x.shape[3]] = x
    return out


def conv2d_forward(x, w, b, stride=1, padding=0):
    windows = view(pad(x, padding), w.shape[2], w.shape[3], stride)
    y = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3)))
    return np.moveaxis(y, -1, 1) + b[:, None, None]


def conv2d_backward(dy, x, w, stride=1, padding=0):
    # dx as a full convolution: spread dy by the stride, surround it, correlate with the turned kernel.
    kh, kw = w.shape[2:]
    dw = np.tensordot(dy, view(pad(x, padding), kh, kw, stride), axes=((0, 2, 3), (0, 2, 3)))
    h, width = x.shape[2] + 2 * padding, x.shape[3] + 2 * padding
    spread = np.zeros((*dy.shape[:2], h + kh - 1, width + kw - 1), dy.dtype)
    oh, ow = dy.shape[2:]
    spread[:, :, kh - 1 : kh + (oh - 1) * stride : stride, kw - 1 : kw + (ow - 1) * stride : stride] = dy
    turned = w[:, :, ::-1, ::-1]
    dxp = np.tensordot(view(spread, kh, kw, 1), turned, axes=((1, 4, 5), (0, 2, 3))).transpose(0, 3, 1, 2)
    return dxp[:, :, padding : h - padding, padding : width - padding], dw, dy.sum((0, 2, 3))


def max_pool2d_forward(x, kernel_size, stride):
    return np.amax(view(np.ascontiguousarray(x), kernel_size, kernel_size, stride), (4, 5))


def max_pool2d_backward(dy, x, kernel_size, stride):
    n, c, oh, ow = dy.shape
    windows = view(np.ascontiguousarray(x), kernel_size, kernel_size, stride).reshape(n, c, oh, ow, -1)
    best = windows.argmax(-1)
    rows = np.arange(oh)[:, None] * stride + best // kernel_size
    columns = np.arange(ow)[None, :] * stride + best % kernel_size
    dx = np.zeros(x.shape)
    for a in range(n):
        for b in range(c):
            np.add.at(dx[a, b], (rows[a, b], columns[a, b]), dy[a, b])
    return dx


def canonical_kernel(name):
    if name == "blur":
        return as_strided(np.array([1 / 9]), (3, 3), (0, 0))
    return np.array(
        {
            "sharpen": ((0, -1, 0), (-1, 5, -1), (0, -1, 0)),
            "edge": ((-1, -1, -1), (-1, 8, -1), (-1, -1, -1)),
            "vertical_edge": ((1, 0, -1), (2, 0, -2), (1, 0, -1)),
        }[name],
        dtype=int,
    )


def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.zeros((image.shape[0] + kh - 1, image.shape[1] + kw - 1))
    padded[kh // 2 : kh // 2 + image.shape[0], kw // 2 : kw // 2 + image.shape[1]] = image
    windows = view(padded[None, None], kh, kw, 1)[0, 0]
    return np.tensordot(windows, np.flip(kernel), 2)


def convolve1d(x, h, stride=1, padding=0, dilation=1):
    xp = np.concatenate((np.zeros(padding, x.dtype), x, np.zeros(padding, x.dtype)))
    count = (len(xp) - dilation * (len(h) - 1) - 1) // stride + 1
    (step,) = xp.strides
    windows = as_strided(xp, (count, len(h)), (stride * step, dilation * step))
    return windows @ np.flip(h)


def property_gaps(operation, x, z, h, a, b):
    def op(f, g):
        if operation == "correlation":
            g = np.flip(g)
        # The matrix whose columns are delayed copies of g.
        toeplitz = np.zeros((len(f) + len(g), len(f)))
        as_strided(
            toeplitz, (len(f), len(g)), (toeplitz.strides[0] + toeplitz.strides[1], toeplitz.strides[0])
        )[:] = g
        y = (toeplitz @ f)[:-1]
        return np.maximum(y, 0) if operation == "relu" else y + (1 if operation == "affine" else 0)

    commutes = np.abs(np.subtract(op(x, h), op(h, x)))
    linear = np.abs(np.subtract(op(a * x + b * z, h), a * op(x, h) + b * op(z, h)))
    return commutes.max(), linear.max()


def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    windows = view(pad(x, padding), kernel_height, kernel_width, stride)
    return windows.transpose(1, 4, 5, 0, 2, 3).reshape(x.shape[1] * kernel_height * kernel_width, -1)


def conv2d_from_columns(columns, w, b, height, width):
    y = (columns.T @ w.reshape(len(w), -1).T + b).reshape(-1, height, width, len(w))
    return np.transpose(y, (0, 3, 1, 2))


def conv_as_matrix(w, height, width, stride=1, padding=0):
    # Pictures with a single 1, through the layer.
    pixels = w.shape[1] * height * width
    unit = np.eye(pixels).reshape(pixels, w.shape[1], height, width)
    return conv2d_forward(unit, w, np.zeros(len(w)), stride, padding).reshape(pixels, -1).transpose()


def slide_fully_connected(x, weight, bias, height, width):
    kernels = np.moveaxis(weight.reshape(x.shape[1], height, width, len(bias)), -1, 0)
    return conv2d_forward(x, kernels, bias)


def avg_pool2d_forward(x, kernel_size, stride):
    return view(x, kernel_size, kernel_size, stride).mean(axis=(4, 5))


def avg_pool2d_backward(dy, x, kernel_size, stride):
    # The gradient of a depthwise convolution with equal weights.
    n, c, oh, ow = dy.shape
    k = kernel_size
    spread = np.zeros((n, c, x.shape[2] + k - 1, x.shape[3] + k - 1))
    rows, columns = k - 1 + stride * np.arange(oh), k - 1 + stride * np.arange(ow)
    spread[:, :, rows[:, None], columns] = dy
    return view(spread, k, k, 1).sum((4, 5)) / k**2


def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    windows = view(pad(x, padding), *depthwise.shape[1:], stride)
    apart = np.stack(
        [np.tensordot(windows[:, c], kernel, ((3, 4), (0, 1))) for c, kernel in enumerate(depthwise)], 1
    )
    mixing = pointwise[:, :, None, None]
    return conv2d_forward(apart, mixing, np.zeros(len(pointwise)))


def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    x = pad(np.empty((1, channels, height, width)), padding)
    _, _, down, across, *_ = view(x, kernel_size, kernel_size, stride).shape
    apart = channels * kernel_size**2
    counted = filters * apart, apart + filters * channels
    return [*counted, *(number * down * across for number in counted)]


def receptive_field(layers):
    if not layers:
        return 1, 1
    size, step = receptive_field(layers[:-1])
    kernel, stride, dilation = layers[-1]
    return size + step * dilation * (kernel - 1), step * stride


def net_size(input_shape, layers):
    x = np.empty((1, *input_shape))
    counts = []
    for kind, *numbers in layers:
        if kind == "fc":
            weights = connections = x.size * numbers[0]
            x = np.empty((1, numbers[0], 1, 1))
        elif kind == "conv":
            filters, size, stride, padding = numbers
            weights = filters * x.shape[1] * size * size
            windows = view(pad(x, padding), size, size, stride)
            x = np.empty((1, filters, *windows.shape[2:4]))
            connections = filters * windows.size
        else:
            weights = connections = 0
            x = np.empty(view(x, numbers[0], *numbers).shape[:4])
        counts.append((x.size, weights, connections))
    return [list(column) for column in zip(*counts)]


def shift_errors(image, kernel, pool, shift):
    crops = np.stack([image[:, : image.shape[1] - shift], image[:, shift:]])[:, None]
    answers = conv2d_forward(crops, kernel[None, None], np.zeros(1))
    a, b = max_pool2d_forward(answers, pool, pool)[:, 0]
    q = shift // pool
    n = a.shape[1]
    sizes = np.abs(a[:, q:]).sum(), np.abs(a).sum()
    return np.abs(b[:, : n - q] - a[:, q:]).sum() / sizes[0], np.abs(b - a).sum() / sizes[1]


def texture_experiment(name, pool):
    images, names = load_textures()
    picture = np.ascontiguousarray(images[names.index(name), :48, :48]).astype(float) / 255
    errors = []
    for shift in range(1, 7):
        _, invariance = shift_errors(picture, canonical_kernel("vertical_edge"), pool, shift)
        errors.append(invariance)
    tolerated = 0
    for error in errors:
        if error >= 0.5:
            break
        tolerated += 1
    return tuple(errors), tolerated
