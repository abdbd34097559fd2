"""softmax_head(codes, labels, classes, penalty, lr, steps): a linear classifier on frozen codes."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.heads import probabilities
from grading.checks.transfer.heads import softmax_head as reference
from grading.checks.transfer.problems import SIZES, softmax_problem

Array = np.ndarray


def _naive(scores: Array) -> Array:
    powers = np.exp(scores)
    return powers / powers.sum(axis=1, keepdims=True)


def _sigmoids(scores: Array) -> Array:
    return 1 / (1 + np.exp(-scores))


def _per_class(scores: Array) -> Array:
    powers = np.exp(scores - scores.max(axis=0))
    return powers / powers.sum(axis=0)


def descent(
    guess: Callable[[Array], Array] = probabilities,
    *,
    share: float = 1.0,
    on_bias: float = 0.0,
    whole_batch: bool = False,
    sign: float = -1.0,
    in_turn: bool = False,
    bias: float = 1.0,
    extra: int = 0,
) -> Callable[..., tuple[Array, Array]]:
    """Return the training run with something changed.

    Parameters
    ----------
    guess : callable
        From scores to probabilities.
    share : float
        Of the penalty's gradient.
    on_bias : float
        Share of the penalty's gradient for the bias.
    whole_batch : bool
        True sums over the examples instead of averaging.
    sign : float
        1 climbs.
    in_turn : bool
        True moves the bias by the gradient after the weights have moved.
    bias : float
        0 never moves the bias.
    extra : int
        So many steps more.
    """

    def run(
        codes: Array, labels: Array, classes: int, penalty: float, lr: float, steps: int
    ) -> tuple[Array, Array]:
        V, v = np.zeros((codes.shape[1], classes)), np.zeros(classes)
        count = 1 if whole_batch else len(labels)

        def surplus() -> Array:
            return (guess(codes @ V + v) - np.eye(classes)[labels]) / count

        for _ in range(max(steps + extra, 0)):
            d = surplus()
            V = V + sign * lr * (codes.T @ d + share * penalty * V)
            if in_turn:
                d = surplus()
            v = v + sign * lr * bias * (d.sum(axis=0) + on_bias * penalty * v)
        return V, v

    return run


MISCONCEPTIONS = (
    Misconception(
        "head-climbs",
        "the steps climb",
        "Move against the gradient: subtract lr times it.",
        sections.HEADS,
        (descent(sign=1.0),),
    ),
    Misconception(
        "head-sums-over-examples",
        "the gradient is a sum over the examples",
        "The cost is a mean over the N examples, so its gradient is divided by N.",
        sections.HEADS,
        (descent(whole_batch=True),),
    ),
    Misconception(
        "head-without-the-penalty",
        "the penalty is missing",
        "The cost has the term penalty/2 · ΣV². Its gradient, penalty · V, belongs to every step.",
        sections.HEADS,
        (descent(share=0.0),),
    ),
    Misconception(
        "head-penalty-factor",
        "the penalty's gradient has another factor",
        "The gradient of penalty/2 · V² is penalty · V: the 2 of the square and the half cancel.",
        sections.HEADS,
        (descent(share=2.0), descent(share=0.5), descent(share=-1.0)),
    ),
    Misconception(
        "head-penalises-the-bias",
        "the bias is penalised, too",
        "The penalty is on V alone: a bias only shifts the scores.",
        sections.HEADS,
        (descent(on_bias=1.0),),
    ),
    Misconception(
        "head-exponentials-overflow",
        "large scores overflow",
        "Subtract each row's largest score before the exponential: the probabilities stay the same, and "
        "nothing overflows.",
        sections.HEADS,
        (descent(_naive),),
    ),
    Misconception(
        "head-sigmoid-for-softmax",
        "a sigmoid for each class instead of a softmax",
        "The classes exclude each other: their probabilities add up to 1.",
        sections.HEADS,
        (descent(_sigmoids),),
    ),
    Misconception(
        "head-softmax-over-examples",
        "the softmax goes over the examples",
        "Normalise each row, axis 1: the classes of one example.",
        sections.HEADS,
        (descent(_per_class),),
    ),
    Misconception(
        "head-moves-in-turn",
        "the bias moves by a newer gradient than the weights",
        "Compute the gradients by V and v at the same place, then move both.",
        sections.HEADS,
        (descent(in_turn=True),),
    ),
    Misconception(
        "head-bias-never-moves",
        "the bias never moves",
        "v has a gradient, too: the sum of the surplus over the examples.",
        sections.HEADS,
        (descent(bias=0.0),),
    ),
    Misconception(
        "head-another-number-of-steps",
        "one step too few or too many",
        "Asked for are the weights after exactly `steps` steps.",
        sections.HEADS,
        (descent(extra=-1), descent(extra=1)),
    ),
)


def _magnitude(
    codes: Array, labels: Array, classes: int, penalty: float, lr: float, steps: int
) -> tuple[float, float]:
    """Steps may cancel: what rounding grows with is their length, not where they end."""
    return lr * steps * float(np.abs(codes).max()), lr * steps


RNG = np.random.default_rng(72)
ONE = (
    example(np.array([[1.0], [3.0]]), np.array([0, 1]), 2, 0.0, 1.0, 1, note="the example of the prompt"),
    softmax_problem(RNG, (4, 2, 3), 1, 0.5),
    softmax_problem(RNG, (3, 2, 3), 1, 0.0, dtype="float32"),
)
SEVERAL = (
    softmax_problem(RNG, (4, 2, 3), 2, 0.0),
    softmax_problem(RNG, (5, 3, 4), 6, 0.0),
    softmax_problem(RNG, (2, 3, 2), 12, 0.0, 0.25),
)
PENALISED = (
    softmax_problem(RNG, (4, 2, 3), 2, 0.5),
    softmax_problem(RNG, (3, 2, 3), 5, 0.25),
    softmax_problem(RNG, (5, 3, 2), 4, 1.0, dtype="float32"),
)
LARGE = (
    example(np.array([[900.0, 1.0], [-900.0, 2.0], [900.0, -1.0]]), np.array([0, 1, 0]), 2, 0.0, 2.0, 2),
    example(np.array([[2000.0], [-1000.0]]), np.array([2, 0]), 3, 0.0, 1.0, 3),
)
OPTIONS = {"size": SIZES, "lr": (0.5, 0.25), "dtype": ("float64", "float32")}
check = Check(
    name="softmax_head",
    signature="(codes, labels, classes, penalty, lr, steps)",
    section=sections.HEADS,
    reference=reference,
    magnitude=_magnitude,
    outputs=("V", "v"),
    parts=(
        Part(
            "the first step",
            1,
            ONE,
            Drawn(softmax_problem, {"steps": (1,), "penalty": (0.0, 0.5), **OPTIONS}),
        ),
        Part(
            "several steps",
            2,
            SEVERAL,
            Drawn(softmax_problem, {"steps": (2, 3, 6), "penalty": (0.0,), **OPTIONS}),
        ),
        Part(
            "with a penalty",
            1,
            PENALISED,
            Drawn(softmax_problem, {"steps": (2, 3, 6), "penalty": (0.5, 0.25, 1.0), **OPTIONS}),
        ),
        Part("large codes", 1, LARGE),
    ),
    misconceptions=MISCONCEPTIONS,
)
