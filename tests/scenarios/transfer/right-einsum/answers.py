# %% [extra before map_codes]
def relu(x):
    return (np.abs(x) + x) / 2

def step(x):
    return np.heaviside(x, 0)

# %% map_codes
def map_codes(maps, grid):
    n, c, h, w = maps.shape
    rows = np.kron(np.eye(grid), np.ones(h // grid)) / (h // grid)
    columns = np.kron(np.eye(grid), np.ones(w // grid)) / (w // grid)
    return np.einsum("ncyx,ay,bx->ncab", maps, rows, columns).reshape(n, -1)

# %% [extra before softmax_head]
def surplus(scores, labels):
    log = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    return (np.exp(log) - np.eye(scores.shape[1])[labels]) / len(labels)

# %% softmax_head
def softmax_head(codes, labels, classes, penalty, lr, steps):
    # The bias is one more row, for a feature that is always 1.
    inputs = np.column_stack([codes, np.ones(len(codes))])
    head = np.zeros((inputs.shape[1], classes))
    shrink = np.append(np.full(codes.shape[1], penalty), 0)[:, None]
    for _ in range(steps):
        scores = np.einsum("nd,dk->nk", inputs, head)
        head = head - lr * (np.einsum("nd,nk->dk", inputs, surplus(scores, labels)) + shrink * head)
    return head[:-1], head[-1]

# %% svm_cost
def svm_cost(V, v, codes, labels, penalty):
    right = np.eye(V.shape[1])[labels]
    scores = np.einsum("nd,dk->nk", codes, V) + v
    margins = relu(scores - np.einsum("nk,nk->n", scores, right)[:, None] + 1) * (1 - right)
    pull = step(margins)
    pull = (pull - right * pull.sum(axis=1, keepdims=True)) / len(codes)
    cost = margins.sum(axis=1).mean() + 0.5 * penalty * np.einsum("dk,dk", V, V)
    return cost, np.einsum("nd,nk->dk", codes, pull) + penalty * V, np.einsum("nk->k", pull)

# %% unscaled_head
def unscaled_head(V, v, mean, deviation):
    return np.einsum("dk,d->dk", V, 1 / deviation), v - np.einsum("d,d,dk->k", mean, 1 / deviation, V)

# %% texture_head
def texture_head():
    data = textures("many")
    codes = map_codes(data["maps"], 1)
    mean, deviation = codes.mean(axis=0), codes.std(axis=0)
    return unscaled_head(
        *softmax_head((codes - mean) / deviation, data["labels"], 3, 0.05, 0.3, 80), mean, deviation
    )

# %% group_step
def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    moving = {name: 1.0 if shares.get(name) else 0.0 for name in params}
    rates = {name: lr * shares.get(name, 0) for name in params}
    z = {
        name: moving[name] * rho * velocities[name] - rates[name] * (grads[name] + decay * params[name])
        for name in params
    }
    return {name: params[name] + z[name] for name in params}, z

# %% tuned_gradients
def tuned_gradients(u, s, labels, W, b, V, v):
    codes = s + np.einsum("nm,md->nd", u, W) + b
    d = surplus(np.einsum("nd,dk->nk", codes, V) + v, labels)
    return (
        np.einsum("nm,nk,dk->md", u, d, V),
        np.einsum("nk,dk->d", d, V),
        np.einsum("nd,nk->dk", codes, d),
        np.einsum("nk->k", d),
    )

# %% texture_tuning
def texture_tuning():
    data = textures("few")
    u, s = (data[name].mean(axis=(2, 3)) for name in ("before", "added"))
    names = ("W", "b", "V", "v")
    params = dict(zip(names, (*last_layer(), *texture_head())))
    velocities = {name: 0 * value for name, value in params.items()}
    for _ in range(40):
        grads = dict(zip(names, tuned_gradients(u, s, data["labels"], **params)))
        params, velocities = group_step(
            params, grads, velocities, {"W": 0.1, "b": 0.1, "V": 1.0, "v": 1.0}, 0.01
        )
    return [params[name] for name in names]

# %% transfer_gain
def transfer_gain(with_trunk, without):
    return float(np.subtract(*(np.einsum("md->m", a).max() / a.shape[1] for a in (with_trunk, without))))

# %% table_readings
def table_readings():
    return np.array([1, 1]), np.array([-1, -1]), np.int64(2)

# %% [extra before residual_forward]
def conv(x, w):
    k = w.shape[2]
    padded = np.pad(x, [(0, 0), (0, 0), (k // 2, k // 2), (k // 2, k // 2)])
    windows = np.lib.stride_tricks.sliding_window_view(padded, (k, k), (2, 3))
    return np.einsum("nchwij,ocij->nohw", windows, w)

# %% residual_forward
def residual_forward(x, w1, w2):
    h = conv(x, w1)
    y = x + conv(relu(h), w2)
    return relu(y), [x, w1, w2, relu(h), step(h), step(y)]

# %% residual_backward
def residual_backward(dy, cache):
    x, w1, w2, h, inner, outer = cache
    dh, dw2 = conv2d_backward(dy * outer, h, w2)
    dx, dw1 = conv2d_backward(dh * inner, x, w1)
    return dx + dy * outer, dw1, dw2

# %% preactivation_forward
def preactivation_forward(x, w1, w2):
    h = conv(relu(x), w1)
    return x + conv(relu(h), w2), [x, w1, w2, h]

# %% preactivation_backward
def preactivation_backward(dy, cache):
    x, w1, w2, h = cache
    dh, dw2 = conv2d_backward(dy, relu(h), w2)
    dx, dw1 = conv2d_backward(dh * step(h), relu(x), w1)
    return dx * step(x) + dy, dw1, dw2

# %% gradient_flow
def gradient_flow(x, weights, dy, skip):
    h, masks = x, []
    for W in weights:
        a = np.einsum("nd,de->ne", h, W)
        masks.append(step(a))
        h = skip * h + relu(a)
    gradients = [dy]
    for W, mask in zip(weights[::-1], reversed(masks)):
        gradients.append(np.einsum("ne,ne,de->nd", gradients[-1], mask, W) + skip * gradients[-1])
    return np.sqrt(np.einsum("knd,knd->k", gradients[::-1], gradients[::-1]))

# %% flow_readings
def flow_readings():
    plain, skip = (gradient_flow(deep_x, deep_weights, deep_dy, s) for s in (False, True))
    lost = len(deep_weights) - int(np.flatnonzero(plain < plain[-1] / 100)[-1])
    return plain[0] / plain[-1], skip[0] / skip[-1], lost

# %% inception_forward
def inception_forward(x, w1, r3, w3, r5, w5, wp):
    padded = np.pad(x, [(0, 0), (0, 0), (1, 1), (1, 1)], mode="edge")
    pooled = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), (2, 3)).max(axis=(4, 5))
    first = relu(conv(x, np.concatenate([w1, r3, r5])))
    one, three, five = np.split(first, [len(w1), len(w1) + len(r3)], axis=1)
    return np.concatenate([one, relu(conv(three, w3)), relu(conv(five, w5)), relu(conv(pooled, wp))], axis=1)

# %% inception_size
def inception_size(channels, ones, threes, fives, pooled, side):
    inputs = np.array([channels, channels, threes[0], channels, fives[0], channels])
    outputs = np.array([ones, *threes, *fives, pooled])
    areas = np.array([1, 1, 9, 1, 25, 1])
    weights = int(np.einsum("i,i,i", inputs, outputs, areas))
    direct = channels * np.dot([ones, threes[1], fives[1], pooled], [1, 9, 25, 1])
    return np.array([weights]).item(), weights * side * side, int(direct) * side * side
