"""Descents of the bowl ½θᵀAθ: where they begin, and where mistaken ones go."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Drawn, Example, example
from grading.checks.descent.matrices import drawn_bowl
from grading.checks.small_numbers import fill

Array = np.ndarray


def descent(
    rng: np.random.Generator, size: int, steps: int, lr: float, turned: bool, **options: object
) -> Example:
    """Build a call of a function (A, theta, lr, steps)."""
    return example(drawn_bowl(rng, size, turned), fill(rng, (size,)), lr, steps, **options)


def drawn_descents(steps: tuple[int, ...] = (1, 2, 3, 6, 0)) -> Drawn:
    """Draw descents, some of which diverge."""
    return Drawn(
        descent, {"size": (1, 2, 3), "steps": steps, "lr": (0.5, 0.1, 0.25), "turned": (False, True)}
    )


def follow(gradient: Callable[[Array, Array], Array]) -> Callable[..., Array]:
    """Return the path of steps against another gradient(A, theta)."""

    def path(A: Array, theta: Array, lr: float, steps: int) -> Array:
        points = [theta]
        for _ in range(steps):
            points.append(points[-1] - lr * gradient(A, points[-1]))
        return np.array(points)

    return path
