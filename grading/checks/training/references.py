"""The right answers, with the parameters that the assignment asks for."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

Array = np.ndarray
Cost = Callable[[Array], float]
Gradient = Callable[[Array], Array]

# One-sided slopes that differ by more than this share of their size are those of a kink.
KINK = 0.1


def one_sided(f: Cost, x: Array, h: float) -> tuple[Array, Array]:
    """Return (f(x) − f(x − h))/h and (f(x + h) − f(x))/h by every component."""
    here = f(x)
    left, right = np.empty(x.shape), np.empty(x.shape)
    for where in np.ndindex(x.shape):
        for side, slopes in ((-h, left), (h, right)):
            moved = x.astype(np.float64)
            moved[where] += side
            slopes[where] = (f(moved) - here) / side
    return left, right


def numerical_gradient(f: Cost, x: Array, h: float = 1e-5) -> Array:
    """Return the centred difference by every component."""
    left, right = one_sided(f, x, h)
    return (left + right) / 2


def relative_errors(a: Array, b: Array, floor: float = 1e-8) -> Array:
    """Return |a − b| / max(|a|, |b|, floor)."""
    return np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), floor)


def relative_error(a: Array, b: Array, floor: float = 1e-8) -> float:
    """Return the largest of the relative errors."""
    return float(relative_errors(a, b, floor).max())


def gradient_check(f: Cost, gradient: Gradient, x: Array, h: float = 1e-5) -> tuple[float, int]:
    """Return the largest relative error away from kinks, and how many components are at one."""
    left, right = one_sided(f, x, h)
    size = np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
    smooth = np.abs(left - right) <= KINK * size
    errors = relative_errors(gradient(x), (left + right) / 2)[smooth]
    return float(errors.max(initial=0.0)), int((~smooth).sum())


def training_loop(
    gradient: Callable[[Array, Array], Array],
    theta: Array,
    orders: Array,
    size: int,
    schedule: Callable[[int], float],
) -> Array:
    """Return theta at the start and after every epoch of minibatch SGD."""
    theta, t = np.array(theta, dtype=np.float64), 0
    kept = [theta]
    for order in orders:
        for start in range(0, len(order), size):
            theta = theta - schedule(t) * gradient(theta, order[start : start + size])
            t += 1
        kept.append(theta)
    return np.array(kept)


def early_stopping(losses: Sequence[float], patience: int, growth: float) -> tuple[int, int]:
    """Return the best epoch and the last, both counted from 1."""
    best, best_epoch, deadline = math.inf, 0, patience
    for epoch, loss in enumerate(losses, start=1):
        if loss < best:
            best, best_epoch = loss, epoch
            deadline = max(epoch + patience, math.floor(growth * epoch))
        if epoch >= deadline:
            return best_epoch, epoch
    return best_epoch, len(losses)


def range_test(
    loss: Cost, gradient: Gradient, theta: Array, rates: Array, blow_up: float = 4.0
) -> tuple[Array, float, float]:
    """Return the losses seen, the rate at the lowest of them, and a third of it."""
    theta, losses = np.array(theta, dtype=np.float64), []
    for rate in rates:
        losses.append(float(loss(theta)))
        if not losses[-1] <= blow_up * min(losses):
            break
        theta = theta - rate * gradient(theta)
    largest = float(rates[int(np.argmin(losses))])
    return np.array(losses), largest, largest / 3


def layer_health(weights: Array, update: Array, rectified: Array, bounded: Array) -> tuple[float, ...]:
    """Return the update ratio, the share of dead rectified units and of saturated bounded values."""
    ratio = float(np.linalg.norm(update) / np.linalg.norm(weights))
    dead = float((rectified == 0).all(axis=0).mean())
    return ratio, dead, float((np.abs(bounded) > 0.99).mean())


def random_search(
    evaluate: Callable[[float], float], low: float, high: float, budget: int, seed: int
) -> tuple[float, float]:
    """Return the best of `budget` rates that are drawn log-uniformly, and its loss."""
    rates = np.exp(np.random.default_rng(seed).uniform(np.log(low), np.log(high), budget))
    losses = np.array([evaluate(float(rate)) for rate in rates], dtype=np.float64)
    best = int(np.nanargmin(losses))
    return float(rates[best]), float(losses[best])
