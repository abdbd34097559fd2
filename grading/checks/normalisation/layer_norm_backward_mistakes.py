"""What goes wrong in layer_norm_backward, each with the function that computes it."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.gradient_mistakes import Steps, dgamma_with, reduced
from grading.checks.normalisation.norms import batch_norm_backward
from grading.checks.normalisation.norms import layer_norm_backward as right
from grading.checks.normalisation.statistics_mistakes import xhat

Array = np.ndarray


def _exchanged(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> tuple[Array, ...]:
    dx, dgamma, dbeta = right(dy, x, gamma, beta, eps)
    return dx, dbeta, dgamma


def _gamma_outside(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    return gamma * right(dy, x, np.ones_like(gamma), beta, eps)[0]


def _short_formula_over_the_batch(dy: Array, x: Array, gamma: Array, beta: Array, eps: float = 1e-5) -> Array:
    """Take x̂ of layer normalisation, and the means of batch normalisation."""
    normalised, g = xhat(x, 1, eps), dy * gamma
    inner = g - g.mean(axis=0) - normalised * (g * normalised).mean(axis=0)
    return inner / np.sqrt(x.var(axis=1, keepdims=True) + eps)


MISCONCEPTIONS = (
    Misconception(
        "layer-norm-gradients-in-wrong-order",
        "dgamma and dbeta are exchanged",
        "Return dx, dgamma, dbeta in this order: β is added, so its gradient is the plain sum of dy.",
        sections.BACKWARD,
        (_exchanged,),
    ),
    Misconception(
        "layer-norm-backward-sums-over-the-batch",
        "the sums of dx run over the batch",
        "Mean and variance belong to one example: what comes back through them is summed over its features, "
        "axis=1, keepdims=True.",
        sections.BACKWARD,
        (
            Steps(1, summed_over=0),
            _short_formula_over_the_batch,
            lambda dy, x, gamma, beta, eps=1e-5: batch_norm_backward(dy, x, gamma, beta, eps)[0],
        ),
        output="dx",
    ),
    Misconception(
        "layer-norm-backward-sums-over-everything",
        "the sums of dx run over examples and features",
        "Every example has a mean and a variance of its own: sum over axis 1 alone.",
        sections.BACKWARD,
        (Steps(1, summed_over=None),),
        output="dx",
    ),
    Misconception(
        "layer-norm-gamma-outside-the-sums",
        "γ is multiplied at the end",
        "γ differs from feature to feature, and the sums run over features: multiply dy by γ first.",
        sections.BACKWARD,
        (_gamma_outside,),
        output="dx",
    ),
    Misconception(
        "layer-norm-backward-without-gamma",
        "γ is missing in dx",
        "y = γ x̂ + β: on the way back dy is multiplied by γ first.",
        sections.BACKWARD,
        (Steps(1, scaled=False),),
        output="dx",
    ),
    Misconception(
        "layer-norm-statistics-taken-for-constants",
        "mean and variance are treated as constants",
        "x also changes its example's mean and variance: dx has two more terms.",
        sections.BACKWARD,
        (Steps(1, through_variance=False, through_mean=False),),
        output="dx",
    ),
    Misconception(
        "layer-norm-without-the-way-through-the-mean",
        "the way through the mean is missing",
        "Every feature moves the mean, which is subtracted from all: dx loses the mean of dy·γ / √(variance "
        "+ ε).",
        sections.BACKWARD,
        (Steps(1, through_mean=False),),
        output="dx",
    ),
    Misconception(
        "layer-norm-without-the-way-through-the-variance",
        "the way through the variance is missing",
        "Every feature moves the variance, which divides all: dx has a term proportional to x̂.",
        sections.BACKWARD,
        (Steps(1, through_variance=False),),
        output="dx",
    ),
    Misconception(
        "layer-norm-backward-without-eps",
        "ε is missing in the gradient",
        "The forward divided by √(variance + ε), and so must the backward: keep it, or ε, in the cache.",
        sections.BACKWARD,
        (Steps(1, eps_inside=False),),
        output="dx",
    ),
    Misconception(
        "layer-norm-backward-deviation-for-variance",
        "the stored standard deviation is used as the variance",
        "If the cache holds √(variance + ε), its root must not be taken again: divide by it once, or by its "
        "cube.",
        sections.BACKWARD,
        (Steps(1, deviation_for_variance=True),),
        output="dx",
    ),
    Misconception(
        "layer-norm-backward-not-divided",
        "the sums over the features are not divided by D",
        "Mean and variance are means over the D features: each has a share of 1/D in them.",
        sections.BACKWARD,
        (Steps(1, divided=False),),
        output="dx",
    ),
    Misconception(
        "layer-norm-dgamma-over-the-features",
        "dgamma is summed over the features",
        "γ is shared by the examples, not by the features: the sum runs over the batch, axis=0, and has "
        "shape (D,).",
        sections.BACKWARD,
        (
            reduced(1, lambda terms: terms.sum(axis=1), by_gamma=True),
            reduced(1, lambda terms: terms.sum(axis=1, keepdims=True), by_gamma=True),
            reduced(1, np.sum, by_gamma=True),
        ),
        output="dgamma",
    ),
    Misconception(
        "layer-norm-dgamma-shape",
        "dgamma is not summed to the shape of γ",
        "γ is shared by the examples: dgamma is the sum over axis 0, of shape (D,), without keepdims.",
        sections.BACKWARD,
        (
            reduced(1, lambda terms: terms.sum(axis=0, keepdims=True), by_gamma=True),
            reduced(1, lambda terms: terms, by_gamma=True),
        ),
        output="dgamma",
    ),
    Misconception(
        "layer-norm-dgamma-without-eps",
        "dgamma is computed without ε",
        "γ multiplies x̂, which was divided by √(variance + ε): use the x̂ of the forward.",
        sections.BACKWARD,
        (dgamma_with(lambda x, eps: xhat(x, 1, eps, "eps missing")),),
        output="dgamma",
    ),
    Misconception(
        "layer-norm-dgamma-without-normalising",
        "dy is multiplied by x instead of x̂",
        "γ multiplies the normalised x̂, so dgamma is the sum of dy · x̂.",
        sections.BACKWARD,
        (dgamma_with(lambda x, eps: x), dgamma_with(lambda x, eps: xhat(x, 0, eps))),
        output="dgamma",
    ),
    Misconception(
        "layer-norm-dgamma-mean",
        "dgamma is a mean instead of a sum",
        "Every example adds to dgamma. If the cost is a mean, its 1/N is in dy already.",
        sections.BACKWARD,
        (reduced(1, lambda terms: terms.mean(axis=0), by_gamma=True),),
        output="dgamma",
    ),
    Misconception(
        "layer-norm-dbeta-over-the-features",
        "dbeta is summed over the features",
        "β is shared by the examples, not by the features: the sum runs over the batch, axis=0, and has "
        "shape (D,).",
        sections.BACKWARD,
        (
            reduced(1, lambda terms: terms.sum(axis=1), by_gamma=False),
            reduced(1, lambda terms: terms.sum(axis=1, keepdims=True), by_gamma=False),
            reduced(1, np.sum, by_gamma=False),
        ),
        output="dbeta",
    ),
    Misconception(
        "layer-norm-dbeta-shape",
        "dbeta is not summed to the shape of β",
        "β is shared by the examples: dbeta is the sum over axis 0, of shape (D,), without keepdims.",
        sections.BACKWARD,
        (
            reduced(1, lambda terms: terms.sum(axis=0, keepdims=True), by_gamma=False),
            reduced(1, lambda terms: terms, by_gamma=False),
        ),
        output="dbeta",
    ),
    Misconception(
        "layer-norm-dbeta-mean",
        "dbeta is a mean instead of a sum",
        "Every example adds to dbeta. If the cost is a mean, its 1/N is in dy already.",
        sections.BACKWARD,
        (reduced(1, lambda terms: terms.mean(axis=0), by_gamma=False),),
        output="dbeta",
    ),
)
