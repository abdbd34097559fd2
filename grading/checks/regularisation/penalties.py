"""The right answers for costs of large weights, their gradients, and what they make of a weight."""

from __future__ import annotations

import numpy as np

Array = np.ndarray
NAMES = ("l2", "l1", "elastic")


def penalty(name: str, w: Array, strength: float, share: float = 0.5) -> float:
    """Return the cost of weights: half their squares, their absolute values, or `share` of these."""
    squares, absolute = 0.5 * float((w**2).sum()), float(np.abs(w).sum())
    return (
        strength * {"l2": squares, "l1": absolute, "elastic": share * absolute + (1 - share) * squares}[name]
    )


def penalty_gradient(name: str, w: Array, strength: float, share: float = 0.5) -> Array:
    """Return its gradient; where a weight is 0, |w| has none to add."""
    signs = np.sign(w)
    return strength * {"l2": w, "l1": signs, "elastic": share * signs + (1 - share) * w}[name]


def penalised_minimum(
    name: str, target: Array, curvature: Array, strength: float, share: float = 0.5
) -> Array:
    """Return where curvature/2 (w - target)² and a penalty are smallest together, weight by weight."""
    l1 = {"l2": 0.0, "l1": 1.0, "elastic": share}[name] * strength
    l2 = {"l2": 1.0, "l1": 0.0, "elastic": 1 - share}[name] * strength
    return np.sign(target) * np.maximum(curvature * np.abs(target) - l1, 0.0) / (curvature + l2)


def penalised_loss(
    x: Array, y: Array, w: Array, b: float, l1: float, l2: float
) -> tuple[float, Array, float]:
    """Return the cost of linear regression with an elastic net on w alone, and its gradients by w and b."""
    error = x @ w + b - y
    cost = 0.5 * float(np.mean(error**2)) + l1 * float(np.abs(w).sum()) + 0.5 * l2 * float((w**2).sum())
    return cost, x.T @ error / len(x) + l1 * np.sign(w) + l2 * w, float(error.mean())


def penalised_loss_terms(
    x: Array, y: Array, w: Array, b: float, l1: float, l2: float
) -> tuple[float, Array, float]:
    """Return sums of absolute terms behind the three answers."""
    x, w = np.abs(x), np.abs(w)
    size = x @ w + abs(b) + np.abs(y)
    cost = 0.5 * float(np.mean(size**2)) + l1 * float(w.sum()) + 0.5 * l2 * float((w**2).sum())
    return cost, x.T @ size / len(x) + l1 + l2 * w, float(size.mean())


def max_norm(w: Array, limit: float) -> Array:
    """Scale back what goes into a unit where it is too long; w (out, in) or (out, in, KH, KW)."""
    axes = tuple(range(1, w.ndim))
    norms = np.sqrt((w**2).sum(axis=axes, keepdims=True))
    return w * np.where(norms > limit, limit / np.maximum(norms, 1e-300), 1.0)


def adam_decay_step(
    theta: Array,
    grad: Array,
    state: dict,
    lr: float,
    decay: float = 0.01,
    decoupled: bool = True,
    beta1: float = 0.9,
    beta2: float = 0.999,
    eps: float = 1e-8,
) -> tuple[Array, dict]:
    """Make a step of Adam with the decay in the gradient, or beside it."""
    slope = grad if decoupled else grad + decay * theta
    t = state.get("t", 0) + 1
    m = beta1 * state.get("m", 0.0) + (1 - beta1) * slope
    v = beta2 * state.get("v", 0.0) + (1 - beta2) * slope**2
    moved = theta - lr * (m / (1 - beta1**t)) / (np.sqrt(v / (1 - beta2**t)) + eps)
    return (moved - lr * decay * theta if decoupled else moved), {"t": t, "m": m, "v": v}
