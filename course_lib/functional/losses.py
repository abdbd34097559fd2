"""Losses: each gives its value and the gradient of its first argument together."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments


def cross_entropy(logits: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Measure how unlikely the right classes are: the mean of ``-log softmax(logits)[target]``.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        Scores, float32 or float64.
    targets : ndarray of int, shape (N,)
        Right classes, from 0 to C - 1.

    Returns
    -------
    loss : float
        Mean over the batch; NaN for an empty one.
    dlogits : ndarray, shape (N, C)
        Its gradient.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    logits = arguments.tensor("logits", logits, 2)
    targets = arguments.targets("targets", targets, logits.shape)
    if logits.size == 0:
        return float("nan"), np.empty_like(logits)
    return operation("losses", "cross_entropy", logits.dtype)(logits, targets)


def hinge_loss(scores: np.ndarray, targets: np.ndarray) -> tuple[float, np.ndarray]:
    """Measure by how much wrong classes come closer than a margin of 1 (multi-class support vectors).

    Parameters
    ----------
    scores : ndarray, shape (N, C)
        Scores, float32 or float64.
    targets : ndarray of int, shape (N,)
        Right classes, from 0 to C - 1.

    Returns
    -------
    loss : float
        Sum over wrong classes of ``max(0, 1 + score - score of the target)``, mean over the batch; NaN for an
        empty one.
    dscores : ndarray, shape (N, C)
        Its gradient.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.

    References
    ----------
    J. Weston and C. Watkins, Support vector machines for multi-class pattern recognition, ESANN 1999.
    """
    scores = arguments.tensor("scores", scores, 2)
    targets = arguments.targets("targets", targets, scores.shape)
    if scores.size == 0:
        return float("nan"), np.empty_like(scores)
    return operation("losses", "hinge_loss", scores.dtype)(scores, targets)


def mse_loss(input: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Measure the mean squared difference over all elements.

    Parameters
    ----------
    input, target : ndarray
        Of one shape and one dtype, float32 or float64.

    Returns
    -------
    loss : float
        Mean over all elements; NaN without any.
    dinput : ndarray
        Its gradient.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _elementwise("mse_loss", input, target)


def binary_cross_entropy_with_logits(input: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    """Measure how unlikely yes-or-no targets are.

    The mean of ``-t log s(x) - (1 - t) log(1 - s(x))``, s the sigmoid.

    Parameters
    ----------
    input : ndarray
        Scores x, float32 or float64, any shape.
    target : ndarray
        Probabilities t of "yes", of the same shape and dtype.

    Returns
    -------
    loss : float
        Mean over all elements; NaN without any.
    dinput : ndarray
        Its gradient.

    Raises
    ------
    TypeError, ValueError
        If an argument does not fit; the message names it.
    """
    return _elementwise("binary_cross_entropy_with_logits", input, target)


def _elementwise(name: str, x: np.ndarray, target: np.ndarray) -> tuple[float, np.ndarray]:
    x = arguments.real("input", x)
    target = arguments.shaped("target", target, x.shape, "that of input", x)
    if x.size == 0:
        return float("nan"), np.empty_like(x)
    loss, dx = operation("losses", name, x.dtype)(x.reshape(-1), target.reshape(-1))
    return loss, dx.reshape(x.shape)
