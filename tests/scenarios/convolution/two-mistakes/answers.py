# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    F, C, HH, WW = w.shape
    xp = np.pad(x, ((0,), (0,), (padding,), (padding,)), "constant")
    dx, dw = np.zeros(xp.shape), np.zeros(w.shape)
    for n in range(x.shape[0]):
        for f in range(F):
            for i in range(dy.shape[2]):
                for j in range(dy.shape[3]):
                    rows, cols = slice(i * stride, i * stride + HH), slice(j * stride, j * stride + WW)
                    dw[f] += dy[n, f, i, j] * xp[n, :, rows, cols]
                    dx[n, :, rows, cols] += dy[n, f, i, j] * w[f]
    return dx[:, :, padding:-padding, padding:-padding], dw, dy.sum(axis=(0, 2, 3))

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros_like(x)
    n, c = np.indices(x.shape[:2])
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            window = x[:, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
            best = window.reshape(*x.shape[:2], -1).argmax(axis=2)
            dx[n, c, i * stride + best // kernel_size, j * stride + best % kernel_size] = dy[:, :, i, j]
    return dx
