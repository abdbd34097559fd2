# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    kh, kw = w.shape[2:]
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dxp, dw = np.zeros_like(xp), np.zeros_like(w)
    for u in range(kh):
        for v in range(kw):
            seen = np.s_[:, :, u:u + stride * dy.shape[2]:stride, v:v + stride * dy.shape[3]:stride]
            dw[:, :, u, v] = np.einsum("nohw,nchw->oc", dy, xp[seen])
            dxp[seen] += np.einsum("nohw,oc->nchw", dy, w[:, :, u, v])
    return dxp[:, :, padding:-padding, padding:-padding], dw, np.sum(dy, axis=(0, 2, 3))

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for n, c, i, j in np.ndindex(dy.shape):
        top, left = i * stride, j * stride
        window = x[n, c, top:top + kernel_size, left:left + kernel_size]
        a, b = np.argwhere(window == window.max())[0]
        dx[n, c, top + a, left + b] = dy[n, c, i, j]
    return dx

# %% filter_image
def filter_image(image, kernel):
    kh, kw = kernel.shape
    padded = np.pad(image, ((kh // 2, kh // 2), (kw // 2, kw // 2)))
    return np.einsum("ijuv,uv->ij", np.lib.stride_tricks.sliding_window_view(padded, (kh, kw)), kernel)
