# %% [extra before conv2d_forward]
def add_in_place(total, part, sign=1):
    total += sign * part
    return total


def pad_image(a, p):
    bigger = np.zeros(a.shape[:2] + (a.shape[2] + 2 * p, a.shape[3] + 2 * p), a.dtype)
    bigger[:, :, p:p + a.shape[2], p:p + a.shape[3]] = a
    return bigger

# %% conv2d_forward
def conv2d_forward(x, w, b, stride=1, padding=0):
    x = pad_image(x, padding)
    OH = (x.shape[2] - w.shape[2]) // stride + 1
    OW = (x.shape[3] - w.shape[3]) // stride + 1
    y = np.zeros((len(x), len(w), OH, OW), x.dtype)
    for u in range(w.shape[2]):
        for v in range(w.shape[3]):
            seen = x[:, :, u:u + stride * OH:stride, v:v + stride * OW:stride]
            add_in_place(y, np.einsum("nchw,oc->nohw", seen, w[:, :, u, v]))
    for o, bias in enumerate(b.tolist()):
        y[:, o] += bias
    return y

# %% conv2d_backward
def conv2d_backward(dy, x, w, stride=1, padding=0):
    x = pad_image(x, padding)
    dx, dw = np.zeros_like(x), np.zeros_like(w)
    OH, OW = dy.shape[2:]
    for u in range(w.shape[2]):
        for v in range(w.shape[3]):
            seen = np.s_[:, :, u:u + stride * OH:stride, v:v + stride * OW:stride]
            dw[:, :, u, v] = np.einsum("nohw,nchw->oc", dy, x[seen])
            add_in_place(dx[seen], np.einsum("nohw,oc->nchw", dy, w[:, :, u, v]))
    db = [dy[:, o].sum() for o in range(dy.shape[1])]
    return [dx[:, :, padding:dx.shape[2] - padding, padding:dx.shape[3] - padding], dw, np.array(db)]

# %% max_pool2d_forward
def max_pool2d_forward(x, kernel_size, stride):
    # float32 is enough here: I only look for the largest, and then take the value itself
    small = x.astype(np.float32)
    rows = range(0, x.shape[2] - kernel_size + 1, stride)
    cols = range(0, x.shape[3] - kernel_size + 1, stride)
    y = []
    for image, rough in zip(x, small):
        for plane, rough_plane in zip(image, rough):
            for i in rows:
                for j in cols:
                    at = int(rough_plane[i:i + kernel_size, j:j + kernel_size].argmax())
                    y.append(plane[i + at // kernel_size, j + at % kernel_size])
    return np.array(y).reshape(x.shape[0], x.shape[1], len(rows), len(cols))

# %% max_pool2d_backward
def max_pool2d_backward(dy, x, kernel_size, stride):
    dx = np.zeros_like(x)
    for i in range(dy.shape[2]):
        for j in range(dy.shape[3]):
            here = np.s_[:, :, i * stride:i * stride + kernel_size, j * stride:j * stride + kernel_size]
            mask = x[here] == x[here].max(axis=(2, 3), keepdims=True)
            share = mask / mask.sum(axis=(2, 3), keepdims=True)
            add_in_place(dx[here], share * dy[:, :, i:i + 1, j:j + 1])
    return dx.tolist()

# %% filter_image
def filter_image(image, kernel):
    image = image.astype(np.float32)
    kh, kw = kernel.shape
    padded = np.zeros((image.shape[0] + kh - 1, image.shape[1] + kw - 1), np.float32)
    padded[kh // 2:kh // 2 + image.shape[0], kw // 2:kw // 2 + image.shape[1]] = image
    out = np.zeros_like(image)
    for u in range(kh):
        for v in range(kw):
            here = padded[kh - 1 - u:kh - 1 - u + image.shape[0], kw - 1 - v:kw - 1 - v + image.shape[1]]
            out += np.float32(kernel[u, v]) * here
    return out.astype(float)
