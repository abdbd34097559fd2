"""gradient_check(f, gradient, x, h=1e-5): the worst relative error away from kinks, and how many kinks."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.functions import formula
from grading.checks.training import references, sections
from grading.checks.training.costs import GRADIENTS, checked, cost, kinked
from grading.checks.training.references import gradient_check as reference

Array = np.ndarray
Errors = Callable[[Array, Array], Array]


def _worst(
    errors: Errors = references.relative_errors,
    slopes: Callable[[Array, Array], Array] = lambda left, right: (left + right) / 2,
    *,
    all_of_them: bool = False,
    total: Callable[[Array], float] = np.max,
) -> Callable[..., float]:
    """Return what a check finds that measures otherwise."""

    def compute(f: object, gradient: object, x: Array, h: float = 1e-5) -> float:
        left, right = references.one_sided(f, x, h)
        size = np.maximum(1.0, np.maximum(np.abs(left), np.abs(right)))
        smooth = np.abs(left - right) <= (np.inf if all_of_them else references.KINK) * size
        found = errors(np.asarray(gradient(x)), slopes(left, right))[smooth]
        return float(total(found)) if found.size else 0.0

    return compute


def _jumps(limit: Callable[[Array, Array], Array]) -> Callable[..., int]:
    """Return the number of kinks by another rule."""

    def compute(f: object, gradient: object, x: Array, h: float = 1e-5) -> int:
        left, right = references.one_sided(f, x, h)
        return int((np.abs(left - right) > limit(left, right)).sum())

    return compute


MISCONCEPTIONS = (
    Misconception(
        "check-judges-kinks",
        "components at a kink are judged, too",
        "There the two sides have different slopes, and their mean is the gradient of nothing. Leave these "
        "components out of the worst error.",
        sections.GRADIENT_CHECK,
        (_worst(all_of_them=True),),
        output="worst",
    ),
    Misconception(
        "check-takes-one-side",
        "one-sided slopes are compared with the gradient",
        "They are off by h·f″/2 even for a right gradient. They tell kinks apart; compare their mean.",
        sections.GRADIENT_CHECK,
        (_worst(slopes=lambda left, right: right), _worst(slopes=lambda left, right: left)),
        output="worst",
    ),
    Misconception(
        "check-with-absolute-errors",
        "errors are not divided by the size",
        "Use the relative error of the question before.",
        sections.GRADIENT_CHECK,
        (_worst(lambda a, b: np.abs(a - b)),),
        output="worst",
    ),
    Misconception(
        "check-averages-errors",
        "the errors are averaged",
        "A bug in one component must not get lost: take the largest.",
        sections.GRADIENT_CHECK,
        (_worst(total=np.mean),),
        output="worst",
    ),
    Misconception(
        "check-counts-smooth-components",
        "the components without a kink are counted",
        "The second number says how many were left out.",
        sections.GRADIENT_CHECK,
        (lambda f, gradient, x, h=1e-5: x.size - reference(f, gradient, x, h)[1],),
        output="kinks",
    ),
    Misconception(
        "check-sees-no-kinks",
        "kinks are not found",
        "Compare the two one-sided slopes of every component: at a kink they differ however small h is.",
        sections.GRADIENT_CHECK,
        (lambda f, gradient, x, h=1e-5: 0,),
        output="kinks",
    ),
    Misconception(
        "check-takes-curvature-for-kinks",
        "every difference of the two sides counts as a kink",
        "Curvature makes the slopes differ, too, by about h·f″. A kink is a difference of more than a tenth.",
        sections.GRADIENT_CHECK,
        (_jumps(lambda left, right: 0 * left), _jumps(lambda left, right: 1e-8 + 0 * left)),
        output="kinks",
    ),
)
FIXED = (
    example(
        formula("f(x) = sum(abs(x) * x)"),
        formula("gradient(x) = 2 * abs(x) + 0.5 * (x > 2)"),
        np.array([1.0, 4.0]),
        note="the example of the prompt",
    ),
    example(cost("cubes"), formula(GRADIENTS["right"]), np.array([1.0, 2.0, -1.0]), 0.01),
    example(cost("cubes"), formula(GRADIENTS["factor"]), np.array([1.0, -2.0])),
    example(cost("cubes"), formula(GRADIENTS["one"]), np.array([4.0, 1.0, 2.0])),
    example(
        formula("f(w) = sum(w**4) / 4"),
        formula("gradient(w) = w**3 * array([[1.0, 1.1], [1.0, 1.0]])"),
        np.array([[1.0, 2.0], [-1.0, 0.5]]),
        note="an array",
    ),
    example(
        formula("f(x) = sum(8 * x + 200 * x**2)"),
        formula("gradient(x) = 8 + 399 * x"),
        np.array([0.5, 0.001]),
        0.001,
        note="much curvature, and no kink",
    ),
)


def jump(slope: float, by: float, note: str, beside: tuple[float, ...] = (3.0,)) -> Example:
    """Build a call at a place where a slope changes, with other components beside it."""
    return example(
        formula("f(x) = sum(a * x + b * maximum(x, 0))", a=slope, b=by),
        formula("gradient(x) = a + b / 2 + 0 * x", a=slope, b=by),
        np.array([0.0, *beside]),
        0.5,
        note=note,
    )


KINKS = (
    example(
        formula("f(x) = sum(maximum(x, 0) + x**2)"),
        formula("gradient(x) = (x > 0) + 2 * x"),
        np.array([1.0, 0.0, -2.0]),
        note="the rectifier's kink at 0",
    ),
    example(
        formula("f(x) = sum(50 * abs(x))"),
        formula("gradient(x) = 50 * sign(x) + (x > 1)"),
        np.array([0.0, 2.0, 2.5e-4]),
        1e-3,
        note="a kink within the step",
    ),
    example(
        formula("f(x) = sum(20 * x + maximum(x, 0))"),
        formula("gradient(x) = 20 + (x > 0)"),
        np.array([0.0, 1.0]),
        note="a jump below a tenth of the slope is none",
    ),
    example(
        formula("f(x) = sum(abs(x))"), formula("gradient(x) = sign(x)"), np.array([0.0]), note="a kink alone"
    ),
    jump(0.0, 0.1, note="a jump of exactly a tenth is none", beside=()),
    jump(0.0, 0.15, note="small slopes count as 1"),
    jump(0.5, 0.07, note="small slopes count as 1"),
    jump(18.5, 2.0, note="the larger of the two slopes counts"),
    jump(20.5, -2.0, note="the larger of the two slopes counts"),
)
check = Check(
    name="gradient_check",
    signature="(f, gradient, x, h=1e-5)",
    section=sections.GRADIENT_CHECK,
    reference=reference,
    # An error is a share, whose own rounding is that of 1; kinks are counted.
    magnitude=lambda *args: (1.0, 1.0),
    outputs=("worst", "kinks"),
    parts=(
        Part(
            "the worst error, where all is smooth",
            3,
            FIXED,
            Drawn(
                checked,
                {
                    "gradient": tuple(GRADIENTS),
                    "size": (1, 2, 3),
                    "numbers": ("whole", "halves"),
                    "h": (1e-5, 0.01),
                },
            ),
            output="worst",
        ),
        Part(
            "the worst error beside kinks",
            1,
            KINKS,
            Drawn(
                kinked,
                {"size": (2, 3, 4), "at_kinks": (1, 2), "h": (1e-5, 0.01), "wrong": (False, True)},
            ),
            output="worst",
        ),
        Part(
            "the number of kinks",
            2,
            KINKS + FIXED[:2],
            Drawn(
                kinked,
                {"size": (2, 3, 4), "at_kinks": (0, 1, 2), "h": (1e-5, 0.01), "wrong": (False, True)},
            ),
            output="kinks",
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
