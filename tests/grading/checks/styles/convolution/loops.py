"""One loop for every index, seven deep, and plain Python numbers."""

import numpy as np

from course_lib.data import load_textures


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


def convolve1d(x, h, stride=1, padding=0, dilation=1):
    L, K = len(x), len(h)
    y = []
    for i in range((L + 2 * padding - dilation * (K - 1) - 1) // stride + 1):
        total = 0.0
        for k in range(K):
            place = i * stride + (K - 1 - k) * dilation - padding
            if 0 <= place < L:
                total += h[k] * x[place]
        y.append(total)
    return np.array(y)


def property_gaps(operation, x, z, h, a, b):
    def op(f, g):
        g = g[::-1] if operation == "correlation" else g
        y = np.zeros(len(f) + len(g) - 1)
        for s in range(len(f)):
            for t in range(len(g)):
                y[s + t] += f[s] * g[t]
        for t in range(len(y)):
            if operation == "affine":
                y[t] += 1
            if operation == "relu" and y[t] < 0:
                y[t] = 0
        return y

    commutes, linear = 0.0, 0.0
    for p, q in zip(op(x, h), op(h, x)):
        commutes = max(commutes, abs(p - q))
    for p, q, r in zip(op(a * x + b * z, h), op(x, h), op(z, h)):
        linear = max(linear, abs(p - a * q - b * r))
    return commutes, linear


def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    N, C, H, W = x.shape
    OH = (H + 2 * padding - kernel_height) // stride + 1
    OW = (W + 2 * padding - kernel_width) // stride + 1
    columns = np.zeros((C * kernel_height * kernel_width, N * OH * OW))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                row = 0
                for c in range(C):
                    for k in range(kernel_height):
                        for l in range(kernel_width):
                            r, s = i * stride + k - padding, j * stride + l - padding
                            if 0 <= r < H and 0 <= s < W:
                                columns[row, (n * OH + i) * OW + j] = x[n, c, r, s]
                            row += 1
    return columns


def conv2d_from_columns(columns, w, b, height, width):
    N = columns.shape[1] // (height * width)
    y = np.zeros((N, len(w), height, width))
    for n in range(N):
        for o in range(len(w)):
            for i in range(height):
                for j in range(width):
                    column = columns[:, (n * height + i) * width + j]
                    y[n, o, i, j] = sum(p * q for p, q in zip(column, w[o].ravel())) + b[o]
    return y


def conv_as_matrix(w, height, width, stride=1, padding=0):
    O, C, KH, KW = w.shape
    OH = (height + 2 * padding - KH) // stride + 1
    OW = (width + 2 * padding - KW) // stride + 1
    M = np.zeros((O * OH * OW, C * height * width))
    for o in range(O):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    for k in range(KH):
                        for l in range(KW):
                            r, s = i * stride + k - padding, j * stride + l - padding
                            if 0 <= r < height and 0 <= s < width:
                                M[(o * OH + i) * OW + j, (c * height + r) * width + s] = w[o, c, k, l]
    return M


def slide_fully_connected(x, weight, bias, height, width):
    N, C, H, W = x.shape
    y = np.zeros((N, len(bias), H - height + 1, W - width + 1))
    for n in range(N):
        for i in range(H - height + 1):
            for j in range(W - width + 1):
                y[n, :, i, j] = x[n, :, i : i + height, j : j + width].ravel() @ weight + bias
    return y


def avg_pool2d_forward(x, kernel_size, stride):
    N, C, H, W = x.shape
    y = np.zeros((N, C, (H - kernel_size) // stride + 1, (W - kernel_size) // stride + 1))
    for n in range(N):
        for c in range(C):
            for i in range(y.shape[2]):
                for j in range(y.shape[3]):
                    total = 0.0
                    for k in range(kernel_size):
                        for l in range(kernel_size):
                            total += x[n, c, i * stride + k, j * stride + l]
                    y[n, c, i, j] = total / (kernel_size * kernel_size)
    return y


def avg_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros(x.shape)
    for n in range(dy.shape[0]):
        for c in range(dy.shape[1]):
            for i in range(dy.shape[2]):
                for j in range(dy.shape[3]):
                    for k in range(kernel_size):
                        for l in range(kernel_size):
                            dx[n, c, i * stride + k, j * stride + l] += dy[n, c, i, j] / kernel_size**2
    return dx


def depthwise_separable(x, depthwise, pointwise, stride=1, padding=0):
    N, C, H, W = x.shape
    _, KH, KW = depthwise.shape
    OH, OW = (H + 2 * padding - KH) // stride + 1, (W + 2 * padding - KW) // stride + 1
    y = np.zeros((N, len(pointwise), OH, OW))
    for n in range(N):
        for i in range(OH):
            for j in range(OW):
                for c in range(C):
                    total = 0.0
                    for k in range(KH):
                        for l in range(KW):
                            r, s = i * stride + k - padding, j * stride + l - padding
                            if 0 <= r < H and 0 <= s < W:
                                total += depthwise[c, k, l] * x[n, c, r, s]
                    for o in range(len(pointwise)):
                        y[n, o, i, j] += pointwise[o, c] * total
    return y


def separable_costs(channels, filters, kernel_size, height, width, stride, padding):
    places = 0
    for _ in range(0, height + 2 * padding - kernel_size + 1, stride):
        for _ in range(0, width + 2 * padding - kernel_size + 1, stride):
            places += 1
    full = separable = 0
    for _ in range(channels):
        separable += kernel_size * kernel_size
        for _ in range(filters):
            full += kernel_size * kernel_size
            separable += 1
    return full, separable, full * places, separable * places


def receptive_field(layers):
    # Follow one unit, and its right neighbour, back to the picture.
    def reach(first, last):
        for kernel, stride, dilation in reversed(layers):
            first, last = first * stride, last * stride + dilation * (kernel - 1)
        return first, last

    first, last = reach(0, 0)
    return last - first + 1, reach(1, 1)[0] - first


def net_size(input_shape, layers):
    shape = list(input_shape)
    units, weights, connections = [], [], []
    for layer in layers:
        inputs = shape[0] * shape[1] * shape[2]
        if layer[0] == "fc":
            shape = [layer[1], 1, 1]
            units.append(layer[1])
            weights.append(inputs * layer[1])
            connections.append(inputs * layer[1])
        elif layer[0] == "pool":
            shape = [shape[0], (shape[1] - layer[1]) // layer[2] + 1, (shape[2] - layer[1]) // layer[2] + 1]
            units.append(shape[0] * shape[1] * shape[2])
            weights.append(0)
            connections.append(0)
        else:
            _, filters, k, s, p = layer
            shape = [filters, (shape[1] + 2 * p - k) // s + 1, (shape[2] + 2 * p - k) // s + 1, shape[0]]
            units.append(filters * shape[1] * shape[2])
            weights.append(filters * shape[3] * k * k)
            connections.append(units[-1] * shape[3] * k * k)
            shape = shape[:3]
    return units, weights, connections


def shift_errors(image, kernel, pool, shift):
    def R(P):
        out = conv2d_forward(P[None, None], kernel[None, None], [0.0], 1, 0)
        return max_pool2d_forward(out, pool, pool)[0, 0]

    A, B = R(image[:, : image.shape[1] - shift]), R(image[:, shift:])
    q = shift // pool
    top = bottom = top2 = bottom2 = 0.0
    for i in range(A.shape[0]):
        for j in range(A.shape[1]):
            top2 += abs(B[i, j] - A[i, j])
            bottom2 += abs(A[i, j])
            if j + q < A.shape[1]:
                top += abs(B[i, j] - A[i, j + q])
                bottom += abs(A[i, j + q])
    return top / bottom, top2 / bottom2


def texture_experiment(name, pool):
    textures, names = load_textures()
    picture = textures[names.index(name)][:48, :48] / 255
    errors, tolerated, going_on = [], 0, True
    for shift in range(1, 7):
        error = shift_errors(picture, canonical_kernel("vertical_edge"), pool, shift)[1]
        errors.append(error)
        if error >= 0.5:
            going_on = False
        if going_on:
            tolerated += 1
    return errors, tolerated
