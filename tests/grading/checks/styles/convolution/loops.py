"""One loop for every index, seven deep, and plain Python numbers."""

import numpy as np


def conv2d_forward(x, w, b, stride=1, padding=0):
    N, C, H, W = x.shape
    O, _, KH, KW = w.shape
    OH = (H + 2 * padding - KH) // stride + 1
    OW = (W + 2 * padding - KW) // stride + 1
    y = np.zeros((N, O, OH, OW))
    for n in range(N):
        for o in range(O):
            for i in range(OH):
                for j in range(OW):
                    total = float(b[o])
                    for c in range(C):
                        for k in range(KH):
                            for l in range(KW):
                                r, s = i * stride + k - padding, j * stride + l - padding
                                if 0 <= r < H and 0 <= s < W:
                                    total += w[o, c, k, l] * x[n, c, r, s]
                    y[n, o, i, j] = total
    return y


def conv2d_backward(dy, x, w, stride=1, padding=0):
    N, C, H, W = x.shape
    O, _, KH, KW = w.shape
    dx, dw, db = np.zeros(x.shape), np.zeros(w.shape), np.zeros(O)
    for n in range(N):
        for o in range(O):
            for i in range(dy.shape[2]):
                for j in range(dy.shape[3]):
                    g = dy[n, o, i, j]
                    db[o] += g
                    for c in range(C):
                        for k in range(KH):
                            for l in range(KW):
                                r, s = i * stride + k - padding, j * stride + l - padding
                                if 0 <= r < H and 0 <= s < W:
                                    dx[n, c, r, s] += w[o, c, k, l] * g
                                    dw[o, c, k, l] += x[n, c, r, s] * g
    return dx, dw, db


def max_pool2d_forward(x, kernel_size, stride):
    N, C, H, W = x.shape
    OH = (H - kernel_size) // stride + 1
    OW = (W - kernel_size) // stride + 1
    y = np.zeros((N, C, OH, OW))
    for n in range(N):
        for c in range(C):
            for i in range(OH):
                for j in range(OW):
                    best = -float("inf")
                    for k in range(kernel_size):
                        for l in range(kernel_size):
                            if x[n, c, i * stride + k, j * stride + l] > best:
                                best = x[n, c, i * stride + k, j * stride + l]
                    y[n, c, i, j] = best
    return y


def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for n in range(x.shape[0]):
        for c in range(x.shape[1]):
            for i in range(dy.shape[2]):
                for j in range(dy.shape[3]):
                    best, row, column = -float("inf"), 0, 0
                    for k in range(i * stride, i * stride + kernel_size):
                        for l in range(j * stride, j * stride + kernel_size):
                            if x[n, c, k, l] > best:
                                best, row, column = x[n, c, k, l], k, l
                    dx[n, c, row, column] += dy[n, c, i, j]
    return dx


def canonical_kernel(name):
    kernel = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            if name == "blur":
                kernel[i, j] = 1 / 9
            elif name == "sharpen":
                kernel[i, j] = 5 if i == j == 1 else -1 if i == 1 or j == 1 else 0
            elif name == "edge":
                kernel[i, j] = 8 if i == j == 1 else -1
            else:
                kernel[i, j] = (1 - j) * (2 if i == 1 else 1)
    return kernel


def filter_image(image, kernel):
    H, W = image.shape
    KH, KW = kernel.shape
    y = np.zeros((H, W))
    for i in range(H):
        for j in range(W):
            for k in range(KH):
                for l in range(KW):
                    r, s = i - k + KH // 2, j - l + KW // 2
                    if 0 <= r < H and 0 <= s < W:
                        y[i, j] += kernel[k, l] * image[r, s]
    return y
