# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    H_out = 1 + (H + 2 * padding - HH) // stride
    W_out = 1 + (W + 2 * padding - WW) // stride
    out = np.zeros((N, F, H_out, W_out)).astype(x.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    total = b[f]
                    for c in range(C):
                        for u in range(HH):
                            for v in range(WW):
                                row = i * stride + u - padding
                                col = j * stride + v - padding
                                if 0 <= row < H and 0 <= col < W:
                                    total = total + x[n, c, row, col] * w[f, c, u, v]
                    out[n, f, i, j] = total
    return out

# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    F, _, HH, WW = w.shape
    _, _, H_out, W_out = dy.shape
    dx = np.zeros_like(x)
    dw = np.zeros_like(w)
    db = np.zeros(F, dtype=dy.dtype)
    for n in range(N):
        for f in range(F):
            for i in range(H_out):
                for j in range(W_out):
                    g = dy[n, f, i, j]
                    db[f] += g
                    for u in range(HH):
                        for v in range(WW):
                            row = i * stride + u - padding
                            col = j * stride + v - padding
                            if row < 0 or col < 0 or row >= H or col >= W:
                                continue
                            for c in range(C):
                                dx[n, c, row, col] += g * w[f, c, u, v]
                                dw[f, c, u, v] += g * x[n, c, row, col]
    return dx, dw, db

# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    N, C, H, W = x.shape
    H_out = 1 + (H - kernel_size) // stride
    W_out = 1 + (W - kernel_size) // stride
    out = np.zeros((N, C, H_out, W_out), dtype=x.dtype)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    best = x[n, c, i * stride, j * stride]
                    for u in range(kernel_size):
                        for v in range(kernel_size):
                            best = max(best, x[n, c, i * stride + u, j * stride + v])
                    out[n, c, i, j] = best
    return out

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    N, C, H_out, W_out = dy.shape
    dx = np.zeros_like(x)
    for n in range(N):
        for c in range(C):
            for i in range(H_out):
                for j in range(W_out):
                    best_row, best_col = i * stride, j * stride
                    for u in range(kernel_size):
                        for v in range(kernel_size):
                            if x[n, c, i * stride + u, j * stride + v] > x[n, c, best_row, best_col]:
                                best_row, best_col = i * stride + u, j * stride + v
                    dx[n, c, best_row, best_col] += dy[n, c, i, j]
    return dx

# %% [extra after max_pool2d_backward]
# a quick look before I go on
x = np.arange(2 * 5 * 5).reshape(1, 2, 5, 5) / 10
print("pooled:", max_pool2d_forward(x, 3, 2).shape)
plt.imshow(x[0, 0])
plt.title("my input")
plt.show()

# %% filter_image
def filter_image(image, kernel):
    H, W = image.shape
    kh, kw = kernel.shape
    out = np.zeros((H, W))
    for i in range(H):
        for u in range(kh):
            row = i + kh // 2 - u
            if row < 0 or row >= H:
                continue
            for v in range(kw):
                shift = kw // 2 - v
                for_left, for_right = max(0, -shift), min(W, W - shift)
                out[i, for_left:for_right] += kernel[u, v] * image[row, for_left + shift:for_right + shift]
    return out
