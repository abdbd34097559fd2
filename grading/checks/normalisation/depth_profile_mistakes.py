"""What goes wrong in depth_profile, each with the function that computes it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from grading.checks.definition import Misconception
from grading.checks.normalisation import sections
from grading.checks.normalisation.preparation import LAYERS, digits, initial_weights
from grading.checks.normalisation.units import activate

Array = np.ndarray
SHAPE = (64, 64)


def layers(
    rule: str,
    activation: str,
    seed: Callable[[int], int] = lambda layer: layer,
    multiply: Callable[[Array, Array], Array] = lambda h, w: h @ w.T,
) -> Iterator[tuple[Array, Array]]:
    """Yield scores and activations of every layer."""
    h = digits()
    for layer in range(1, LAYERS + 1):
        scores = multiply(h, initial_weights(rule, SHAPE, seed(layer)))
        h = activate(activation, scores)
        yield scores, h


def _measured(measure: Callable[[Array, Array], float], **changes: object) -> object:
    """Measure something else, or in other layers."""
    return lambda rule, activation: np.array([measure(*pair) for pair in layers(rule, activation, **changes)])


def _std(scores: Array, h: Array) -> float:
    return float(h.std())


def _with_data(rule: str, activation: str) -> Array:
    found = [float(h.std()) for _, h in layers(rule, activation)]
    return np.array([float(digits().std()), *found[:-1]])


MISCONCEPTIONS = (
    Misconception(
        "depth-before-the-activation",
        "measured before the activation",
        "The question asks for the activations: take the deviation after the non-linearity.",
        sections.DEPTH,
        (_measured(lambda scores, h: float(scores.std())),),
    ),
    Misconception(
        "depth-weights-not-transposed",
        "the weights are multiplied from the other side",
        "Weights have the shape (out, in): the scores are h @ W.T.",
        sections.DEPTH,
        (_measured(_std, multiply=lambda h, w: h @ w),),
    ),
    Misconception(
        "depth-same-weights-in-every-layer",
        "every layer gets the same weights",
        "Layer number l draws its weights with the seed l, so that no two layers are alike.",
        sections.DEPTH,
        tuple(_measured(_std, seed=lambda layer, seed=seed: seed) for seed in (0, 1, 10)),
    ),
    Misconception(
        "depth-seeds-counted-from-zero",
        "the layers are counted from 0",
        "The first layer draws with seed 1, the tenth with seed 10.",
        sections.DEPTH,
        (_measured(_std, seed=lambda layer: layer - 1),),
    ),
    Misconception(
        "depth-variance",
        "the variance is returned",
        "The question asks for the standard deviation.",
        sections.DEPTH,
        (_measured(lambda scores, h: float(h.var())),),
    ),
    Misconception(
        "depth-mean-of-deviations",
        "a mean of deviations of single units or examples",
        "Take one standard deviation over all activations of a layer, examples and units together.",
        sections.DEPTH,
        (
            _measured(lambda scores, h: float(h.std(axis=0).mean())),
            _measured(lambda scores, h: float(h.std(axis=1).mean())),
        ),
    ),
    Misconception(
        "depth-begins-with-the-data",
        "the first number is that of the digits",
        "The ten numbers belong to the ten layers: the digits themselves are not among them.",
        sections.DEPTH,
        (_with_data,),
    ),
    Misconception(
        "depth-without-activations",
        "no layer has an activation",
        "After every product comes the activation. Without it, ten layers are one linear map.",
        sections.DEPTH,
        (lambda rule, activation: _linear(rule),),
    ),
)


def _linear(rule: str) -> Array:
    h, found = digits(), []
    for layer in range(1, LAYERS + 1):
        h = h @ initial_weights(rule, SHAPE, layer).T
        found.append(float(h.std()))
    return np.array(found)
