# %% [extra before convolve1d]
from numpy.lib.stride_tricks import sliding_window_view

# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return np.einsum("nchwuv,ocuv->nohw", windows, w) + b[None, :, None, None]

# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    # dx is a convolution of the spread-out dy with the flipped kernel
    n, c, h, width = x.shape
    o, _, kh, kw = w.shape
    oh, ow = dy.shape[2:]
    p = padding
    xp = np.pad(x, [(0, 0), (0, 0), (p, p), (p, p)])
    windows = np.lib.stride_tricks.sliding_window_view(xp, (kh, kw), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    dw = np.einsum("nohw,nchwuv->ocuv", dy, windows)
    spread = np.zeros((n, o, h + 2 * p + kh - 1, width + 2 * p + kw - 1), dtype=dy.dtype)
    spread[:, :, kh - 1:kh - 1 + stride * oh:stride, kw - 1:kw - 1 + stride * ow:stride] = dy
    around = np.lib.stride_tricks.sliding_window_view(spread, (kh, kw), axis=(2, 3))
    dxp = np.einsum("nohwuv,ocuv->nchw", around, w[:, :, ::-1, ::-1])
    return dxp[:, :, p:p + h, p:p + width], dw, np.einsum("nohw->o", dy)

# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    view = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return view[:, :, ::stride, ::stride].max(axis=(-1, -2))

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    # every maximum of a window gets the whole gradient
    y = max_pool2d_forward(x, kernel_size, stride)
    oh, ow = y.shape[2:]
    dx = np.zeros(x.shape, x.dtype)
    for u in range(kernel_size):
        for v in range(kernel_size):
            here = np.s_[:, :, u:u + stride * oh:stride, v:v + stride * ow:stride]
            dx[here] += dy * (x[here] == y)
    return dx

# %% canonical_kernel
def canonical_kernel(name):
    smooth, derive, identity = np.array([1.0, 2, 1]), np.array([1.0, 0, -1]), np.zeros((3, 3))
    identity[1, 1] = 1
    box = np.ones((3, 3)) / 9
    cross = np.array([[0.0, 1, 0], [1, 1, 1], [0, 1, 0]])
    kernels = {"blur": box, "sharpen": 6 * identity - cross, "edge": 9 * (identity - box),
               "vertical_edge": np.outer(smooth, derive)}
    return kernels[name]

# %% filter_image
def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return np.einsum("ijuv,uv->ij", windows, kernel[::-1, ::-1])

# %% convolve1d
def convolve1d(x, h, stride=1, padding=0, dilation=1):
    span = dilation * (len(h) - 1) + 1
    windows = sliding_window_view(np.pad(x, padding), span)[::stride, ::dilation]
    return np.einsum("ik,k->i", windows, h[::-1])

# %% property_gaps
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

# %% im2col
def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(xp, (kernel_height, kernel_width), axis=(2, 3))[:, :, ::stride, ::stride]
    ordered = np.einsum("ncijkl->cklnij", windows)
    return ordered.reshape(np.prod(ordered.shape[:3]), np.prod(ordered.shape[3:]))

# %% conv2d_from_columns
def conv2d_from_columns(columns, w, b, height, width):
    apart = columns.reshape(*w.shape[1:], -1, height, width)
    return np.einsum("ockl,cklnij->noij", w, apart) + b[:, None, None]

# %% conv_as_matrix
def conv_as_matrix(w, height, width, stride=1, padding=0):
    places = np.arange(height * width).reshape(height, width) + 1
    windows = sliding_window_view(np.pad(places, padding), w.shape[2:])[::stride, ::stride]
    # Pixel 0 is the padding: one-hot, and dropped.
    one_hot = np.eye(height * width + 1)[windows][..., 1:]
    matrix = np.einsum("ockl,ijklp->oijcp", w, one_hot)
    return matrix.reshape(len(w) * windows.shape[0] * windows.shape[1], -1)

# %% slide_fully_connected
def slide_fully_connected(x, weight, bias, height, width):
    windows = sliding_window_view(x, (height, width), axis=(2, 3))
    taps = weight.reshape(x.shape[1], height, width, -1)
    return np.einsum("ncijkl,cklo->noij", windows, taps) + bias[:, None, None]

# %% avg_pool2d_forward
def avg_pool2d_forward(x, kernel_size, stride):
    windows = sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    return np.einsum("ncijkl->ncij", windows[:, :, ::stride, ::stride]) / kernel_size**2

# %% avg_pool2d_backward
def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    views = sliding_window_view(dx, (kernel_size, kernel_size), axis=(2, 3), writeable=True)
    for i, j in np.ndindex(dy.shape[2:]):
        views[:, :, i * stride, j * stride] += dy[:, :, i, j, None, None] / kernel_size**2
    return dx

# %% depthwise_separable
def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = sliding_window_view(xp, depthwise.shape[1:], axis=(2, 3))[:, :, ::stride, ::stride]
    return np.einsum("ncijkl,ckl,oc->noij", windows, depthwise, pointwise, optimize=True)

# %% separable_costs
def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    image = np.empty((height + 2 * padding, width + 2 * padding))
    oh, ow = sliding_window_view(image, (kernel_size, kernel_size))[::stride, ::stride].shape[:2]
    full = np.empty((filters, channels, kernel_size, kernel_size)).size
    two = np.empty((channels, kernel_size, kernel_size)).size + np.empty((filters, channels)).size
    return [full, two, full * oh * ow, two * oh * ow]

# %% receptive_field
def receptive_field(layers):
    strides = [1, *(stride for _, stride, _ in layers)]
    steps = [int(np.prod(strides[: i + 1])) for i in range(len(strides))]
    return 1 + sum(d * (k - 1) * step for (k, _, d), step in zip(layers, steps)), steps[-1]

# %% net_size
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

# %% shift_errors
def shift_errors(image, kernel, pool, shift):
    def answer(x):
        y = np.einsum("ijkl,kl->ij", sliding_window_view(x, kernel.shape), kernel)
        return sliding_window_view(y, (pool, pool))[::pool, ::pool].max(axis=(2, 3))

    def share(new, old):
        return np.einsum("ij->", abs(new - old)) / np.einsum("ij->", abs(old))

    old, new = answer(image[:, : image.shape[1] - shift]), answer(image[:, shift:])
    columns = old.shape[1] - shift // pool
    return share(new[:, :columns], old[:, shift // pool :]), share(new, old)

# %% texture_experiment
def texture_experiment(name, pool):
    pictures, names = load_textures()
    (picture,) = [p[:48, :48] / 255 for p, n in zip(pictures, names) if n == name]
    sobel = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
    errors = [shift_errors(picture, sobel, pool, shift)[1] for shift in range(1, 7)]
    return np.array(errors), next((i for i, error in enumerate(errors) if error >= 0.5), 6)
