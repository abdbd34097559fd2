"""Prints and asserts while it works, takes further options, and never changes the state that it was given."""

import copy

import numpy as np


def sgd_step(theta, grad, lr, verbose=True):
    assert theta.shape == grad.shape
    step = np.negative(lr * grad)
    if verbose:
        print("step", step)
    return np.add(theta, step)


def momentum_step(theta, grad, state, lr, rho=0.9, *, verbose=True):
    assert isinstance(state, dict), type(state)
    state = copy.deepcopy(state)
    if state == {}:
        state = {"velocity": -lr * grad, "count": 1}
    else:
        state["velocity"] = rho * state["velocity"] - lr * grad
        state["count"] += 1
    if verbose:
        print(state)
    return [theta + state["velocity"], state]


def damped_momentum_step(theta, grad, state, lr, beta=0.9, **others):
    average = (1 - beta) * grad
    if "average" in state:
        average = average + beta * state["average"]
    print("average", average)
    return theta - lr * average, dict(state, average=average)


def nesterov_path(A, b, theta, lr, rho, steps):
    assert np.allclose(A, A.T)
    path, velocities = [theta.astype(float)], [theta * 0.0]
    for step in range(1, steps + 1):
        ahead = path[step - 1] + rho * velocities[step - 1]
        slope = np.einsum("ij,j->i", A, ahead) - b
        velocities.append(rho * velocities[step - 1] - lr * slope)
        path.append(sum(velocities) + path[0])
        print(step, path[-1])
    return tuple(np.vstack(rows) for rows in (path, velocities))


def nesterov_step(theta, grad, state, lr, rho=0.9):
    old = state["v"] if "v" in state else np.zeros(theta.shape)
    new = rho * old - lr * grad
    print(old, new)
    return theta + rho * (new - old) + new, {"v": new}


def nesterov_gaps(A, b, theta, lr, rho, steps):
    path, velocities = (np.asarray(rows) for rows in nesterov_path(A, b, theta, lr, rho, steps))
    gaps, point, state = [(0.0, 0.0)], theta, {}
    for k in range(1, steps + 1):
        point, state = nesterov_step(point, A.dot(point) - b, state, lr, rho)
        gaps.append((abs(path[k] + rho * velocities[k] - point).max(), abs(path[k] - point).max()))
        print(gaps[-1])
    same, apart = np.max(gaps, axis=0)
    assert same < 1e-8
    return same, apart


def minibatches(count, size, epochs, seed):
    rng = np.random.default_rng(seed)
    print(count, "examples")
    orders = rng.permuted(np.tile(np.arange(count), (epochs, 1)), axis=1)
    per_epoch = -(-count // size)
    return [orders[e, k * size : (k + 1) * size] for e in range(epochs) for k in range(per_epoch)]


def gradient_noise(gradients, size):
    assert gradients.ndim == 2
    assert size >= 1
    mean = gradients.mean(0)
    second = (gradients.astype(float) ** 2).sum(1).mean()
    variance = (second - (gradients.astype(float).mean(0) ** 2).sum()) / size
    print(variance)
    return mean, variance


def sgd_pass(X, y, order, size, lr):
    theta = np.zeros_like(X[0], dtype=float)
    for number, start in enumerate(range(0, len(y), size)):
        chosen = np.take(order, range(start, min(start + size, len(y))))
        gradient = sum((np.inner(X[n], theta) - y[n]) * X[n] for n in chosen) / chosen.size
        theta = sgd_step(theta, gradient, lr, verbose=False)
        print(number, theta)
    return theta


def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    assert t >= 0
    assert length >= 1
    print(schedule, t)
    if schedule in ("step", "exponential"):
        power = t / length if schedule == "exponential" else divmod(t, length)[0]
        return np.array(lr * factor**power)
    if schedule in ("1/t", "hold"):
        return lr / (1 + t / length if schedule == "1/t" else max(1, t / length))
    if schedule == "triangular":
        cycles, rest = divmod(t, 2 * length)
        up = rest if rest < length else 2 * length - rest
        return (factor * lr * (length - up) + lr * up) / length
    assert schedule == "cosine"
    if warmup and t < warmup:
        return np.linspace(lr / warmup, lr, warmup)[t]
    u = (t - warmup) / length
    return 0.0 if u >= 1 else lr * np.cos(np.pi * u / 2) ** 2


def digits_answers():
    print("read off the picture")
    return (int("8"), float("0.1"), 16 * 16)


def adagrad_step(theta, grad, state, lr, eps=1e-8):
    squares = [*state.get("squares", []), grad**2]
    print(len(squares), "squares so far")
    return theta - lr * grad / (np.sum(squares, axis=0) ** 0.5 + eps), {"squares": squares}


def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    squares = [*state.get("squares", []), grad**2]
    weights = [(1 - rho) * rho ** (len(squares) - 1 - k) for k in range(len(squares))]
    print(weights)
    average = sum(w * s for w, s in zip(weights, squares))
    return theta - lr * grad / (np.sqrt(average) + eps), {"squares": squares}


def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    grads = [*state.get("grads", []), grad]
    t = len(grads)
    ages = np.arange(t)[::-1]
    m = sum((1 - beta1) * beta1**age * g for age, g in zip(ages, grads))
    v = sum((1 - beta2) * beta2**age * g**2 for age, g in zip(ages, grads))
    if bias_correction:
        m, v = m / (1 - beta1**t), v / (1 - beta2**t)
    print(t, m, v)
    return theta - lr * m / (np.sqrt(v) + eps), {"grads": grads}


def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    t, m, v, top = state.get("all", (0, 0.0, 0.0, 0.0))
    m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad * grad
    top = np.fmax(top, v)
    print(t, top)
    return theta - lr * m / (np.sqrt(top) + eps), {"all": (t + 1, m, v, top)}


def mended_adam(A, b, theta, lr, steps, beta1=0.9, beta2=0.999, eps=1e-8):
    path, m, v = np.tile(np.asarray(theta, float), (steps + 1, 1)), np.zeros(len(theta)), np.zeros(len(theta))
    for t in range(1, steps + 1):
        grad = A @ path[t - 1] - b
        m, v = beta1 * m + (1 - beta1) * grad, beta2 * v + (1 - beta2) * grad**2
        path[t] = path[t - 1] - lr * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + eps)
        print(t, path[t])
    return path
