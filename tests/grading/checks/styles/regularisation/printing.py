"""Prints and asserts while it works, takes further options, and returns lists."""

import numpy as np


def penalty(name, w, strength, share=0.5, verbose=True):
    assert name in ("l1", "l2", "elastic"), name
    parts = [float(np.abs(w).sum()), float(np.linalg.norm(w.ravel().astype(float)) ** 2 / 2)]
    if verbose:
        print("absolute, squares:", parts)
    if name == "elastic":
        return share * penalty("l1", w, strength) + (1 - share) * penalty("l2", w, strength)
    return strength * parts[0 if name == "l1" else 1]


def penalty_gradient(name, w, strength, share=0.5, **others):
    print(name, w.shape)
    if name == "elastic":
        first = np.array(penalty_gradient("l1", w, strength))
        second = np.array(penalty_gradient("l2", w, strength))
        return (share * first + (1 - share) * second).tolist()
    result = np.sign(w) if name == "l1" else w
    assert result.shape == w.shape
    return (strength * result).tolist()


def penalised_loss(x, y, w, b, l1, l2):
    assert x.shape == (len(y), len(w))
    errors = [float(row @ w) + b - target for row, target in zip(x, y)]
    print("errors", errors)
    cost = sum(error**2 for error in errors) / len(errors) / 2
    cost += sum(l1 * abs(weight) + l2 * weight**2 / 2 for weight in w.tolist())
    dw = [
        sum(error * value for error, value in zip(errors, column)) / len(errors)
        + l1 * float(np.sign(weight))
        + l2 * weight
        for column, weight in zip(x.T.tolist(), w.tolist())
    ]
    return [cost, dw, sum(errors) / len(errors)]


def penalised_minimum(name, target, curvature, strength, share=0.5):
    assert (curvature > 0).all()
    share = 1 if name == "l1" else 0 if name == "l2" else share
    candidates = []
    for sign in (1, -1):
        w = (curvature * target - sign * strength * share) / (curvature + strength * (1 - share))
        candidates.append(np.where(w * sign > 0, w, 0))
    print(candidates)
    return sum(candidates)


def adam_decay_step(
    theta, grad, state, lr, decay=0.01, decoupled=True, beta1=0.9, beta2=0.999, eps=1e-8, *, verbose=True
):
    assert theta.shape == grad.shape
    history = [*state.get("history", [])]
    history.append(np.array(grad if decoupled else grad + decay * theta, dtype=float))
    t = len(history)
    # From all gradients so far, the latest with the largest weight.
    first = sum((1 - beta1) * beta1 ** (t - 1 - i) * g for i, g in enumerate(history)) / (1 - beta1**t)
    second = sum((1 - beta2) * beta2 ** (t - 1 - i) * g**2 for i, g in enumerate(history)) / (1 - beta2**t)
    if verbose:
        print(t, first, second)
    step = first / (np.sqrt(second) + eps)
    if decoupled:
        step = step + decay * theta
    return [theta - lr * step, {"history": history}]


def max_norm(w, limit, verbose=True):
    result = []
    for unit in w:
        norm = float(np.sqrt(np.sum(np.square(unit))))
        if verbose:
            print("norm", norm)
        result.append((unit * min(1.0, limit / norm) if norm else unit).tolist())
    return result


def dropout_mask(shape, p, seed, verbose=True):
    rng = np.random.default_rng(seed)
    mask = np.ones(shape, dtype=np.int8)
    mask[rng.uniform(0, 1, size=shape) < p] = 0
    print("kept", mask.mean())
    return mask


def dropout_forward(kind, x, mask, p, train):
    assert x.shape == np.shape(mask)
    print(kind, "training" if train else "test")
    keep = 1 - p
    if not train:
        return (x if kind == "inverted" else x * keep).tolist()
    return np.where(mask, x / keep if kind == "inverted" else x, 0).tolist()


def dropout_backward(kind, dy, mask, p, train):
    return dropout_forward(kind, dy, mask, p, train)


def dropout_ensemble(x, w, b, p):
    assert len(x) <= 6
    # Input by input: all partial sums so far, with and without the next one.
    sums, weights = [b], [1.0]
    for value, row in zip(x, w):
        sums = sums + [partial + value * row for partial in sums]
        weights = [weight * p for weight in weights] + [weight * (1 - p) for weight in weights]
    print(len(sums), "masks", sum(weights))
    ensemble = sum(weight * np.maximum(partial, 0) for weight, partial in zip(weights, sums))
    return [ensemble.tolist(), np.maximum(np.dot(x - p * x, w) + b, 0).tolist()]


