"""Bowls to go down: J(theta) = ½ thetaᵀ A theta − bᵀ theta, whose gradient is A theta − b."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from grading.checks.definition import Drawn, Example, example
from grading.checks.small_numbers import fill


def bowl(rng: np.random.Generator, size: int, numbers: str, dtype: str) -> tuple[np.ndarray, ...]:
    """Return a symmetric positive definite A, b, and a theta that is not the minimum."""
    A = np.diag(rng.integers(1, 4, size)).astype(dtype)
    if size > 1:
        A[0, 1] = A[1, 0] = 0.5
    theta = 5 + fill(rng, (size,), "whole", dtype)
    return A, fill(rng, (size,), numbers, dtype), theta


def descent(
    rng: np.random.Generator, size: int, steps: int, lr: float, rho: float, numbers: str, dtype: str
) -> Example:
    """Build a call of a function (A, b, theta, lr, rho, steps)."""
    return example(*bowl(rng, size, numbers, dtype), lr, rho, steps)


def drawn(dtypes: tuple[str, ...] = ("float64", "float32"), steps: tuple[int, ...] = (1, 2, 3, 6)) -> Drawn:
    """Draw descents; all rates are far from where the iteration diverges."""
    return Drawn(
        descent,
        {
            "size": (1, 2, 3),
            "steps": steps,
            "lr": (0.1, 0.2),
            "rho": (0.5, 0.9),
            "numbers": ("whole", "halves"),
            "dtype": dtypes,
        },
    )


def follow(
    move: Callable[..., tuple[np.ndarray, np.ndarray]],
    A: np.ndarray,
    b: np.ndarray,
    theta: np.ndarray,
    lr: float,
    rho: float,
    steps: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Return path and velocities of `move(gradient, theta, v, lr, rho)`, both from the start on."""
    path, velocities = [theta], [np.zeros_like(theta)]
    for _ in range(steps):
        theta, velocity = move(lambda point: A @ point - b, path[-1], velocities[-1], lr, rho)
        path.append(theta)
        velocities.append(velocity)
    return np.array(path), np.array(velocities)
