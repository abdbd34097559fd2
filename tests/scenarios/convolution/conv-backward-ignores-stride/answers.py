# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    kh, kw = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            window = xp[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            dw += np.einsum("no,nchw->ochw", dy[:, :, i, j], window)
            dxp[:, :, i:i + kh, j:j + kw] += np.einsum("no,ochw->nchw", dy[:, :, i, j], w)
    return dxp[:, :, padding:padding + H, padding:padding + W], dw, dy.sum(axis=(0, 2, 3))
