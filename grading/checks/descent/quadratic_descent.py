"""quadratic_descent(A, theta, lr, steps): the path of gradient descent down ½θᵀAθ."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.bowls import descent, drawn_descents, follow
from grading.checks.descent.references import quadratic_descent as reference

Array = np.ndarray


def _cut(rows: slice) -> Callable[..., Array]:
    return lambda A, theta, lr, steps: reference(A, theta, lr, steps)[rows]


def _last(A: Array, theta: Array, lr: float, steps: int) -> Array:
    return reference(A, theta, lr, steps)[-1]


def _all_rows_alike(A: Array, theta: Array, lr: float, steps: int) -> Array:
    return np.tile(_last(A, theta, lr, steps), (steps + 1, 1))


def _length_one(A: Array, theta: Array) -> Array:
    return A @ theta / np.linalg.norm(A @ theta)


def _transposed(A: Array, theta: Array, lr: float, steps: int) -> Array:
    return reference(A, theta, lr, steps).T


MISCONCEPTIONS = (
    Misconception(
        "descent-climbs",
        "the steps climb",
        "theta + lr·gradient goes up the slope, and the cost grows. Subtract the gradient.",
        sections.SLOPE,
        (follow(lambda A, theta: -A @ theta),),
    ),
    Misconception(
        "descent-misses-the-half",
        "the gradient is twice too long, or half as long",
        "The ½ of the cost and the 2 of its derivative cancel: the gradient of ½ thetaᵀ A theta is A theta.",
        sections.SLOPE,
        (follow(lambda A, theta: 2 * A @ theta), follow(lambda A, theta: A @ theta / 2)),
    ),
    Misconception(
        "descent-path-without-its-ends",
        "the start or the last step is missing",
        "The path has steps + 1 rows: row 0 is the start, the last row is after the last step.",
        sections.SLOPE,
        (_cut(slice(1, None)), _cut(slice(None, -1))),
    ),
    Misconception(
        "descent-returns-the-end-alone",
        "only the last point is returned",
        "Keep every point of the way, the start first, and return them as the rows of one array.",
        sections.SLOPE,
        (_last,),
    ),
    Misconception(
        "descent-path-is-one-array",
        "all rows are the same point",
        "theta -= … changes the array that is in the path already. Make a new one: theta = theta − "
        "lr·gradient.",
        sections.SLOPE,
        (_all_rows_alike,),
    ),
    Misconception(
        "descent-by-diagonal",
        "only the diagonal of A is used",
        "The gradient is the matrix product A @ theta. A * theta multiplies element by element.",
        sections.SLOPE,
        (follow(lambda A, theta: np.diag(A) * theta), follow(lambda A, theta: (A * theta).sum(axis=0))),
    ),
    Misconception(
        "descent-with-one-gradient",
        "the gradient of the start is used throughout",
        "Every step takes the gradient at the point that the step before has reached.",
        sections.SLOPE,
        (lambda A, theta, lr, steps: theta - lr * np.arange(steps + 1)[:, None] * (A @ theta),),
    ),
    Misconception(
        "descent-with-steps-of-equal-length",
        "the gradient is scaled to length 1",
        "Its length counts: where the slope is gentle, steps are short. Multiply the gradient by lr, no "
        "more.",
        sections.SLOPE,
        (follow(_length_one),),
    ),
    Misconception(
        "descent-path-transposed",
        "points are columns instead of rows",
        "Row k of the path is the point after k steps: shape (steps + 1, n).",
        sections.SLOPE,
        (_transposed,),
    ),
)
RNG = np.random.default_rng(5)
FIXED = (
    example(
        np.array([[2.0, 1.0], [1.0, 2.0]]), np.array([1.0, 0.0]), 0.5, 2, note="the example of the prompt"
    ),
    descent(RNG, 3, 4, 0.1, True),
    descent(RNG, 2, 3, 0.5, False),
)
check = Check(
    name="quadratic_descent",
    signature="(A, theta, lr, steps)",
    section=sections.SLOPE,
    reference=reference,
    outputs=("path",),
    parts=(Part("the path", 1, FIXED, drawn_descents()),),
    misconceptions=MISCONCEPTIONS,
)
