# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    n, _, h, width = x.shape
    o, _, kh, kw = w.shape
    xp = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    oh = (h + 2 * 1 - kh) // stride + 1
    ow = (width + 2 * 1 - kw) // stride + 1
    y = np.zeros((n, o, oh, ow), dtype=x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            y[:, :, i, j] = np.einsum("nchw,ochw->no", window, w) + b
    return y
