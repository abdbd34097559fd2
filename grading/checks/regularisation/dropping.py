"""The right answers for dropout, its ensemble, and DropConnect; p is always the probability of dropping."""

from __future__ import annotations

import itertools

import numpy as np

Array = np.ndarray
KINDS = ("classic", "inverted")


def dropout_mask(shape: tuple[int, ...], p: float, seed: int) -> Array:
    """Draw 1 for what stays and 0 for what is dropped."""
    return (np.random.default_rng(seed).random(shape) >= p).astype(np.float64)


def dropout_forward(kind: str, x: Array, mask: Array, p: float, train: bool) -> Array:
    """Drop, and scale: in the test ("classic") or in training ("inverted")."""
    return x * _factor(kind, mask, p, train)


def dropout_backward(kind: str, dy: Array, mask: Array, p: float, train: bool) -> Array:
    """Let the gradient pass by the same factors."""
    return dy * _factor(kind, mask, p, train)


def _factor(kind: str, mask: Array, p: float, train: bool) -> Array | float:
    if kind == "classic":
        return mask if train else 1 - p
    return mask / (1 - p) if train else 1.0


def relu(x: Array) -> Array:
    """Cut off what is negative."""
    return np.maximum(x, 0.0)


def masks_of(count: int) -> Array:
    """Return all masks of so many inputs, one a row."""
    return np.array(list(itertools.product((0.0, 1.0), repeat=count))).reshape(2**count, count)


def dropout_ensemble(x: Array, w: Array, b: Array, p: float) -> tuple[Array, Array]:
    """Average a layer of ReLUs over all masks of its inputs; and answer once, with scaled inputs."""
    masks = masks_of(len(x))
    kept = masks.sum(axis=1)
    weights = (1 - p) ** kept * p ** (len(x) - kept)
    return weights @ relu((masks * x) @ w + b), relu((1 - p) * x @ w + b)


def dropout_ensemble_terms(x: Array, w: Array, b: Array, p: float) -> tuple[Array, Array]:
    """Return sums of absolute terms behind both answers."""
    size = np.abs(x) @ np.abs(w) + np.abs(b)
    return size, size


def dropconnect_forward(x: Array, w: Array, b: Array, mask: Array, p: float, train: bool) -> Array:
    """Drop connections, scaled in training; x (N, D), w and mask (D, M), b (M,)."""
    return x @ (w * mask / (1 - p) if train else w) + b


def dropconnect_backward(dy: Array, x: Array, w: Array, mask: Array, p: float) -> tuple[Array, Array, Array]:
    """Return the gradients in training by x, w and b."""
    factor = mask / (1 - p)
    return dy @ (w * factor).T, (x.T @ dy) * factor, dy.sum(axis=0)
