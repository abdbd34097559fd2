# %% [extra before conv2d_forward]
def windows_as_rows(x, kh, kw, stride, padding):
    """Lay every window out as a row: (N * OH * OW, C * KH * KW)."""
    n, c, h, w = x.shape
    oh = (h + 2 * padding - kh) // stride + 1
    ow = (w + 2 * padding - kw) // stride + 1
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="constant")
    columns = np.zeros((n, c, kh, kw, oh, ow), dtype=x.dtype)
    for u in range(kh):
        for v in range(kw):
            columns[:, :, u, v] = padded[:, :, u:u + stride * oh:stride, v:v + stride * ow:stride]
    return columns.transpose(0, 4, 5, 1, 2, 3).reshape(n * oh * ow, -1), oh, ow


def rows_to_image(columns, shape, kh, kw, stride, padding, oh, ow):
    n, c, h, w = shape
    columns = columns.reshape(n, oh, ow, c, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=columns.dtype)
    for u in range(kh):
        for v in range(kw):
            padded[:, :, u:u + stride * oh:stride, v:v + stride * ow:stride] += columns[:, :, u, v]
    return padded[:, :, padding:h + padding, padding:w + padding]

# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    columns, oh, ow = windows_as_rows(x, w.shape[2], w.shape[3], stride, padding)
    out = np.dot(columns, w.reshape(w.shape[0], -1).T) + b
    return out.reshape(x.shape[0], oh, ow, w.shape[0]).transpose(0, 3, 1, 2)

# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    o, _, kh, kw = w.shape
    columns, oh, ow = windows_as_rows(x, kh, kw, stride, padding)
    dout = dy.transpose(0, 2, 3, 1).reshape(-1, o)
    dw = np.dot(dout.T, columns).reshape(w.shape)
    dcolumns = np.dot(dout, w.reshape(o, -1))
    dx = rows_to_image(dcolumns, x.shape, kh, kw, stride, padding, oh, ow)
    return dx, dw, dout.sum(axis=0)

# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    n, c, h, w = x.shape
    columns, oh, ow = windows_as_rows(x.reshape(n * c, 1, h, w), kernel_size, kernel_size, stride, 0)
    return columns.max(axis=1).reshape(n, c, oh, ow)

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    n, c, h, w = x.shape
    columns, oh, ow = windows_as_rows(x.reshape(n * c, 1, h, w), kernel_size, kernel_size, stride, 0)
    dcolumns = np.zeros_like(columns)
    dcolumns[np.arange(len(columns)), columns.argmax(axis=1)] = dy.reshape(-1)
    return rows_to_image(dcolumns, (n * c, 1, h, w), kernel_size, kernel_size, stride, 0, oh, ow).reshape(x.shape)

# %% filter_image
def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    columns, oh, ow = windows_as_rows(padded[None, None], kh, kw, 1, 0)
    return (columns @ np.flip(kernel).ravel()).reshape(oh, ow)
