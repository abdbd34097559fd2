"""Number by number."""

import math

import numpy as np
from transfer_notebook import conv2d_backward, deep_dy, deep_weights, deep_x, last_layer, textures


def map_codes(maps, grid):
    n, c, h, w = maps.shape
    codes = np.zeros((n, c * grid * grid))
    for i in range(n):
        place = 0
        for k in range(c):
            for r in range(grid):
                for q in range(grid):
                    total = 0.0
                    for y in range(r * h // grid, (r + 1) * h // grid):
                        for x in range(q * w // grid, (q + 1) * w // grid):
                            total += maps[i, k, y, x]
                    codes[i, place] = total / ((h // grid) * (w // grid))
                    place += 1
    return codes


def softmax(scores):
    top = max(scores)
    powers = [math.exp(s - top) for s in scores]
    return [p / sum(powers) for p in powers]


def softmax_head(codes, labels, classes, penalty, lr, steps):
    n, d = codes.shape
    V, v = np.zeros((d, classes)), np.zeros(classes)
    for _ in range(steps):
        dV, dv = np.zeros((d, classes)), np.zeros(classes)
        for i in range(n):
            p = softmax(list(codes[i].astype(float) @ V + v))
            for k in range(classes):
                surplus = p[k] - (1 if k == labels[i] else 0)
                dv[k] += surplus / n
                for j in range(d):
                    dV[j, k] += codes[i, j] * surplus / n
        for k in range(classes):
            v[k] -= lr * dv[k]
            for j in range(d):
                V[j, k] -= lr * (dV[j, k] + penalty * V[j, k])
    return V, v


def svm_cost(V, v, codes, labels, penalty):
    n = len(codes)
    cost, dV, dv = 0.0, np.zeros(V.shape), np.zeros(v.shape)
    for code, label in zip(codes, labels):
        scores = [float(code @ V[:, k] + v[k]) for k in range(len(v))]
        for k, score in enumerate(scores):
            margin = score - scores[label] + 1
            if k == label or margin < 0:
                continue
            cost += margin / n
            dV[:, k] += code / n
            dV[:, label] -= code / n
            dv[k] += 1 / n
            dv[label] -= 1 / n
    for j in range(len(V)):
        for k in range(len(v)):
            cost += penalty / 2 * float(V[j, k]) ** 2
            dV[j, k] += penalty * V[j, k]
    return cost, dV, dv


def unscaled_head(V, v, mean, deviation):
    d, classes = V.shape
    new, bias = np.zeros((d, classes)), np.zeros(classes)
    for k in range(classes):
        bias[k] = v[k]
        for j in range(d):
            new[j, k] = V[j, k] / deviation[j]
            bias[k] -= V[j, k] * mean[j] / deviation[j]
    return new, bias


def texture_head():
    data = textures("few")
    # Nearest class mean, as a linear head: 2 c·m − |m|², small enough to leave something to learn.
    means = np.array([data["maps"].mean(axis=(2, 3))[data["labels"] == k].mean(axis=0) for k in range(3)])
    return 0.02 * means.T, np.array([-0.01 * (m @ m) for m in means])


def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    for name in list(params):
        if name not in shares or not shares[name]:
            continue
        p, z = params[name].copy(), velocities[name].copy()
        for where in np.ndindex(p.shape):
            z[where] = rho * z[where] - lr * shares[name] * (grads[name][where] + decay * p[where])
            p[where] += z[where]
        params[name], velocities[name] = p, z
    return params, velocities


def tuned_gradients(u, s, labels, W, b, V, v):
    n = len(u)
    dW, db, dV, dv = (np.zeros(a.shape) for a in (W, b, V, v))
    for i in range(n):
        code = s[i] + u[i] @ W + b
        p = np.array(softmax(list((code @ V + v).astype(float))))
        p[labels[i]] -= 1
        p /= n
        back = V @ p
        dW += np.outer(u[i], back)
        db += back
        dV += np.outer(code, p)
        dv += p
    return dW, db, dV, dv


def texture_tuning():
    data = textures("few")
    u, s = data["before"].mean(axis=(2, 3)), data["added"].mean(axis=(2, 3))
    W, b = last_layer()
    V, v = texture_head()
    for _ in range(60):
        dW, db, dV, dv = tuned_gradients(u, s, data["labels"], W, b, V, v)
        W, b, V, v = W - 1e-4 * dW, b - 1e-4 * db, V - 1e-3 * dV, v - 1e-3 * dv
    return W, b, V, v


def transfer_gain(with_trunk, without):
    best = []
    for accuracies in (with_trunk, without):
        means = []
        for row in accuracies:
            total = 0.0
            for value in row:
                total += value
            means.append(total / len(row))
        best.append(max(means))
    return best[0] - best[1]


def table_readings():
    helps, harms = 1, -1
    return [helps, helps], [harms, harms], 2


def convolved(x, w):
    n, c, h, wide = x.shape
    k = w.shape[2]
    y = np.zeros((n, len(w), h, wide))
    for o in range(len(w)):
        for r in range(h):
            for q in range(wide):
                for i in range(k):
                    for j in range(k):
                        if 0 <= r + i - k // 2 < h and 0 <= q + j - k // 2 < wide:
                            y[:, o, r, q] += x[:, :, r + i - k // 2, q + j - k // 2] @ w[o, :, i, j]
    return y


def rectified(x):
    y = np.zeros(x.shape)
    for where in np.ndindex(x.shape):
        if x[where] > 0:
            y[where] = x[where]
    return y


def gated(dy, x):
    dx = np.zeros(x.shape)
    for where in np.ndindex(x.shape):
        if x[where] > 0:
            dx[where] = dy[where]
    return dx


def residual_forward(x, w1, w2):
    h = convolved(x, w1)
    total = x + convolved(rectified(h), w2)
    return rectified(total), {"x": x, "w1": w1, "w2": w2, "h": h, "total": total}


def residual_backward(dy, cache):
    dtotal = gated(dy, cache["total"])
    dh, dw2 = conv2d_backward(dtotal, rectified(cache["h"]), cache["w2"])
    dx, dw1 = conv2d_backward(gated(dh, cache["h"]), cache["x"], cache["w1"])
    return dx + dtotal, dw1, dw2


def preactivation_forward(x, w1, w2):
    h = convolved(rectified(x), w1)
    return x + convolved(rectified(h), w2), {"x": x, "w1": w1, "w2": w2, "h": h}


def preactivation_backward(dy, cache):
    dh, dw2 = conv2d_backward(dy, rectified(cache["h"]), cache["w2"])
    dx, dw1 = conv2d_backward(gated(dh, cache["h"]), rectified(cache["x"]), cache["w1"])
    return gated(dx, cache["x"]) + dy, dw1, dw2


def gradient_flow(x, weights, dy, skip):
    signals, before = [x], []
    for W in weights:
        a = signals[-1] @ W
        before.append(a)
        h = rectified(a)
        if skip:
            h = h + signals[-1]
        signals.append(h)
    gradient, norms = dy, [math.sqrt(sum(float(g) ** 2 for g in dy.ravel()))]
    for k in reversed(range(len(weights))):
        through = gated(gradient, before[k]) @ weights[k].T
        gradient = through + gradient if skip else through
        norms.insert(0, math.sqrt(sum(float(g) ** 2 for g in gradient.ravel())))
    return norms


def flow_readings():
    plain = gradient_flow(deep_x, deep_weights, deep_dy, False)
    skip = gradient_flow(deep_x, deep_weights, deep_dy, True)
    back = 0
    while plain[len(plain) - 1 - back] >= 0.01 * plain[-1]:
        back += 1
    return plain[0] / plain[-1], skip[0] / skip[-1], back


def inception_forward(x, w1, r3, w3, r5, w5, wp):
    n, c, h, w = x.shape
    pooled = np.zeros(x.shape)
    for r in range(h):
        for q in range(w):
            window = x[:, :, max(r - 1, 0) : r + 2, max(q - 1, 0) : q + 2]
            pooled[:, :, r, q] = window.reshape(n, c, -1).max(axis=2)
    found = [rectified(convolved(x, w1))]
    for reduction, kernels in ((r3, w3), (r5, w5)):
        found.append(rectified(convolved(rectified(convolved(x, reduction)), kernels)))
    found.append(rectified(convolved(pooled, wp)))
    y = np.zeros((n, sum(part.shape[1] for part in found), h, w))
    at = 0
    for part in found:
        y[:, at : at + part.shape[1]] = part
        at += part.shape[1]
    return y


def inception_size(channels, ones, threes, fives, pooled, side):
    layers = [(channels, ones, 1), (channels, threes[0], 1), (*threes, 3), (channels, fives[0], 1)]
    layers += [(*fives, 5), (channels, pooled, 1)]
    weights = 0
    for inputs, outputs, k in layers:
        weights += inputs * outputs * k * k
    direct = 0
    for outputs, k in ((ones, 1), (threes[1], 3), (fives[1], 5), (pooled, 1)):
        direct += channels * outputs * k * k * side * side
    return weights, weights * side * side, direct
