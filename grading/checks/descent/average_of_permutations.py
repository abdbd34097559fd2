"""average_of_permutations(w1, b1, w2, b2): the mean over all orders of the hidden units."""

from __future__ import annotations

from collections.abc import Callable
from math import factorial

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.nets import Net, drawn_net
from grading.checks.descent.references import average_of_permutations as reference
from grading.checks.descent.references import permute_hidden

Array = np.ndarray


def _times(factor: Callable[[int], float], *, biases_out: bool) -> Callable[..., Net]:
    def net(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
        share = factor(len(b1))
        first, second, third, _ = reference(w1, b1, w2, b2)
        return share * first, share * second, share * third, (share if biases_out else 1) * b2

    return net


def _over_the_other_axis(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
    average = reference(w1, b1, w2, b2)
    return (
        np.repeat(w1.mean(axis=1, keepdims=True), w1.shape[1], axis=1),
        average[1],
        np.repeat(w2.mean(axis=0, keepdims=True), len(w2), axis=0),
        b2,
    )


def _over_everything(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
    return np.full_like(w1, w1.mean()), np.full_like(b1, b1.mean()), np.full_like(w2, w2.mean()), b2


def _one_unit(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
    return w1.mean(axis=0), b1.mean(), w2.mean(axis=1), b2


def _one_unit_kept(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
    return w1.mean(axis=0, keepdims=True), b1.mean(keepdims=True), w2.mean(axis=1, keepdims=True), b2


def _two_orders(w1: Array, b1: Array, w2: Array, b2: Array) -> Net:
    return (w1 + w1[::-1]) / 2, (b1 + b1[::-1]) / 2, (w2 + w2[:, ::-1]) / 2, b2


MISCONCEPTIONS = (
    Misconception(
        "average-is-a-sum",
        "the copies are summed and not divided, or divided by something else",
        "There are K! copies: divide their sum by K!, not by K.",
        sections.HIDDEN,
        (
            _times(factorial, biases_out=True),
            _times(factorial, biases_out=False),
            _times(lambda hidden: factorial(hidden - 1), biases_out=True),
            _times(lambda hidden: hidden, biases_out=False),
        ),
    ),
    Misconception(
        "average-over-the-wrong-axis",
        "the mean goes over inputs or outputs instead of units",
        "Every unit becomes the mean unit: the mean over the rows of w1, and over the columns of w2.",
        sections.HIDDEN,
        (_over_the_other_axis,),
    ),
    Misconception(
        "average-over-everything",
        "all elements of a matrix become the same number",
        "Permuting moves whole units. Each input keeps a mean weight of its own, and each output too.",
        sections.HIDDEN,
        (_over_everything,),
    ),
    Misconception(
        "average-is-one-unit",
        "a net with one hidden unit is returned",
        "The average of nets with K hidden units has K hidden units, which are all alike here.",
        sections.HIDDEN,
        (_one_unit, _one_unit_kept),
    ),
    Misconception(
        "average-of-weights-in-alone",
        "the weights out, or the biases, are not averaged",
        "A permutation moves the rows of w1, the entries of b1 and the columns of w2, so all three are "
        "averaged.",
        sections.HIDDEN,
        (
            lambda w1, b1, w2, b2: (*reference(w1, b1, w2, b2)[:2], w2, b2),
            lambda w1, b1, w2, b2: (reference(w1, b1, w2, b2)[0], b1, w2, b2),
            lambda w1, b1, w2, b2: (reference(w1, b1, w2, b2)[0], b1, reference(w1, b1, w2, b2)[2], b2),
        ),
    ),
    Misconception(
        "average-of-outputs-too",
        "the biases of the outputs are averaged, too",
        "The outputs stay in order, so b2 is the same in every copy.",
        sections.HIDDEN,
        (lambda w1, b1, w2, b2: (*reference(w1, b1, w2, b2)[:3], np.full_like(b2, b2.mean())),),
    ),
    Misconception(
        "average-of-two-orders",
        "not all orders are averaged",
        "Asked for are all K! orders, not the first and the last: itertools.permutations(range(K)).",
        sections.HIDDEN,
        (_two_orders, lambda w1, b1, w2, b2: (w1, b1, w2, b2)),
    ),
)


def net(rng: np.random.Generator, inputs: int, hidden: int, outputs: int, numbers: str) -> Example:
    """Build a call."""
    return example(*drawn_net(rng, inputs, hidden, outputs, numbers))


RNG = np.random.default_rng(14)
FIXED = (
    example(
        np.array([[1.0, 2.0], [3.0, 6.0]]),
        np.array([1.0, -1.0]),
        np.array([[2.0, 4.0]]),
        np.array([0.5]),
        note="the example of the prompt",
    ),
    net(RNG, 2, 3, 2, "distinct"),
    net(RNG, 3, 3, 3, "whole"),
)
check = Check(
    name="average_of_permutations",
    signature="(w1, b1, w2, b2)",
    section=sections.HIDDEN,
    reference=reference,
    outputs=("w1", "b1", "w2", "b2"),
    parts=(
        Part(
            "the average net",
            1,
            FIXED,
            Drawn(
                net,
                {
                    "inputs": (1, 2, 3),
                    "hidden": (2, 3, 4),
                    "outputs": (1, 2, 3),
                    "numbers": ("whole", "halves"),
                },
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"permute_hidden": permute_hidden},
)
