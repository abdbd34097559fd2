"""penalty(name, w, strength, share): three costs of large weights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.regularisation import sections
from grading.checks.regularisation.penalties import NAMES
from grading.checks.regularisation.penalties import penalty as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def weights(
    rng: np.random.Generator,
    name: str,
    shape: tuple[int, ...],
    numbers: str,
    strength: float,
    share: float,
    dtype: str,
) -> Example:
    """Build a call."""
    return example(name, fill(rng, shape, numbers, dtype), strength, share)


def drawn(name: str) -> Drawn:
    """Draw weights of all shapes; "distinct" numbers hold a 0."""
    return Drawn(
        weights,
        {
            "name": (name,),
            "shape": ((1,), (2,), (3,), (2, 3), (2, 1, 2, 2)),
            "numbers": ("whole", "halves", "distinct"),
            "strength": (1.0, 0.5, 3.0, 0.25),
            "share": (0.25, 0.75, 0.5),
            "dtype": ("float64", "float32"),
        },
    )


def fixed(name: str) -> tuple[Example, ...]:
    """Return the examples that teach."""
    return (
        example(name, np.array([3.0, -4.0]), 0.1, note="the example of the prompt"),
        example(name, np.array([[2.0, 0.0], [-1.0, 0.5]]), 2.0, 0.75),
        weights(np.random.default_rng(51), name, (2, 2, 3, 2), "halves", 0.25, 0.25, "float32"),
    )


def _mistake(
    identifier: str,
    title: str,
    explanation: str,
    part: str,
    *computes: Callable[[Array, float, float], object],
) -> Misconception:
    """Name a mistake in one of the three costs."""
    calls = tuple(lambda name, w, strength, share=0.5, c=c: c(w, strength, share) for c in computes)
    return Misconception(identifier, title, explanation, sections.PENALTIES, calls, part=part)


MISCONCEPTIONS = (
    Misconception(
        "penalty-without-its-strength",
        "the strength is not used",
        "The strength λ multiplies the whole penalty: it decides how much the weights count beside the loss.",
        sections.PENALTIES,
        (lambda name, w, strength, share=0.5: reference(name, w, 1.0, share),),
    ),
    Misconception(
        "penalty-is-a-mean",
        "a mean over the weights instead of a sum",
        "The penalty is a sum: a weight costs the same in a large layer and in a small one.",
        sections.PENALTIES,
        (lambda name, w, strength, share=0.5: reference(name, w, strength, share) / w.size,),
    ),
    _mistake(
        "squares-penalty-without-the-half",
        "the half is missing",
        "The prompt puts ½ before the squares, so that the gradient is λw and not 2λw.",
        "l2",
        lambda w, strength, share: strength * (w**2).sum(),
    ),
    _mistake(
        "squares-penalty-is-the-norm",
        "the norm instead of its square",
        "The penalty adds up squares: there is no root.",
        "l2",
        lambda w, strength, share: strength * np.sqrt((w**2).sum()),
        lambda w, strength, share: strength / 2 * np.sqrt((w**2).sum()),
    ),
    _mistake(
        "absolute-penalty-without-absolute-values",
        "signed weights are added up",
        "Positive and negative weights cancel in a plain sum. The penalty adds up absolute values.",
        "l1",
        lambda w, strength, share: strength * w.sum(),
        lambda w, strength, share: strength * abs(w.sum()),
    ),
    _mistake(
        "absolute-penalty-with-a-half",
        "a half that belongs to the squares",
        "The absolute values have no ½: only the squares have, for the sake of their gradient.",
        "l1",
        lambda w, strength, share: strength / 2 * np.abs(w).sum(),
    ),
    _mistake(
        "elastic-shares-exchanged",
        "the two shares are exchanged",
        "`share` is the share of the absolute values; what is left, 1 - share, goes to the squares.",
        "elastic",
        lambda w, strength, share: reference("elastic", w, strength, 1 - share),
    ),
    _mistake(
        "elastic-penalty-without-the-half",
        "the half of the squares is missing",
        "Of the squares comes (1 - share)/2: the same ½ as in the L2 penalty.",
        "elastic",
        lambda w, strength, share: strength * (share * np.abs(w).sum() + (1 - share) * (w**2).sum()),
    ),
    _mistake(
        "elastic-penalty-adds-both-whole",
        "both penalties are added whole",
        "The shares add up to 1: share of the absolute values, 1 - share of the squares.",
        "elastic",
        lambda w, strength, share: reference("l1", w, strength) + reference("l2", w, strength),
        lambda w, strength, share: share * reference("l1", w, strength) + reference("l2", w, strength),
    ),
)
check = Check(
    name="penalty",
    signature="(name, w, strength, share=0.5)",
    section=sections.PENALTIES,
    reference=reference,
    outputs=("cost",),
    parts=tuple(Part(name, 1, fixed(name), drawn(name)) for name in NAMES),
    misconceptions=MISCONCEPTIONS,
)
