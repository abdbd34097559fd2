"""Einsum, stacks and broadcasting, with small helpers."""

import numpy as np


def _shares(name, share):
    return {"l1": (1.0, 0.0), "l2": (0.0, 1.0), "elastic": (share, 1.0 - share)}[name]


def penalty(name, w, strength, share=0.5):
    flat = np.ravel(w).astype(np.float64)
    sums = np.array([np.linalg.norm(flat, 1), 0.5 * np.einsum("i,i->", flat, flat)])
    return strength * np.dot(_shares(name, share), sums)


def penalty_gradient(name, w, strength, share=0.5):
    both = np.stack([np.sign(w), w])
    return strength * np.einsum("k,k...->...", _shares(name, share), both)


def penalised_loss(x, y, w, b, l1, l2):
    design = np.column_stack([x, np.ones(len(x))])
    weights = np.append(w, b)
    error = np.einsum("nd,d->n", design, weights) - y
    gradient = np.einsum("n,nd->d", error, design) / len(x)
    cost = np.einsum("n,n->", error, error) / (2 * len(x))
    cost += penalty("l1", w, l1) + penalty("l2", w, l2)
    return cost, gradient[:-1] + penalty_gradient("l1", w, l1) + penalty_gradient("l2", w, l2), gradient[-1]


def penalised_minimum(name, target, curvature, strength, share=0.5):
    first, second = (strength * part for part in _shares(name, share))
    pulled = curvature * target
    # What is cut away is clipped to the pull: the rest is what lies beyond it.
    return (pulled - np.clip(pulled, -first, first)) / (curvature + second)


def adam_decay_step(theta, grad, state, lr, decay=0.01, decoupled=True, beta1=0.9, beta2=0.999, eps=1e-8):
    seen = grad if decoupled else grad + decay * theta
    t = state.get("t", 0) + 1
    averages = state.get("averages", np.zeros((2, *theta.shape)))
    betas = np.array([beta1, beta2]).reshape(2, *[1] * theta.ndim)
    averages = betas * averages + (1 - betas) * np.stack([seen, seen * seen])
    m, v = averages / (1 - betas**t)
    factor = 1 - lr * decay if decoupled else 1.0
    return factor * theta - lr * m / (v**0.5 + eps), {"t": t, "averages": averages}


def max_norm(w, limit):
    rows = w.reshape(w.shape[0], -1)
    squares = np.einsum("oi,oi->o", rows, rows)
    factors = np.where(squares > limit**2, limit / np.sqrt(np.where(squares > 0, squares, 1)), 1.0)
    return np.einsum("o,o...->o...", factors, w)


def dropout_mask(shape, p, seed):
    rng = np.random.default_rng(seed)
    return rng.choice([0.0, 1.0], size=shape, p=[p, 1 - p])


def _factors(kind, mask, p, train):
    table = {
        ("classic", True): mask,
        ("classic", False): np.full(np.shape(mask), 1 - p),
        ("inverted", True): mask / (1 - p),
        ("inverted", False): np.ones(np.shape(mask)),
    }
    return table[kind, bool(train)]


def dropout_forward(kind, x, mask, p, train):
    return np.einsum("...,...->...", x, _factors(kind, np.asarray(mask, float), p, train))


def dropout_backward(kind, dy, mask, p, train):
    return np.einsum("...,...->...", dy, _factors(kind, np.asarray(mask, float), p, train))


def dropout_ensemble(x, w, b, p):
    masks = np.stack(np.meshgrid(*[[0, 1]] * len(x), indexing="ij"), axis=-1).reshape(-1, len(x))
    probabilities = np.prod(np.where(masks, 1 - p, p), axis=1)
    answers = np.einsum("kd,d,dm->km", masks, x, w) + b
    ensemble = np.einsum("k,km->m", probabilities, answers * (answers > 0))
    scaled = (1 - p) * np.einsum("d,dm->m", x, w) + b
    return ensemble, scaled * (scaled > 0)


def dropconnect_forward(x, w, b, mask, p, train):
    factor = np.asarray(mask, float) / (1 - p) if train else np.ones(w.shape)
    return np.einsum("nd,dm,dm->nm", x, w, factor) + b[None, :]


def dropconnect_backward(dy, x, w, mask, p):
    factor = mask / (1 - p)
    dx = np.einsum("nm,dm,dm->nd", dy, w, factor)
    dw = np.einsum("nd,nm,dm->dm", x, dy, factor)
    return dx, dw, np.einsum("nm->m", dy)


def augment(name, images, amount):
    width = images.shape[2]
    if name == "mirror":
        return np.flip(images, axis=2)
    if name == "shift":
        source = np.arange(width) - amount
        inside = (source >= 0) & (source < width)
        return np.take(images, source % width, axis=2) * inside[None, None, :, None]
    if name == "turn":
        for _ in range(amount):
            images = np.swapaxes(images, 1, 2)[:, ::-1]
        return images
    if name == "brightness":
        return np.minimum(np.maximum(images + amount, 0), 1)
    if name == "contrast":
        mean = np.einsum("nhwc->n", images) / images[0].size
        mean = mean[:, None, None, None]
        return (amount * images + (1 - amount) * mean).clip(0, 1)
    return (images * np.array([amount, 1, 1])).clip(0, 1)


def random_crops(images, size, seed):
    rng = np.random.default_rng(seed)
    windows = np.lib.stride_tricks.sliding_window_view(images, (size, size), axis=(1, 2))
    count, rows, columns = windows.shape[:3]
    places = rng.integers(rows * columns, size=count)
    return windows[np.arange(count), places // columns, places % columns]


def flip_batch(images, labels, chosen, partner):
    flipped = np.logical_and(chosen, np.take(partner, labels) > -1)
    index = flipped.nonzero()[0]
    result, names = np.array(images), np.array(labels)
    result[index] = images[index][..., ::-1]
    names[index] = partner[labels[index]]
    return result, names


def _log_softmax(scores):
    scores = scores - scores.max(axis=-1, keepdims=True)
    return scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))


def gap_by_strength(x, t, x_held, t_held, strengths, steps, lr):
    # All strengths at once, along the first axis; they know nothing of each other.
    strengths = np.array(strengths)[:, None, None]
    w = np.zeros((len(strengths), x.shape[1], t.shape[1]))
    b = np.zeros((len(strengths), 1, t.shape[1]))
    for _ in range(steps):
        error = (np.exp(_log_softmax(x @ w + b)) - t) / len(x)
        w, b = (
            w - lr * (np.einsum("nd,snk->sdk", x, error) + strengths * w),
            b - lr * error.sum(axis=1, keepdims=True),
        )
    return tuple(
        -np.einsum("snk,nk->s", _log_softmax(rows @ w + b), targets) / len(rows)
        for rows, targets in ((x, t), (x_held, t_held))
    )


def close_the_gap(x, y, seed):
    # A ridge regression on the pixels themselves: relu(x) is x where x is not negative.
    targets = np.eye(10)[y]
    centred = x - x.mean(axis=0)
    w2 = np.linalg.solve(centred.T @ centred + 8 * np.eye(64), centred.T @ (targets - targets.mean(axis=0))).T
    return np.eye(64), np.zeros(64), w2, targets.mean(axis=0) - w2 @ x.mean(axis=0)
