"""newton_destination(grad, hessian, theta, steps): where Newton's steps lead, and what is there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.landscapes import coupled, cubes, quadratic, two_valleys
from grading.checks.descent.references import (
    DEGENERATE,
    MAXIMUM,
    MINIMUM,
    SADDLE,
    ZERO_SHARE,
    critical_point,
    newton_step,
)
from grading.checks.descent.references import newton_destination as reference
from grading.checks.functions import formula
from grading.checks.small_numbers import fill

Array = np.ndarray
Field = Callable[[Array], Array]


def _ends_after(change: int) -> Callable[..., Array]:
    return lambda grad, hessian, theta, steps: reference(grad, hessian, theta, max(steps + change, 0))[0]


def _one_derivative_for_all(grad: Field, hessian: Field, theta: Array, steps: int) -> Array:
    H = hessian(theta)
    for _ in range(steps):
        theta = theta - np.linalg.solve(H, grad(theta))
    return theta


def _always_from_the_start(grad: Field, hessian: Field, theta: Array, steps: int) -> Array:
    return newton_step(grad, hessian, theta)


def _kind_at_the_start(grad: Field, hessian: Field, theta: Array, steps: int) -> int:
    return critical_point(hessian(theta), ZERO_SHARE)


def _kind_one_step_early(grad: Field, hessian: Field, theta: Array, steps: int) -> int:
    return reference(grad, hessian, theta, max(steps - 1, 0))[1]


def _other_kind(**names: int) -> Callable[..., int]:
    kinds = {"minimum": MINIMUM, "maximum": MAXIMUM, "saddle": SADDLE, "degenerate": DEGENERATE}
    called = {kinds[name]: other for name, other in names.items()}

    def kind(grad: Field, hessian: Field, theta: Array, steps: int) -> int:
        found = reference(grad, hessian, theta, steps)[1]
        return called.get(found, found)

    return kind


MISCONCEPTIONS = (
    Misconception(
        "destination-a-step-off",
        "there is one step too many, or one too few",
        "Make exactly `steps` steps; none leaves theta where it is.",
        sections.NEWTON,
        (_ends_after(1), _ends_after(-1)),
        output="theta",
    ),
    Misconception(
        "destination-of-one-step",
        "every step begins at the start",
        "Each step begins where the one before ended: theta = newton_step(grad, hessian, theta).",
        sections.NEWTON,
        (_always_from_the_start,),
        output="theta",
    ),
    Misconception(
        "destination-with-one-hessian",
        "the Hessian of the start is used throughout",
        "The curvature changes along the way: take hessian(theta) anew in every step.",
        sections.NEWTON,
        (_one_derivative_for_all,),
        output="theta",
    ),
    Misconception(
        "kind-of-the-start",
        "the kind belongs to another point",
        "Judge the Hessian where the last step ends, not where the steps begin.",
        sections.NEWTON,
        (_kind_at_the_start, _kind_one_step_early),
        output="kind",
    ),
    Misconception(
        "destination-believed-a-minimum",
        "every destination is called a minimum",
        "Newton looks for a slope of 0, and finds saddles and maxima as gladly. Ask critical_point.",
        sections.NEWTON,
        (lambda grad, hessian, theta, steps: MINIMUM, _other_kind(saddle=MINIMUM, maximum=MINIMUM)),
        output="kind",
    ),
    Misconception(
        "destination-kinds-upside-down",
        "minima and maxima are exchanged",
        "Positive eigenvalues mean that the cost bends upwards all around: a minimum.",
        sections.NEWTON,
        (_other_kind(minimum=MAXIMUM, maximum=MINIMUM),),
        output="kind",
    ),
)
# Starts from which the steps converge, and none meets a Hessian that cannot be solved with.
STARTS = (3.0, -3.0, 0.5, -0.5, 1.0, -1.0)


def journey(rng: np.random.Generator, size: int, steps: int) -> Example:
    """Build a call; maxima, saddles and minima are all within reach."""
    return example(*cubes(size), rng.choice(STARTS, size), steps)


def jump(rng: np.random.Generator, values: tuple[float, ...], steps: int) -> Example:
    """Build a call on a quadratic, where one step does it."""
    return example(*quadratic(rng, *values), fill(rng, (len(values),)), steps)


RNG = np.random.default_rng(12)
FIXED = (
    example(*two_valleys(), np.array([-3.0, 1.0]), 2, note="the example of the prompt"),
    example(*two_valleys(), np.array([3.0, 1.0]), 3),
    example(*cubes(2), np.array([0.5, -0.5]), 4, note="to a maximum"),
    example(*cubes(2), np.array([0.5, 3.0]), 2),
    example(*cubes(1), np.array([1.0]), 1, note="from a dome into a valley"),
    example(*coupled(), np.array([2.0, 1.0]), 3),
    example(formula("grad(x) = 4 * x**3"), formula("hessian(x) = diag(12 * x**2)"), np.array([3.0]), 2),
    example(formula("grad(x) = 2 * (x - 1)"), formula("hessian(x) = 2 * eye(2)"), np.array([2.0, 0.0]), 0),
    example(
        formula("grad(x) = array([x[0], x[1]**3 - 0.001 * x[1]])"),
        formula("hessian(x) = array([[1, 0], [0, 3 * x[1]**2 - 0.001]])"),
        np.array([1.0, 0.005]),
        1,
        note="curvature of a thousandth is not zero",
    ),
    example(
        formula("grad(x) = array([x[0], x[1]**3])"),
        formula("hessian(x) = array([[1, 0], [0, 3 * x[1]**2]])"),
        np.array([1.0, 0.0005]),
        1,
        note="curvature below a millionth is",
    ),
    jump(RNG, (1.0, -2.0, 3.0), 1),
)
DRAWN = Drawn(journey, {"size": (1, 2), "steps": (2, 1, 3, 0)})
check = Check(
    name="newton_destination",
    signature="(grad, hessian, theta, steps)",
    section=sections.NEWTON,
    reference=reference,
    outputs=("theta", "kind"),
    parts=(
        Part("the destination", 1, FIXED, DRAWN, output="theta"),
        Part("its kind", 2, FIXED, DRAWN, output="kind"),
    ),
    misconceptions=MISCONCEPTIONS,
    uses={"newton_step": newton_step, "critical_point": critical_point},
)
