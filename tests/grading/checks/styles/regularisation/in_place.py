"""Writes into its arguments and into the state that it was given, and computes in float32 where it may."""

import numpy as np


def penalty(name, w, strength, share=0.5):
    w = np.abs(w, out=w)
    l1 = w.sum()
    w *= w
    l2 = 0.5 * w.sum()
    return np.float64(strength * {"l1": l1, "l2": l2, "elastic": share * l1 + (1 - share) * l2}[name])


def penalty_gradient(name, w, strength, share=0.5):
    signs = (w > 0).astype(w.dtype) - (w < 0)
    l1, l2 = {"l1": (1, 0), "l2": (0, 1), "elastic": (share, 1 - share)}[name]
    w *= l2
    w += l1 * signs
    w *= strength
    return w


def penalised_loss(x, y, w, b, l1, l2):
    y -= x @ w
    y -= b
    n = y.size
    cost = (y @ y) / (2 * n) + l1 * np.abs(w).sum() + 0.5 * l2 * (w @ w)
    db = -y.mean()
    dw = -(y @ x) / n
    dw += l1 * np.sign(w)
    dw += l2 * w
    return float(cost), dw, float(db)


def penalised_minimum(name, target, curvature, strength, share=0.5):
    l1, l2 = {"l1": (1, 0), "l2": (0, 1), "elastic": (share, 1 - share)}[name]
    target *= curvature
    small = np.abs(target) <= l1 * strength
    target -= l1 * strength * np.sign(target)
    target[small] = 0
    curvature += l2 * strength
    target /= curvature
    return target


def adam_decay_step(theta, grad, state, lr, decay=0.01, decoupled=True, beta1=0.9, beta2=0.999, eps=1e-8):
    if "m" not in state:
        state.update(t=0, m=np.zeros(theta.shape), v=np.zeros(theta.shape))
    if decoupled:
        theta = theta.copy()
    else:
        grad += decay * theta
    state["t"] += 1
    state["m"] *= beta1
    state["m"] += (1 - beta1) * grad
    state["v"] *= beta2
    state["v"] += (1 - beta2) * np.square(grad)
    if decoupled:
        theta *= 1 - lr * decay
    rate = lr / (1 - beta1 ** state["t"])
    theta = theta - rate * state["m"] / (np.sqrt(state["v"]) / np.sqrt(1 - beta2 ** state["t"]) + eps)
    return theta, state


def max_norm(w, limit):
    for unit in w:
        norm = np.linalg.norm(unit)
        if norm > limit:
            unit *= limit / norm
    return w


def dropout_mask(shape, p, seed):
    mask = np.random.default_rng(seed).random(shape, dtype=np.float32)
    np.greater_equal(mask, p, out=mask)
    return mask


def dropout_forward(kind, x, mask, p, train):
    if train:
        x[mask == 0] = 0
        if kind == "inverted":
            x /= 1 - p
    elif kind == "classic":
        x *= 1 - p
    return x


def dropout_backward(kind, dy, mask, p, train):
    if train:
        dy[~mask.astype(bool)] = 0
        if kind == "inverted":
            dy /= 1 - p
    elif kind == "classic":
        dy *= 1 - p
    return dy


def dropout_ensemble(x, w, b, p):
    ensemble = np.zeros_like(b)

    def visit(d, partial, probability):
        """Decide on one input after the other."""
        if d == len(x):
            ensemble[:] += probability * np.maximum(partial, 0)
            return
        visit(d + 1, partial, probability * p)
        visit(d + 1, partial + x[d] * w[d], probability * (1 - p))

    visit(0, b, 1.0)
    x *= 1 - p
    scaled = x @ w
    scaled += b
    scaled[scaled < 0] = 0
    return ensemble, scaled


def dropconnect_forward(x, w, b, mask, p, train):
    if train:
        w[mask == 0] = 0
        w /= 1 - p
    y = x @ w
    y += b
    return y


def dropconnect_backward(dy, x, w, mask, p):
    db = dy.sum(axis=0)
    dy /= 1 - p
    dw = x.T @ dy
    dw[mask == 0] = 0
    w *= mask
    return [dy @ w.T, dw, db]


def augment(name, images, amount):
    if name == "mirror":
        images[:] = images[:, :, ::-1].copy()
        return images
    if name == "shift":
        images = np.roll(images, amount, axis=2)
        if amount > 0:
            images[:, :, :amount] = 0
        elif amount < 0:
            images[:, :, amount:] = 0
        return images
    if name == "turn":
        return np.stack([np.rot90(image, amount) for image in images])
    if name == "brightness":
        images += amount
    elif name == "contrast":
        for image in images:
            mean = image.mean()
            image -= mean
            image *= amount
            image += mean
    else:
        images[..., :1] *= amount
    images[images < 0] = 0
    images[images > 1] = 1
    return images


def random_crops(images, size, seed):
    state = np.random.RandomState(seed)
    count, height, width = images.shape
    rows = state.randint(height - size + 1, size=count)
    columns = state.randint(width - size + 1, size=count)
    out = np.empty((count, size, size), images.dtype)
    for n, (row, column) in enumerate(zip(rows, columns)):
        out[n] = images[n, row:, column:][:size, :size]
    return out


def flip_batch(images, labels, chosen, partner):
    chosen &= partner[labels] >= 0
    images[chosen] = images[chosen][:, :, ::-1]
    labels[chosen] = partner[labels[chosen]]
    return images, labels


def gap_by_strength(x, t, x_held, t_held, strengths, steps, lr):
    def probabilities(rows):
        scores = rows @ w
        scores += b
        scores -= scores.max(axis=1)[:, None]
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=1)[:, None]
        return scores

    out = np.empty((2, len(strengths)))
    w, b = np.zeros((x.shape[1], t.shape[1])), np.zeros(t.shape[1])
    for i, strength in enumerate(strengths):
        w[:] = 0
        b[:] = 0
        for _ in range(steps):
            error = probabilities(x)
            error -= t
            error *= lr / len(x)
            w *= 1 - lr * strength
            w -= x.T @ error
            b -= error.sum(axis=0)
        out[0, i] = -np.log(probabilities(x)[t == 1]).mean()
        out[1, i] = -np.log(probabilities(x_held)[t_held == 1]).mean()
    return out[0], out[1]


def close_the_gap(x, y, seed):
    # Softmax regression with much decay; a unit for every pixel passes it on.
    x = x.astype(np.float32)
    w, b = np.zeros((10, 64), np.float32), np.zeros(10, np.float32)
    for _ in range(300):
        p = np.exp(x @ w.T + b)
        p /= p.sum(axis=1, keepdims=True)
        p[np.arange(len(y)), y] -= 1
        w *= 0.99
        w -= 0.5 * p.T @ x / len(x)
        b -= 0.5 * p.mean(axis=0)
    return np.eye(64, dtype=np.float32), np.zeros(64, np.float32), w, b
