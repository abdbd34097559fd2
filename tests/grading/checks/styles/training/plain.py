"""As the prompts say it, in NumPy."""

from pathlib import Path

import numpy as np

import grading.checks

HANDED_IN = Path(grading.checks.__file__).parent / "training"


def numerical_gradient(f, x, h=1e-5):
    gradient = np.empty_like(x)
    for i in np.ndindex(x.shape):
        move = np.zeros_like(x)
        move[i] = h
        gradient[i] = (f(x + move) - f(x - move)) / (2 * h)
    return gradient


def relative_error(a, b, floor=1e-8):
    return (np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)).max()


def gradient_check(f, gradient, x, h=1e-5):
    given, here, kinks, errors = gradient(x), f(x), 0, [0.0]
    for i in np.ndindex(x.shape):
        move = np.zeros_like(x)
        move[i] = h
        left, right = (here - f(x - move)) / h, (f(x + move) - here) / h
        if abs(left - right) > 0.1 * max(1, abs(left), abs(right)):
            kinks += 1
            continue
        errors.append(relative_error(np.array([given[i]]), np.array([(left + right) / 2])))
    return max(errors), kinks


def planted_bugs():
    return [1, 4, 5]


def training_loop(gradient, theta, orders, size, schedule):
    path, t = [theta], 0
    for order in orders:
        for start in range(0, len(order), size):
            theta = theta - schedule(t) * gradient(theta, order[start : start + size])
            t += 1
        path.append(theta)
    return np.stack(path)


def early_stopping(losses, patience, growth):
    best_loss, best_epoch, deadline = np.inf, 0, patience
    for epoch, loss in enumerate(losses, 1):
        if loss < best_loss:
            best_loss, best_epoch = loss, epoch
            deadline = max(epoch + patience, int(np.floor(growth * epoch)))
        if epoch >= deadline:
            break
    return best_epoch, epoch


def range_test(loss, gradient, theta, rates, blow_up=4.0):
    losses = []
    for rate in rates:
        losses.append(loss(theta))
        if losses[-1] > blow_up * min(losses):
            break
        theta = theta - rate * gradient(theta)
    largest = rates[int(np.argmin(losses))]
    return np.array(losses), largest, largest / 3


def layer_health(weights, update, rectified, bounded):
    ratio = np.sqrt((update**2).sum()) / np.sqrt((weights**2).sum())
    return ratio, (rectified == 0).all(axis=0).mean(), (np.abs(bounded) > 0.99).mean()


def diagnoses():
    return [
        ("not a number", "lower the rate"),
        ("gradients not applied", "apply the gradients"),
        ("overfitting", "more data or regularisation"),
        ("slow start", "larger initial weights"),
        ("wrong direction", "subtract the gradient"),
        ("validation set too small", "more validation examples"),
        ("dead units", "raise the biases"),
        ("oscillation", "lower the rate"),
    ]


def cured_settings():
    return {"rate": 0.05, "momentum": 0.9, "start": 1.0, "batch": 16}


def random_search(evaluate, low, high, budget, seed):
    rates = np.exp(np.random.default_rng(seed).uniform(np.log(low), np.log(high), budget))
    losses = [evaluate(rate) for rate in rates]
    best = np.nanargmin(losses)
    return rates[best], losses[best]


def fashion_net():
    return (HANDED_IN / "fashion_net.json").read_text(), (HANDED_IN / "fashion_net.npz").read_bytes()
