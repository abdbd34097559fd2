"""Sliding windows and einsum; no loop but over the kernel's taps."""

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from course_lib.data import load_textures


def conv2d_forward(x, w, b, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,ockl->noij", windows, w, optimize=True) + b[None, :, None, None]


def conv2d_backward(dy, x, w, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(xp, w.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    dw = np.einsum("noij,ncijkl->ockl", dy, windows)
    dxp = np.zeros(xp.shape)
    oh, ow = dy.shape[2:]
    for k in range(w.shape[2]):
        for l in range(w.shape[3]):
            share = np.einsum("noij,oc->ncij", dy, w[:, :, k, l])
            dxp[:, :, k : k + stride * (oh - 1) + 1 : stride, l : l + stride * (ow - 1) + 1 : stride] += share
    dx = dxp[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return dx, dw, np.einsum("noij->o", dy)


def max_pool2d_forward(x, kernel_size, stride):
    windows = sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return windows[:, :, ::stride, ::stride].max(axis=(-1, -2))


def max_pool2d_backward(dy, x, kernel_size, stride):
    # A writeable view of windows; ties in equal shares.
    dx = np.zeros(x.shape, dtype=dy.dtype)
    size = (kernel_size, kernel_size)
    source = sliding_window_view(x, size, axis=(2, 3))[:, :, ::stride, ::stride]
    target = sliding_window_view(dx, size, axis=(2, 3), writeable=True)[:, :, ::stride, ::stride]
    mask = source == source.max(axis=(4, 5), keepdims=True)
    shares = mask * dy[..., None, None] / mask.sum(axis=(4, 5), keepdims=True)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            target[:, :, i, j] += shares[:, :, i, j]
    return dx


def canonical_kernel(name):
    if name == "blur":
        return np.einsum("i,j->ij", np.ones(3), np.ones(3)) / 9
    if name == "vertical_edge":
        return np.einsum("i,j->ij", [1, 2, 1], [1, 0, -1])
    cells = {"sharpen": [0, -1, 0, -1, 5, -1, 0, -1, 0], "edge": [-1, -1, -1, -1, 8, -1, -1, -1, -1]}
    return np.reshape(cells[name], (3, 3))


def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    return np.einsum("ijkl,kl", sliding_window_view(padded, kernel.shape), kernel[::-1, ::-1])


def convolve1d(x, h, stride=1, padding=0, dilation=1):
    span = dilation * (len(h) - 1) + 1
    windows = sliding_window_view(np.pad(x, padding), span)[::stride, ::dilation]
    return np.einsum("ik,k->i", windows, h[::-1])


def property_gaps(operation, x, z, h, a, b):
    def correlate(f, g):
        windows = sliding_window_view(np.pad(f, len(g) - 1), len(g))
        return np.einsum("tk,k->t", windows, g)

    ops = {
        "convolution": lambda f, g: correlate(f, g[::-1]),
        "correlation": correlate,
        "affine": lambda f, g: correlate(f, g[::-1]) + 1,
        "relu": lambda f, g: np.maximum(0, correlate(f, g[::-1])),
    }
    op = ops[operation]
    gaps = op(x, h) - op(h, x), op(a * x + b * z, h) - a * op(x, h) - b * op(z, h)
    return tuple(np.linalg.norm(gap, np.inf) for gap in gaps)


def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(xp, (kernel_height, kernel_width), axis=(2, 3))[:, :, ::stride, ::stride]
    ordered = np.einsum("ncijkl->cklnij", windows)
    return ordered.reshape(np.prod(ordered.shape[:3]), np.prod(ordered.shape[3:]))


def conv2d_from_columns(columns, w, b, height, width):
    apart = columns.reshape(*w.shape[1:], -1, height, width)
    return np.einsum("ockl,cklnij->noij", w, apart) + b[:, None, None]


def conv_as_matrix(w, height, width, stride=1, padding=0):
    places = np.arange(height * width).reshape(height, width) + 1
    windows = sliding_window_view(np.pad(places, padding), w.shape[2:])[::stride, ::stride]
    # Pixel 0 is the padding: one-hot, and dropped.
    one_hot = np.eye(height * width + 1)[windows][..., 1:]
    matrix = np.einsum("ockl,ijklp->oijcp", w, one_hot)
    return matrix.reshape(len(w) * windows.shape[0] * windows.shape[1], -1)


def slide_fully_connected(x, weight, bias, height, width):
    windows = sliding_window_view(x, (height, width), axis=(2, 3))
    taps = weight.reshape(x.shape[1], height, width, -1)
    return np.einsum("ncijkl,cklo->noij", windows, taps) + bias[:, None, None]


def avg_pool2d_forward(x, kernel_size, stride):
    windows = sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return np.einsum("ncijkl->ncij", windows[:, :, ::stride, ::stride]) / kernel_size**2


def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    views = sliding_window_view(dx, (kernel_size, kernel_size), axis=(2, 3), writeable=True)
    for i, j in np.ndindex(dy.shape[2:]):
        views[:, :, i * stride, j * stride] += dy[:, :, i, j, None, None] / kernel_size**2
    return dx


def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(xp, depthwise.shape[1:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,ckl,oc->noij", windows, depthwise, pointwise, optimize=True)


def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    image = np.empty((height + 2 * padding, width + 2 * padding))
    oh, ow = sliding_window_view(image, (kernel_size, kernel_size))[::stride, ::stride].shape[:2]
    full = np.empty((filters, channels, kernel_size, kernel_size)).size
    two = np.empty((channels, kernel_size, kernel_size)).size + np.empty((filters, channels)).size
    return [full, two, full * oh * ow, two * oh * ow]


def receptive_field(layers):
    strides = [1, *(stride for _, stride, _ in layers)]
    steps = [int(np.prod(strides[: i + 1])) for i in range(len(strides))]
    return 1 + sum(d * (k - 1) * step for (k, _, d), step in zip(layers, steps)), steps[-1]


def net_size(input_shape, layers):
    def sizes(shape, layer):
        if layer[0] == "fc":
            return (layer[1], 1, 1), int(np.prod(shape))
        k, s, p = layer[2:] if layer[0] == "conv" else (*layer[1:], 0)
        channels = layer[1] if layer[0] == "conv" else shape[0]
        fan_in = shape[0] * k**2 if layer[0] == "conv" else 0
        return (channels, *((side + 2 * p - k) // s + 1 for side in shape[1:])), fan_in

    units, weights, connections = [], [], []
    shape = input_shape
    for layer in layers:
        shape, fan_in = sizes(shape, layer)
        units += [int(np.prod(shape))]
        weights += [fan_in * shape[0]]
        connections += [fan_in * units[-1]]
    return [units, weights, connections]


def shift_errors(image, kernel, pool, shift):
    def answer(x):
        y = np.einsum("ijkl,kl->ij", sliding_window_view(x, kernel.shape), kernel)
        return sliding_window_view(y, (pool, pool))[::pool, ::pool].max(axis=(2, 3))

    def share(new, old):
        return np.einsum("ij->", abs(new - old)) / np.einsum("ij->", abs(old))

    old, new = answer(image[:, : image.shape[1] - shift]), answer(image[:, shift:])
    columns = old.shape[1] - shift // pool
    return share(new[:, :columns], old[:, shift // pool :]), share(new, old)


def texture_experiment(name, pool):
    pictures, names = load_textures()
    (picture,) = [p[:48, :48] / 255 for p, n in zip(pictures, names) if n == name]
    sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    errors = [shift_errors(picture, sobel, pool, shift)[1] for shift in range(1, 7)]
    return np.array(errors), next((i for i, error in enumerate(errors) if error >= 0.5), 6)
