"""mended_descent(A, b, theta, lr, steps): the run of a locked cell, without the two faults in it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Check, Drawn, Example, Misconception, Part, example
from grading.checks.descent import sections
from grading.checks.descent.matrices import drawn_bowl
from grading.checks.descent.references import mended_descent as reference
from grading.checks.small_numbers import fill

Array = np.ndarray


def _run(gradient: Callable[[Array, Array, Array], Array]) -> Callable[..., Array]:
    """Return the path of steps against another gradient(A, b, theta)."""

    def path(A: Array, b: Array, theta: Array, lr: float, steps: int) -> Array:
        points = [theta]
        for _ in range(steps):
            points.append(points[-1] - lr * gradient(A, b, points[-1]))
        return np.array(points)

    return path


_climbing = _run(lambda A, b, theta: b - A @ theta)


def _one_array(path: Callable[..., Array]) -> Callable[..., Array]:
    """Return a path all of whose rows are its end."""

    def alike(A: Array, b: Array, theta: Array, lr: float, steps: int) -> Array:
        return np.tile(path(A, b, theta, lr, steps)[-1], (steps + 1, 1))

    return alike


MISCONCEPTIONS = (
    Misconception(
        "mended-has-both-faults",
        "both faults are still there",
        "The cost grows, and all rows of the path are the same. Look at the line that changes theta, sign "
        "by sign.",
        sections.SLOPE,
        (_one_array(_climbing),),
    ),
    Misconception(
        "mended-still-climbs",
        "the steps still climb",
        "The gradient points uphill: subtract it.",
        sections.SLOPE,
        (_climbing,),
    ),
    Misconception(
        "mended-still-one-array",
        "all rows are still the same point",
        "theta -= … changes the very array that is in the path, and the caller's, too. Make a new one: "
        "theta = theta − lr·gradient.",
        sections.SLOPE,
        (_one_array(reference),),
    ),
    Misconception(
        "mended-where-nothing-was-broken",
        "the gradient was changed",
        "A theta − b was right: the gradient of ½ thetaᵀ A theta − bᵀ theta.",
        sections.SLOPE,
        (_run(lambda A, b, theta: A @ theta + b), _run(lambda A, b, theta: A @ theta)),
    ),
    Misconception(
        "mended-path-shortened",
        "the start or the last point is missing",
        "The path was complete: the start, and the point after each step.",
        sections.SLOPE,
        (
            lambda A, b, theta, lr, steps: reference(A, b, theta, lr, steps)[1:],
            lambda A, b, theta, lr, steps: reference(A, b, theta, lr, steps)[:-1],
        ),
    ),
)


def run_of(rng: np.random.Generator, size: int, steps: int, lr: float, turned: bool) -> Example:
    """Build a call."""
    return example(drawn_bowl(rng, size, turned), fill(rng, (size,)), fill(rng, (size,)), lr, steps)


RNG = np.random.default_rng(16)
FIXED = (
    example(np.array([[2.0]]), np.array([2.0]), np.array([5.0]), 0.25, 2, note="the example of the prompt"),
    run_of(RNG, 2, 4, 0.1, True),
    run_of(RNG, 3, 3, 0.25, False),
)
check = Check(
    name="mended_descent",
    signature="(A, b, theta, lr, steps)",
    section=sections.SLOPE,
    reference=reference,
    outputs=("path",),
    parts=(
        Part(
            "a run that goes down",
            1,
            FIXED,
            Drawn(
                run_of,
                {"size": (1, 2, 3), "steps": (1, 2, 3, 6), "lr": (0.5, 0.1, 0.25), "turned": (False, True)},
            ),
        ),
    ),
    misconceptions=MISCONCEPTIONS,
    keeps_arguments=True,
)
