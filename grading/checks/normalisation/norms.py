"""The right answers for normalisations and their gradients."""

from __future__ import annotations

import numpy as np

Gradients = tuple[np.ndarray, np.ndarray, np.ndarray]


def batch_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Normalise every feature of x (N, D) over the batch, then scale and shift it."""
    return gamma * normalised(x, 0, eps) + beta


def batch_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> Gradients:
    """Return the gradients by x, gamma and beta."""
    return _backward(dy, x, gamma, eps, 0)


def batch_norm_running(
    x: np.ndarray, running_mean: np.ndarray, running_var: np.ndarray, momentum: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Move the running averages towards the mean and the unbiased variance of a batch (N, D)."""
    return (
        (1 - momentum) * running_mean + momentum * x.mean(axis=0),
        (1 - momentum) * running_var + momentum * x.var(axis=0, ddof=1),
    )


def running_magnitude(
    x: np.ndarray, running_mean: np.ndarray, running_var: np.ndarray, momentum: float = 0.1
) -> tuple[np.ndarray, np.ndarray]:
    """Sum the absolute terms behind the averages: a variance may be a difference of mean squares."""
    squares = (x**2).sum(axis=0) / (len(x) - 1)
    return (
        (1 - momentum) * np.abs(running_mean) + momentum * np.abs(x).mean(axis=0),
        (1 - momentum) * running_var + momentum * squares,
    )


def batch_norm_test(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    eps: float = 1e-5,
) -> np.ndarray:
    """Normalise by the running averages, then scale and shift."""
    return gamma * (x - running_mean) / np.sqrt(running_var + eps) + beta


def spatial_batch_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Normalise every channel of x (N, C, H, W) over images, rows and columns."""
    return by_channel(normalised(x, (0, 2, 3), eps), gamma, beta)


def layer_norm(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Normalise every example of x (N, D) over its features, then scale and shift each feature."""
    return gamma * normalised(x, 1, eps) + beta


def layer_norm_backward(
    dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> Gradients:
    """Return the gradients by x, gamma and beta."""
    return _backward(dy, x, gamma, eps, 1)


def group_norm(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, groups: int, eps: float = 1e-5
) -> np.ndarray:
    """Normalise every group of neighbouring channels of every image of x (N, C, H, W) by itself."""
    return by_channel(normalised(x.reshape(len(x), groups, -1), 2, eps).reshape(x.shape), gamma, beta)


def fold_batch_norm(
    w: np.ndarray,
    b: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights and biases of the layer that does what w (M, D), b and batch norm after it do."""
    scale = gamma / np.sqrt(running_var + eps)
    return w * scale[:, None], (b - running_mean) * scale + beta


def folded_magnitude(*args: np.ndarray, **options: float) -> tuple[np.ndarray, np.ndarray]:
    """Sum the absolute terms behind what `fold_batch_norm` makes of the same arguments."""
    *layer, running_mean = args[:5]
    return fold_batch_norm(*map(np.abs, layer), -np.abs(running_mean), *args[5:], **options)


def normalised(x: np.ndarray, axis: int | tuple[int, ...], eps: float) -> np.ndarray:
    """Subtract the mean and divide by the root of the biased variance plus eps."""
    return (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(x.var(axis=axis, keepdims=True) + eps)


def by_channel(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """Scale and shift every channel of images (N, C, H, W)."""
    return gamma[:, None, None] * x + beta[:, None, None]


def backward_magnitude(axis: int) -> object:
    """Return a function that sums the absolute terms behind the gradients: those of x nearly cancel."""

    def magnitude(
        dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
    ) -> Gradients:
        xhat, g = np.abs(normalised(x, axis, eps)), np.abs(dy * gamma)
        terms = g + g.mean(axis, keepdims=True) + xhat * (g * xhat).mean(axis, keepdims=True)
        dx = terms / np.sqrt(x.var(axis=axis, keepdims=True) + eps)
        return dx, (np.abs(dy) * xhat).sum(axis=0), np.abs(dy).sum(axis=0)

    return magnitude


def _backward(dy: np.ndarray, x: np.ndarray, gamma: np.ndarray, eps: float, axis: int) -> Gradients:
    xhat, g = normalised(x, axis, eps), dy * gamma
    inner = g - g.mean(axis, keepdims=True) - xhat * (g * xhat).mean(axis, keepdims=True)
    dx = inner / np.sqrt(x.var(axis=axis, keepdims=True) + eps)
    return dx, (dy * xhat).sum(axis=0), dy.sum(axis=0)
