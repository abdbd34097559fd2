# The right answers that a scenario uses for every function it does not write itself.
# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    n, _, h, width = x.shape
    o, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (width + 2 * padding - kw) // stride + 1
    y = np.zeros((n, o, oh, ow), dtype=x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            y[:, :, i, j] = np.tensordot(window, w, axes=([1, 2, 3], [1, 2, 3])) + b
    return y

# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    _, _, h, width = x.shape
    _, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    db = dy.sum(axis=(0, 2, 3))
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            rows = slice(i * stride, i * stride + kh)
            cols = slice(j * stride, j * stride + kw)
            dxp[:, :, rows, cols] += np.tensordot(dy[:, :, i, j], w, axes=(1, 0))
            dw += np.tensordot(dy[:, :, i, j], xp[:, :, rows, cols], axes=(0, 0))
    return dxp[:, :, padding:padding + h, padding:padding + width], dw, db

# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    n, c, h, w = x.shape
    oh = (h - kernel_size) // stride + 1
    ow = (w - kernel_size) // stride + 1
    y = np.empty((n, c, oh, ow), dtype=x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = x[:, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top:top + kernel_size, left:left + kernel_size]
        row, col = np.unravel_index(np.argmax(window), window.shape)
        dx[n, c, top + row, left + col] += dy[n, c, i, j]
    return dx

# %% canonical_kernel
def canonical_kernel(name):
    if name == "blur":
        return np.full((3, 3), 1 / 9)
    if name == "sharpen":
        return np.array([[0.0, -1, 0], [-1, 5, -1], [0, -1, 0]])
    if name == "edge":
        return np.array([[-1.0, -1, -1], [-1, 8, -1], [-1, -1, -1]])
    return np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])

# %% filter_image
def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    result = np.zeros(image.shape)
    for u in range(kh):
        for v in range(kw):
            result += kernel[kh - 1 - u, kw - 1 - v] * padded[u:u + image.shape[0], v:v + image.shape[1]]
    return result

# %% convolve1d
def convolve1d(x, h, stride=1, padding=0, dilation=1):
    spread = np.zeros(dilation * (len(h) - 1) + 1)
    spread[::dilation] = h
    xp = np.pad(x, (padding, padding))
    starts = range(0, len(xp) - len(spread) + 1, stride)
    return np.array([np.dot(xp[i:i + len(spread)], spread[::-1]) for i in starts])

# %% property_gaps
def property_gaps(operation, x, z, h, a, b):
    def op(signal, kernel):
        if operation == "correlation":
            kernel = kernel[::-1]
        y = np.convolve(signal, kernel)
        if operation == "affine":
            y = y + 1
        if operation == "relu":
            y = np.maximum(y, 0)
        return y
    commutativity = np.max(np.abs(op(x, h) - op(h, x)))
    linearity = np.max(np.abs(op(a * x + b * z, h) - a * op(x, h) - b * op(z, h)))
    return commutativity, linearity

# %% im2col
def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (xp.shape[2] - kernel_height) // stride + 1
    ow = (xp.shape[3] - kernel_width) // stride + 1
    columns = []
    for image in xp:
        for i in range(oh):
            for j in range(ow):
                top, left = i * stride, j * stride
                columns.append(image[:, top:top + kernel_height, left:left + kernel_width].reshape(-1))
    return np.array(columns).T

# %% conv2d_from_columns
def conv2d_from_columns(columns, w, b, height, width):
    o = w.shape[0]
    n = columns.shape[1] // (height * width)
    y = w.reshape(o, -1) @ columns + b.reshape(o, 1)
    return y.reshape(o, n, height, width).swapaxes(0, 1)

# %% conv_as_matrix
def conv_as_matrix(w, height, width, stride=1, padding=0):
    o, c, kh, kw = w.shape
    oh = (height + 2 * padding - kh) // stride + 1
    ow = (width + 2 * padding - kw) // stride + 1
    M = np.zeros((o, oh, ow, c, height + 2 * padding, width + 2 * padding))
    for i in range(oh):
        for j in range(ow):
            M[:, i, j, :, i * stride:i * stride + kh, j * stride:j * stride + kw] = w
    M = M[..., padding:padding + height, padding:padding + width]
    return M.reshape(o * oh * ow, c * height * width)

