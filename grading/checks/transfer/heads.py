"""The right answers for linear heads, the trunk's last layer, and steps by group."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

Array = np.ndarray


def map_codes(maps: Array, grid: int) -> Array:
    """Return means over grid × grid parts of maps (N, C, H, W), channel by channel."""
    n, c, h, w = maps.shape
    return maps.reshape(n, c, grid, h // grid, grid, w // grid).mean(axis=(3, 5)).reshape(n, -1)


def probabilities(scores: Array) -> Array:
    """Return the softmax of every row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def surplus(scores: Array, labels: Array) -> Array:
    """Return the gradient of the mean cross-entropy by the scores."""
    return (probabilities(scores) - np.eye(scores.shape[1])[labels]) / len(labels)


def softmax_head(
    codes: Array, labels: Array, classes: int, penalty: float, lr: float, steps: int
) -> tuple[Array, Array]:
    """Return V (D, K) and v (K,) after gradient descent on the penalised mean cross-entropy, from 0."""
    V, v = np.zeros((codes.shape[1], classes)), np.zeros(classes)
    for _ in range(steps):
        d = surplus(codes @ V + v, labels)
        V, v = V - lr * (codes.T @ d + penalty * V), v - lr * d.sum(axis=0)
    return V, v


def svm_cost(
    V: Array, v: Array, codes: Array, labels: Array, penalty: float, *, at_zero: bool = False
) -> tuple[float, Array, Array]:
    """Return the penalised mean hinge loss over the wrong classes, and its gradients by V and v."""
    margins, rows = margins_of(V, v, codes, labels), np.arange(len(labels))
    active = (margins >= 0 if at_zero else margins > 0).astype(float)
    active[rows, labels] = 0
    active[rows, labels] = -active.sum(axis=1)
    margins[rows, labels] = 0
    cost = np.maximum(margins, 0).sum() / len(labels) + penalty / 2 * (V**2).sum()
    return cost, codes.T @ active / len(labels) + penalty * V, active.sum(axis=0) / len(labels)


def margins_of(V: Array, v: Array, codes: Array, labels: Array) -> Array:
    """Return by how much each score, and 1, exceeds that of the right class."""
    scores = codes @ V + v
    return scores - scores[np.arange(len(labels)), labels][:, None] + 1


def unscaled_head(V: Array, v: Array, mean: Array, deviation: Array) -> tuple[Array, Array]:
    """Return the head that gives for codes what V, v give for (codes − mean) / deviation."""
    new = V / deviation[:, None]
    return new, v - mean @ new


def group_step(
    params: Mapping[str, Array],
    grads: Mapping[str, Array],
    velocities: Mapping[str, Array],
    shares: Mapping[str, float],
    lr: float,
    rho: float = 0.9,
    decay: float = 0.0,
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Make a step of momentum with decay, each group at its share of the rate; without one it is frozen."""
    after, moved = {}, {}
    for name, value in params.items():
        share = shares.get(name, 0)
        if share == 0:
            after[name], moved[name] = value, velocities[name]
            continue
        moved[name] = rho * velocities[name] - lr * share * (grads[name] + decay * value)
        after[name] = value + moved[name]
    return after, moved


def tuned_gradients(
    u: Array, s: Array, labels: Array, W: Array, b: Array, V: Array, v: Array
) -> tuple[Array, Array, Array, Array]:
    """Return the gradients of the mean cross-entropy by the trunk's last layer W, b and the head V, v."""
    codes = s + u @ W + b
    d = surplus(codes @ V + v, labels)
    back = d @ V.T
    return u.T @ back, back.sum(axis=0), codes.T @ d, d.sum(axis=0)


def transfer_gain(with_trunk: Array, without: Array) -> float:
    """Return the best mean accuracy (methods, draws) with the trunk less the best without."""
    return with_trunk.mean(axis=1).max() - without.mean(axis=1).max()
