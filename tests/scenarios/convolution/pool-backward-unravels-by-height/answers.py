# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    N, C, H, W = x.shape
    dx = np.zeros((N, C, H * W), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(dy.shape[2]):
                for j in range(dy.shape[3]):
                    best, where = -np.inf, 0
                    for r in range(i * stride, i * stride + kernel_size):
                        for s in range(j * stride, j * stride + kernel_size):
                            if x[n, c, r, s] > best:
                                best, where = x[n, c, r, s], r * H + s
                    dx[n, c, min(where, H * W - 1)] += dy[n, c, i, j]
    return dx.reshape(x.shape)