# %% slide_fully_connected
def slide_fully_connected(x, weight, bias, height, width):
    n, c, h, w = x.shape
    y = np.zeros((n, len(bias), h - height + 1, w - width + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            window = x[:, :, i:i + height, j:j + width].reshape(n, -1)
            y[:, :, i, j] = window @ weight + bias
    return y

# %% avg_pool2d_forward
def avg_pool2d_forward(x, kernel_size, stride):
    n, c, h, w = x.shape
    oh = (h - kernel_size) // stride + 1
    ow = (w - kernel_size) // stride + 1
    y = np.zeros((n, c, oh, ow))
    for i in range(kernel_size):
        for j in range(kernel_size):
            y += x[:, :, i:i + oh * stride:stride, j:j + ow * stride:stride][:, :, :oh, :ow]
    return y / (kernel_size * kernel_size)

# %% avg_pool2d_backward
def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            rows = slice(i * stride, i * stride + kernel_size)
            cols = slice(j * stride, j * stride + kernel_size)
            dx[:, :, rows, cols] += dy[:, :, i, j][:, :, None, None] / kernel_size**2
    return dx

# %% depthwise_separable
def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    _, kh, kw = depthwise.shape
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    oh = (xp.shape[2] - kh) // stride + 1
    ow = (xp.shape[3] - kw) // stride + 1
    y = np.zeros((x.shape[0], pointwise.shape[0], oh, ow))
    for i in range(oh):
        for j in range(ow):
            window = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            y[:, :, i, j] = (window * depthwise).sum(axis=(2, 3)) @ pointwise.T
    return y

# %% separable_costs
def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    oh = (height + 2 * padding - kernel_size) // stride + 1
    ow = (width + 2 * padding - kernel_size) // stride + 1
    full = channels * filters * kernel_size * kernel_size
    separable = channels * kernel_size * kernel_size + channels * filters
    return full, separable, full * oh * ow, separable * oh * ow

# %% receptive_field
def receptive_field(layers):
    size = 1
    step = 1
    for kernel, stride, dilation in layers:
        size = size + (kernel - 1) * dilation * step
        step = step * stride
    return size, step

# %% net_size
def net_size(input_shape, layers):
    c, h, w = input_shape
    units, weights, connections = [], [], []
    for layer in layers:
        if layer[0] == "conv":
            filters, k, stride, padding = layer[1:]
            h, w = (h + 2 * padding - k) // stride + 1, (w + 2 * padding - k) // stride + 1
            weights.append(filters * c * k * k)
            connections.append(filters * c * k * k * h * w)
            c = filters
        elif layer[0] == "pool":
            h, w = (h - layer[1]) // layer[2] + 1, (w - layer[1]) // layer[2] + 1
            weights.append(0)
            connections.append(0)
        else:
            weights.append(c * h * w * layer[1])
            connections.append(c * h * w * layer[1])
            c, h, w = layer[1], 1, 1
        units.append(c * h * w)
    return units, weights, connections

# %% shift_errors
def shift_errors(image, kernel, pool, shift):
    kh, kw = kernel.shape
    def R(picture):
        h, w = picture.shape[0] - kh + 1, picture.shape[1] - kw + 1
        y = np.zeros((h, w))
        for u in range(kh):
            for v in range(kw):
                y += kernel[u, v] * picture[u:u + h, v:v + w]
        rows, cols = h // pool, w // pool
        return y[:rows * pool, :cols * pool].reshape(rows, pool, cols, pool).max(axis=(1, 3))
    A = R(image[:, :image.shape[1] - shift])
    B = R(image[:, shift:])
    q = shift // pool
    n = A.shape[1]
    equivariance = np.abs(B[:, :n - q] - A[:, q:]).sum() / np.abs(A[:, q:]).sum()
    return equivariance, np.abs(B - A).sum() / np.abs(A).sum()

# %% texture_experiment
def texture_experiment(name, pool):
    picture = textures[names.index(name)][:48, :48] / 255
    kernel = np.array([[1.0, 0, -1], [2, 0, -2], [1, 0, -1]])
    errors = [shift_errors(picture, kernel, pool, shift)[1] for shift in range(1, 7)]
    tolerated = 0
    for error in errors:
        if error >= 0.5:
            break
        tolerated += 1
    return errors, tolerated
