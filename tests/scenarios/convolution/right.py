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
