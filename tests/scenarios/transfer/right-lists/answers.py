# %% map_codes
def map_codes(maps, grid):
    rows = []
    for image in maps:
        bands = [np.hsplit(band, grid) for channel in image for band in np.vsplit(channel, grid)]
        rows.append([float(part.mean()) for band in bands for part in band])
    return rows

# %% [extra before softmax_head]
def chances(scores):
    powers = np.exp(scores - np.max(scores, axis=-1, keepdims=True))
    return powers / np.sum(powers, axis=-1, keepdims=True)

# %% softmax_head
def softmax_head(codes, labels, classes, penalty, lr, steps):
    V, v = [[0.0] * classes for _ in range(codes.shape[1])], [0.0] * classes
    wanted = np.array([[float(label == k) for k in range(classes)] for label in labels])
    for _ in range(steps):
        d = (chances(codes @ np.array(V) + v) - wanted) / len(codes)
        V, v = (
            [[w - lr * (g + penalty * w) for w, g in zip(*pair)] for pair in zip(V, (codes.T @ d).tolist())],
            [w - lr * g for w, g in zip(v, d.sum(axis=0).tolist())],
        )
    return [V, v]

# %% svm_cost
def svm_cost(V, v, codes, labels, penalty):
    costs, dV, dv = [], penalty * V.astype(float), np.zeros(len(v))
    for code, label in zip(codes, labels):
        margins = code @ V + v - (code @ V[:, label] + v[label]) + 1
        close = [k for k in range(len(v)) if k != label and margins[k] > 0]
        costs.append(sum(float(margins[k]) for k in close))
        for k in close:
            pull = np.eye(len(v))[k] - np.eye(len(v))[label]
            dV += np.outer(code, pull) / len(codes)
            dv += pull / len(codes)
    return [sum(costs) / len(costs) + penalty * float((V * V).sum()) / 2, dV.tolist(), dv.tolist()]

# %% unscaled_head
def unscaled_head(V, v, mean, deviation):
    rows = [(row / d).tolist() for row, d in zip(V.astype(float), deviation)]
    return rows, [float(b - sum(m * row[k] for m, row in zip(mean, rows))) for k, b in enumerate(v)]

# %% texture_head
def texture_head():
    data = textures("few")
    codes = np.array(map_codes(data["maps"], 1))
    mean, deviation = codes.mean(axis=0), codes.std(axis=0)
    V, v = softmax_head((codes - mean) / deviation, data["labels"], 3, 0.01, 0.5, 150)
    return unscaled_head(np.array(V), v, mean, deviation)

# %% group_step
def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    after = {"params": dict(params), "velocities": dict(velocities)}
    for name in [name for name, share in shares.items() if share != 0]:
        p, z = params[name].ravel().tolist(), velocities[name].ravel().tolist()
        g = grads[name].ravel().tolist()
        z = [rho * a - lr * shares[name] * (b + decay * c) for a, b, c in zip(z, g, p)]
        shape = params[name].shape
        after["velocities"][name] = np.array(z).reshape(shape)
        after["params"][name] = np.array([a + b for a, b in zip(p, z)]).reshape(shape)
    return list(after.values())

# %% tuned_gradients
def tuned_gradients(u, s, labels, W, b, V, v):
    codes = s + u @ W + b
    d = (chances(codes @ V + v) - np.eye(V.shape[1])[labels]) / len(u)
    return [a.tolist() for a in (u.T @ d @ V.T, (d @ V.T).sum(axis=0), codes.T @ d, d.sum(axis=0))]

# %% texture_tuning
def texture_tuning():
    data = textures("few")
    u, s = (np.array(map_codes(data[name], 1)) for name in ("before", "added"))
    params = [np.array(value) for value in (*last_layer(), *texture_head())]
    for _ in range(50):
        grads = tuned_gradients(u, s, data["labels"], *params)
        params = [p - rate * np.array(g) for p, g, rate in zip(params, grads, (3e-3, 3e-3, 3e-2, 3e-2))]
    return [p.tolist() for p in params]

# %% transfer_gain
def transfer_gain(with_trunk, without):
    means = [[sum(row) / len(row) for row in a.tolist()] for a in (with_trunk, without)]
    return sorted(means[0])[-1] - sorted(means[1])[-1]

# %% table_readings
def table_readings():
    return [1, 1], [-1, -1], 2

# %% [extra before residual_forward]
def relu(x):
    return x * (x > 0)

# %% residual_forward
def residual_forward(x, w1, w2):
    h = relu(conv2d(x, w1))
    y = relu(x + conv2d(h, w2))
    return [y.tolist(), {"inputs": [x, w1, w2], "h": h, "on": (y > 0).tolist()}]

# %% residual_backward
def residual_backward(dy, cache):
    x, w1, w2 = cache["inputs"]
    dy = dy * np.array(cache["on"])
    dh, dw2 = conv2d_backward(dy, cache["h"], w2)
    dx, dw1 = conv2d_backward(dh * np.sign(cache["h"]), x, w1)
    return [(dx + dy).tolist(), dw1.tolist(), dw2.tolist()]

# %% preactivation_forward
def preactivation_forward(x, w1, w2):
    inside = [relu(x)]
    inside.append(relu(conv2d(inside[0], w1)))
    return [(x + conv2d(inside[1], w2)).tolist(), {"inside": inside, "kernels": [w1, w2]}]

# %% preactivation_backward
def preactivation_backward(dy, cache):
    d, found = dy, []
    for seen, w in zip(reversed(cache["inside"]), reversed(cache["kernels"])):
        d, dw = conv2d_backward(d, seen, w)
        d = d * np.sign(seen)
        found.append(dw.tolist())
    return [(dy + d).tolist(), found[1], found[0]]

# %% gradient_flow
def gradient_flow(x, weights, dy, skip):
    signals = [x]
    for W in weights:
        signals.append(relu(signals[-1] @ W) + (signals[-1] if skip else 0))
    back = [dy]
    for W, h in zip(reversed(list(weights)), reversed(signals[:-1])):
        back.append((back[-1] * (h @ W > 0)) @ W.T + (back[-1] if skip else 0))
    return [float((d**2).sum()) ** 0.5 for d in reversed(back)]

# %% flow_readings
def flow_readings():
    norms = [gradient_flow(deep_x, deep_weights, deep_dy, skip) for skip in (False, True)]
    lost = [n < 0.01 * norms[0][-1] for n in reversed(norms[0])].index(True)
    return [norms[0][0] / norms[0][-1], norms[1][0] / norms[1][-1], float(lost)]

# %% inception_forward
def inception_forward(x, w1, r3, w3, r5, w5, wp):
    branches = [[x, w1], [x, r3, w3], [x, r5, w5], [max_pool3(x), wp]]
    joined = []
    for h, *kernels in branches:
        for w in kernels:
            h = relu(conv2d(h, w))
        joined.append(h)
    return [sum((part[i].tolist() for part in joined), []) for i in range(len(x))]

# %% inception_size
def inception_size(channels, ones, threes, fives, pooled, side):
    pairs = [
        (channels, ones, 1),
        (channels, threes[0], 1),
        (threes[0], threes[1], 9),
        (channels, fives[0], 1),
    ]
    pairs += [(fives[0], fives[1], 25), (channels, pooled, 1)]
    weights = sum(a * b * c for a, b, c in pairs)
    direct = sum(channels * b * c for b, c in [(ones, 1), (threes[1], 9), (fives[1], 25), (pooled, 1)])
    return [weights, weights * side * side, direct * side * side]
