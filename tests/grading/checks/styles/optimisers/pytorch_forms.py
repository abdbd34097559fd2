"""The forms that PyTorch computes: the rate outside the velocity, scaled step sizes, one fused update."""

import math

import numpy as np


def sgd_step(theta, grad, lr):
    return theta + grad * -lr


def momentum_step(theta, grad, state, lr, rho=0.9):
    buffer = state["momentum_buffer"] * rho + grad if "momentum_buffer" in state else grad.copy()
    return theta - lr * buffer, {"momentum_buffer": buffer}


def damped_momentum_step(theta, grad, state, lr, beta=0.9):
    buffer = np.multiply(state.get("exp_avg", 0 * grad), beta) + np.multiply(grad, 1 - beta)
    return np.subtract(theta, np.multiply(buffer, lr)), {"exp_avg": buffer}


def nesterov_path(A, b, theta, lr, rho, steps):
    buffer, point = np.zeros_like(theta), theta
    points, buffers = [theta], [buffer]
    for _ in range(steps):
        gradient = A @ (point - lr * rho * buffer) - b
        buffer = rho * buffer + gradient
        point = point - lr * buffer
        points.append(point)
        buffers.append(-lr * buffer)
    return np.stack(points), np.stack(buffers)


def nesterov_step(theta, grad, state, lr, rho=0.9):
    buffer = rho * state["buffer"] + grad if state else grad
    return theta - lr * (grad + rho * buffer), {"buffer": buffer}


def nesterov_gaps(A, b, theta, lr, rho, steps):
    path, velocities = nesterov_path(A, b, theta, lr, rho, steps)
    points, state = np.empty_like(path), {}
    points[0] = theta
    for k in range(steps):
        points[k + 1], state = nesterov_step(points[k], points[k] @ A - b, state, lr, rho)
    return [np.linalg.norm((points - path - rho * velocities).ravel(), np.inf), abs(points - path).max()]


def minibatches(count, size, epochs, seed):
    generator = np.random.default_rng(seed)
    return [
        chunk
        for _ in range(epochs)
        for chunk in np.split(generator.permutation(count), np.arange(size, count, size))
    ]


def gradient_noise(gradients, size):
    mean = np.einsum("nd->d", gradients) / len(gradients)
    centred = gradients - mean
    return mean, np.trace(centred.T @ centred / len(gradients)) / size


def sgd_pass(X, y, order, size, lr):
    weight = np.zeros((X.shape[1], 1))
    X, y = X[order], y[order, None]
    for inputs, targets in zip(
        np.split(X, range(size, len(X), size)), np.split(y, range(size, len(X), size))
    ):
        weight -= lr * inputs.T @ (inputs @ weight - targets) / len(inputs)
    return weight[:, 0]


def learning_rate(schedule, t, lr, length, factor=0.1, warmup=0):
    match schedule:
        case "step":
            scale = np.power(factor, np.floor(t / length))
        case "exponential":
            scale = np.power(factor, t / length)
        case "1/t":
            scale = 1 / (1 + t / length)
        case "hold":
            scale = min(1.0, length / max(t, 1))
        case "triangular":
            cycle = math.floor(1 + t / (2 * length))
            x = abs(t / length - 2 * cycle + 1)
            scale = factor + (1 - factor) * max(0.0, 1 - x)
        case _:
            scale = (
                (t + 1) / warmup if t < warmup else 0.5 * (1 + np.cos(np.pi * min(1, (t - warmup) / length)))
            )
    return np.float64(lr * scale)


def digits_answers():
    return tuple(np.array([8, 0.1, 256]))


def adagrad_step(theta, grad, state, lr, eps=1e-8):
    state = state or {"step": 0, "sum": np.full(theta.shape, 0.0)}
    state["step"] += 1
    state["sum"] += np.square(grad)
    std = np.sqrt(state["sum"]) + eps
    return theta + -lr * (grad / std), state


def rmsprop_step(theta, grad, state, lr, rho=0.9, eps=1e-8):
    average = state.get("square_avg", np.zeros(()))
    average = average * rho + grad * grad * (1 - rho)
    return theta - lr * (grad / (average**0.5 + eps)), {"square_avg": average}


def adam_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8, bias_correction=True):
    step = state.get("step", 0) + 1
    mean = state.get("exp_avg", np.zeros_like(theta))
    mean = mean + (grad - mean) * (1 - beta1)
    square = state.get("exp_avg_sq", np.zeros_like(theta)) * beta2 + (1 - beta2) * grad * grad
    correction1 = 1 - beta1**step if bias_correction else 1.0
    correction2 = 1 - beta2**step if bias_correction else 1.0
    denominator = np.sqrt(square) / math.sqrt(correction2) + eps
    theta = theta - (lr / correction1) * (mean / denominator)
    return theta, {"step": step, "exp_avg": mean, "exp_avg_sq": square}


def amsgrad_step(theta, grad, state, lr, beta1=0.9, beta2=0.999, eps=1e-8):
    zeros = np.zeros(theta.shape)
    mean, square, largest = state.get("averages", (zeros, zeros, zeros))
    mean = mean + (1 - beta1) * (grad - mean)
    square = square + (1 - beta2) * (grad * grad - square)
    largest = np.where(square > largest, square, largest)
    return theta - lr * mean / (np.sqrt(largest) + eps), {"averages": (mean, square, largest)}


def mended_adam(A, b, theta, lr, steps):
    path = np.empty((steps + 1, theta.size))
    path[0], state = theta, {}
    for k in range(steps):
        path[k + 1], state = adam_step(path[k], A @ path[k] - b, state, lr)
    return path
