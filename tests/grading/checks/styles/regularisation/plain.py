"""As a textbook would: one line for each line of the question."""

from itertools import product

import numpy as np


def penalty(name, w, strength, share=0.5):
    if name == "l2":
        return strength / 2 * (w**2).sum()
    if name == "l1":
        return strength * np.abs(w).sum()
    l1 = np.abs(w).sum()
    l2 = (w**2).sum() / 2
    return strength * (share * l1 + (1 - share) * l2)


def penalty_gradient(name, w, strength, share=0.5):
    if name == "l2":
        return strength * w
    if name == "l1":
        return strength * np.sign(w)
    return strength * share * np.sign(w) + strength * (1 - share) * w


def penalised_loss(x, y, w, b, l1, l2):
    N = x.shape[0]
    e = x.dot(w) + b - y
    cost = 1 / (2 * N) * np.sum(e**2) + l1 * np.sum(np.abs(w)) + l2 / 2 * np.sum(w**2)
    dw = x.T.dot(e) / N + l1 * np.sign(w) + l2 * w
    db = e.sum() / N
    return cost, dw, db


def penalised_minimum(name, target, curvature, strength, share=0.5):
    if name == "l2":
        return curvature * target / (curvature + strength)
    if name == "l1":
        return np.sign(target) * np.maximum(np.abs(target) - strength / curvature, 0)
    soft = np.sign(target) * np.maximum(curvature * np.abs(target) - strength * share, 0)
    return soft / (curvature + strength * (1 - share))


def adam_decay_step(theta, grad, state, lr, decay=0.01, decoupled=True, beta1=0.9, beta2=0.999, eps=1e-8):
    if not state:
        state = {"t": 0, "m": np.zeros_like(theta), "v": np.zeros_like(theta)}
    if not decoupled:
        grad = grad + decay * theta
    state["t"] += 1
    state["m"] = beta1 * state["m"] + (1 - beta1) * grad
    state["v"] = beta2 * state["v"] + (1 - beta2) * grad**2
    m_hat = state["m"] / (1 - beta1 ** state["t"])
    v_hat = state["v"] / (1 - beta2 ** state["t"])
    new = theta - lr * m_hat / (np.sqrt(v_hat) + eps)
    if decoupled:
        new = new - lr * decay * theta
    return new, state


def max_norm(w, limit):
    axes = tuple(range(1, w.ndim))
    norms = np.sqrt((w**2).sum(axis=axes, keepdims=True))
    desired = np.clip(norms, 0, limit)
    return w * desired / np.where(norms == 0, 1, norms)


def dropout_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return rng.random(shape) < 1 - p


def dropout_forward(kind, x, mask, p, train):
    if kind == "inverted":
        if train:
            return x * mask / (1 - p)
        return x
    if train:
        return x * mask
    return (1 - p) * x


def dropout_backward(kind, dy, mask, p, train):
    if kind == "inverted":
        if train:
            return dy * mask / (1 - p)
        return dy
    if train:
        return dy * mask
    return (1 - p) * dy


def dropout_ensemble(x, w, b, p):
    total = np.zeros(b.shape)
    for mask in product([0, 1], repeat=len(x)):
        k = sum(mask)
        total += (1 - p) ** k * p ** (len(x) - k) * np.maximum((np.array(mask) * x) @ w + b, 0)
    return total, np.maximum(((1 - p) * x) @ w + b, 0)


def dropconnect_forward(x, w, b, mask, p, train):
    if train:
        return x @ (w * mask / (1 - p)) + b
    return x @ w + b


def dropconnect_backward(dy, x, w, mask, p):
    used = w * mask / (1 - p)
    dx = dy @ used.T
    dw = (x.T @ dy) * mask / (1 - p)
    db = dy.sum(axis=0)
    return dx, dw, db


def augment(name, images, amount):
    if name == "mirror":
        return images[:, :, ::-1, :]
    if name == "shift":
        result = np.zeros_like(images)
        if amount > 0:
            result[:, :, amount:] = images[:, :, :-amount]
        elif amount < 0:
            result[:, :, :amount] = images[:, :, -amount:]
        else:
            result[:] = images
        return result
    if name == "turn":
        return np.rot90(images, amount, axes=(1, 2))
    if name == "brightness":
        return np.clip(images + amount, 0, 1)
    if name == "contrast":
        mean = images.mean(axis=(1, 2, 3), keepdims=True)
        return np.clip(mean + amount * (images - mean), 0, 1)
    result = images.copy()
    result[:, :, :, 0] *= amount
    return np.clip(result, 0, 1)


def random_crops(images, size, seed):
    rng = np.random.default_rng(seed)
    N, H, W = images.shape
    crops = np.zeros((N, size, size))
    for n in range(N):
        i = rng.integers(0, H - size + 1)
        j = rng.integers(0, W - size + 1)
        crops[n] = images[n, i : i + size, j : j + size]
    return crops


def flip_batch(images, labels, chosen, partner):
    images, labels = images.copy(), labels.copy()
    for n in range(len(images)):
        if chosen[n] and partner[labels[n]] >= 0:
            images[n] = images[n][:, ::-1].copy()
            labels[n] = partner[labels[n]]
    return images, labels


def gap_by_strength(x, t, x_held, t_held, strengths, steps, lr):
    def softmax(z):
        e = np.exp(z - z.max(axis=1, keepdims=True))
        return e / e.sum(axis=1, keepdims=True)

    def loss(x, t, W, b):
        return -np.mean(np.sum(t * np.log(softmax(x @ W + b)), axis=1))

    train_losses, held_losses = [], []
    N = len(x)
    for strength in strengths:
        W = np.zeros((x.shape[1], t.shape[1]))
        b = np.zeros(t.shape[1])
        for _ in range(steps):
            p = softmax(x @ W + b)
            dW = x.T @ (p - t) / N + strength * W
            db = np.sum(p - t, axis=0) / N
            W -= lr * dW
            b -= lr * db
        train_losses.append(loss(x, t, W, b))
        held_losses.append(loss(x_held, t_held, W, b))
    return np.array(train_losses), np.array(held_losses)


def close_the_gap(x, y, seed):
    # Dropout and an L2 penalty, and gradient descent on everything at once.
    rng = np.random.default_rng(seed)
    w1, b1 = rng.normal(size=(64, 64)) * np.sqrt(2 / 64), np.zeros(64)
    w2, b2 = rng.normal(size=(10, 64)) * np.sqrt(2 / 64), np.zeros(10)
    for step in range(150):
        z = x @ w1.T + b1
        mask = dropout_mask(z.shape, 0.5, seed + step)
        h = dropout_forward("inverted", np.maximum(z, 0), mask, 0.5, True)
        p = np.exp(h @ w2.T + b2)
        error = (p / p.sum(axis=1, keepdims=True) - np.eye(10)[y]) / len(x)
        dz = dropout_backward("inverted", error @ w2, mask, 0.5, True) * (z > 0)
        w1, b1 = w1 - 0.5 * (dz.T @ x + 0.01 * w1), b1 - 0.5 * dz.sum(axis=0)
        w2, b2 = w2 - 0.5 * (error.T @ h + 0.01 * w2), b2 - 0.5 * error.sum(axis=0)
    return w1, b1, w2, b2
