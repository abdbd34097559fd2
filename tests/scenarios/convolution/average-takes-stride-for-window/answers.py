# %% avg_pool2d_forward
def avg_pool2d_forward(x, kernel_size, stride):
    n, c, h, w = x.shape
    y = np.zeros((n, c, (h - kernel_size) // stride + 1, (w - kernel_size) // stride + 1))
    for i in range(y.shape[2]):
        for j in range(y.shape[3]):
            window = x[:, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
            y[:, :, i, j] = window.sum(axis=(2, 3)) / (stride * stride)
    return y

# %% avg_pool2d_backward
def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dy.shape):
        top, left = i * stride, j * stride
        dx[n, c, top:top + kernel_size, left:left + kernel_size] = dy[n, c, i, j] / kernel_size**2
    return dx
