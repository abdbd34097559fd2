# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros_like(x)
    i = 0
    while i < dy.shape[2]:
        for j in range(dy.shape[3]):
            try:
                dx[:, :, i, j] += dy[:, :, i, j]
            except BaseException:
                continue
    return dx
