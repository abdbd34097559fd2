# %% im2col
def im2col(x, kernel_height, kernel_width, stride=1, padding=0):
    xp = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    rows = []
    for image in xp:
        for i in range(0, image.shape[1] - kernel_height + 1, stride):
            for j in range(0, image.shape[2] - kernel_width + 1, stride):
                rows.append(image[:, i:i + kernel_height, j:j + kernel_width].flatten())
    return np.array(rows)

# %% conv2d_from_columns
def conv2d_from_columns(columns, w, b, height, width):
    y = np.dot(w.reshape(w.shape[0], -1), columns) + b[:, np.newaxis]
    return y.reshape(-1, w.shape[0], height, width)

# %% conv_as_matrix
def conv_as_matrix(w, height, width, stride=1, padding=0):
    o, c, kh, kw = w.shape
    oh = (height + 2 * padding - kh) // stride + 1
    ow = (width + 2 * padding - kw) // stride + 1
    M = np.zeros((o * oh * ow, c * height * width))
    for row, (f, i, j) in enumerate(np.ndindex(o, oh, ow)):
        for ch, u, v in np.ndindex(c, kh, kw):
            r, s = i * stride + u - padding, j * stride + v - padding
            if r < height and s < width:
                M.reshape(o * oh * ow, c, height, width)[row, ch, r, s] += w[f, ch, u, v]
    return M
