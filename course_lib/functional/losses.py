"""Losses: each gives its value and the gradient of its first argument together."""

import numpy as np

from course_lib.config import operation
from course_lib.functional import arguments
from course_lib.functional.results import Out, result


def cross_entropy(logits: np.ndarray, targets: np.ndarray, *, out: Out = None) -> tuple[float, np.ndarray]:
    """Measure how unlikely the right classes are: the mean of ``-log softmax(logits)[target]``.

    Parameters
    ----------
    logits : ndarray, shape (N, C)
        Scores, float32 or float64.
    targets : ndarray of int, shape (N,)
        Right classes, from 0 to C - 1.
    out : ndarray or callable, optional
        Where the gradient goes; see `course_lib.functional`.

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
    inputs = logits, targets
    logits = arguments.tensor("logits", logits, 2)
    targets = arguments.targets("targets", targets, logits.shape)
    dlogits = result(out, logits.shape, logits.dtype, inputs)
    if logits.size == 0:
        return float("nan"), dlogits
    return operation("losses", "cross_entropy", logits.dtype)(logits, targets, (None, dlogits))[0], dlogits


def hinge_loss(scores: np.ndarray, targets: np.ndarray, *, out: Out = None) -> tuple[float, np.ndarray]:
    """Measure by how much wrong classes come closer than a margin of 1 (multi-class support vectors).

    Parameters
    ----------
    scores : ndarray, shape (N, C)
        Scores, float32 or float64.
    targets : ndarray of int, shape (N,)
        Right classes, from 0 to C - 1.
    out : ndarray or callable, optional
        Where the gradient goes; see `course_lib.functional`.

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
    inputs = scores, targets
    scores = arguments.tensor("scores", scores, 2)
    targets = arguments.targets("targets", targets, scores.shape)
    dscores = result(out, scores.shape, scores.dtype, inputs)
    if scores.size == 0:
        return float("nan"), dscores
    return operation("losses", "hinge_loss", scores.dtype)(scores, targets, (None, dscores))[0], dscores


def mse_loss(input: np.ndarray, target: np.ndarray, *, out: Out = None) -> tuple[float, np.ndarray]:
    """Measure the mean squared difference over all elements.

    Parameters
    ----------
    input, target : ndarray
        Of one shape and one dtype, float32 or float64.
    out : ndarray or callable, optional
        Where the gradient goes; see `course_lib.functional`.

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
    return _elementwise("mse_loss", input, target, out)


def binary_cross_entropy_with_logits(
    input: np.ndarray, target: np.ndarray, *, out: Out = None
) -> tuple[float, np.ndarray]:
    """Measure how unlikely yes-or-no targets are.

    The mean of ``-t log s(x) - (1 - t) log(1 - s(x))``, s the sigmoid.

    Parameters
    ----------
    input : ndarray
        Scores x, float32 or float64, any shape.
    target : ndarray
        Probabilities t of "yes", of the same shape and dtype.
    out : ndarray or callable, optional
        Where the gradient goes; see `course_lib.functional`.

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
    return _elementwise("binary_cross_entropy_with_logits", input, target, out)


def _elementwise(name: str, x: np.ndarray, target: np.ndarray, out: Out) -> tuple[float, np.ndarray]:
    inputs = x, target
    x = arguments.real("input", x)
    target = arguments.shaped("target", target, x.shape, "that of input", x)
    dx = result(out, x.shape, x.dtype, inputs)
    if x.size == 0:
        return float("nan"), dx
    compute = operation("losses", name, x.dtype)
    return compute(x.reshape(-1), target.reshape(-1), (None, dx.reshape(-1)))[0], dx
