# %% [extra before conv2d_forward]
def window_indices(channels, oh, ow, kh, kw, stride):
    """Fancy indices of every window: channel (C*KH*KW, 1), row and column (C*KH*KW, OH*OW)."""
    u = np.tile(np.repeat(np.arange(kh), kw), channels).reshape(-1, 1)
    v = np.tile(np.arange(kw), kh * channels).reshape(-1, 1)
    rows = u + stride * np.repeat(np.arange(oh), ow).reshape(1, -1)
    cols = v + stride * np.tile(np.arange(ow), oh).reshape(1, -1)
    return np.repeat(np.arange(channels), kh * kw).reshape(-1, 1), rows, cols

# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    OH = int((H + 2 * padding - KH) / stride + 1)
    OW = int((W + 2 * padding - KW) / stride + 1)
    k, i, j = window_indices(C, OH, OW, KH, KW, stride)
    xp = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    print("conv2d_forward", x.shape, "->", (N, F, OH, OW))
    return (w.reshape(F, -1) @ xp[:, k, i, j] + b.reshape(-1, 1)).reshape(N, F, OH, OW)

# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, KH, KW = w.shape
    assert dy.shape[:2] == (N, F)
    k, i, j = window_indices(C, dy.shape[2], dy.shape[3], KH, KW, stride)
    xp = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    d = dy.reshape(N, F, -1)
    dw = np.sum(d @ xp[:, k, i, j].transpose(0, 2, 1), axis=0).reshape(w.shape)
    dxp = np.zeros(xp.shape, dtype=x.dtype)
    np.add.at(dxp, (slice(None), k, i, j), w.reshape(F, -1).T @ d)
    return dxp[:, :, padding:H + padding, padding:W + padding], dw, d.sum(axis=(0, 2))

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    N, C, OH, OW = dy.shape
    flat = x.reshape(N * C, 1, *x.shape[2:])
    _, i, j = window_indices(1, OH, OW, kernel_size, kernel_size, stride)
    windows = flat[:, 0, i, j]
    winner = windows.argmax(axis=1)
    dx = np.zeros_like(flat)
    place = np.arange(OH * OW)
    image = np.arange(N * C)[:, None]
    np.add.at(dx, (image, 0, i[winner, place], j[winner, place]), dy.reshape(N * C, -1))
    return dx.reshape(x.shape)

# %% filter_image
def filter_image(image, kernel):
    # scatter instead of gather: every pixel leaves the unflipped kernel around itself
    kh, kw = kernel.shape
    h, w = image.shape
    out = np.zeros((h + kh - 1, w + kw - 1))
    for u, v in np.ndindex(kh, kw):
        out[u:u + h, v:v + w] += kernel[u, v] * image
    return out[kh // 2:kh // 2 + h, kw // 2:kw // 2 + w]
