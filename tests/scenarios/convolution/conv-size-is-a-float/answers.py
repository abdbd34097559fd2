# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = (H + 2 * padding - HH) / stride + 1
    W_out = (W + 2 * padding - WW) / stride + 1
    out = np.zeros((N, F, H_out, W_out))
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    for i in range(H_out):
        for j in range(W_out):
            patch = padded[:, None, :, i * stride:i * stride + HH, j * stride:j * stride + WW]
            out[:, :, i, j] = np.sum(patch * w, axis=(2, 3, 4)) + b
    return out
