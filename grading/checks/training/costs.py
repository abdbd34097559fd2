"""Small costs with their gradients, right ones and wrong ones, to differentiate and to check."""

from __future__ import annotations

import numpy as np

from grading.checks.definition import Example, example
from grading.checks.functions import FunctionArgument, formula
from grading.checks.small_numbers import fill

Array = np.ndarray
COSTS = {
    "cubes": "f(x) = sum(x**3)",
    "bowl": "f(x) = sum((x - 5)**2)",
    "product": "f(x) = x[0]**2 * x[-1]",
    "waves": "f(x) = sum(sin(x) * exp(x / 4))",
}
# Of the first cost: the right gradient, and planted bugs.
GRADIENTS = {
    "right": "gradient(x) = 3 * x**2",
    "factor": "gradient(x) = x**2",
    "sign": "gradient(x) = -3 * x**2",
    "one": "gradient(x) = 3 * x**2 + 0.5 * (x == x[0])",
    "slight": "gradient(x) = 3.003 * x**2",
}
RECTIFIED = "f(x) = sum(3 * maximum(x, 0) + x)"


def cost(name: str) -> FunctionArgument:
    """Return a cost by its name."""
    return formula(COSTS[name])


def somewhere(rng: np.random.Generator, name: str, shape: tuple[int, ...], numbers: str, h: float) -> Example:
    """Build a call numerical_gradient(f, x, h)."""
    shape = shape if name != "product" else (max(shape[0], 2),)
    return example(cost(name), fill(rng, shape, numbers), h)


def checked(rng: np.random.Generator, gradient: str, size: int, numbers: str, h: float) -> Example:
    """Build a call gradient_check(f, gradient, x, h) away from kinks."""
    return example(cost("cubes"), formula(GRADIENTS[gradient]), fill(rng, (size,), numbers), h)


def kinked(rng: np.random.Generator, size: int, at_kinks: int, h: float, wrong: bool) -> Example:
    """Build a call gradient_check(f, gradient, x, h) where some components lie within h of a kink."""
    x = fill(rng, (size,), "halves")
    where = rng.permutation(size)[:at_kinks]
    # On the kink, or beside it by a fraction of the step.
    x[where] = rng.choice([0.0, 0.25, -0.25], len(where)) * h
    gradient = "gradient(x) = 3.0 * (x > 0) + " + ("2" if wrong else "1")
    return example(formula(RECTIFIED), formula(gradient), x, h)