def dropconnect_forward(x, w, b, mask, p, train):
    print("dropping" if train else "test", p)
    used = np.where(mask != 0, w / (1 - p), 0) if train else w
    assert used.shape == w.shape
    return [[float(row @ used[:, m] + b[m]) for m in range(len(b))] for row in x]


def dropconnect_backward(dy, x, w, mask, p):
    scaled = dy / (1 - p)
    dx = [[float((row * w[d] * mask[d]).sum()) for d in range(len(w))] for row in scaled]
    dw = sum(np.outer(a, c) for a, c in zip(x, scaled)) * mask
    print(np.shape(dx), dw.shape)
    return dx, dw.tolist(), [float(column.sum()) for column in dy.T]


def augment(name, images, amount, *, verbose=True):
    assert images.ndim == 4
    if verbose:
        print(name, amount)
    changed = []
    for image in images:
        if name == "mirror":
            image = np.fliplr(image)
        elif name == "shift":
            padded = np.pad(image, ((0, 0), (abs(amount), abs(amount)), (0, 0)))
            start = abs(amount) - amount
            image = padded[:, start : start + image.shape[1]]
        elif name == "turn":
            for _ in range(amount % 4):
                image = np.flipud(image.transpose(1, 0, 2))
        elif name == "brightness":
            image = np.clip(image + amount, 0.0, 1.0)
        elif name == "contrast":
            image = np.clip((image - image.mean()) * amount + image.mean(), 0.0, 1.0)
        else:
            image = np.clip(np.dstack([image[..., 0] * amount, image[..., 1:]]), 0.0, 1.0)
        changed.append(image.tolist())
    return changed


def random_crops(images, size, seed):
    rng = np.random.default_rng(seed)
    height, width = images.shape[1:]
    crops = []
    for image in images:
        row = int(rng.random() * (height - size + 1))
        column = int(rng.random() * (width - size + 1))
        crops.append(image[row : row + size, column : column + size].tolist())
    print(len(crops), "crops")
    return crops


def flip_batch(images, labels, chosen, partner):
    pairs = [
        (np.fliplr(image), partner[label]) if may and partner[label] != -1 else (image, label)
        for image, label, may in zip(images, labels, chosen)
    ]
    print([int(label) for _, label in pairs])
    return [np.array([image for image, _ in pairs]), np.array([label for _, label in pairs])]


def gap_by_strength(x, t, x_held, t_held, strengths, steps, lr):
    def scores_of(rows, net):
        return np.hstack([rows, np.ones((len(rows), 1))]) @ net

    def loss(rows, targets, net):
        scores = scores_of(rows, net)
        return float(np.mean(np.log(np.exp(scores).sum(axis=1)) - scores[targets.astype(bool)]))

    train_losses, held_losses = [], []
    for strength in strengths:
        net = np.zeros((x.shape[1] + 1, t.shape[1]))
        penalised = np.ones((len(net), 1))
        penalised[-1] = 0
        for _ in range(steps):
            powers = np.exp(scores_of(x, net))
            errors = powers / powers.sum(axis=1, keepdims=True) - t
            net = net - lr * (
                np.vstack([x.T, np.ones(len(x))]) @ errors / len(x) + strength * penalised * net
            )
        train_losses.append(loss(x, t, net))
        held_losses.append(loss(x_held, t_held, net))
        print(strength, train_losses[-1], held_losses[-1])
    return train_losses, held_losses


def close_the_gap(x, y, seed):
    # Thirty small nets, each of which has seen other pictures: their mean is one net of linear units.
    rng = np.random.default_rng(seed)
    nets = []
    for _ in range(30):
        rows = rng.integers(0, len(x), len(x))
        data = np.hstack([x[rows], np.ones((len(x), 1))])
        net = np.linalg.solve(data.T @ data + 8 * np.eye(65), data.T @ np.eye(10)[y[rows]])
        nets.append(net)
    net = np.mean(nets, axis=0)
    print("mean of", len(nets))
    return np.eye(64), np.zeros(64), net[:-1].T.copy(), net[-1]
