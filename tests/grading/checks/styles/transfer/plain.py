"""As the model solutions have it."""

import numpy as np
from transfer_notebook import (
    conv2d,
    conv2d_backward,
    deep_dy,
    deep_weights,
    deep_x,
    last_layer,
    max_pool3,
    textures,
)


def map_codes(maps, grid):
    """Return the means of grid × grid parts of maps (N, C, H, W), shape (N, C·grid²)."""
    n, c, h, w = maps.shape
    parts = maps.reshape(n, c, grid, h // grid, grid, w // grid)
    return parts.mean(axis=(3, 5)).reshape(n, c * grid**2)


def softmax_head(codes, labels, classes, penalty, lr, steps):
    """Return V (D, K) and v (K,) after gradient descent from zero on the penalised mean cross-entropy."""
    n, d = codes.shape
    V, v = np.zeros((d, classes)), np.zeros(classes)
    for _ in range(steps):
        scores = codes @ V + v
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p = p / p.sum(axis=1, keepdims=True)
        p[np.arange(n), labels] -= 1
        V, v = V - lr * (codes.T @ p / n + penalty * V), v - lr * p.sum(axis=0) / n
    return V, v


def svm_cost(V, v, codes, labels, penalty):
    """Return the penalised mean hinge loss over the wrong classes, and its gradients by V and v."""
    n = len(codes)
    rows = np.arange(n)
    scores = codes @ V + v
    margins = scores - scores[rows, labels][:, None] + 1
    margins[rows, labels] = 0
    active = (margins > 0).astype(float)
    active[rows, labels] = -active.sum(axis=1)
    cost = np.maximum(margins, 0).sum() / n + penalty / 2 * (V**2).sum()
    return cost, codes.T @ active / n + penalty * V, active.sum(axis=0) / n


def unscaled_head(V, v, mean, deviation):
    """Return V, v for codes as they are, given those for scaled codes."""
    new = V / deviation[:, None]
    return new, v - mean @ new


def texture_head():
    """Return V (40, 3) and v (3,) of a trained head for codes of textures."""
    data = textures("few")
    codes = map_codes(data["maps"], 1)
    mean, deviation = codes.mean(axis=0), codes.std(axis=0)
    V, v = softmax_head((codes - mean) / deviation, data["labels"], 3, 0.01, 0.5, 200)
    return unscaled_head(V, v, mean, deviation)


def group_step(params, grads, velocities, shares, lr, rho=0.9, decay=0.0):
    """Return params and velocities after a step in which each group has its share of the rate."""
    new_params, new_velocities = {}, {}
    for name in params:
        share = shares.get(name, 0)
        if share == 0:
            new_params[name], new_velocities[name] = params[name], velocities[name]
            continue
        gradient = grads[name] + decay * params[name]
        new_velocities[name] = rho * velocities[name] - lr * share * gradient
        new_params[name] = params[name] + new_velocities[name]
    return new_params, new_velocities


def tuned_gradients(u, s, labels, W, b, V, v):
    """Return the gradients of the mean cross-entropy by W, b, V and v."""
    n = len(u)
    codes = s + u @ W + b
    scores = codes @ V + v
    p = np.exp(scores - scores.max(axis=1, keepdims=True))
    p = p / p.sum(axis=1, keepdims=True)
    p[np.arange(n), labels] -= 1
    p = p / n
    dcodes = p @ V.T
    return u.T @ dcodes, dcodes.sum(axis=0), codes.T @ p, p.sum(axis=0)


def texture_tuning():
    """Return W (240, 40), b (40,), V (40, 3) and v (3,) after fine-tuning on textures."""
    data = textures("few")
    u, s = map_codes(data["before"], 1), map_codes(data["added"], 1)
    params = dict(zip("WbVv", (*last_layer(), *texture_head())))
    velocities = {name: np.zeros_like(value) for name, value in params.items()}
    shares = {"W": 0.1, "b": 0.1, "V": 1, "v": 1}
    for _ in range(100):
        grads = dict(zip("WbVv", tuned_gradients(u, s, data["labels"], *params.values())))
        params, velocities = group_step(params, grads, velocities, shares, 0.03)
    return tuple(params.values())


def transfer_gain(with_trunk, without):
    """Return the best mean accuracy (methods, draws) with the trunk less the best without."""
    return with_trunk.mean(axis=1).max() - without.mean(axis=1).max()


def table_readings():
    """Return textures, digits, grid."""
    return [1, 1], [-1, -1], 2


def residual_forward(x, w1, w2):
    """Return y = relu(x + conv(relu(conv(x, w1)), w2)), and a cache for its gradient."""
    before = conv2d(x, w1)
    h = np.maximum(before, 0)
    y = np.maximum(x + conv2d(h, w2), 0)
    return y, (x, w1, w2, before, h, y)


def residual_backward(dy, cache):
    """Return dx, dw1, dw2 of the residual block, with the cache of residual_forward."""
    x, w1, w2, before, h, y = cache
    d = dy * (y > 0)
    dh, dw2 = conv2d_backward(d, h, w2)
    dx, dw1 = conv2d_backward(dh * (before > 0), x, w1)
    return d + dx, dw1, dw2


def preactivation_forward(x, w1, w2):
    """Return y = x + conv(relu(conv(relu(x), w1)), w2), and a cache for its gradient."""
    a = np.maximum(x, 0)
    h = np.maximum(conv2d(a, w1), 0)
    return x + conv2d(h, w2), (w1, w2, a, h)


def preactivation_backward(dy, cache):
    """Return dx, dw1, dw2 of the pre-activation block, with the cache of preactivation_forward."""
    w1, w2, a, h = cache
    dh, dw2 = conv2d_backward(dy, h, w2)
    da, dw1 = conv2d_backward(dh * (h > 0), a, w1)
    return dy + da * (a > 0), dw1, dw2


def gradient_flow(x, weights, dy, skip):
    """Return the norms of the gradients by h_0 … h_L, (L + 1,), with or without skip connections."""
    masks, h = [], x
    for W in weights:
        a = h @ W
        masks.append(a > 0)
        h = np.maximum(a, 0) + h * skip
    norms = [np.linalg.norm(dy)]
    for W, mask in zip(weights[::-1], masks[::-1]):
        dy = (dy * mask) @ W.T + dy * skip
        norms.append(np.linalg.norm(dy))
    return np.array(norms[::-1])


def flow_readings():
    """Return plain, skip, lost for the deep net."""
    plain = gradient_flow(deep_x, deep_weights, deep_dy, False)
    skip = gradient_flow(deep_x, deep_weights, deep_dy, True)
    lost = int(np.argmax(plain[::-1] < 0.01 * plain[-1]))
    return plain[0] / plain[-1], skip[0] / skip[-1], lost


def inception_forward(x, w1, r3, w3, r5, w5, wp):
    """Return the four branches, joined along the channels."""

    def branch(h, *kernels):
        for w in kernels:
            h = np.maximum(conv2d(h, w), 0)
        return h

    branches = [branch(x, w1), branch(x, r3, w3), branch(x, r5, w5), branch(max_pool3(x), wp)]
    return np.concatenate(branches, axis=1)


def inception_size(channels, ones, threes, fives, pooled, side):
    """Return weights, multiply_adds, direct of an inception module."""
    reductions = channels * (ones + threes[0] + fives[0] + pooled)
    weights = reductions + 9 * threes[0] * threes[1] + 25 * fives[0] * fives[1]
    direct = channels * (ones + 9 * threes[1] + 25 * fives[1] + pooled)
    return weights, weights * side**2, direct * side**2
