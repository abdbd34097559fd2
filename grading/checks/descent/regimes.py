"""regimes(eigenvalues, lr): what gradient descent does along each eigenvector."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.references import DECAYS, DIVERGES, ENDLESS, LANDS, OSCILLATES
from grading.checks.descent.references import regimes as reference

Array = np.ndarray


def _of(product: Callable[[Array, float], Array]) -> Callable[..., Array]:
    """Return the regimes by another product than αλ."""
    return lambda eigenvalues, lr: reference(product(np.asarray(eigenvalues), lr), 1.0)


def _renamed(names: dict[int, int]) -> Callable[..., Array]:
    """Return the right regimes with some called otherwise."""

    def named(eigenvalues: Array, lr: float) -> Array:
        right = reference(eigenvalues, lr)
        return np.array([names.get(int(kind), int(kind)) for kind in right])

    return named


MISCONCEPTIONS = (
    Misconception(
        "regimes-limit-at-one",
        "everything beyond 1 is taken to diverge",
        "Between 1 and 2 the factor 1 − lr·λ is negative, but above −1: the component changes its sign and "
        "still shrinks.",
        sections.FACTORS,
        (
            _renamed({OSCILLATES: DIVERGES, ENDLESS: DIVERGES}),
            _renamed({OSCILLATES: DIVERGES}),
            _of(lambda values, lr: 2 * lr * values),
        ),
    ),
    Misconception(
        "regimes-one-step-not-told",
        "lr·λ = 1 is taken for decay or oscillation",
        "At exactly 1 the factor 1 − lr·λ is 0: the component lands at the minimum in one step.",
        sections.FACTORS,
        (
            _renamed({LANDS: DECAYS}),
            _renamed({LANDS: OSCILLATES}),
        ),
    ),
    Misconception(
        "regimes-two-not-told",
        "lr·λ = 2 is taken for damped oscillation or divergence",
        "At exactly 2 the factor is −1: the component jumps to and fro for ever, and neither shrinks nor "
        "grows.",
        sections.FACTORS,
        (
            _renamed({ENDLESS: DIVERGES}),
            _renamed({ENDLESS: OSCILLATES}),
        ),
    ),
    Misconception(
        "regimes-edges-not-told",
        "the cases of exactly 1 and exactly 2 are missing",
        "At 1 the component lands in one step; at 2 it oscillates for ever. Both have names of their own.",
        sections.FACTORS,
        (
            _renamed({LANDS: DECAYS, ENDLESS: OSCILLATES}),
            _renamed({LANDS: DECAYS, ENDLESS: DIVERGES}),
            _renamed({LANDS: OSCILLATES, ENDLESS: DIVERGES}),
            _renamed({LANDS: OSCILLATES, ENDLESS: OSCILLATES}),
        ),
    ),
    Misconception(
        "regimes-exchange-one-and-two",
        "what happens at 1 and at 2 is exchanged",
        "The factor 1 − lr·λ is 0 at 1, which lands, and −1 at 2, which oscillates for ever.",
        sections.FACTORS,
        (_renamed({LANDS: ENDLESS, ENDLESS: LANDS}),),
    ),
    Misconception(
        "regimes-without-rate",
        "the eigenvalue alone, or divided by the rate, is compared",
        "What a step leaves of a component is 1 − lr·λ: the product of both is compared with 1 and 2.",
        sections.FACTORS,
        (
            _of(lambda values, lr: values),
            _of(lambda values, lr: values / lr),
            _of(lambda values, lr: lr / values),
            _of(lambda values, lr: lr + 0 * values),
        ),
    ),
    Misconception(
        "regimes-by-the-factor",
        "the factor itself is compared with 1 and 2",
        "You compare 1 − lr·λ, or its magnitude, where lr·λ belongs.",
        sections.FACTORS,
        (_of(lambda values, lr: 1 - lr * values), _of(lambda values, lr: abs(1 - lr * values))),
    ),
    Misconception(
        "regimes-of-the-whole-bowl",
        "one regime is given for all directions",
        "Every eigenvector has a regime of its own: return as many as there are eigenvalues, in their order.",
        sections.FACTORS,
        (
            lambda eigenvalues, lr: np.full(len(eigenvalues), reference(eigenvalues, lr).max()),
            lambda eigenvalues, lr: reference(eigenvalues, lr).max(),
        ),
    ),
    Misconception(
        "regimes-sorted",
        "the regimes are not in the order of the eigenvalues",
        "Regime i belongs to eigenvalue i, in the order in which they are given.",
        sections.FACTORS,
        (
            lambda eigenvalues, lr: reference(np.sort(eigenvalues), lr),
            lambda eigenvalues, lr: reference(np.sort(eigenvalues)[::-1], lr),
        ),
    ),
)
# Halves and quarters: their products are exact.
VALUES = (0.25, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0)


def directions(rng: np.random.Generator, count: int, lr: float, most: int) -> Example:
    """Build a call."""
    return example(rng.choice(VALUES[:most], count, replace=False), lr)


def all_edges(rng: np.random.Generator, lr: float, also: float) -> Example:
    """Build a call with both edges among its eigenvalues."""
    return example(rng.permutation(np.array([1.0, 2.0, also]) / lr), lr)


check = Check(
    name="regimes",
    signature="(eigenvalues, lr)",
    section=sections.FACTORS,
    reference=reference,
    outputs=("regimes",),
    parts=(
        Part(
            "decay, oscillation and divergence",
            2,
            (
                example(np.array([1.5, 0.5, 4.5]), 0.5, note="between the edges"),
                example(np.array([10.0, 3.0]), 0.25),
                example(np.array([0.25, 0.75, 0.5]), 2.0),
            ),
            Drawn(directions, {"count": (1, 2, 3, 4), "lr": (0.5, 0.25, 2.0, 1.0), "most": (6, 11)}),
        ),
        Part(
            "exactly 1 and exactly 2",
            2,
            (
                example(np.array([1.0, 2.0, 3.0, 4.0, 5.0]), 0.5, note="the example of the prompt"),
                example(np.array([0.5, 1.0]), 2.0),
                example(np.array([8.0, 1.0, 4.0]), 0.25),
            ),
            Drawn(all_edges, {"lr": (0.5, 0.25, 2.0), "also": (0.5, 1.5, 3.0)}, cases=4),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
