"""Losses: a number to make small, and its gradient in the same breath."""

import numpy as np

from course_lib.reference.activations import sigmoid
from course_lib.reference.softmax import log_softmax


def cross_entropy(logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Give the mean of -log softmax(logits)[target] over the rows (N, C), and its gradient.

    The gradient is (softmax - one-hot) / N.
    """
    rows = np.arange(len(logits))
    log_p = log_softmax(logits)
    dlogits = np.exp(log_p)
    dlogits[rows, targets] -= 1
    return float(-log_p[rows, targets].mean()), dlogits / logits.dtype.type(len(logits))


def hinge_loss(scores: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Give the mean over rows of how far wrong classes come within a margin of 1, and its gradient.

    That is the sum over wrong classes of max(0, 1 + score - score of the target).
    """
    rows = np.arange(len(scores))
    margins = np.maximum(0, 1 + scores - scores[rows, targets][:, None])
    margins[rows, targets] = 0
    dscores = (margins > 0).astype(scores.dtype)
    dscores[rows, targets] = -dscores.sum(axis=1)
    n = scores.dtype.type(len(scores))
    return float(margins.sum() / n), dscores / n


def mse_loss(x: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Give the mean of the squared differences over all elements, and its gradient."""
    difference = x - target
    return float((difference**2).mean()), difference * x.dtype.type(2 / x.size)


def binary_cross_entropy_with_logits(x: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Give the mean of -t log s(x) - (1 - t) log(1 - s(x)), s the sigmoid, and its gradient."""
    # max(x, 0) - t x + log(1 + exp(-|x|)) is the same without overflow.
    losses = np.maximum(x, 0) - target * x + np.log1p(np.exp(-np.abs(x)))
    return float(losses.mean()), (sigmoid(x) - target) / x.dtype.type(x.size)
