"""svm_cost(V, v, codes, labels, penalty): the hinge loss over the wrong classes, and its gradients."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np

from grading.checks.definition import Check, Drawn, Misconception, Part, example
from grading.checks.transfer import sections
from grading.checks.transfer.heads import margins_of
from grading.checks.transfer.heads import svm_cost as reference
from grading.checks.transfer.problems import SIZES, svm_problem

Array = np.ndarray
Problem = Callable[..., object]


def _cost(
    *,
    clipped: bool = True,
    own: bool = False,
    by: Callable[[Array], float] = len,
    share: float = 0.5,
    margin: float = 1.0,
    square: bool = False,
    worst: bool = False,
) -> Problem:
    """Return the cost with something changed."""

    def cost(V: Array, v: Array, codes: Array, labels: Array, penalty: float) -> float:
        margins = margins_of(V, v, codes, labels) - 1 + margin
        if not own:
            margins[np.arange(len(labels)), labels] = 0
        terms = np.maximum(margins, 0) if clipped else margins
        terms = terms**2 if square else terms
        total = terms.max(axis=1).sum() if worst else terms.sum()
        return total / by(labels) + share * penalty * (V**2).sum()

    return cost


def _active(
    V: Array,
    v: Array,
    codes: Array,
    labels: Array,
    *,
    right: float = -1.0,
    wrong: float = 1.0,
    once: bool = False,
) -> Array:
    margins, rows = margins_of(V, v, codes, labels), np.arange(len(labels))
    active = (margins > 0).astype(float)
    active[rows, labels] = 0
    count = active.sum(axis=1)
    active *= wrong
    active[rows, labels] = right * (np.minimum(count, 1) if once else count)
    return active


def _by_V(*, share: float = 1.0, mean: bool = True, **how: float) -> Problem:
    """Return the gradient by V with something changed."""

    def gradient(V: Array, v: Array, codes: Array, labels: Array, penalty: float) -> Array:
        by = len(labels) if mean else 1
        return codes.T @ _active(V, v, codes, labels, **how) / by + share * penalty * V

    return gradient


def _by_v(*, mean: bool = True, penalised: bool = False, **how: float) -> Problem:
    """Return the gradient by v with something changed."""

    def gradient(V: Array, v: Array, codes: Array, labels: Array, penalty: float) -> Array:
        by = len(labels) if mean else 1
        return _active(V, v, codes, labels, **how).sum(axis=0) / by + penalised * penalty * v

    return gradient


def _mistake(id: str, title: str, explanation: str, output: str, *computes: Problem) -> Misconception:
    return Misconception(id, title, explanation, sections.HEADS, computes, output=output)


ONE_CLASS = "A violated margin pulls at two columns: that of the wrong class, and that of the right one."
MISCONCEPTIONS = (
    _mistake(
        "hinge-not-clipped",
        "margins below 0 are counted",
        "A class that is beaten by more than 1 costs nothing: take max(0, margin).",
        "cost",
        _cost(clipped=False),
        _cost(clipped=False, own=True),
    ),
    _mistake(
        "hinge-counts-the-right-class",
        "the right class is counted, too",
        "Sum over the wrong classes only. The right one would add 1 for each example.",
        "cost",
        _cost(own=True),
    ),
    _mistake(
        "hinge-sums-over-examples",
        "the cost is a sum over the examples",
        "Divide the hinge terms by the number of examples.",
        "cost",
        _cost(by=lambda labels: 1),
    ),
    _mistake(
        "hinge-without-the-margin",
        "no margin is asked for",
        "The right score must be larger by 1: max(0, s_j − s_y + 1).",
        "cost",
        _cost(margin=0.0),
    ),
    _mistake(
        "hinge-penalty-otherwise",
        "the penalty has another factor, or is missing",
        "It is penalty/2 times the sum of the squares of V.",
        "cost",
        _cost(share=1.0),
        _cost(share=0.0),
    ),
    _mistake("hinge-squared", "the terms are squared", "That is another loss.", "cost", _cost(square=True)),
    _mistake(
        "hinge-worst-class-only",
        "only the worst wrong class is counted",
        "All wrong classes that come too close cost something: sum over them.",
        "cost",
        _cost(worst=True),
    ),
    _mistake(
        "hinge-gradient-of-wrong-classes-only",
        "the right class gets no gradient",
        ONE_CLASS,
        "dV",
        _by_V(right=0.0),
    ),
    _mistake(
        "hinge-gradient-of-right-class-only",
        "only the right class gets a gradient",
        ONE_CLASS,
        "dV",
        _by_V(wrong=0.0),
    ),
    _mistake(
        "hinge-right-class-once",
        "the right class is pulled once, however many margins are violated",
        "Each violated margin pulls at the right class: minus their number.",
        "dV",
        _by_V(once=True),
    ),
    _mistake(
        "hinge-gradient-penalty-otherwise",
        "the gradient of the penalty does not match it",
        "The gradient of penalty/2 · ΣV² is penalty · V.",
        "dV",
        _by_V(share=2.0),
        _by_V(share=0.5),
        _by_V(share=0.0),
    ),
    _mistake(
        "hinge-gradient-sums-over-examples",
        "the gradient is not divided by the number of examples",
        "The cost is a mean over the examples, and so is its gradient.",
        "dV",
        _by_V(mean=False),
    ),
    _mistake(
        "hinge-bias-gradient-otherwise",
        "the gradient by the bias is a sum, or holds a penalty",
        "It is the mean over the examples of what pulls at each score, without a penalty.",
        "dv",
        _by_v(mean=False),
        _by_v(penalised=True),
    ),
    _mistake(
        "hinge-bias-gradient-of-one-class",
        "the bias of the right, or of the wrong classes is forgotten",
        ONE_CLASS,
        "dv",
        _by_v(right=0.0),
        _by_v(wrong=0.0),
        _by_v(once=True),
    ),
)


def _magnitude(V: Array, v: Array, codes: Array, labels: Array, penalty: float) -> tuple[float, float, float]:
    """Pulls may cancel: what rounding grows with is the size of each."""
    size = float(np.abs(codes).max()) + penalty * float(np.abs(V).max())
    return float(reference(V, v, codes, labels, penalty)[0]) + 1, size, 1.0


RNG = np.random.default_rng(73)
FIXED = (
    example(
        np.array([[2.0, 1.0, 0.0]]),
        np.zeros(3),
        np.array([[1.0]]),
        np.array([1]),
        0.5,
        note="that of the prompt",
    ),
    svm_problem(RNG, (4, 2, 3), 0.0),
    svm_problem(RNG, (5, 3, 4), 0.5),
    svm_problem(RNG, (3, 4, 3), 1.0),
    svm_problem(RNG, (4, 3, 3), 0.25, "float32"),
    example(
        np.array([[4.0, -4.0]]), np.zeros(2), np.array([[1.0], [-1.0]]), np.array([0, 1]), 0.5, note="no loss"
    ),
)
DRAWN = Drawn(
    svm_problem, {"size": SIZES, "penalty": (0.0, 0.5, 2.0), "dtype": ("float64", "float32")}, cases=12
)
check = Check(
    name="svm_cost",
    signature="(V, v, codes, labels, penalty)",
    section=sections.HEADS,
    reference=reference,
    also_right=(partial(reference, at_zero=True),),
    magnitude=_magnitude,
    outputs=("cost", "dV", "dv"),
    parts=(
        Part("the cost", 2, FIXED, DRAWN, output="cost"),
        Part("its gradient by V", 2, FIXED, DRAWN, output="dV"),
        Part("its gradient by v", 1, FIXED, DRAWN, output="dv"),
    ),
    misconceptions=MISCONCEPTIONS,
)
