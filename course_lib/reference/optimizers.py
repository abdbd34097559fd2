"""Optimiser rules, each for all parameters of a group: the values and their averages change in place.

A row holds a parameter's value theta, its gradient, its averages (None for those that the options do
without), and how many steps it has made, this one included.
"""

import math
from collections.abc import Iterable

import numpy as np

Rows = Iterable[tuple]


def sgd(
    rows: Rows, lr: float, momentum: float, dampening: float, nesterov: bool, weight_decay: float
) -> None:
    """Step along the gradient, or along a velocity; rows are (theta, grad, velocity, step)."""
    for theta, grad, velocity, step in rows:
        grad = decayed(grad, theta, weight_decay)
        if velocity is None:
            theta -= lr * grad
            continue
        # The first velocity is the gradient itself.
        share = 1 if step == 1 else 1 - dampening
        velocity[...] = momentum * velocity + share * grad
        theta -= lr * (grad + momentum * velocity if nesterov else velocity)


def adagrad(rows: Rows, lr: float, lr_decay: float, eps: float, weight_decay: float) -> None:
    """Divide by the root of the sum of squares so far; rows are (theta, grad, total, step)."""
    for theta, grad, total, step in rows:
        grad = decayed(grad, theta, weight_decay)
        total += grad**2
        theta -= lr / (1 + (step - 1) * lr_decay) * grad / (np.sqrt(total) + eps)


def rmsprop(rows: Rows, lr: float, alpha: float, eps: float, weight_decay: float, momentum: float) -> None:
    """Divide by the root of a fading average of squares.

    Rows are (theta, grad, square, mean, velocity, step).
    """
    for theta, grad, square, mean, velocity, _ in rows:
        grad = decayed(grad, theta, weight_decay)
        square[...] = alpha * square + (1 - alpha) * grad**2
        spread = square
        if mean is not None:
            mean[...] = alpha * mean + (1 - alpha) * grad
            spread = square - mean**2
        move = grad / (np.sqrt(spread) + eps)
        if velocity is not None:
            move = velocity[...] = momentum * velocity + move
        theta -= lr * move


def adam(
    rows: Rows,
    lr: float,
    betas: tuple[float, float],
    eps: float,
    weight_decay: float,
    decoupled: bool,
    bias_correction: bool,
) -> None:
    """Divide a fading average by the root of that of squares.

    Rows are (theta, grad, mean, square, largest, step). With `decoupled` the decay shrinks theta
    itself (AdamW), otherwise it joins the gradient.
    """
    beta1, beta2 = betas
    for theta, grad, mean, square, largest, step in rows:
        if decoupled:
            theta *= 1 - lr * weight_decay
        else:
            grad = decayed(grad, theta, weight_decay)
        mean[...] = beta1 * mean + (1 - beta1) * grad
        square[...] = beta2 * square + (1 - beta2) * grad**2
        spread = square
        if largest is not None:
            # The maximum is over uncorrected averages, as PyTorch takes it.
            spread = np.maximum(largest, square, out=largest)
        correction1 = correction2 = 1.0
        if bias_correction:
            correction1, correction2 = 1 - beta1**step, 1 - beta2**step
        theta -= lr / correction1 * mean / (np.sqrt(spread) / math.sqrt(correction2) + eps)


def decayed(grad: np.ndarray, theta: np.ndarray, weight_decay: float) -> np.ndarray:
    """Add weight_decay·theta, the gradient of half the weighted square of theta."""
    return grad + weight_decay * theta if weight_decay else grad
