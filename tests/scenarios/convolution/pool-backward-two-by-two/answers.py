# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    N, C, H_out, W_out = dy.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    window = x[n, c, 2 * i:2 * i + 2, 2 * j:2 * j + 2]
                    u, v = np.unravel_index(window.argmax(), window.shape)
                    dx[n, c, 2 * i + u, 2 * j + v] += dy[n, c, i, j]
    return dx
