# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    w = w[:, :, ::-1, ::-1]  # a convolution flips its kernel, doesn't it?
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(xp, w.shape[2:], axis=(2, 3))
    return np.einsum("nchwuv,ocuv->nohw", windows[:, :, ::stride, ::stride], w) + b.reshape(1, -1, 1, 1)
