# %% map_codes
def map_codes(maps, grid):
    n, c, h, w = maps.shape
    codes = np.empty((n, c, grid, grid))
    for i in range(grid):
        for j in range(grid):
            rows, columns = (
                slice(i * h // grid, (i + 1) * h // grid),
                slice(j * w // grid, (j + 1) * w // grid),
            )
            np.mean(maps[:, :, rows, columns], axis=(2, 3), out=codes[:, :, i, j], dtype=np.float64)
    codes.shape = n, c * grid * grid
    return codes

# %% [extra before softmax_head]
def to_surplus(scores, labels):
    scores -= scores.max(axis=1, keepdims=True)
    np.exp(scores, out=scores)
    scores /= scores.sum(axis=1, keepdims=True)
    scores[np.arange(len(scores)), labels] -= 1
    scores /= len(scores)

# %% softmax_head
def softmax_head(codes, labels, classes, penalty, lr, steps):
    codes = codes.astype(float)
    V, v = np.zeros((codes.shape[1], classes)), np.zeros(classes)
    scores = np.empty((len(codes), classes))
    for _ in range(steps):
        np.matmul(codes, V, out=scores)
        scores += v
        to_surplus(scores, labels)
        V *= 1 - lr * penalty
        V -= lr * (codes.T @ scores)
        v -= lr * scores.sum(axis=0)
    return V, v

# %% svm_cost
def svm_cost(V, v, codes, labels, penalty):
    n = len(codes)
    margins = codes @ V
    margins += v
    margins -= np.take_along_axis(margins, labels[:, None], 1).copy() - 1
    np.put_along_axis(margins, labels[:, None], 0, 1)
    np.maximum(margins, 0, out=margins)
    cost = float(margins.sum()) / n + penalty / 2 * float(np.square(V).sum())
    margins[margins > 0] = 1
    np.put_along_axis(margins, labels[:, None], -margins.sum(axis=1, keepdims=True), 1)
    dV = codes.T @ margins
    dV /= n
    dV += penalty * V
    return cost, dV, margins.mean(axis=0)

# %% unscaled_head
def unscaled_head(V, v, mean, deviation):
    V /= deviation[:, np.newaxis]
    v -= mean @ V
    return V, v

# %% [extra before texture_head]
WEIGHTS = []

# %% texture_head
def texture_head():
    # Trained once, and kept.
    if not WEIGHTS:
        data = textures("few")
        codes = map_codes(data["maps"], 1)
        mean, deviation = codes.mean(axis=0), codes.std(axis=0)
        V, v = softmax_head((codes - mean) / deviation, data["labels"], 3, 0.01, 0.5, 300)
        WEIGHTS.extend(unscaled_head(V, v, mean, deviation))
    return tuple(WEIGHTS)

# %% group_step
def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    for name, share in shares.items():
        if share > 0 and name in params:
            velocities[name] *= rho
            velocities[name] -= lr * share * (grads[name] + decay * params[name])
            params[name] += velocities[name]
    return params, velocities

# %% tuned_gradients
def tuned_gradients(u, s, labels, W, b, V, v):
    s = s + b
    s += u @ W
    scores = s @ V
    scores += v
    to_surplus(scores, labels)
    dcodes = scores @ V.T
    return u.T @ dcodes, dcodes.sum(axis=0), s.T @ scores, scores.sum(axis=0)

# %% [extra before texture_tuning]
TUNED = []

# %% texture_tuning
def texture_tuning():
    if not TUNED:
        data = textures("few")
        u, s = map_codes(data["before"], 1), map_codes(data["added"], 1)
        params = {k: a.copy() for k, a in zip("WbVv", (*last_layer(), *texture_head()))}
        velocities = {k: np.zeros_like(a) for k, a in params.items()}
        for _ in range(50):
            grads = dict(zip("WbVv", tuned_gradients(u, s, data["labels"], *params.values())))
            group_step(params, grads, velocities, {"W": 0.1, "b": 0.1, "V": 1, "v": 1}, 0.02)
        TUNED.extend(params[k] for k in "WbVv")
    return tuple(TUNED)

# %% transfer_gain
def transfer_gain(with_trunk, without):
    with_trunk.sort(axis=1)
    return np.max(np.mean(with_trunk, axis=1)) - np.max(np.mean(without, axis=1))

# %% table_readings
def table_readings():
    found = [0, 0, 0, 0]
    found[:2] = [1] * 2
    found[2:] = [-1] * 2
    return found[:2], found[2:], 2

# %% residual_forward
def residual_forward(x, w1, w2):
    h = conv2d(x, w1)
    np.maximum(h, 0, out=h)
    y = conv2d(h, w2)
    y += x
    y[y < 0] = 0
    return y, (x.copy(), w1, w2, h, y > 0)

# %% residual_backward
def residual_backward(dy, cache):
    x, w1, w2, h, on = cache
    dy = dy * on
    dh, dw2 = conv2d_backward(dy, h, w2)
    dh[h <= 0] = 0
    dx, dw1 = conv2d_backward(dh, x, w1)
    dx += dy
    return dx, dw1, dw2

# %% preactivation_forward
def preactivation_forward(x, w1, w2):
    a = x.copy()
    a[a < 0] = 0
    h = conv2d(a, w1)
    h[h < 0] = 0
    y = conv2d(h, w2)
    y += x
    return y, (a, h, w1, w2)

# %% preactivation_backward
def preactivation_backward(dy, cache):
    a, h, w1, w2 = cache
    dh, dw2 = conv2d_backward(dy, h, w2)
    dh *= h > 0
    dx, dw1 = conv2d_backward(dh, a, w1)
    dx *= a > 0
    dx += dy
    return dx, dw1, dw2

# %% gradient_flow
def gradient_flow(x, weights, dy, skip):
    masks = np.empty((len(weights), *x.shape), dtype=bool)
    h = x.astype(float)
    for mask, W in zip(masks, weights):
        a = h @ W
        np.greater(a, 0, out=mask)
        a[~mask] = 0
        h = h + a if skip else a
    norms = np.empty(len(weights) + 1)
    d = dy.astype(float)
    norms[-1] = np.linalg.norm(d)
    for k in range(len(weights) - 1, -1, -1):
        through = np.where(masks[k], d, 0) @ weights[k].T
        if skip:
            d += through
        else:
            d = through
        norms[k] = np.linalg.norm(d)
    return norms

# %% flow_readings
def flow_readings():
    answers = []
    for skip in (False, True):
        norms = gradient_flow(deep_x, deep_weights, deep_dy, skip)
        norms /= norms[-1]
        answers.append(norms[0])
        if not skip:
            lost = np.count_nonzero(np.minimum.accumulate(norms[::-1]) >= 0.01)
    answers.append(lost)
    return answers

# %% inception_forward
def inception_forward(x, w1, r3, w3, r5, w5, wp):
    n, _, h, w = x.shape
    ends = np.cumsum([len(w1), len(w3), len(w5), len(wp)])
    y = np.empty((n, ends[-1], h, w))
    y[:, : ends[0]] = conv2d(x, w1)
    for reduction, kernels, end in ((r3, w3, ends[1]), (r5, w5, ends[2])):
        cut = conv2d(x, reduction)
        cut[cut < 0] = 0
        y[:, end - len(kernels) : end] = conv2d(cut, kernels)
    y[:, ends[2] :] = conv2d(max_pool3(x), wp)
    np.maximum(y, 0, out=y)
    return y

# %% inception_size
def inception_size(channels, ones, threes, fives, pooled, side):
    weights = channels * ones
    weights += channels * threes[0] + 3 * 3 * threes[0] * threes[1]
    weights += channels * fives[0] + 5 * 5 * fives[0] * fives[1]
    weights += channels * pooled
    direct = ones
    direct += 3 * 3 * threes[1]
    direct += 5 * 5 * fives[1]
    direct += pooled
    places = side**2
    return weights, weights * places, direct * channels * places
