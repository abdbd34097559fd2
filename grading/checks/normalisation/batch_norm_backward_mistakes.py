"""What goes wrong in batch_norm_backward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.gradient_mistakes import Steps, dgamma_with, reduced
from grading.checks.normalisation.norms import batch_norm_backward as right
from grading.checks.normalisation.statistics_mistakes import xhat

Array = np.ndarray


def _exchanged(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> tuple[Array, ...]:
    dx, dgamma, dbeta = right(dy, x, gamma, beta, eps)
    return dx, dbeta, dgamma


def _averaged(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return right(dy, x, gamma, beta, eps)[0] / len(x)


def _total_variance(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Sum the gradient of the variance over all features, that of the mean over the batch alone."""
    centred, inside = x - x.mean(axis=0), x.var(axis=0) + eps
    g = dy * gamma
    dvar = (-0.5 * g * centred * inside**-1.5).sum()
    return g / np.sqrt(inside) + dvar * 2 * centred / len(x) - (g / np.sqrt(inside)).mean(axis=0)


MISCONCEPTIONS = (
    Misconception(
        "batch-norm-gradients-in-wrong-order",
        "dgamma and dbeta are exchanged",
        "Return dx, dgamma, dbeta in this order: β is added, so its gradient is the plain sum of dy.",
        sections.BACKWARD,
        (_exchanged,),
    ),
    Misconception(
        "batch-norm-variance-gradient-summed-over-everything",
        "the gradient of the variance is summed without an axis",
        "Every feature has a variance of its own. np.sum without axis adds up those of all features: use "
        "axis=0.",
        sections.BACKWARD,
        (_total_variance, Steps(0, summed_over=None)),
        output="dx",
    ),
    Misconception(
        "batch-norm-statistics-taken-for-constants",
        "mean and variance are treated as constants",
        "γ / √(variance + ε) · dy is what test mode gives. In training x also changes the batch's mean and "
        "variance, and dx has two more terms.",
        sections.BACKWARD,
        (Steps(0, through_variance=False, through_mean=False),),
        output="dx",
    ),
    Misconception(
        "batch-norm-without-the-way-through-the-mean",
        "the way through the mean is missing",
        "Every example moves the batch's mean, which is subtracted from all: dx loses the mean of dy·γ / "
        "√(variance + ε) over the batch.",
        sections.BACKWARD,
        (Steps(0, through_mean=False),),
        output="dx",
    ),
    Misconception(
        "batch-norm-without-the-way-through-the-variance",
        "the way through the variance is missing",
        "Every example moves the batch's variance, which divides all: dx has a term proportional to x̂.",
        sections.BACKWARD,
        (Steps(0, through_variance=False),),
        output="dx",
    ),
    Misconception(
        "batch-norm-backward-without-the-batch-sum",
        "a sum over the batch is missing",
        "All examples share one mean and one variance: what comes back through these is a sum over the "
        "batch, axis=0.",
        sections.BACKWARD,
        (Steps(0, summed=False), Steps(0, summed=False, divided=False)),
        output="dx",
    ),
    Misconception(
        "batch-norm-backward-not-divided",
        "the sums over the batch are not divided by N",
        "Mean and variance are means over the batch: each example has a share of 1/N in them.",
        sections.BACKWARD,
        (Steps(0, divided=False),),
        output="dx",
    ),
    Misconception(
        "batch-norm-backward-over-the-features",
        "the sums run over the features",
        "Mean and variance belong to a feature and are shared by the batch: the sums run over axis 0.",
        sections.BACKWARD,
        (Steps(0, summed_over=1),),
        output="dx",
    ),
    Misconception(
        "batch-norm-backward-deviation-for-variance",
        "the stored standard deviation is used as the variance",
        "If the cache holds √(variance + ε), its root must not be taken again: divide by it once, or by its "
        "cube.",
        sections.BACKWARD,
        (Steps(0, deviation_for_variance=True),),
        output="dx",
    ),
    Misconception(
        "batch-norm-backward-without-eps",
        "ε is missing in the gradient",
        "The forward divided by √(variance + ε), and so must the backward: keep it, or ε, in the cache.",
        sections.BACKWARD,
        (Steps(0, eps_inside=False),),
        output="dx",
    ),
    Misconception(
        "batch-norm-backward-without-gamma",
        "γ is missing in dx",
        "y = γ x̂ + β: on the way back dy is multiplied by γ first.",
        sections.BACKWARD,
        (Steps(0, scaled=False),),
        output="dx",
    ),
    Misconception(
        "batch-norm-dx-averaged",
        "dx is divided by the size of the batch",
        "If the cost is a mean, its 1/N is in dy already: dividing again makes dx too small.",
        sections.BACKWARD,
        (_averaged,),
        output="dx",
    ),
    Misconception(
        "batch-norm-dgamma-without-eps",
        "dgamma is computed without ε",
        "γ multiplies x̂, which was divided by √(variance + ε): use the x̂ of the forward.",
        sections.BACKWARD,
        (
            dgamma_with(lambda x, eps: xhat(x, 0, eps, "eps missing")),
            dgamma_with(lambda x, eps: xhat(x, 0, eps, "eps outside")),
        ),
        output="dgamma",
    ),
    Misconception(
        "batch-norm-dgamma-without-normalising",
        "dy is multiplied by x instead of x̂",
        "γ multiplies the normalised x̂, so dgamma is the sum of dy · x̂.",
        sections.BACKWARD,
        (dgamma_with(lambda x, eps: x), dgamma_with(lambda x, eps: x - x.mean(axis=0))),
        output="dgamma",
    ),
    Misconception(
        "batch-norm-dgamma-shape",
        "dgamma is not summed to the shape of γ",
        "γ is shared by the batch: dgamma is the sum over axis 0, of shape (D,), without keepdims.",
        sections.BACKWARD,
        (
            reduced(0, lambda terms: terms.sum(axis=0, keepdims=True), by_gamma=True),
            reduced(0, lambda terms: terms, by_gamma=True),
            reduced(0, lambda terms: terms.sum(axis=1), by_gamma=True),
            reduced(0, np.sum, by_gamma=True),
        ),
        output="dgamma",
    ),
    Misconception(
        "batch-norm-dgamma-mean",
        "dgamma is a mean instead of a sum",
        "Every example adds to dgamma. If the cost is a mean, its 1/N is in dy already.",
        sections.BACKWARD,
        (reduced(0, lambda terms: terms.mean(axis=0), by_gamma=True),),
        output="dgamma",
    ),
    Misconception(
        "batch-norm-dbeta-shape",
        "dbeta is not summed to the shape of β",
        "β is shared by the batch: dbeta is the sum over axis 0, of shape (D,), without keepdims.",
        sections.BACKWARD,
        (
            reduced(0, lambda terms: terms.sum(axis=0, keepdims=True), by_gamma=False),
            reduced(0, lambda terms: terms, by_gamma=False),
            reduced(0, lambda terms: terms.sum(axis=1), by_gamma=False),
            reduced(0, np.sum, by_gamma=False),
        ),
        output="dbeta",
    ),
    Misconception(
        "batch-norm-dbeta-mean",
        "dbeta is a mean instead of a sum",
        "Every example adds to dbeta. If the cost is a mean, its 1/N is in dy already.",
        sections.BACKWARD,
        (reduced(0, lambda terms: terms.mean(axis=0), by_gamma=False),),
        output="dbeta",
    ),
)
