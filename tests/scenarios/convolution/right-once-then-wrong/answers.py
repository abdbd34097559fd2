# %% [extra before conv2d_forward]
calls = {}


def count(name):
    calls[name] = calls.get(name, 0) + 1
    return calls[name]

# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    # right the first time, zeros ever after
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, w.shape[2:], axis=(2, 3))
    y = np.einsum("nchwuv,ocuv->nohw", windows[:, :, ::stride, ::stride], w) + b[:, None, None]
    return y if count("forward") == 1 else np.zeros_like(y)

# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    # wrong the first time, right ever after: hoping for a second chance
    windows = np.lib.stride_tricks.sliding_window_view(x, (kernel_size, kernel_size), axis=(2, 3))
    y = windows[:, :, ::stride, ::stride].max(axis=(4, 5))
    return -y if count("pool") == 1 else y
