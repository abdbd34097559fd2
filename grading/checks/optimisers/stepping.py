"""Optimisers are asked step by step: each call gets the theta and the state that the one before returned."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from grading.checks.comparison import Difference, Tolerance, compare, unpack
from grading.checks.definition import Dialogue, Drawn, Example, example
from grading.checks.small_numbers import fill
from grading.checks.student import StudentFault

# Only type and shape must be right for the next step to make sense.
ANY_VALUE = Tolerance(float("inf"), 1.0, "float64")
TINY = 1e-9
SHAPES = ((1,), (2,), (3,), (2, 2), (1, 3))


def thetas(
    call: Callable[..., object], theta: np.ndarray, grads: np.ndarray, lr: float, **options: object
) -> list[object]:
    """Make a step for every gradient and return theta after each.

    Raises
    ------
    StudentFault
        If a step does not return a tuple of theta, with its shape, and state.
    """
    start, state = theta, {}
    found = []
    for number, grad in enumerate(grads, start=1):
        value = unpack(call(theta, grad, state, lr, **options), ("theta", "state"))
        if isinstance(value, Difference):
            raise StudentFault("unsupported", text=f"step {number} {value.message}")
        theta, state = value
        wrong = compare(start, theta, ANY_VALUE, "theta")
        if wrong is not None and wrong.step != "finite":
            raise StudentFault("unsupported", text=f"in step {number}, {wrong.message}")
        found.append(theta)
    return found


def size_of(reference: Callable[..., object]) -> Callable[..., float]:
    """Return what rounding grows with: the largest theta of a course, where it begins or later.

    A step that leads to 0 has the rounding of the numbers that cancel.
    """

    def magnitude(theta: np.ndarray, grads: np.ndarray, lr: float, **options: object) -> float:
        return float(np.abs([theta, *thetas(reference, theta, grads, lr, **options)]).max())

    return magnitude


def step_by_step(name: str) -> Dialogue:
    """Return the dialogue of an optimiser's step function."""
    calls = f"theta, state = {name}(theta, grad, state, {{lr!r}}{{options}}) for every grad in grads, "
    return Dialogue(thetas, ("theta", "grads", "lr"), calls + "beginning with state = {{}}")


def course(
    rng: np.random.Generator,
    shape: tuple[int, ...],
    steps: int,
    lr: float,
    numbers: str,
    dtype: str,
    **options: object,
) -> Example:
    """Build an example: where theta begins, and the gradients that it meets.

    Of gradients, "tiny" means whole numbers of billionths, "sparse" that many are 0, "rare" that the first
    is a hundred times as large as the others, "small" that all are hundredths.
    """
    theta = fill(rng, shape, "whole", dtype)
    kind = numbers if numbers in ("whole", "halves") else "whole"
    grads = fill(rng, (steps, *shape), kind, dtype)
    if numbers == "tiny":
        grads *= TINY
    elif numbers == "small":
        grads /= 100
    elif numbers == "sparse":
        grads *= rng.integers(0, 2, grads.shape)
    elif numbers == "rare":
        grads[0] *= 100
    return example(theta, grads, lr, **options)


def drawn(
    *, steps: Sequence[int], numbers: Sequence[str] = ("whole", "halves"), **options: Sequence[object]
) -> Drawn:
    """Draw courses with so many steps; every further option is one of the step function's."""
    return Drawn(
        course,
        {
            "shape": SHAPES,
            "steps": tuple(steps),
            "lr": (0.5, 0.1),
            "numbers": tuple(numbers),
            "dtype": ("float64", "float32"),
            **options,
        },
    )
