"""dropout_ensemble(x, w, b, p): what the mean over all thinned layers has to do with one scaled layer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.dropping import dropout_ensemble as reference
from grading.checks.regularisation.dropping import dropout_ensemble_terms, masks_of, relu
from grading.checks.small_numbers import fill

Array = np.ndarray


def layer(rng: np.random.Generator, inputs: int, units: int, numbers: str, p: float) -> Example:
    """Build a call."""
    x, w = fill(rng, (inputs,), numbers), fill(rng, (inputs, units), numbers)
    return example(x, w, fill(rng, (units,), "whole"), p)


RNG = np.random.default_rng(57)
FIXED = (
    example(
        np.array([4.0, 1.0]),
        np.array([[1.0], [-8.0]]),
        np.array([0.0]),
        0.25,
        note="the example of the prompt",
    ),
    layer(RNG, 3, 2, "whole", 0.5),
    layer(RNG, 4, 3, "halves", 0.2),
    example(np.array([2.0]), np.array([[3.0, -3.0]]), np.array([-1.0, 2.0]), 0.75, note="one input"),
)
DRAWN = Drawn(
    layer,
    {
        "inputs": (1, 2, 3, 5),
        "units": (1, 2, 3),
        "numbers": ("whole", "halves"),
        "p": (0.25, 0.5, 0.2, 0.75),
    },
)


def _outputs(x: Array, w: Array, b: Array) -> Array:
    """Return the answer of every thinned layer."""
    return relu((masks_of(len(x)) * x) @ w + b)


def _ensemble(
    identifier: str, title: str, explanation: str, *computes: Callable[..., Array]
) -> Misconception:
    return Misconception(identifier, title, explanation, sections.ENSEMBLE, computes, output="ensemble")


def _scaled(identifier: str, title: str, explanation: str, *computes: Callable[..., Array]) -> Misconception:
    return Misconception(identifier, title, explanation, sections.ENSEMBLE, computes, output="scaled")


MISCONCEPTIONS = (
    _ensemble(
        "ensemble-all-masks-alike",
        "all masks count alike",
        "A mask that keeps k of D inputs comes with the probability (1 - p)ᵏ pᴰ⁻ᵏ: alike only for p = ½.",
        lambda x, w, b, p: _outputs(x, w, b).mean(axis=0),
    ),
    _ensemble(
        "ensemble-p-keeps",
        "p is taken for the probability of keeping",
        "Here p is the probability of dropping: a kept input has the factor 1 - p, a dropped one p.",
        lambda x, w, b, p: reference(x, w, b, 1 - p)[0],
    ),
    _ensemble(
        "ensemble-mean-before-the-relu",
        "the mean is taken before the ReLU",
        "Every thinned layer answers with its own ReLU, and the answers are averaged. The mean of what goes "
        "into the ReLU is another number.",
        lambda x, w, b, p: reference(x, w, b, p)[1],
    ),
    _ensemble(
        "ensemble-without-relu",
        "there is no ReLU",
        "Each thinned layer ends in a ReLU: max(·, 0), unit by unit.",
        lambda x, w, b, p: (1 - p) * x @ w + b,
    ),
    _ensemble(
        "ensemble-inputs-scaled",
        "the inputs are scaled besides being dropped",
        "Here nothing is scaled in training: what stays is x itself.",
        lambda x, w, b, p: reference(x / (1 - p), w, b, p)[0],
        lambda x, w, b, p: reference(x * (1 - p), w, b, p)[0],
    ),
    _ensemble(
        "ensemble-drops-the-bias",
        "the bias is missing",
        "The bias belongs to every thinned layer: inputs are dropped, biases are not.",
        lambda x, w, b, p: reference(x, w, 0 * b, p)[0],
    ),
    _scaled(
        "scaled-net-not-scaled",
        "the inputs of the one layer are not scaled",
        "In the test every input is there, multiplied by 1 - p.",
        lambda x, w, b, p: relu(x @ w + b),
    ),
    _scaled(
        "scaled-net-by-p",
        "scaled by the share that is dropped",
        "p is the probability of dropping: the inputs are multiplied by 1 - p.",
        lambda x, w, b, p: relu(p * x @ w + b),
        lambda x, w, b, p: relu(x @ w / (1 - p) + b),
    ),
    _scaled(
        "scaled-net-scales-the-bias",
        "the bias is scaled, too",
        "Inputs are dropped, and so inputs are scaled. The bias is always there.",
        lambda x, w, b, p: (1 - p) * relu(x @ w + b),
    ),
    _scaled(
        "scaled-net-without-relu",
        "the one layer has no ReLU",
        "Both answers end in a ReLU.",
        lambda x, w, b, p: (1 - p) * x @ w + b,
    ),
)
check = Check(
    name="dropout_ensemble",
    signature="(x, w, b, p)",
    section=sections.ENSEMBLE,
    reference=reference,
    outputs=("ensemble", "scaled"),
    magnitude=dropout_ensemble_terms,
    parts=(
        Part("the mean over all thinned layers", 3, FIXED, DRAWN, output="ensemble"),
        Part("one layer with scaled inputs", 1, FIXED, DRAWN, output="scaled"),
    ),
    misconceptions=MISCONCEPTIONS,
)
