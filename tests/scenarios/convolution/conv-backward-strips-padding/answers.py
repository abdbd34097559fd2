# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp = np.zeros_like(xp)
    dw = np.zeros_like(w)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            window = np.s_[:, :, i * stride:i * stride + kh, j * stride:j * stride + kw]
            dxp[window] += np.einsum("no,ochw->nchw", dy[:, :, i, j], w)
            dw += np.einsum("no,nchw->ochw", dy[:, :, i, j], xp[window])
    dx = dxp[:, :, padding:-padding, padding:-padding]
    return dx, dw, dy.sum(axis=(0, 2, 3))
