"""nesterov_path(A, b, theta, lr, rho, steps): Nesterov's momentum, with the gradient of the point ahead."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.optimisers import sections
from grading.checks.optimisers.quadratics import descent, drawn, follow
from grading.checks.optimisers.references import nesterov_path as reference

Array = np.ndarray


def _mistaken(move: Callable[..., tuple[Array, Array]]) -> Callable[..., tuple[Array, Array]]:
    """Return a path of other moves."""

    def path(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[Array, Array]:
        return follow(move, A, b, theta, lr, rho, steps)

    return path


def _ahead(look: Callable[[Array, Array, float], Array], sign: float = -1.0) -> Callable[..., object]:
    """Return a path whose gradient is taken somewhere else, or added."""

    def move(gradient: Callable, theta: Array, v: Array, lr: float, rho: float) -> tuple[Array, Array]:
        new = rho * v + sign * lr * gradient(look(theta, v, rho))
        return theta + new, new

    return _mistaken(move)


def _from_point_ahead(
    gradient: Callable, theta: Array, v: Array, lr: float, rho: float
) -> tuple[Array, Array]:
    ahead = theta + rho * v
    new = rho * v - lr * gradient(ahead)
    return ahead + new, new


def _cut(rows: slice) -> Callable[..., tuple[Array, Array]]:
    def path(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[Array, Array]:
        points, velocities = reference(A, b, theta, lr, rho, steps)
        return points[rows], velocities[rows]

    return path


def _plus_b(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[Array, Array]:
    return reference(A, -b, theta, lr, rho, steps)


def _points_ahead(A: Array, b: Array, theta: Array, lr: float, rho: float, steps: int) -> tuple[Array, Array]:
    points, velocities = reference(A, b, theta, lr, rho, steps)
    return points + rho * velocities, velocities


MISCONCEPTIONS = (
    Misconception(
        "nesterov-gradient-not-ahead",
        "the gradient is taken at theta itself",
        "That is ordinary momentum. Nesterov first looks where the velocity alone would lead, theta + "
        "rho·v, and takes the gradient there.",
        sections.NESTEROV,
        (_ahead(lambda theta, v, rho: theta),),
    ),
    Misconception(
        "nesterov-looks-too-far",
        "the point ahead is theta + v, or on the wrong side",
        "Friction slows the velocity down before it moves theta: the point ahead is theta + rho·v.",
        sections.NESTEROV,
        (_ahead(lambda theta, v, rho: theta + v), _ahead(lambda theta, v, rho: theta - rho * v)),
    ),
    Misconception(
        "nesterov-climbs",
        "the steps climb",
        "The gradient enters the velocity with a minus sign: v = rho·v − lr·gradient.",
        sections.NESTEROV,
        (_ahead(lambda theta, v, rho: theta + rho * v, 1.0),),
    ),
    Misconception(
        "nesterov-moves-from-point-ahead",
        "the step starts from the point ahead",
        "The point ahead only lends its gradient. Theta itself moves by the new velocity, from where it was.",
        sections.NESTEROV,
        (_mistaken(_from_point_ahead),),
    ),
    Misconception(
        "nesterov-records-points-ahead",
        "the path holds the points ahead",
        "Return the points theta that the steps reach. The points theta + rho·v follow in the next question.",
        sections.NESTEROV,
        (_points_ahead,),
    ),
    Misconception(
        "nesterov-path-without-its-ends",
        "the start or the last step is missing",
        "The path has steps + 1 rows: row 0 is where theta and v = 0 begin, the last row is after the "
        "last step.",
        sections.NESTEROV,
        (_cut(slice(1, None)), _cut(slice(None, -1))),
    ),
    Misconception(
        "nesterov-gradient-plus-b",
        "the gradient adds b",
        "The gradient of ½ thetaᵀ A theta − bᵀ theta is A theta − b.",
        sections.NESTEROV,
        (_plus_b,),
    ),
)
RNG = np.random.default_rng(24)
FIXED = (
    example(
        np.array([[2.0]]), np.array([2.0]), np.array([5.0]), 0.25, 0.5, 2, note="the example of the prompt"
    ),
    descent(RNG, 2, 6, 0.1, 0.9, "whole", "float64"),
    descent(RNG, 3, 4, 0.2, 0.5, "halves", "float32"),
)
DRAWN = drawn()

check = Check(
    name="nesterov_path",
    signature="(A, b, theta, lr, rho, steps)",
    section=sections.NESTEROV,
    reference=reference,
    outputs=("path", "velocities"),
    parts=(
        Part("path", 3, FIXED, DRAWN, output="path"),
        Part("velocities", 2, FIXED, DRAWN, output="velocities"),
    ),
    misconceptions=MISCONCEPTIONS,
)
