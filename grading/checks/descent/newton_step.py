"""newton_step(grad, hessian, theta): to the critical point of the quadratic model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.landscapes import coupled, cubes, quadratic, two_valleys
from grading.checks.descent.references import newton_step as reference
from grading.checks.functions import formula
from grading.checks.small_numbers import fill

Array = np.ndarray
Field = Callable[[Array], Array]


def _steps(move: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """Return a step by another move(gradient, Hessian)."""
    return lambda grad, hessian, theta: theta + move(grad(theta), np.asarray(hessian(theta), float))


def _inverted(H: Array) -> Array:
    with np.errstate(all="ignore"):
        return 1 / H


def _by_magnitudes(g: Array, H: Array) -> Array:
    values, Q = np.linalg.eigh(H)
    return -Q @ (Q.T @ g / np.abs(values))


def _hessian_elsewhere(grad: Field, hessian: Field, theta: Array) -> Array:
    return theta - np.linalg.solve(hessian(np.zeros_like(theta)), grad(theta))


def _gradient_elsewhere(grad: Field, hessian: Field, theta: Array) -> Array:
    return theta - np.linalg.solve(hessian(theta), grad(np.zeros_like(theta)))


MISCONCEPTIONS = (
    Misconception(
        "newton-multiplies-by-the-hessian",
        "the gradient is multiplied by the Hessian",
        "The step divides by the curvature: solve H·d = g, so that steep directions make short steps.",
        sections.NEWTON,
        (_steps(lambda g, H: -H @ g), _steps(lambda g, H: H @ g)),
    ),
    Misconception(
        "newton-adds",
        "the step goes the wrong way",
        "Subtract the solution of H·d = g from theta.",
        sections.NEWTON,
        (_steps(lambda g, H: np.linalg.solve(H, g)),),
    ),
    Misconception(
        "newton-without-hessian",
        "the Hessian is not used",
        "That is a step of gradient descent. Newton's step solves H·d = g and subtracts d.",
        sections.NEWTON,
        (_steps(lambda g, H: -g), _steps(lambda g, H: -g / np.linalg.norm(H))),
    ),
    Misconception(
        "newton-by-the-diagonal",
        "only the diagonal of the Hessian is used",
        "The directions hang together through the mixed derivatives: solve with the whole matrix.",
        sections.NEWTON,
        (_steps(lambda g, H: -g / np.diag(H)),),
    ),
    Misconception(
        "newton-inverts-elements",
        "the Hessian is inverted element by element",
        "The inverse of a matrix is not made of the inverses of its elements. Use np.linalg.solve(H, g).",
        sections.NEWTON,
        (
            _steps(lambda g, H: -_inverted(H) @ g),
            _steps(lambda g, H: -(g * _inverted(H))),
            _steps(lambda g, H: -(g * _inverted(H)).sum(axis=1)),
            _steps(lambda g, H: -g @ _inverted(H)),
        ),
    ),
    Misconception(
        "newton-returns-the-step",
        "the step is returned instead of the new theta",
        "Return where theta is after the step: theta minus the solution of H·d = g.",
        sections.NEWTON,
        (
            lambda grad, hessian, theta: np.linalg.solve(hessian(theta), grad(theta)),
            lambda grad, hessian, theta: -np.linalg.solve(hessian(theta), grad(theta)),
        ),
    ),
    Misconception(
        "newton-derivatives-elsewhere",
        "gradient and Hessian are not both taken at theta",
        "Both belong to the point where the step begins: grad(theta) and hessian(theta).",
        sections.NEWTON,
        (_hessian_elsewhere, _gradient_elsewhere),
    ),
    Misconception(
        "newton-halved",
        "the step is half as long, or twice",
        "The gradient of the quadratic model vanishes one whole step away: no factor stands before it.",
        sections.NEWTON,
        (
            _steps(lambda g, H: -np.linalg.solve(H, g) / 2),
            _steps(lambda g, H: -2 * np.linalg.solve(H, g)),
        ),
    ),
    Misconception(
        "newton-avoids-saddles",
        "negative curvature is taken for positive",
        "Later methods do that, to get away from saddles. Newton's own step goes wherever the slope of the "
        "model is 0, also up.",
        sections.NEWTON,
        (_steps(_by_magnitudes),),
    ),
)


def in_a_quadratic(rng: np.random.Generator, values: tuple[float, ...], turned: bool) -> Example:
    """Build a call."""
    return example(*quadratic(rng, *values, turned=turned), fill(rng, (len(values),)))


def anywhere(rng: np.random.Generator, size: int, numbers: str) -> Example:
    """Build a call on a landscape whose Hessian changes from place to place."""
    grad, hessian = coupled() if size == 2 else cubes(size)
    return example(grad, hessian, fill(rng, (size,), numbers))


BOWLS = ((2.0,), (1.0, 3.0), (4.0, 2.0), (1.0, 2.0, 5.0))
SADDLES = ((-2.0,), (1.0, -2.0), (-1.0, -3.0), (2.0, -1.0, 4.0))
RNG = np.random.default_rng(11)
check = Check(
    name="newton_step",
    signature="(grad, hessian, theta)",
    section=sections.NEWTON,
    reference=reference,
    outputs=("theta",),
    parts=(
        Part(
            "bowls, in one step",
            2,
            (
                example(
                    formula("grad(x) = A @ x", A=np.array([[2.0, 1.0], [1.0, 2.0]])),
                    formula("hessian(x) = A", A=np.array([[2.0, 1.0], [1.0, 2.0]])),
                    np.array([3.0, -1.0]),
                    note="the example of the prompt: the minimum at once",
                ),
                in_a_quadratic(RNG, (1.0, 2.0, 5.0), True),
            ),
            Drawn(in_a_quadratic, {"values": BOWLS, "turned": (False, True)}),
        ),
        Part(
            "where the curvature changes",
            2,
            (
                example(*cubes(1), np.array([3.0])),
                example(*coupled(), np.array([2.0, 1.0])),
                example(*two_valleys(), np.array([3.0, 2.0])),
            ),
            Drawn(anywhere, {"size": (1, 2, 3), "numbers": ("whole", "halves")}),
        ),
        Part(
            "saddles and domes",
            1,
            (in_a_quadratic(RNG, (1.0, -2.0), True), in_a_quadratic(RNG, (-1.0, -3.0), True)),
            Drawn(in_a_quadratic, {"values": SADDLES, "turned": (False, True)}),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
)
