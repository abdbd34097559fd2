"""Number by number, with lists in the state; shapes are restored at the end."""

import math

import numpy as np


def each(theta, grad, state, names, rule):
    """Apply rule(t, g, kept) -> t, kept to every component; kept is a list of numbers."""
    kept = state.get("kept") or [[0.0] * names for _ in range(theta.size)]
    moved, after = [], []
    for t, g, k in zip(theta.ravel().tolist(), grad.ravel().tolist(), kept):
        new, k = rule(t, g, k)
        moved.append(new)
        after.append(list(k))
    return np.array(moved).reshape(theta.shape), {"kept": after}


def sgd_step(theta, grad, lr):
    moved = np.empty(theta.shape)
    for where in np.ndindex(theta.shape):
        moved[where] = theta[where] - lr * grad[where]
    return moved


def momentum_step(theta, grad, state, lr, rho=0.9):
    def rule(t, g, kept):
        v = rho * kept[0] - lr * g
        return t + v, [v]

    return each(theta, grad, state, 1, rule)


def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    def rule(t, g, kept):
        m = beta * kept[0] + (1 - beta) * g
        return t - lr * m, [m]

    return each(theta, grad, state, 1, rule)


def nesterov_path(A, b, theta, lr, rho, steps):
    n = len(theta)
    path, velocities = [list(theta)], [[0.0] * n]
    for _ in range(steps):
        ahead = [path[-1][i] + rho * velocities[-1][i] for i in range(n)]
        gradient = [sum(A[i][j] * ahead[j] for j in range(n)) - b[i] for i in range(n)]
        velocities.append([rho * velocities[-1][i] - lr * gradient[i] for i in range(n)])
        path.append([path[-1][i] + velocities[-1][i] for i in range(n)])
    return path, velocities


def nesterov_step(theta, grad, state, lr, rho=0.9):
    def rule(t, g, kept):
        v = rho * kept[0] - lr * g
        return t - rho * kept[0] + v + rho * v, [v]

    return each(theta, grad, state, 1, rule)


def nesterov_gaps(A, b, theta, lr, rho, steps):
    path, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    same, apart, state = [0.0], [0.0], {}
    for k in range(1, steps + 1):
        theta, state = nesterov_step(theta, A @ theta - b, state, lr, rho)
        for i, x in enumerate(theta):
            same.append(abs(x - (path[k][i] + rho * velocities[k][i])))
            apart.append(abs(x - path[k][i]))
    return max(same), max(apart)


def minibatches(count, size, epochs, seed):
    rng = np.random.default_rng(seed)
    batches = []
    for _ in range(epochs):
        left = list(range(count))
        batch = []
        while left:
            batch.append(left.pop(int(rng.integers(len(left)))))
            if len(batch) == size or not left:
                batches.append(batch)
                batch = []
    return batches


def gradient_noise(gradients, size):
    n, d = gradients.shape
    mean = [sum(float(gradients[i, j]) for i in range(n)) / n for j in range(d)]
    total = 0.0
    for i in range(n):
        for j in range(d):
            total += (float(gradients[i, j]) - mean[j]) ** 2
    return mean, total / n / size


def sgd_pass(X, y, order, size, lr):
    theta = [0.0] * X.shape[1]
    for start in range(0, len(order), size):
        total, count = [0.0] * len(theta), 0
        for n in order[start : start + size]:
            error = sum(float(x) * t for x, t in zip(X[n], theta)) - float(y[n])
            total = [s + error * float(x) for s, x in zip(total, X[n])]
            count += 1
        theta = [t - lr * s / count for t, s in zip(theta, total)]
    return theta


def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    def triangle():
        low, rate, step, up = factor * lr, factor * lr, (lr - factor * lr) / length, True
        for k in range(t):
            rate += step if up else -step
            if (k + 1) % length == 0:
                up = not up
        return max(rate, min(low, lr))

    def cosine():
        if t < warmup:
            return lr * (t + 1) / warmup
        return lr * (1 + math.cos(math.pi * min(t - warmup, length) / length)) / 2

    table = {
        "step": lambda: math.prod([lr] + [factor] * (t // length)),
        "exponential": lambda: lr * (factor ** (1 / length)) ** t,
        "1/t": lambda: lr / (1 + t / length),
        "hold": lambda: lr * min(1, length / t) if t else lr,
        "triangular": triangle,
        "cosine": cosine,
    }
    return table[schedule]()


def digits_answers():
    best_size, largest_rate, quiet_size = 8.0, 1e-1, 2**8
    return best_size, largest_rate, quiet_size


def adagrad_step(theta, grad, state, lr, eps=1e-8):
    def rule(t, g, kept):
        s = kept[0] + g * g
        return t - lr * g / (s**0.5 + eps), [s]

    return each(theta, grad, state, 1, rule)


def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    def rule(t, g, kept):
        s = rho * kept[0] + (1 - rho) * g * g
        return t - lr * g / (math.sqrt(s) + eps), [s]

    return each(theta, grad, state, 1, rule)


def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    def rule(t, g, kept):
        m, v, b1, b2 = kept[0], kept[1], kept[2] or 1.0, kept[3] or 1.0
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        b1, b2 = b1 * beta1, b2 * beta2
        mh, vh = (m / (1 - b1), v / (1 - b2)) if bias_correction else (m, v)
        return t - lr * mh / (math.sqrt(vh) + eps), [m, v, b1, b2]

    return each(theta, grad, state, 4, rule)


def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    def rule(t, g, kept):
        m, v, top = kept
        m, v = beta1 * m + (1 - beta1) * g, beta2 * v + (1 - beta2) * g * g
        top = max(top, v)
        return t - lr * m / (math.sqrt(top) + eps), [m, v, top]

    return each(theta, grad, state, 3, rule)


def mended_adam(A, b, theta, lr, steps):
    path, state = [theta], {}
    for _ in range(steps):
        x = path[-1]
        gradient = np.array([sum(row * x) for row in A]) - b
        x, state = adam_step(x, gradient, state, lr)
        path.append(x)
    return path
