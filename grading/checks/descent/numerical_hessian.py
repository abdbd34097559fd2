"""numerical_hessian(f, theta, h): all second derivatives by centred differences of values of f."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.references import numerical_hessian as reference
from grading.checks.functions import formula
from grading.checks.small_numbers import fill

Array = np.ndarray
Cost = Callable[[Array], float]
Element = Callable[[Cost, Array, Array, Array, float], float]


def _elements(compute: Element) -> Callable[..., Array]:
    """Return a Hessian whose element i, j is computed from the steps along axes i and j."""

    def hessian(f: Cost, theta: Array, h: float) -> Array:
        steps = h * np.eye(len(theta))
        return np.array([[compute(f, theta, a, b, h) for b in steps] for a in steps])

    return hessian


def _with_three_points_on_the_diagonal(f: Cost, theta: Array, h: float) -> Array:
    """The other usual formula: a diagonal element from theta and its two neighbours."""
    H = reference(f, theta, h)
    for i, a in enumerate(h * np.eye(len(theta))):
        H[i, i] = (f(theta + a) - 2 * f(theta) + f(theta - a)) / h**2
    return H


def _times(factor: Callable[[float], float]) -> tuple[Callable[..., Array], ...]:
    """Return both right formulas times something that depends on h."""
    return tuple(
        lambda f, theta, h, right=right: factor(h) * right(f, theta, h)
        for right in (reference, _with_three_points_on_the_diagonal)
    )


def _gradient(f: Cost, theta: Array, h: float) -> Array:
    return np.array([(f(theta + a) - f(theta - a)) / (2 * h) for a in h * np.eye(len(theta))])


def _diagonal(f: Cost, theta: Array, h: float) -> Array:
    return np.diag(np.diag(reference(f, theta, h)))


def _without_diagonal(f: Cost, theta: Array, h: float) -> Array:
    H = reference(f, theta, h)
    return H - np.diag(np.diag(H))


def _upper(f: Cost, theta: Array, h: float) -> Array:
    return np.triu(reference(f, theta, h))


def _twice_off_the_diagonal(f: Cost, theta: Array, h: float) -> Array:
    H = reference(f, theta, h)
    return H + H.T - np.diag(np.diag(H))


MISCONCEPTIONS = (
    Misconception(
        "hessian-by-forward-differences",
        "the differences look one way only",
        "Forward differences are off by a share of h. Step to both sides of theta, +h and −h, along both "
        "axes.",
        sections.MODEL,
        (
            _elements(lambda f, t, a, b, h: (f(t + a + b) - f(t + a) - f(t + b) + f(t)) / h**2),
            _elements(lambda f, t, a, b, h: (f(t) - f(t - a) - f(t - b) + f(t - a - b)) / h**2),
        ),
    ),
    Misconception(
        "hessian-mixes-differences",
        "one derivative is centred, the other looks one way",
        "Both differences must be centred: +h and −h along axis i, and for each of them +h and −h along "
        "axis j.",
        sections.MODEL,
        (
            _elements(lambda f, t, a, b, h: (f(t + a + b) - f(t - a + b) - f(t + a) + f(t - a)) / (2 * h**2)),
            _elements(lambda f, t, a, b, h: (f(t + a + b) - f(t + a - b) - f(t + b) + f(t - b)) / (2 * h**2)),
        ),
    ),
    Misconception(
        "hessian-divided-otherwise",
        "the differences are divided by something else",
        "Each centred difference divides by its whole width 2h, and there are two: (2h)² = 4h².",
        sections.MODEL,
        (
            *_times(lambda h: 4),
            *_times(lambda h: 2),
            *_times(lambda h: 4 * h),
            *_times(lambda h: 2 * h),
            *_times(lambda h: h),
            *_times(lambda h: 4 * h**2),
        ),
    ),
    Misconception(
        "hessian-is-the-gradient",
        "these are first derivatives",
        "The gradient has n components. The Hessian holds the n × n derivatives of these.",
        sections.MODEL,
        (_gradient,),
    ),
    Misconception(
        "hessian-from-products-of-slopes",
        "slopes are multiplied instead of derived again",
        "The product of two first derivatives is no second derivative: difference the differences.",
        sections.MODEL,
        (
            lambda f, theta, h: np.outer(_gradient(f, theta, h), _gradient(f, theta, h)),
            lambda f, theta, h: np.diag(_gradient(f, theta, h)),
        ),
    ),
    Misconception(
        "hessian-is-only-diagonal",
        "the mixed derivatives are missing",
        "Off the diagonal stands how the slope along one axis changes along another: 0 only by chance.",
        sections.MODEL,
        (_diagonal,),
    ),
    Misconception(
        "hessian-without-diagonal",
        "the diagonal is missing",
        "For i = j the same formula holds: both steps go along the same axis.",
        sections.MODEL,
        (_without_diagonal,),
    ),
    Misconception(
        "hessian-not-mirrored",
        "only one triangle is filled, or the other one twice",
        "The Hessian is symmetric: H[j, i] = H[i, j]. Set both, each once.",
        sections.MODEL,
        (_upper, lambda f, theta, h: _upper(f, theta, h).T, _twice_off_the_diagonal),
    ),
    Misconception(
        "hessian-has-wrong-signs",
        "a sign is wrong in the sum of four values",
        "Plus where both steps go the same way (++ and −−), minus where they go apart (+− and −+).",
        sections.MODEL,
        (
            lambda f, theta, h: -reference(f, theta, h),
            _elements(
                lambda f, t, a, b, h: (f(t + a + b) + f(t + a - b) - f(t - a + b) - f(t - a - b)) / (4 * h**2)
            ),
            _elements(
                lambda f, t, a, b, h: (f(t + a + b) - f(t + a - b) - f(t - a + b) - f(t - a - b)) / (4 * h**2)
            ),
            _elements(
                lambda f, t, a, b, h: (f(t + a + b) - f(t + a - b) + f(t - a + b) - f(t - a - b)) / (4 * h**2)
            ),
        ),
    ),
)
TEXTS = ("f(x) = x @ A @ x", "f(x) = c @ x**4", "f(x) = (c @ x)**3", "f(x) = exp(c @ x / 4)")


def surface(rng: np.random.Generator, text: str, size: int, h: float) -> Example:
    """Build a call; of A and c a formula gets what it speaks of."""
    constants = {"A": fill(rng, (size, size)), "c": fill(rng, (size,))}
    spoken_of = {name: value for name, value in constants.items() if name in text}
    return example(formula(text, **spoken_of), fill(rng, (size,)), h)


FIXED = (
    example(formula("f(x) = x[0]**4"), np.array([1.0]), 0.1, note="the example of the prompt"),
    example(formula("f(x) = x[0]**2 * x[1] + 3 * x[1]**3 - 2 * x[0]"), np.array([1.0, 2.0]), 0.1),
    example(formula("f(x) = x[0]**2 + 4 * x[0] * x[1] - x[1]**2"), np.array([2.0, 1.0]), 0.5),
    example(formula("f(x) = exp(x[0]) * sin(x[1]) + x[2]**4 + x[0] * x[2]"), np.array([0.5, 1.0, -1.0]), 0.1),
)


def _magnitude(f: Cost, theta: Array, h: float) -> float:
    """Differences of costs cancel: what a millionth of the costs themselves would give counts at least."""
    steps = h * np.eye(len(theta))
    costs = max(abs(f(theta + sign * step)) for step in steps for sign in (-1, 0, 1))
    return max(np.max(np.abs(reference(f, theta, h))), 1e-6 * costs / h**2)


check = Check(
    name="numerical_hessian",
    signature="(f, theta, h)",
    section=sections.MODEL,
    reference=reference,
    also_right=(_with_three_points_on_the_diagonal,),
    outputs=("H",),
    magnitude=_magnitude,
    parts=(
        Part(
            "all second derivatives",
            1,
            FIXED,
            Drawn(surface, {"text": TEXTS, "size": (1, 2, 3), "h": (0.5, 0.1)}),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
