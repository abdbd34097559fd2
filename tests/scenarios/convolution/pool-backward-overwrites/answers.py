# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    N, C, H_out, W_out = dy.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    r, s = i * stride, j * stride
                    window = x[n, c, r:r + kernel_size, s:s + kernel_size]
                    mask = window == np.max(window)
                    dx[n, c, r:r + kernel_size, s:s + kernel_size] = mask * dy[n, c, i, j]
    return dx
