"""permute_hidden(w1, b1, w2, b2, order): the same function with its hidden units in another order."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.nets import Net, drawn_net
from grading.checks.descent.references import permute_hidden as reference

Array = np.ndarray


def _back(order: Array) -> Array:
    return np.argsort(order)


def _inputs_permuted(w1: Array, b1: Array, w2: Array, b2: Array, order: Array) -> Net:
    return w1[:, order], b1[order], w2[:, order], b2


MISCONCEPTIONS = (
    Misconception(
        "only-the-weights-in-permuted",
        "the weights out stay where they were",
        "Unit k is row k of w1, entry k of b1 and column k of w2. Moved in one place alone it is another "
        "unit.",
        sections.HIDDEN,
        (
            lambda w1, b1, w2, b2, order: (w1[order], b1[order], w2, b2),
            lambda w1, b1, w2, b2, order: (w1[order], b1, w2, b2),
        ),
    ),
    Misconception(
        "biases-not-permuted",
        "the biases of the hidden units stay where they were",
        "A unit's bias goes with it: b1 is permuted like the rows of w1.",
        sections.HIDDEN,
        (lambda w1, b1, w2, b2, order: (w1[order], b1, w2[:, order], b2),),
    ),
    Misconception(
        "weights-in-not-permuted",
        "the weights in stay where they were",
        "Unit k is row k of w1: the rows move with b1 and with the columns of w2.",
        sections.HIDDEN,
        (
            lambda w1, b1, w2, b2, order: (w1, b1[order], w2[:, order], b2),
            lambda w1, b1, w2, b2, order: (w1, b1, w2[:, order], b2),
        ),
    ),
    Misconception(
        "permuted-the-other-way",
        "the units move the other way",
        "The unit order[k] comes to place k: index with order. You index with its inverse, which sends unit "
        "k to "
        "place order[k].",
        sections.HIDDEN,
        (lambda w1, b1, w2, b2, order: reference(w1, b1, w2, b2, _back(order)),),
    ),
    Misconception(
        "permuted-and-back",
        "weights in and weights out are permuted in opposite ways",
        "A unit has one place: rows of w1, entries of b1 and columns of w2 take the same order.",
        sections.HIDDEN,
        (
            lambda w1, b1, w2, b2, order: (w1[order], b1[order], w2[:, _back(order)], b2),
            lambda w1, b1, w2, b2, order: (w1[_back(order)], b1[_back(order)], w2[:, order], b2),
        ),
    ),
    Misconception(
        "inputs-or-outputs-permuted",
        "inputs or outputs are permuted instead of hidden units",
        "Hidden units are the rows of w1 and the columns of w2. The other axes are inputs and outputs.",
        sections.HIDDEN,
        (
            lambda w1, b1, w2, b2, order: (w1[order], b1[order], w2[order], b2),
            _inputs_permuted,
            lambda w1, b1, w2, b2, order: (w1[:, order], b1[order], w2[order], b2),
        ),
    ),
    Misconception(
        "biases-of-the-outputs-permuted",
        "the biases of the outputs are permuted, too",
        "b2 belongs to the outputs, and these stay in order.",
        sections.HIDDEN,
        (lambda w1, b1, w2, b2, order: (w1[order], b1[order], w2[:, order], b2[order % len(b2)][: len(b2)]),),
    ),
    Misconception(
        "nothing-permuted",
        "nothing moves",
        "Index with order, and return what comes out: w1[order] is a new array.",
        sections.HIDDEN,
        (lambda w1, b1, w2, b2, order: (w1, b1, w2, b2),),
    ),
)


def permuted(rng: np.random.Generator, inputs: int, hidden: int, outputs: int, numbers: str) -> Example:
    """Build a call."""
    return example(*drawn_net(rng, inputs, hidden, outputs, numbers), rng.permutation(hidden))


RNG = np.random.default_rng(13)
FIXED = (
    example(
        np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        np.array([10.0, 20.0, 30.0]),
        np.array([[7.0, 8.0, 9.0]]),
        np.array([0.5]),
        np.array([2, 0, 1]),
        note="the example of the prompt",
    ),
    example(
        *drawn_net(RNG, 3, 3, 3, "distinct"), np.array([1, 2, 0]), note="as many inputs and outputs as units"
    ),
    example(*drawn_net(RNG, 2, 4, 2, "whole"), np.array([3, 0, 1, 2])),
)
check = Check(
    name="permute_hidden",
    signature="(w1, b1, w2, b2, order)",
    section=sections.HIDDEN,
    reference=reference,
    outputs=("w1", "b1", "w2", "b2"),
    parts=(
        Part(
            "a net whose units are permuted",
            1,
            FIXED,
            Drawn(
                permuted,
                {
                    "inputs": (1, 2, 3),
                    "hidden": (3, 2, 4),
                    "outputs": (1, 2, 3),
                    "numbers": ("whole", "distinct"),
                },
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
