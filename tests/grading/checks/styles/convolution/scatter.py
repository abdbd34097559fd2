"""Index arrays, take_along_axis and np.add.at; Fourier transforms for the filter."""

import numpy as np

from course_lib.data import load_textures


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


def convolve1d(x, h, stride=1, padding=0, dilation=1):
    # Every sample launches a copy of the kernel; what lies whole on the padded signal is kept.
    full = np.zeros(len(x) + 2 * padding + dilation * (len(h) - 1))
    places = padding + np.arange(len(x))[:, None] + dilation * np.arange(len(h))
    np.add.at(full, places, x[:, None] * h)
    reach = dilation * (len(h) - 1)
    return full[reach : len(full) - reach : stride]


def property_gaps(operation, x, z, h, a, b):
    def op(f, g):
        kernel = g[::-1] if operation == "correlation" else g
        size = len(f) + len(g) - 1
        y = np.fft.irfft(np.fft.rfft(f, size) * np.fft.rfft(kernel, size), size)
        return {"affine": y + 1, "relu": np.where(y > 0, y, 0)}.get(operation, y)

    return (
        np.max(np.abs(op(x, h) - op(h, x))),
        np.max(np.abs(op(a * x + b * z, h) - (a * op(x, h) + b * op(z, h)))),
    )


def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    rows, columns = indexes(x, kernel_height, kernel_width, stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.moveaxis(xp[:, :, rows, columns], (0, 2, 3), (3, 4, 5))
    return windows.reshape(x.shape[1] * kernel_height * kernel_width, -1)


def conv2d_from_columns(columns, w, b, height, width):
    y = np.tensordot(columns, w.reshape(len(w), -1), axes=(0, 1)) + b
    return np.moveaxis(y.reshape(-1, height, width, len(w)), 3, 1)


def conv_as_matrix(w, height, width, stride=1, padding=0):
    o, c, kh, kw = w.shape
    rows, columns = indexes(np.empty((1, c, height, width)), kh, kw, stride, padding)
    oh, ow = rows.shape[0], columns.shape[0]
    big = np.zeros((o, oh, ow, c, height + 2 * padding, width + 2 * padding))
    i, j = np.arange(oh)[:, None, None, None], np.arange(ow)[:, None, None]
    for f in range(o):
        for channel in range(c):
            np.add.at(big, (f, i, j, channel, rows, columns), w[f, channel])
    inside = big[..., padding : padding + height, padding : padding + width]
    return inside.reshape(o * oh * ow, c * height * width)


def slide_fully_connected(x, weight, bias, height, width):
    rows, columns = indexes(x, height, width, 1, 0)
    windows = np.moveaxis(x[:, :, rows, columns], 1, 3)
    flat = windows.reshape(*windows.shape[:3], -1)
    return np.moveaxis(flat @ weight + bias, -1, 1)


def avg_pool2d_forward(x, kernel_size, stride):
    # Integral image: the sum of a window from its four corners.
    s = np.pad(np.asarray(x, float), ((0, 0), (0, 0), (1, 0), (1, 0))).cumsum(2).cumsum(3)
    k = kernel_size
    sums = s[..., k:, k:] - s[..., :-k, k:] - s[..., k:, :-k] + s[..., :-k, :-k]
    return sums[..., ::stride, ::stride] / k**2


def avg_pool2d_backward(dy, x, kernel_size, stride):
    rows, columns = indexes(x, kernel_size, kernel_size, stride, 0)
    dx = np.zeros(x.shape)
    np.add.at(dx, (slice(None), slice(None), rows, columns), dy[..., None, None] / kernel_size**2)
    return dx


def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    rows, columns = indexes(x, *depthwise.shape[1:], stride, padding)
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    apart = (xp[:, :, rows, columns] * depthwise[:, None, None]).sum((4, 5))
    return np.moveaxis(np.tensordot(pointwise, apart, axes=(1, 1)), 0, 1)


def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    rows, columns = indexes(np.empty((1, 1, height, width)), kernel_size, kernel_size, stride, padding)
    places = rows.shape[0] * columns.shape[0]
    depthwise, pointwise = channels * kernel_size * kernel_size, channels * filters
    full = filters * depthwise
    return (full, depthwise + pointwise, full * places, depthwise * places + pointwise * places)


def receptive_field(layers):
    # Light one unit and go backwards: which pixels light up?
    def lit(unit):
        places = np.array([unit])
        for kernel, stride, dilation in layers[::-1]:
            places = np.unique(places[:, None] * stride + dilation * np.arange(kernel))
        return places

    one, other = lit(0), lit(1)
    return one[-1] - one[0] + 1, other[0] - one[0]


def net_size(input_shape, layers):
    counts = {"units": [], "weights": [], "connections": []}
    c, h, w = input_shape
    for layer in layers:
        match layer:
            case ["fc", outputs]:
                taps = c * h * w
                c, h, w = outputs, 1, 1
            case ["pool", size, stride]:
                taps = 0
                h, w = 1 + (h - size) // stride, 1 + (w - size) // stride
            case ["conv", filters, size, stride, padding]:
                taps = c * size * size
                c = filters
                h, w = 1 + (h + 2 * padding - size) // stride, 1 + (w + 2 * padding - size) // stride
        counts["units"].append(c * h * w)
        counts["weights"].append(c * taps)
        counts["connections"].append(c * h * w * taps)
    return tuple(counts.values())


def shift_errors(image, kernel, pool, shift):
    def seen(part):
        y = conv2d_forward(part[None, None], kernel[None, None], np.zeros(1))
        return np.squeeze(max_pool2d_forward(y, pool, pool), (0, 1))

    width = image.shape[1] - shift
    a, b = seen(np.take(image, range(width), axis=1)), seen(np.delete(image, range(shift), axis=1))
    q = shift // pool
    compared = np.delete(a, range(q), axis=1)
    equivariance = np.abs(np.resize(b, b.shape)[:, : compared.shape[1]] - compared).sum()
    return equivariance / np.abs(compared).sum(), np.abs(b - a).sum() / np.abs(a).sum()


MEASURED = {}


def texture_experiment(name, pool):
    if not MEASURED:
        MEASURED.update(zip(*load_textures()[::-1]))
    picture = MEASURED[name][:48, :48] / 255
    kernel = canonical_kernel("vertical_edge")
    errors = np.array([shift_errors(picture, kernel, pool, 1 + i)[1] for i in range(6)])
    return errors, int(np.argmax(np.append(errors, 1.0) >= 0.5))
