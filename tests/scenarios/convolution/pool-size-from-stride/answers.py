# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    N, C, H, W = x.shape
    H_out = (H + 1) // stride
    W_out = (W + 1) // stride
    y = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
    for i in range(H_out):
        for j in range(W_out):
            window = x[:, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
            y[:, :, i, j] = window.max(axis=(2, 3))
    return y
