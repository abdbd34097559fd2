"""numerical_gradient(f, x, h=1e-5): centred differences by every component."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Misconception, Part, example
from grading.checks.functions import formula
from grading.checks.training import sections
from grading.checks.training.costs import COSTS, cost, somewhere
from grading.checks.training.references import numerical_gradient as reference
from grading.checks.training.references import one_sided

Array = np.ndarray


def _centred(f: Callable[[Array], float], x: Array, h: float, *, together: bool, kept: bool) -> Array:
    """Differentiate with all components moved at once, or with moves that are never taken back."""
    slopes, moved = np.empty(x.shape), x.astype(np.float64)
    for where in np.ndindex(x.shape):
        place = ... if together else where
        up, down = moved.copy(), moved.copy()
        up[place] += h
        down[place] -= h
        slopes[where] = (f(up) - f(down)) / (2 * h)
        moved = down if kept else moved
    return slopes


MISCONCEPTIONS = (
    Misconception(
        "gradient-one-sided",
        "the difference is one-sided",
        "Its error falls with h, that of the centred difference (f(x+h) − f(x−h)) / 2h with h².",
        sections.GRADIENT_CHECK,
        (lambda f, x, h=1e-5: one_sided(f, x, h)[0], lambda f, x, h=1e-5: one_sided(f, x, h)[1]),
    ),
    Misconception(
        "gradient-divided-by-h",
        "the centred difference is divided by h",
        "From x − h to x + h it is 2h.",
        sections.GRADIENT_CHECK,
        (
            lambda f, x, h=1e-5: 2 * reference(f, x, h),
            lambda f, x, h=1e-5: 2 * h * reference(f, x, h),
        ),
    ),
    Misconception(
        "gradient-moves-everything",
        "all components move at once",
        "A partial derivative moves one component and leaves all others where they are.",
        sections.GRADIENT_CHECK,
        (lambda f, x, h=1e-5: _centred(f, x, h, together=True, kept=False),),
    ),
    Misconception(
        "gradient-not-put-back",
        "a component is not put back",
        "After each component x must be what it was, or the next slope is taken somewhere else.",
        sections.GRADIENT_CHECK,
        (lambda f, x, h=1e-5: _centred(f, x, h, together=False, kept=True),),
    ),
    Misconception(
        "gradient-step-hard-coded",
        "h is not the one that was asked for",
        "The third argument is the step; 1e-5 is only its default.",
        sections.GRADIENT_CHECK,
        (lambda f, x, h=1e-5: reference(f, x, 1e-5),),
    ),
)
check = Check(
    name="numerical_gradient",
    signature="(f, x, h=1e-5)",
    section=sections.GRADIENT_CHECK,
    reference=reference,
    outputs=("gradient",),
    keeps_arguments=True,
    parts=(
        Part(
            "vectors",
            2,
            (
                example(cost("cubes"), np.array([1.0, 2.0]), 0.5, note="the example of the prompt"),
                example(cost("product"), np.array([2.0, 3.0])),
                example(cost("cubes"), np.array([1.0, -2.0]), note="the step of the default"),
                example(cost("waves"), np.array([1.0, -2.0, 0.5]), 0.1),
                example(cost("bowl"), np.array([1.0, 4.0])),
            ),
            Drawn(
                somewhere,
                {
                    "name": tuple(COSTS),
                    "shape": ((1,), (2,), (3,)),
                    "numbers": ("whole", "halves"),
                    "h": (0.5, 0.1, 1e-3),
                },
            ),
        ),
        Part(
            "arrays of any shape",
            2,
            (
                example(
                    formula("f(w) = sum((X @ w - 1)**3)", X=np.array([[1.0, 2.0], [3.0, -1.0]])),
                    np.array([[1.0, 2.0], [0.0, -1.0]]),
                    0.5,
                ),
                example(cost("cubes"), np.array(3.0), 0.5, note="a single number"),
            ),
            Drawn(
                somewhere,
                {
                    "name": ("cubes", "bowl", "waves"),
                    "shape": ((1, 2), (2, 2), (1, 2, 2), ()),
                    "numbers": ("whole", "halves"),
                    "h": (0.5, 0.1),
                },
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
